"""Views of imports: how files fared, their questions, remarks and refused rows."""
