"""The two columns by which an import knows a sheet of refused rows that retcli wrote and a person mended."""

from retcli.language import mark

ROW_NUMBER, REASON = mark("Row in the file"), mark("Reason")
"""They stand beside the file's own columns; a file that has both was written here, and an import passes them over."""
