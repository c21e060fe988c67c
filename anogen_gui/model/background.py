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


class SingleWork(QObject):
    """One piece of work in the background at a time.

    Signals:
        event_received(event), failed(message, hint): as of BackgroundWork.
        ended(was_cancelled): it is over, however; another one can begin.
    """

    event_received = Signal(object)
    failed = Signal(str, str)
    ended = Signal(bool)

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._work: BackgroundWork | None = None

    @property
    def is_running(self) -> bool:
        return self._work is not None

    def begin(self, work: Work) -> None:
        """Do this; nothing while something else is done, or after `close`."""
        if self._work is not None or self.signalsBlocked():
            return
        self._work = BackgroundWork(self._project, work, self)
        self._work.event_received.connect(self.event_received)
        self._work.failed.connect(self.failed)
        self._work.completed.connect(self._end)
        self._work.start()

    def cancel(self) -> None:
        """End after the step that is being done."""
        if self._work is not None:
            self._work.cancel()

    def close(self) -> None:
        """Stop, wait for it, and tell nothing more."""
        self.blockSignals(True)
        self.cancel()
        if self._work is not None:
            self._work.wait()

    def _end(self, was_cancelled: bool) -> None:
        work, self._work = self._work, None
        if work is not None:
            work.wait()
            work.deleteLater()
        self.ended.emit(was_cancelled)
