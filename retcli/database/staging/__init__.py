"""Stages: rows of a file, read and checked beside the books, and where they lie until they are merged."""
