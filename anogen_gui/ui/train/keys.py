"""The keys of the page, as the key sheet shows them."""

from anogen_gui.ui.keys import Keys

TRAIN_KEYS: Keys = (
    ("Ctrl+Return", "Train with the settings of the form"),
    (("Up", "Down"), "Look at another training"),
    (("Ctrl", "click"), "Choose a second one to compare"),
    ("M", "Measure the chosen trainings"),
    ("C", "Compare the two that are chosen"),
    ("I", "Inspect photos with the chosen detector"),
    ("G", "Go on with a training that was cut off"),
    ("F2", "Rename, or change the note"),
    ("Delete", "Delete; Ctrl+Z brings it back"),
)
