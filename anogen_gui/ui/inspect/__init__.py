"""The page Inspect: what a detector says of photos, and what people say."""
