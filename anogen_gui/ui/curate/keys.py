"""The keys of the page, as the key sheet shows them."""

from anogen_gui.ui.keys import Keys

GRID_KEYS: Keys = (
    ("P", "Accept"),
    ("X", "Reject"),
    ("U", "Undecided"),
    (("1", "5"), "Give stars"),
    ("0", "Take the stars away"),
    ("C", "Close-up or whole photo"),
    ("Return", "Look at it in the loupe"),
    (("Shift", "click"), "Choose all up to there"),
    (("Ctrl", "click"), "Choose one more"),
    ("Ctrl+A", "Choose all"),
    ("I", "Show or hide the details"),
    ("F5", "Show what is new"),
    ("Ctrl+E", "Export"),
)
LOUPE_KEYS: Keys = (
    ("G", "Generated"),
    ("O", "Original"),
    ("B", "Blink"),
    ("S", "Slider, moved by arrows"),
    ("M", "Outline: none, box, mask"),
    (("Up", "Down"), "Other samples"),
    (("+", "-"), "Zoom"),
    ("F", "Fit"),
    ("Ctrl+0", "One pixel to one pixel"),
    ("Esc", "Back to the grid"),
)
