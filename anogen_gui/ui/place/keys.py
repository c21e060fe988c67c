"""The keys of the page, as the key sheet shows them."""

from anogen_gui.ui.keys import Keys

PLACE_KEYS: Keys = (
    (("0", "9"), "Draw the class with this digit"),
    (("Alt", "0", "9"), "Give the chosen boxes the class with this digit"),
    (("PgUp", "PgDown"), "Previous, next photo"),
    ("L", "Live: draw the chosen box again whenever it moves"),
    ("B", "Blink: with and without what was generated"),
    ("Ctrl+Return", "Generate"),
    ("Return", "Keep the new sample that is looked at"),
    ("Delete", "Discard it, or remove the chosen boxes"),
)
CANVAS_KEYS: Keys = (
    ("drag", "Draw a box; on a box: move it; on a handle: pull or turn it"),
    (("Shift", "drag"), "Square; keep the ratio; turn by 15°"),
    (("Alt", "drag"), "About the middle"),
    (("Ctrl", "drag"), "Choose what lies in the frame"),
    ("N", "A new box"),
    ("Tab", "The next box"),
    ("Arrows", "Move by 1 pixel, with Shift by 10"),
    ("Ctrl+D", "Duplicate"),
    (("Ctrl+C", "Ctrl+V"), "Copy, paste"),
    ("K", "Lock or unlock"),
    (("Space", "drag"), "Move the photo"),
    ("F", "Fit the photo"),
    ("Ctrl+0", "One pixel to one pixel"),
    ("Esc", "Give up the drag"),
)
