"""The schema's history, one hand-written revision a change."""
