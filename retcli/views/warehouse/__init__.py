"""Views of the warehouse: scans, parcels, stock."""
