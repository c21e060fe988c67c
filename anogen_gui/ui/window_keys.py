"""The keys that work wherever in the window a person is, for the key sheet."""

from collections.abc import Sequence

from anogen_gui.ui.key_sheet import KeySheet
from anogen_gui.ui.pages import PageSpec


def add_window_keys(key_sheet: KeySheet, specs: Sequence[PageSpec]) -> None:
    """Add the keys of the window itself."""
    pages = tuple((f"Ctrl+{number}", spec.title) for number, spec in enumerate(specs, start=1))
    key_sheet.add("Pages", pages)
    key_sheet.add(
        "Everywhere",
        (
            ("Ctrl+Z", "Undo"),
            ("Ctrl+Shift+Z", "Redo"),
            ("Ctrl+J", "Show or hide the jobs"),
            ("?", "Show the keys"),
            ("Ctrl+,", "Settings"),
            ("F11", "Full screen"),
        ),
    )
    key_sheet.add(
        "Projects",
        (
            ("Ctrl+N", "New project"),
            ("Ctrl+O", "Open project"),
            ("Ctrl+W", "Close project"),
            ("Ctrl+Q", "Quit"),
        ),
    )
    key_sheet.add(
        "Jobs", ((("Alt+Up", "Alt+Down"), "Move a waiting job"), ("Delete", "Remove a job from the list"))
    )
