"""The law and the shop's rules as pure functions: values in, values out; no clock, no files, no database."""
