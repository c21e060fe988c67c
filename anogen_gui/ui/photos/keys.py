"""The keys of the page, as the key sheet shows them."""

from anogen_gui.ui.keys import Keys

GRID_KEYS: Keys = (
    (("0", "9"), "Label with the class of this key"),
    ("G", "Mark as good"),
    ("B", "Mark as bad, of a class"),
    ("T", "Mark as test"),
    ("S", "Use as support, or no longer"),
    ("Return", "Open the photo"),
    ("Del", "Remove from the project"),
    ("M", "Show or hide the masks"),
    ("Ctrl+F", "Find by name"),
    (("Shift", "click"), "Select all up to there"),
    (("Ctrl", "click"), "Select one more"),
    ("Ctrl+A", "Select all"),
    (("Ctrl", "wheel"), "Size of the photos"),
)
EDITOR_KEYS: Keys = (
    (("PgUp", "PgDown"), "Previous or next photo"),
    ("B", "Brush"),
    ("E", "Eraser"),
    ("R", "Box"),
    ("P", "Polygon; Enter closes it, Backspace takes a corner back"),
    (("Alt", "paint"), "Erase"),
    (("Shift", "click"), "Paint straight on"),
    (("[", "]"), "Smaller or larger brush"),
    ("I", "Invert the mask"),
    ("Del", "Clear the mask"),
    ("F", "Fit the photo"),
    ("Ctrl+0", "Show at 100%"),
    ("Esc", "Back to all photos"),
)
