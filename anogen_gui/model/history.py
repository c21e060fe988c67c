"""The undo history of a project: every change by name, with its way back."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from engine.errors import EngineError

Change = Callable[[], None]


class History(QObject):
    """Makes changes and takes them back, one named step each, unlimited until the project is closed.

    A change is in the catalogue before it is in the history; one that fails leaves no step behind.

    Signals:
        failed(message, hint): a change could not be made or taken back.
    """

    failed = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stack = QUndoStack(self)

    def do(self, name: str, change: Change, restore: Change) -> bool:
        """Make `change` now; `restore` takes it back, and `change` is made again on redo. False where it failed."""
        if not self._try(change):
            return False
        self.stack.push(_Step(name, change, restore, self._try))
        return True

    def _try(self, change: Change) -> bool:
        try:
            change()
        except EngineError as error:
            self.failed.emit(error.message, error.hint)
            return False
        return True


class _Step(QUndoCommand):
    """A change that was made already when the stack calls `redo` for the first time."""

    def __init__(self, name: str, change: Change, restore: Change, attempt: Callable[[Change], bool]) -> None:
        super().__init__(name)
        self._change, self._restore, self._attempt = change, restore, attempt
        self._is_made = True

    def redo(self) -> None:
        if self._is_made:
            self._is_made = False
        elif not self._attempt(self._change):
            self.setObsolete(True)

    def undo(self) -> None:
        if not self._attempt(self._restore):
            self.setObsolete(True)
