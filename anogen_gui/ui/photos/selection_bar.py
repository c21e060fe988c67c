"""How many photos there are, and what can be done with the selected ones."""

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from anogen_gui.model.photo_list import PhotoCounts
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import ElidedLabel, QuietButton, TextLabel, with_key
from anogen_gui.ui.photos.words import REMOVE_ICON, ROLES, SUPPORT_ICON
from anogen_gui.ui.theme import space

_HEIGHT = 48


class SelectionBar(QWidget):
    """The strip below the grid.

    Signals:
        good_requested(), test_requested(), support_requested(), open_requested(), remove_requested(): for the
            selected photos.
        bad_requested(position): on the screen, where a menu of classes opens.
    """

    good_requested = Signal()
    bad_requested = Signal(QPoint)
    test_requested = Signal()
    support_requested = Signal()
    open_requested = Signal()
    remove_requested = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts = ("", "")
        self.counts = ElidedLabel()
        self.hint = TextLabel("Select photos to say what they are", "dim")
        self.selected = TextLabel(role="strong")
        self.good = QuietButton("Good", icons, ROLES["good"].icon, with_key("Mark as good", "G"))
        self.bad = QuietButton("Bad…", icons, ROLES["bad"].icon, with_key("Mark as bad, of a class", "B"))
        self.test = QuietButton("Test", icons, ROLES["test"].icon, with_key("Mark as test", "T"))
        self.support = QuietButton(
            "Support", icons, f"{SUPPORT_ICON}-outline", with_key("Use as support photos, or no longer", "S")
        )
        self.open = QuietButton(
            "Open", icons, "mdi6.arrow-expand", with_key("Look at it large, and paint", "Return")
        )
        self.remove = QuietButton(
            "Remove", icons, REMOVE_ICON, with_key("Take them out of the project", "Delete")
        )
        self._buttons = (self.good, self.bad, self.test, self.support, self.open, self.remove)
        self._arrange()
        self.good.clicked.connect(self.good_requested)
        self.bad.clicked.connect(lambda: self.bad_requested.emit(self.menu_position))
        self.test.clicked.connect(self.test_requested)
        self.support.clicked.connect(self.support_requested)
        self.open.clicked.connect(self.open_requested)
        self.remove.clicked.connect(self.remove_requested)
        self.show_selected(0)

    @property
    def menu_position(self) -> QPoint:
        """Where a menu stands at *Bad…*; it opens upwards, where there is room."""
        return self.bad.mapToGlobal(QPoint(0, 0))

    def show_counts(self, counts: PhotoCounts, shown: int) -> None:
        some = f"{shown} of {counts.total} shown  ·  " if shown != counts.total else ""
        self._counts = (some, str(counts))
        self._show_counts()

    def show_selected(self, count: int) -> None:
        self.hint.setVisible(not count)
        self.selected.setVisible(bool(count))
        self.selected.setText(f"{count} selected")
        for button in self._buttons:
            button.setVisible(bool(count))
        self._show_counts()
        self.open.setEnabled(count == 1)

    def _show_counts(self) -> None:
        """How many are shown is left out while something is selected: there is less room."""
        some, all_of_them = self._counts
        self.counts.setText(all_of_them if self.selected.isVisibleTo(self) else f"{some}{all_of_them}")

    def _arrange(self) -> None:
        self.setFixedHeight(_HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(space(5), 0, space(5), 0)
        row.setSpacing(space(1))
        row.addWidget(self.counts, 1)
        row.addWidget(self.hint)
        row.addWidget(self.selected)
        row.addSpacing(space(2))
        for button in self._buttons:
            row.addWidget(button)
