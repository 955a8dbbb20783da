"""Opens any export: a file becomes tables by its content, a dialect recognises each table, cells become values."""
