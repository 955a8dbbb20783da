"""The exercises of a practice shop: their texts, what is missing, and the sheet that shows them."""
