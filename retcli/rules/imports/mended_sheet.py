"""The columns by which a sheet of refused rows is known as written here when it is taken in again."""

from retcli.language import mark

ROW_NUMBER, REASON = mark("Row in the file"), mark("Reason")
"""The two columns beside the file's own; a file that has both was written here, and they say nothing to an import."""
