"""The shop as people and scripts see it: orders, rules, reasons, staff."""
