"""The page on which samples are judged: grid, loupe, filters, details, export."""
