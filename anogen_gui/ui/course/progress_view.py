"""How far a learning or a training is, and the two ways to stop it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from anogen_gui.model.learning_state import Underway
from anogen_gui.ui.course.words import eta_words, progress_words
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Button, QuietButton, TextLabel
from anogen_gui.ui.palettes import space

_NOTHING_TIP = "Nothing is learned yet that could be kept."
_WITHDRAW_TIP = "Take the job out of the queue."


class ProgressView(QWidget):
    """Stage, steps and time left in words, a bar, and the buttons.

    Args:
        keep_tip, cancel_tip: what the two ways to stop leave behind.

    Signals:
        keep_requested(): stop, and keep what is learned.
        cancel_requested(): stop, and keep nothing; or do not start.
        resume_requested(): let the paused queue go on.
    """

    keep_requested = Signal()
    cancel_requested = Signal()
    resume_requested = Signal()

    def __init__(self, icons: Icons, keep_tip: str, cancel_tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keep_tip, self._cancel_tip = keep_tip, cancel_tip
        self._stage = TextLabel(role="strong")
        self._eta = TextLabel(role="dim")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self.keep = Button("Stop and keep", icons, "mdi6.content-save-check-outline")
        self.cancel = QuietButton("Cancel", icons, "mdi6.close")
        self.resume = Button("Resume the queue", icons, "mdi6.play", "Let the jobs that wait have their turn")
        self.keep.clicked.connect(lambda: self.keep_requested.emit())
        self.cancel.clicked.connect(lambda: self.cancel_requested.emit())
        self.resume.clicked.connect(lambda: self.resume_requested.emit())
        self._lay_out()

    def show_state(self, state: Underway) -> None:
        """Show a job that runs or waits; hidden without one."""
        self.setVisible(state.job is not None)
        if state.job is None:
            return
        course = state.course
        self._stage.setText(progress_words(state))
        self._eta.setText(eta_words(course.eta_s) if state.is_running and not state.stopping else "")
        is_counted = state.is_running and course.total > 0
        is_idle = not (state.is_running or state.is_starting)
        self._bar.setRange(0, course.total if is_counted else 1 if is_idle else 0)
        self._bar.setValue(course.step if is_counted else 0)
        self._bar.setAccessibleName(self._stage.text())
        is_stoppable = state.is_running and course.learned > course.resumed_from and not state.stopping
        self.keep.setVisible(state.is_running)
        self.keep.setEnabled(is_stoppable)
        self.keep.setToolTip(self._keep_tip if is_stoppable or state.stopping else _NOTHING_TIP)
        self.cancel.setEnabled(state.stopping != "cancel")
        self.cancel.setToolTip(_WITHDRAW_TIP if is_idle else self._cancel_tip)
        self.resume.setVisible(state.is_held)

    @property
    def texts(self) -> tuple[str, str]:
        """What is done, and how long it takes, in words."""
        return self._stage.text(), self._eta.text()

    def _lay_out(self) -> None:
        words = QHBoxLayout()
        words.addWidget(self._stage, 1)
        words.addWidget(self._eta)
        left = QVBoxLayout()
        left.setSpacing(space(2))
        left.addStretch()
        left.addLayout(words)
        left.addWidget(self._bar)
        left.addStretch()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(2))
        row.addLayout(left, 1)
        row.addSpacing(space(2))
        for button in (self.resume, self.keep, self.cancel):
            row.addWidget(button)
