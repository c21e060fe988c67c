"""The import that runs, and what became of the last one."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from anogen_gui.model.importing import Importing, ImportState
from anogen_gui.model.wording import count_of
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Button, IconButton, TextLabel
from anogen_gui.ui.photos.tone_bar import ToneBar
from anogen_gui.ui.theme import space


class ImportBar(ToneBar):
    """Progress with its counts and *Cancel*; then the outcome, until it is closed.

    Signals:
        problems_requested(): show what became of each file.
        role_requested(request): nothing said what the photos are; ask, and import them again.
        appeared(is_there): it is shown, or closed.
    """

    problems_requested = Signal()
    role_requested = Signal(object)
    appeared = Signal(bool)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(icons, "mdi6.tray-arrow-down", "info", parent)
        self._importing: Importing | None = None
        self.text = TextLabel(role="strong", wrap=True)
        self.counts = TextLabel(role="dim", wrap=True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Import")
        self.cancel = Button("Cancel", icons, "mdi6.stop-circle-outline")
        self.problems = Button("Show problems…", icons, "mdi6.format-list-bulleted")
        self.ask = Button("Say what they are…", icons, "mdi6.help-circle-outline")
        self.close_button = IconButton(icons, "mdi6.close", "Close")
        self._arrange()
        self.cancel.clicked.connect(self._cancel)
        self.problems.clicked.connect(self.problems_requested)
        self.ask.clicked.connect(self._ask)
        self.close_button.clicked.connect(self.hide)

    def bind(self, importing: Importing | None) -> None:
        """Follow the imports of the open project."""
        self._importing = importing
        self.hide()
        if importing is not None:
            importing.changed.connect(self.show_state)
            if importing.state.is_running:
                self.show_state(importing.state)

    def show_state(self, state: ImportState) -> None:
        if state.request is None:
            return
        self.progress.setRange(0, state.total)
        self.progress.setValue(state.step)
        for widget in (self.progress, self.cancel):
            widget.setVisible(state.is_running)
        self.close_button.setVisible(not state.is_running)
        self.problems.setVisible(bool(state.refused) and not state.is_running)
        is_unclear = bool(state.errors) and not state.total  # later errors are the disk's
        self.ask.setVisible(is_unclear and state.request.role is None and not state.is_running)
        self._show_course(state) if state.is_running else self._show_outcome(state)
        self.show()

    def setVisible(self, visible: bool) -> None:  # noqa: N802 - Qt's name
        super().setVisible(visible)
        self.appeared.emit(visible)

    def _show_course(self, state: ImportState) -> None:
        assert state.request is not None
        names = ", ".join(source.name for source in state.request.sources[:2])
        further = f" and {len(state.request.sources) - 2} more" if len(state.request.sources) > 2 else ""
        self.show_tone("mdi6.tray-arrow-down", "info")
        self.text.setText(f"Importing {names}{further}")
        where = f"{state.step} of {state.total}" if state.total else "Looking for photos"
        self.counts.setText("  ·  ".join([where, *_counts(state)]))

    def _show_outcome(self, state: ImportState) -> None:
        if state.errors and not (state.added or state.already):
            self.show_tone("mdi6.alert-circle-outline", "bad")
            self.text.setText("Nothing was imported")
        elif state.was_cancelled:
            self.show_tone("mdi6.alert-outline", "warn")
            self.text.setText("Import cancelled: what came is kept")
        elif state.refused or state.errors:
            self.show_tone("mdi6.alert-outline", "warn")
            self.text.setText("Imported, with problems")
        else:
            self.show_tone("mdi6.check-circle-outline", "good")
            self.text.setText("Imported")
        self.counts.setText("\n".join(["  ·  ".join(_counts(state)), *state.errors]).strip())
        self.counts.setVisible(bool(self.counts.text()))

    def _cancel(self) -> None:
        if self._importing is not None:
            self._importing.cancel()

    def _ask(self) -> None:
        if self._importing is not None:
            self.hide()
            self.role_requested.emit(self._importing.state.request)

    def _arrange(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(space(1))
        column.setContentsMargins(0, space(1), 0, space(1))
        for widget in (self.text, self.progress, self.counts):
            column.addWidget(widget)
        self.row.addLayout(column, 1)
        for button in (self.cancel, self.problems, self.ask, self.close_button):
            self.row.addWidget(button)


def _counts(state: ImportState) -> list[str]:
    counts = []
    if state.added or not (state.already or state.errors):
        counts.append(f"{count_of(state.added, 'photo')} added")
    if state.already:
        counts.append(f"{state.already} there already")
    if state.refused:
        counts.append(f"{count_of(len(state.refused), 'file')} could not be used")
    return counts
