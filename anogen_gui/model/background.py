"""Work on the project beside the window: in a thread, over a catalogue connection of its own."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, QThread, Signal

from anogen_gui.model.wording import in_window
from engine.errors import EngineError
from engine.project import Project

Work = Callable[[Project], Iterator[object]]


class BackgroundWork(QThread):
    """Runs a generator of events, such as those of an import or an export, one step after the other.

    Signals, in the thread of the window:
        event_received(event)
        failed(message, hint): it ended early.
        completed(was_cancelled): it ended; exactly once, also after `failed`.
    """

    event_received = Signal(object)
    failed = Signal(str, str)
    completed = Signal(bool)

    def __init__(self, project: Project, work: Work, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project, self._work = project, work

    def cancel(self) -> None:
        """End after the step that is being done."""
        self.requestInterruption()

    def run(self) -> None:
        try:
            self._run()
        except EngineError as error:
            self.failed.emit(error.message, in_window(error.hint))
        except OSError as error:
            self.failed.emit(
                f"{error.filename or 'A file'} could not be used: {error.strerror}.", "Try again."
            )
        finally:
            self.completed.emit(self.isInterruptionRequested())

    def _run(self) -> None:
        twin = self._project.twin()
        try:
            for event in self._work(twin):
                self.event_received.emit(event)
                if self.isInterruptionRequested():
                    return
        finally:
            twin.close()
