"""Workbooks for people outside the program: columns declared as data, one writer."""
