"""Stages of imports: the rows of a file, checked and kept beside the books until they are merged."""
