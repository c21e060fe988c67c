"""The tray of samples that wait for a verdict: click to look, Enter keeps, Delete discards."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from anogen_gui.model.generating import Staging
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.thumbnails import Thumbnails, Wanted
from anogen_gui.ui.grid import ThumbnailGrid
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import ElidedLabel, QuietButton, SectionLabel, with_key
from anogen_gui.ui.place.cells import TrayCells
from anogen_gui.ui.theme import space

_SIDE = 104
_HEIGHT = 196


class TrayGrid(ThumbnailGrid):
    """The pictures; Enter keeps and Delete discards the one that is looked at.

    Signals:
        keep_requested(), discard_requested()
    """

    keep_requested = Signal()
    discard_requested = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        match Qt.Key(event.key()):
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.keep_requested.emit()
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self.discard_requested.emit()
            case _:
                super().keyPressEvent(event)


class StagingTray(QWidget):
    """Shown while there are samples that nobody has judged.

    Signals:
        left(): the last one was judged here; the keyboard has no place in the tray any more.
    """

    left = Signal()

    def __init__(self, icons: Icons, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._staging: Staging | None = None
        self._cells = TrayCells(icons, thumbnails)
        self._title = SectionLabel("New samples")
        self._count = ElidedLabel("", "small")
        self.keep = QuietButton("Keep", icons, "mdi6.check")
        self.keep.setToolTip(with_key("Accept the sample that is looked at", "Enter"))
        self.discard = QuietButton("Discard", icons, "mdi6.close")
        self.discard.setToolTip(
            with_key("Reject the sample that is looked at; Ctrl+Z brings it back", "Delete")
        )
        self.keep_all = QuietButton("Keep all", icons, "mdi6.check-all")
        self.grid = TrayGrid(self._cells, icons, _SIDE)
        self.grid.setAccessibleName("New samples")
        self._lay_out()
        self.grid.selection_changed.connect(self._choose)
        self.grid.keep_requested.connect(self._keep)
        self.grid.discard_requested.connect(self._discard)
        self.keep.clicked.connect(self._keep)
        self.discard.clicked.connect(self._discard)
        self.keep_all.clicked.connect(self._keep_all)
        thumbnails.made.connect(self._show_made)
        self.hide()

    def bind(self, staging: Staging | None, project: ProjectModel | None) -> None:
        """Show this tray; both go when the project does."""
        self._staging = staging
        self._cells.show_project(project)
        if staging is not None:
            staging.changed.connect(self._show)
            staging.chosen.connect(self._show_chosen)
        self._show()

    def _show(self) -> None:
        samples = self._staging.samples() if self._staging is not None else ()
        self.grid.set_ids([sample.id for sample in samples])
        self._count.setText(
            "1 waits for a verdict" if len(samples) == 1 else f"{len(samples)} wait for a verdict"
        )
        focused = QApplication.focusWidget()
        has_keyboard = focused is not None and self.isAncestorOf(focused)
        self.setVisible(bool(samples))
        if has_keyboard and not samples:
            self.left.emit()
        self._show_chosen(self._staging.current if self._staging is not None else None)

    def _show_chosen(self, sample: object) -> None:
        chosen = self._staging.current if self._staging is not None else None
        is_looked_at = chosen is not None and self.grid.selection.index_of(chosen.id) is not None
        self.keep.setEnabled(is_looked_at)
        self.discard.setEnabled(is_looked_at)
        if chosen is None or not is_looked_at:
            self.grid.selection.clear()
        elif self.grid.selection.selected != (chosen.id,):
            self.grid.selection.select([chosen.id])
            self.grid.show_id(chosen.id)

    def _choose(self) -> None:
        """Look at the sample that is selected, the first one of several."""
        if self._staging is not None:
            selected = self.grid.selection.selected
            self._staging.choose(int(str(selected[0])) if selected else 0)

    def _keep(self) -> None:
        if self._staging is not None:
            self._staging.keep()

    def _discard(self) -> None:
        if self._staging is not None:
            self._staging.discard()

    def _keep_all(self) -> None:
        if self._staging is not None:
            self._staging.keep_all()

    def _show_made(self, wanted: Wanted) -> None:
        self.grid.update_ids(self._cells.pictures.waiting_for(wanted))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(space(3))
        head.addWidget(self._title)
        head.addWidget(self._count, 1)
        for button in (self.keep, self.discard, self.keep_all):
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(space(3), space(2), space(3), space(2))
        column.setSpacing(space(1))
        column.addLayout(head)
        column.addWidget(self.grid, 1)
        self.setFixedHeight(_HEIGHT)
