"""The trainings of a project, with what the queue knows of them, and the steps that change them."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.training_jobs import DetectorJobs
from anogen_gui.model.training_reading import read_training
from anogen_gui.model.training_state import Training
from engine.project import QueuedJob
from engine.project.detecting import not_counted
from engine.project.runs import job_key
from engine.protocol import TrainJob


class TrainingList:
    """All trainings, the newest first, as they were at the last `reload` or `refresh`.

    Attributes:
        waiting: what a training does that has never run: 'waits', 'held' by the paused queue, 'starts'; '' for none.
    """

    def __init__(self, project: ProjectModel, jobs: DetectorJobs) -> None:
        self._project, self._jobs = project, jobs
        self._by_id: dict[int, Training] = {}
        self._ids: dict[str, int] = {}  # by the key of their job
        self.waiting = ""

    def all(self) -> tuple[Training, ...]:
        return tuple(self._by_id.values())

    def get(self, training_id: int) -> Training | None:
        return self._by_id.get(training_id)

    def known(self, training_ids: Sequence[int]) -> tuple[Training, ...]:
        """Those of them that are there."""
        found = (self._by_id.get(training_id) for training_id in training_ids)
        return tuple(training for training in found if training is not None)

    def of_key(self, key: str) -> Training | None:
        """The one whose job has this key."""
        return self._by_id.get(self._ids.get(key, 0))

    def reload(self) -> bool:
        """Read them again; is anything other than it was?"""
        before = (dict(self._by_id), self.waiting)
        self._by_id, self._ids = {}, {}
        project = self._project.project
        runs = project.runs()
        left_out = not_counted(project, runs)
        for run in reversed(runs):
            if isinstance(run.job, TrainJob):
                self._ids[job_key(run.job)] = run.id
                self._by_id[run.id] = read_training(project.folder, run, run.job, left_out)
        self.refresh()
        return before != (self._by_id, self.waiting)

    def refresh(self) -> bool:
        """See what waits or runs; is anything other than it was?"""
        before = (dict(self._by_id), self.waiting)
        self._jobs.reload()
        queued, measured = self._jobs.trainings(), self._jobs.measured()
        for key, training_id in self._ids.items():
            self._by_id[training_id] = _with_jobs(self._by_id[training_id], queued.get(key), measured)
        new = next((row for key, row in queued.items() if key not in self._ids), None)
        self.waiting = self._waiting_of(new) if new is not None else ""
        return before != (self._by_id, self.waiting)

    def _waiting_of(self, row: QueuedJob) -> str:
        if row.state == "running":
            return "starts"
        return "held" if self._project.queue.is_paused else "waits"


class TrainingSteps:
    """Changes of trainings, one named step of the history each; `changed` is called after each, and each undo."""

    def __init__(self, project: ProjectModel, changed: Callable[[], None]) -> None:
        self._project, self._changed = project, changed

    def describe(self, training: Training, title: str, note: str) -> bool:
        """Give a training this title and note; False where nothing changes."""
        run = training.run
        if (title, note) == (run.title, run.note):
            return False
        name = "Rename training" if title != run.title else "Change note of training"
        return self._project.history.do(
            name,
            lambda: self._describe(run.id, title, note),
            lambda: self._describe(run.id, run.title, run.note),
        )

    def delete(self, trainings: Sequence[Training]) -> bool:
        """Take trainings off the list; those under way stay. False where none could be."""
        free = [training.id for training in trainings if training.number is None]
        name = "Delete training" if len(free) == 1 else f"Delete {len(free)} trainings"
        return bool(free) and self._project.history.do(
            name, lambda: self._set_deleted(free, True), lambda: self._set_deleted(free, False)
        )

    def _describe(self, run_id: int, title: str, note: str) -> None:
        self._project.project.describe_run(run_id, title, note)
        self._changed()

    def _set_deleted(self, run_ids: Sequence[int], is_deleted: bool) -> None:
        for run_id in run_ids:
            self._project.project.set_run_deleted(run_id, is_deleted)
        self._changed()


def _with_jobs(training: Training, queued: QueuedJob | None, measured: frozenset[str]) -> Training:
    return replace(
        training,
        number=queued.id if queued is not None else None,
        is_being_measured=training.run.name in measured,
    )
