"""Views of what the books add up to: the day, the doctor, workbooks, speeds, freshness."""
