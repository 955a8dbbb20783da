"""Views of the books themselves: copies, checks, their file and their clock."""
