"""Letting a detector look at photos: those of the project, and new ones from files and folders."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Signal

from anogen_gui.model.background import SingleWork
from anogen_gui.model.job_view import JobView
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.wording import in_window
from engine.errors import EngineError
from engine.project import QueuedJob
from engine.project.detecting import photos_to_measure_on
from engine.project.recording import relative_path
from engine.protocol import (
    EvaluateRunJob,
    Event,
    FileRefused,
    Finished,
    InspectJob,
    PhotoInspected,
)

_JOBS = (InspectJob, EvaluateRunJob)


@dataclass(frozen=True)
class LookingState:
    """How far looking at photos is.

    Attributes:
        is_searching: folders are searched for photos.
        waiting: jobs that look at photos and wait; `is_held`: the queue is paused.
        is_running: one of them runs, and has done `step` of `total` (0: not known yet).
        looked: photos since it began; `refused`: (file, reason) of those that could not be read.
        outcome: how it ended, '' before that; `problem`: what went wrong, in a sentence or two.
    """

    is_searching: bool = False
    waiting: int = 0
    is_held: bool = False
    is_running: bool = False
    step: int = 0
    total: int = 0
    looked: int = 0
    refused: tuple[tuple[str, str], ...] = ()
    outcome: Literal["", "done", "cancelled", "failed"] = ""
    problem: str = ""

    @property
    def is_busy(self) -> bool:
        return self.is_searching or self.is_running or bool(self.waiting)


class Looking(QObject):
    """Puts such jobs into the queue, and follows those that are there.

    Signals:
        changed(state)
        inspected(run, photo): what the detector says of the photo at this path is in the catalogue.
    """

    changed = Signal(object)
    inspected = Signal(str, str)

    def __init__(self, project: ProjectModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self.state = LookingState()
        self._next: list[tuple[str, tuple[Path, ...]]] = []
        self._searched_for = ""  # the run
        self._search = SingleWork(project.project, self)
        self._search.event_received.connect(self._take_found)
        self._search.failed.connect(self._take_problem)
        self._search.ended.connect(self._end_search)
        queue = project.queue
        self._connections = (
            queue.event_received.connect(self._take),
            queue.jobs_changed.connect(self._refresh),
            queue.job_progressed.connect(self._take_progress),
        )
        self._refresh()

    def close(self) -> None:
        """Search no more, and hear nothing of the queue any more."""
        for connection in self._connections:
            QObject.disconnect(connection)
        self._next.clear()
        self._search.close()

    # --- what people do

    def look_at_tests(self, run: str) -> None:
        """Let the detector of a run look at the project's photos that it can be measured on."""
        self._begin()
        try:
            photos = photos_to_measure_on(self._project.project)
        except EngineError as error:
            self._update(
                replace(self.state, outcome="failed", problem=f"{error.message} {in_window(error.hint)}")
            )
            return
        folder = str(self._project.folder)
        self._project.queue.enqueue(EvaluateRunJob(project=folder, run=run, photos=photos))

    def look_at_files(self, run: str, sources: Sequence[Path]) -> None:
        """Let it look at files, and at the photos in folders, which are searched in the background."""
        self._begin()
        self._next.append((run, tuple(sources)))
        if not self._search.is_running:
            self._search_next()

    def cancel(self) -> None:
        """Look at no more photos; what was found stays."""
        self._next.clear()
        self._search.cancel()
        for row in self._rows():
            self._project.queue.cancel(row.id)

    def dismiss(self) -> None:
        """Forget how it ended."""
        if not self.state.is_busy:
            self._update(LookingState())

    # --- searching

    def _begin(self) -> None:
        """Count anew, unless something is still being looked at."""
        if not self.state.is_busy:
            self._update(LookingState())

    def _search_next(self) -> None:
        self._searched_for, sources = self._next.pop(0)
        self._update(replace(self.state, is_searching=True))
        self._search.begin(lambda _project: find_photos(sources))

    def _take_found(self, found: object) -> None:
        match found:
            case FileRefused():
                self._refuse(found)
            case tuple() if found:
                self._project.queue.enqueue(
                    InspectJob(project=str(self._project.folder), run=self._searched_for, files=found)
                )
            case tuple():
                sentence = "There are no photos in what you dropped. Drop photos, or a folder of them."
                self._update(replace(self.state, problem=sentence))

    def _take_problem(self, message: str, hint: str) -> None:
        self._update(replace(self.state, problem=f"{message} {hint}"))

    def _end_search(self, was_cancelled: bool) -> None:
        if self._next:
            self._search_next()
            return
        state = replace(self.state, is_searching=False)
        if not state.is_busy and not state.outcome and (was_cancelled or state.problem):
            state = replace(state, outcome="cancelled" if was_cancelled else "failed")
        self._update(state)

    # --- what the queue tells

    def _rows(self) -> list[QueuedJob]:
        rows = self._project.project.queued()
        return [row for row in rows if isinstance(row.job, _JOBS) and row.state in ("queued", "running")]

    def _refresh(self) -> None:
        rows = self._rows()
        is_running = any(row.state == "running" for row in rows)
        waiting = sum(row.state == "queued" for row in rows)
        is_held = bool(waiting) and self._project.queue.is_paused
        state = replace(self.state, is_running=is_running, waiting=waiting, is_held=is_held)
        if is_running and not self.state.is_running:
            state = replace(state, step=0, total=0, outcome="")
        self._update(state)

    def _take_progress(self, view: JobView) -> None:
        if self.state.is_running:
            self._update(replace(self.state, step=view.step, total=view.total))

    def _take(self, row: QueuedJob, event: Event) -> None:
        if not isinstance(row.job, _JOBS):
            if isinstance(event, PhotoInspected):  # a training looks at photos that were held out
                self.inspected.emit(event.run, self._path(event.photo))
            return
        match event:
            case PhotoInspected(run=run, photo=photo):
                self._update(replace(self.state, looked=self.state.looked + 1))
                self.inspected.emit(run, self._path(photo))
            case FileRefused():
                self._refuse(event)
            case Finished(outcome="failed", message=message, hint=hint):
                problem = f"{message} {in_window(hint)}".strip()
                self._update(replace(self.state, outcome="failed", problem=problem))
            case Finished(outcome=outcome):
                self._update(replace(self.state, outcome="cancelled" if outcome == "cancelled" else "done"))

    def _path(self, photo: str) -> str:
        """As the catalogue has it."""
        return relative_path(self._project.folder, photo)

    def _refuse(self, event: FileRefused) -> None:
        self._update(replace(self.state, refused=(*self.state.refused, (event.path, event.reason))))

    def _update(self, state: LookingState) -> None:
        if state != self.state:
            self.state = state
            self.changed.emit(state)


def find_photos(sources: Sequence[Path]) -> Iterator[FileRefused | tuple[str, ...]]:
    """Folders that cannot be read; then the absolute paths of all files, and of the photos in the folders."""
    from engine.project.masks import list_images, unreadable_folders  # loads PIL

    files: list[str] = []
    for source in sources:
        place = source.expanduser().absolute()
        if not place.is_dir():
            files.append(str(place))
            continue
        yield from unreadable_folders(place)
        files += [str(file) for file in list_images(place)]
    yield tuple(dict.fromkeys(files))
