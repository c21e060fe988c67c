"""The report of a detector: what it finds and misses on real photos, as a page, as a PDF, as a table."""
