"""`retcli case …`: one group of commands in several files, by subject."""
