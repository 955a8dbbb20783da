"""At the terminal while a command runs: keys, codes from a scanner, a group asked about once and worked off."""
