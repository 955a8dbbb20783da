"""Views of the shop: orders, rules, reasons, staff, the first day."""
