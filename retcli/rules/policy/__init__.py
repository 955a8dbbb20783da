"""The shop's own rules: as values, as a file, and against the law."""
