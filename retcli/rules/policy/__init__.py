"""The shop's own rules (policy.toml): their values, how the file is read, and what in them the law forbids."""
