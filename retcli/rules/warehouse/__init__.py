"""Rules of the warehouse: what a scanned code means, ids and barcodes made comparable, parcels that have stalled."""
