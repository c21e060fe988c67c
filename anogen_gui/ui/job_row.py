"""A job in the jobs panel: what it is, how far it is, and what can be done with it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import QDrag, QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from anogen_gui.ui.icons import IconLabel, Icons
from anogen_gui.ui.job_words import explanation, progress_words, state_words
from anogen_gui.ui.kit import Badge, Button, ElidedLabel, Fold, IconButton, QuietButton, ReportView, TextLabel
from anogen_gui.ui.theme import space

if TYPE_CHECKING:
    from anogen_gui.model.job_queue import JobView

JOB_MIME = "application/x-anogen-job"
_RETRIED = ("kept", "cancelled", "failed", "interrupted", "quarantined")


class JobRow(QFrame):
    """Shows a job. A waiting one is dragged by its handle, or moved by Alt+Up and Alt+Down.

    Signals:
        cancel_requested(id), stop_requested(id), retry_requested(id), remove_requested(id)
        move_requested(id, steps): steps is -1 for up, 1 for down.
    """

    cancel_requested = Signal(int)
    stop_requested = Signal(int)
    retry_requested = Signal(int)
    remove_requested = Signal(int)
    move_requested = Signal(int, int)

    def __init__(self, job: "JobView", icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.job = job
        self.setObjectName("row")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._handle = DragHandle(self, icons)
        self._title = ElidedLabel(job.title, "strong")
        self._badge = Badge(icons, "")
        self._bar = QProgressBar(textVisible=False)
        self._progress = TextLabel(role="small", wrap=True)
        self._explanation = TextLabel(wrap=True)
        self._details = JobDetails(icons)
        self.stop = Button("Stop and keep", tooltip="End at the next step and keep what is learned so far")
        self.cancel = QuietButton("Cancel", tooltip="End at the next step and drop what is unfinished")
        self.retry = Button("Retry", icons, "mdi6.restart", "Put it into the queue again")
        self.remove = IconButton(icons, "mdi6.close", "Remove from the list", "Delete", "text_dim")
        for button in (self.stop, self.cancel, self.retry):
            button.setObjectName("compact")
        self._arrange()
        self._connect()
        self.show_job(job)

    def show_job(self, job: "JobView") -> None:
        """Show how the job is now."""
        self.job = job
        is_running, is_waiting = job.state == "running", job.state == "queued"
        words = state_words(job)
        self._title.setText(job.title)
        self._badge.show_state(*words)
        self.setAccessibleName(f"{job.title}: {words.text}")
        self._bar.setVisible(is_running)
        self._bar.setRange(0, job.total)
        self._bar.setValue(job.step)
        self._progress.setText(progress_words(job) if is_running else "")
        self._progress.setVisible(bool(self._progress.text()))
        self._explanation.setText(explanation(job))
        self._explanation.setVisible(bool(self._explanation.text()))
        self._details.show_text(job.details if job.state == "failed" else "")
        self._handle.setVisible(is_waiting)
        self.stop.setVisible(job.can_be_kept)
        self.cancel.setVisible(is_running)
        self.retry.setVisible(job.state in _RETRIED)
        self.retry.setText("Go on" if job.state == "kept" else "Retry")
        self.remove.setVisible(not is_running)
        self.cancel.setEnabled(not job.is_cancelling)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if steps and event.modifiers() & Qt.KeyboardModifier.AltModifier and self.job.state == "queued":
            self.move_requested.emit(self.job.id, steps)
        elif event.key() == Qt.Key.Key_Delete and self.job.state != "running":
            self.remove_requested.emit(self.job.id)
        else:
            super().keyPressEvent(event)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(space(2))
        head.addWidget(self._handle)
        head.addWidget(self._title, 1)
        head.addWidget(self.remove)
        foot = QHBoxLayout()
        foot.setSpacing(space(1))
        foot.addWidget(self._badge)
        foot.addStretch()
        for button in (self.stop, self.cancel, self.retry):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(space(3), space(2), space(2), space(3))
        column.setSpacing(space(2))
        column.addLayout(head)
        for widget in (self._bar, self._progress, self._explanation, self._details):
            column.addWidget(widget)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.cancel.clicked.connect(lambda: self.cancel_requested.emit(self.job.id))
        self.stop.clicked.connect(lambda: self.stop_requested.emit(self.job.id))
        self.retry.clicked.connect(lambda: self.retry_requested.emit(self.job.id))
        self.remove.clicked.connect(lambda: self.remove_requested.emit(self.job.id))


class JobDetails(Fold):
    """What an expert wants to know about an error, behind a fold, with a button that copies it."""

    def __init__(self, icons: Icons) -> None:
        super().__init__(icons, "Details")
        self._text = ReportView()
        self._text.setFixedHeight(120)
        self._text.setAccessibleName("Details of the error")
        copy = Button("Copy", icons, "mdi6.content-copy", "Copy the details")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._text.toPlainText()))
        self.body.addWidget(self._text)
        self.body.addWidget(copy, 0, Qt.AlignmentFlag.AlignLeft)

    def show_text(self, text: str) -> None:
        """Show the details; without any the fold is hidden."""
        self.setVisible(bool(text))
        if text != self._text.toPlainText():
            self._text.setPlainText(text)


class DragHandle(QLabel):
    """Six dots to drag a row by."""

    def __init__(self, row: JobRow, icons: Icons) -> None:
        super().__init__(row)
        self._row = row
        self._pressed_at: QPoint | None = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setToolTip("Drag to reorder (Alt+Up, Alt+Down)")
        self.setFixedSize(20, 20)
        IconLabel(icons, "mdi6.drag-vertical", "text_dim", 20, self)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's names
        self._pressed_at = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        distance = QGuiApplication.styleHints().startDragDistance()
        if self._pressed_at is None:
            return
        if (event.position().toPoint() - self._pressed_at).manhattanLength() < distance:
            return
        self._pressed_at = None
        data = QMimeData()
        data.setData(JOB_MIME, str(self._row.job.id).encode())
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.setPixmap(self._row.grab())
        drag.exec(Qt.DropAction.MoveAction)
