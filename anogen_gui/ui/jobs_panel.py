"""The jobs panel: what runs, what waits in which order, and what became of the rest."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.job_row import JOB_MIME, JobRow
from anogen_gui.ui.kit import Button, EmptyState, IconButton, Panel, SectionLabel, TextLabel
from anogen_gui.ui.theme import space

if TYPE_CHECKING:
    from anogen_gui.model.job_queue import JobQueue, JobView

_WIDTH = 340
_GROUPS = ("Running", "Waiting", "Finished")


class JobsPanel(Panel):
    """Shows the queue of the open project and changes it.

    Signals:
        close_requested()
    """

    close_requested = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._queue: JobQueue | None = None
        self._rows: dict[int, JobRow] = {}
        self.pause = IconButton(icons, "mdi6.pause", "Pause the queue")
        self.clear = IconButton(icons, "mdi6.broom", "Clear finished jobs from the list")
        self.paused = PausedCard(icons)
        self.empty = EmptyState(
            icons,
            "mdi6.tray-full",
            "No jobs",
            "Learn an anomaly or generate samples: you can follow them here and go on working.",
        )
        self._list = JobList()
        self._arrange()
        self.pause.clicked.connect(self._toggle_pause)
        self.paused.resume.clicked.connect(self._toggle_pause)
        self.clear.clicked.connect(lambda: self._queue and self._queue.clear_finished())
        self._list.dropped.connect(self._move)
        self._show_jobs()

    def show_queue(self, queue: "JobQueue | None") -> None:
        """Show the queue of another project, or none."""
        if self._queue is not None:
            self._queue.jobs_changed.disconnect(self._show_jobs)
            self._queue.job_progressed.disconnect(self._show_progress)
        self._queue = queue
        if queue is not None:
            queue.jobs_changed.connect(self._show_jobs)
            queue.job_progressed.connect(self._show_progress)
        self._show_jobs()

    def row(self, job_id: int) -> JobRow:
        """Raises KeyError for a job that is not in the list."""
        return self._rows[job_id]

    @property
    def waiting(self) -> list[int]:
        """The numbers of the waiting jobs, in their order."""
        return [job.id for job in self._jobs() if job.state == "queued"]

    def _jobs(self) -> "Sequence[JobView]":
        return () if self._queue is None else self._queue.jobs()

    def _show_jobs(self) -> None:
        jobs = self._jobs()
        for job_id in set(self._rows) - {job.id for job in jobs}:
            row = self._rows.pop(job_id)
            row.hide()
            row.deleteLater()
        for job in jobs:
            if job.id in self._rows:
                self._rows[job.id].show_job(job)
            else:
                self._rows[job.id] = self._make_row(job)
        groups = [[self._rows[job.id] for job in jobs if _group(job) == name] for name in _GROUPS]
        groups[-1].reverse()
        self._list.show_rows(groups)
        is_paused = self._queue is not None and self._queue.is_paused
        self.paused.setVisible(is_paused and bool(self.waiting))
        self.pause.show_icon("mdi6.play" if is_paused else "mdi6.pause")
        self.pause.setToolTip("Resume the queue" if is_paused else "Pause the queue after the running job")
        self.pause.setAccessibleName(self.pause.toolTip())
        self.pause.setEnabled(self._queue is not None)
        self.clear.setVisible(bool(groups[-1]))
        self.empty.setVisible(not jobs)
        self._list.setVisible(bool(jobs))

    def _show_progress(self, job: "JobView") -> None:
        if job.id in self._rows:
            self._rows[job.id].show_job(job)

    def _make_row(self, job: "JobView") -> JobRow:
        row = JobRow(job, self._icons)
        queue = self._queue
        assert queue is not None
        row.cancel_requested.connect(queue.cancel)
        row.stop_requested.connect(queue.stop_and_keep)
        row.retry_requested.connect(queue.retry)
        row.remove_requested.connect(queue.remove)
        row.move_requested.connect(self._move_by)
        return row

    def _move(self, job_id: int, place: int) -> None:
        """Put a waiting job before the one that is now at `place` of the waiting ones, or at the end."""
        waiting = self.waiting
        before = waiting[place] if place < len(waiting) else None
        if self._queue is not None and job_id in waiting and before != job_id:
            self._queue.move(job_id, before)

    def _move_by(self, job_id: int, steps: int) -> None:
        place = self.waiting.index(job_id) + (steps if steps < 0 else steps + 1)
        if place >= 0:
            self._move(job_id, place)
            self._rows[job_id].setFocus(Qt.FocusReason.OtherFocusReason)

    def _toggle_pause(self) -> None:
        if self._queue is not None:
            (self._queue.resume if self._queue.is_paused else self._queue.pause)()

    def _arrange(self) -> None:
        close = IconButton(self._icons, "mdi6.close", "Hide the jobs panel", "Ctrl+J")
        close.clicked.connect(self.close_requested)
        head = QHBoxLayout()
        head.addWidget(TextLabel("Jobs", "title"))
        head.addStretch()
        head.addWidget(self.clear)
        head.addWidget(self.pause)
        head.addWidget(close)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._list)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.empty.setParent(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(space(4), space(3), space(3), space(3))
        column.setSpacing(space(3))
        column.addLayout(head)
        column.addWidget(self.paused)
        column.addWidget(self.empty, 1)
        column.addWidget(scroll, 1)
        self.setMinimumWidth(_WIDTH)


class PausedCard(QFrame):
    """Says that the queue waits for a person."""

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self.setObjectName("warning")
        self.resume = Button("Resume", icons, "mdi6.play")
        column = QVBoxLayout(self)
        column.setContentsMargins(space(3), space(3), space(3), space(3))
        column.setSpacing(space(2))
        column.addWidget(TextLabel("The queue is paused", "strong"))
        column.addWidget(TextLabel("What waits does not start by itself.", wrap=True))
        column.addWidget(self.resume, 0, Qt.AlignmentFlag.AlignLeft)


class JobList(QWidget):
    """The rows in their groups; a waiting row is dropped between two others.

    Signals:
        dropped(job_id, place): `place` counts the waiting rows above the drop.
    """

    dropped = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, space(1), 0)
        self._column.setSpacing(space(2))
        self._headings = {name: SectionLabel(name) for name in _GROUPS}
        self._mark = QFrame(self)
        self._mark.setObjectName("drop_mark")
        self._mark.hide()
        self._waiting: list[JobRow] = []

    def show_rows(self, groups: Sequence[Sequence[JobRow]]) -> None:
        """Arrange the rows: running, waiting, finished."""
        while self._column.takeAt(0) is not None:
            pass
        for heading, rows in zip(self._headings.values(), groups, strict=True):
            heading.setVisible(bool(rows))
            for widget in (heading, *rows):
                self._column.addWidget(widget)
        self._column.addStretch()
        self._waiting = list(groups[1])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's names from here on
        if event.mimeData().hasFormat(JOB_MIME):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802
        place = self._place_at(event.position().y())
        if place < len(self._waiting):
            y = self._waiting[place].y() - space(1)
        else:
            y = self._waiting[-1].geometry().bottom() + space(1) if self._waiting else 0
        self._mark.setGeometry(0, y - 1, self.width(), 3)
        self._mark.show()
        self._mark.raise_()
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802
        self._mark.hide()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        self._mark.hide()
        job_id = int(bytes(event.mimeData().data(JOB_MIME).data()))
        event.acceptProposedAction()
        self.dropped.emit(job_id, self._place_at(event.position().y()))

    def _place_at(self, y: float) -> int:
        return sum(row.geometry().center().y() < y for row in self._waiting)


def _group(job: "JobView") -> str:
    return {"running": "Running", "queued": "Waiting"}.get(job.state, "Finished")
