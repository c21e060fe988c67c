"""The keys of the page, as the key sheet shows them."""

Keys = tuple[tuple[str | tuple[str, ...], str], ...]

GRID_KEYS: Keys = (
    (("0", "9"), "Label with the class of this key"),
    ("G", "Mark as good"),
    ("B", "Mark as bad, of a class"),
    ("T", "Mark as test"),
    ("S", "Use as support, or no longer"),
    ("Return", "Open the photo"),
    ("M", "Show or hide the masks"),
    ("Ctrl+F", "Find by name"),
    (("Shift", "click"), "Select all up to there"),
    (("Ctrl", "click"), "Select one more"),
    ("Ctrl+A", "Select all"),
    (("Ctrl", "wheel"), "Size of the photos"),
)
