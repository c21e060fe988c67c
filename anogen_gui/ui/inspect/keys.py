"""The keys of the page, as the key sheet shows them; those of the large picture are in `heat_keys`."""

from anogen_gui.ui.keys import Keys

GRID_KEYS: Keys = (
    (("G", "X", "U"), "You say: good, bad, nothing"),
    ("Return", "Look at it large"),
    (("1", "6"), "All, missed, false alarms, …"),
    (("Shift", "click"), "Choose all up to there"),
    ("Ctrl+A", "Choose all"),
    ("M", "Generate more like the chosen ones"),
    ("T", "Look at the test photos"),
    ("Ctrl+O", "Look at new photos"),
    ("Delete", "Take new photos off the list"),
    ("I", "Show or hide the panel"),
    ("Ctrl+E", "Report"),
)
PLOT_KEYS: Keys = (
    (("Up", "Down"), "Choose the line: reject, look again"),
    (("Left", "Right"), "Move the line"),
    (("Shift", "Right"), "Move it further"),
    ("L", "Count on a logarithmic scale"),
)
