"""The keys of the large picture, as the key sheet shows them."""

from anogen_gui.ui.keys import Keys

HEAT_KEYS: Keys = (
    ("H", "Heatmap"),
    ("P", "Photo alone"),
    ("A", "Anomaly map alone"),
    ("B", "Blink"),
    (("[", "]"), "Map less or more opaque"),
    ("O", "Outline above the reject level"),
    ("T", "Outline of what is true"),
    (("G", "X", "U"), "You say: good, bad, nothing"),
    (("Left", "Right"), "Other photos"),
    (("+", "-"), "Zoom"),
    ("F", "Fit"),
    ("Ctrl+0", "One pixel to one pixel"),
    ("Esc", "Back to all photos"),
)
