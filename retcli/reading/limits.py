"""Limits of files, asked before anything is laid out in memory, each with its reason (`docs/hazards.md` row 24)."""

TEXT_AT_MOST = 4 << 30
"""Bytes of a text file: it is streamed, so only the stage on the disk grows; a million rows take 1 GB."""
PACKED_AT_MOST = 200 << 20
"""Bytes of an archive or workbook: it is held in memory; 100,000 rows of 40 columns take 26 MB."""
MARKUP_AT_MOST = 200 << 20
"""Bytes of a workbook written as HTML or XML: Excel itself opens no more of it in a tolerable time."""
ENTRIES_AT_MOST = 2_000
"""Entries of an archive: a product sheet with a picture a row has some hundreds."""
UNPACKED_AT_MOST = 600_000_000
"""Bytes of all entries of an archive together: 100,000 rows of 40 columns take 140 MB of XML."""
RATIO_AT_MOST = 100
"""How many bytes may come out of one byte; tables come out at 5 to 30, a bomb at 1,000."""
RATIO_FROM = 1 << 20
"""Bytes from which the ratio counts: a small entry may be all blanks."""
ROWS_AT_MOST = 5_000_000
"""Rows of one table: years of a busy shop; a workbook ends at 1,048,576 by itself."""
COLUMNS_AT_MOST = 702
"""Columns of one table, up to ZZ: the widest export known has 82."""
CELL_AT_MOST = 131_072
"""Characters of one cell: a workbook's holds 32,767; an unclosed quotation mark runs over this early."""
LINE_AT_MOST = 8 << 20
"""Bytes of one line of text: more is no table, and would be held in memory whole."""
HEADER_WITHIN = 30
"""Lines of a table among which its header is sought."""
SHEETS_AT_MOST = 200
"""Sheets of one workbook: each may point to the same long part and would be read again."""
EMPTY_CELLS = 500_000
"""Cells of a sheet's whole rectangle that are always allowed: the parser keeps 32 bytes for each, written or not."""
BYTES_A_CELL = 5
"""Bytes of XML that account for one more cell of the rectangle: one written takes 20 to 40, the rest may be empty."""
RECTANGLE_AT_MOST = 20_000_000
"""Cells of a sheet's rectangle in any case: 640 MB."""
REPEATED_TEXT = 64 << 20
"""Bytes that texts written once and used in many cells may always take: the parser copies them into each cell."""
REPEATED_FOR_BYTE = 10
"""Bytes of such copies for each byte of XML on top of that: a cell that uses a text takes about 30."""
