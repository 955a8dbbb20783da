"""Any file into tables, tables into records: opened by what it holds, recognised by a dialect, read cell by cell."""
