"""Questions about a project that are answered in the background."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Signal

from anogen_gui.model.background import SingleWork
from engine.project import Project

Question = Callable[[Project], object]


class Reading(QObject):
    """Asks one question at a time; of those that wait only the latest is asked.

    Signals:
        answered(answer): what the question returned.
        failed(message, hint): it raised.
    """

    answered = Signal(object)
    failed = Signal(str, str)

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: Question | None = None
        self._work = SingleWork(project, self)
        self._work.event_received.connect(self._take)
        self._work.failed.connect(self._take_failure)
        self._work.ended.connect(self._ask_next)

    @property
    def is_busy(self) -> bool:
        return self._work.is_running

    def ask(self, question: Question) -> None:
        """Answer this as soon as may be. What is being answered already is not told any more."""
        self._waiting = question
        if not self._work.is_running:
            self._ask_next()

    def close(self) -> None:
        """Answer nothing more; waits for what is being read."""
        self._waiting = None
        self._work.close()

    def _ask_next(self) -> None:
        question, self._waiting = self._waiting, None
        if question is not None:
            self._work.begin(lambda twin: _answers(question, twin))

    def _take(self, answer: "_Answer") -> None:
        if self._waiting is None:
            self.answered.emit(answer.value)

    def _take_failure(self, message: str, hint: str) -> None:
        if self._waiting is None:
            self.failed.emit(message, hint)


class _Answer:
    """Carries what was returned, whatever it is, through a signal."""

    def __init__(self, value: object) -> None:
        self.value = value


def _answers(question: Question, project: Project) -> Iterator[object]:
    yield _Answer(question(project))
