"""The keys of viewer mode, for its key sheet, in the words of those who only look."""

from anogen_gui.ui.key_sheet import KeySheet


def add_viewer_keys(key_sheet: KeySheet) -> None:
    """Add all keys that viewer mode has."""
    key_sheet.add("Photos", ((("Up", "Down"), "Other photos"), (("Home", "End"), "The first or last")))
    key_sheet.add(
        "Size",
        (
            (("+", "-"), "Larger or smaller"),
            ("F", "The whole photo"),
            ("Ctrl+0", "At 100%"),
        ),
    )
    key_sheet.add(
        "The large picture",
        (
            ("H", "Photo with the heatmap"),
            ("P", "Photo alone"),
            ("A", "Map alone"),
            ("B", "Photo and heatmap in turn"),
            (("[", "]"), "Fainter or stronger heatmap"),
            ("O", "Outline what is rejected"),
            ("T", "Outline what is really bad"),
        ),
    )
    key_sheet.add(
        "Window",
        (
            ("F5", "Look for new results"),
            ("F11", "Full screen, and back"),
            ("?", "Show the keys"),
            ("Ctrl+Q", "Close the window"),
        ),
    )
