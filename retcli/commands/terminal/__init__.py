"""The terminal while a command runs: single keys, codes from a scanner, groups that are asked about once."""
