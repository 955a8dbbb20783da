"""What is decided: pure values in, values out."""
