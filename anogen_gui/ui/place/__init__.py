"""The page Place: boxes on good photos, live pictures, and samples that come of them."""
