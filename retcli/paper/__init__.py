"""Labels and slips on paper: what stands on them is laid out in dots of a label printer, then drawn as a PDF or as a
printer's bitmap. Only here are fpdf2, python-barcode, segno, fontTools and Pillow loaded, the extra `label`.
"""
