"""What codes mean, ids and barcodes made comparable, parcels that do not move on."""
