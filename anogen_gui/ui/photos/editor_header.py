"""The head of the view of one photo: the way back, which photo it is, its neighbours, the zoom."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import ElidedLabel, IconButton, QuietButton, TextLabel, with_key
from anogen_gui.ui.theme import space

_ZOOM_WIDTH = 56
_HEIGHT = 56


class EditorHeader(QWidget):
    """Tells what a person asks for.

    Signals:
        back_requested()
        step_requested(step): the next photo (1) or the one before (-1).
        fit_requested(), actual_size_requested()
    """

    back_requested = Signal()
    step_requested = Signal(int)
    fit_requested = Signal()
    actual_size_requested = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back = QuietButton("All photos", icons, "mdi6.arrow-left", with_key("Back to all photos", "Esc"))
        self.name = ElidedLabel("", "heading")
        self.place = TextLabel("", "dim")
        self.previous = IconButton(icons, "mdi6.chevron-left", "Previous photo", "PgUp")
        self.next = IconButton(icons, "mdi6.chevron-right", "Next photo", "PgDown")
        self.zoom = TextLabel("", "dim")
        self.fit = IconButton(icons, "mdi6.fit-to-page-outline", "Fit the photo", "F")
        self.actual_size = IconButton(icons, "mdi6.magnify-scan", "Show at 100%", "Ctrl+0")
        self._arrange()
        self.back.clicked.connect(self.back_requested)
        self.previous.clicked.connect(lambda: self.step_requested.emit(-1))
        self.next.clicked.connect(lambda: self.step_requested.emit(1))
        self.fit.clicked.connect(self.fit_requested)
        self.actual_size.clicked.connect(self.actual_size_requested)

    def show_photo(self, name: str, place: int | None, count: int) -> None:
        """`place` counts from 1; None: the photo is not among those that are shown."""
        self.name.setText(name)
        self.place.setText(f"{place} of {count}" if place is not None else "")
        self.previous.setEnabled(place is not None and place > 1)
        self.next.setEnabled(place is not None and place < count)

    def show_zoom(self, zoom: float) -> None:
        self.zoom.setText(f"{zoom:.0%}" if zoom >= 0.1 else f"{zoom:.1%}")

    def _arrange(self) -> None:
        self.setFixedHeight(_HEIGHT)
        self.zoom.setMinimumWidth(_ZOOM_WIDTH)
        row = QHBoxLayout(self)
        row.setContentsMargins(space(3), 0, space(4), 0)
        row.setSpacing(space(2))
        row.addWidget(self.back)
        row.addWidget(self.name, 1)
        row.addWidget(self.place)
        row.addWidget(self.previous)
        row.addWidget(self.next)
        row.addSpacing(space(4))
        row.addWidget(self.zoom)
        row.addWidget(self.fit)
        row.addWidget(self.actual_size)
