"""Jobs about detectors in the queue: what waits or runs, and how they get there."""

import msgspec

from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.training_state import Training
from engine.project import QueuedJob
from engine.project.detecting import photos_to_measure_on, plan_train
from engine.project.runs import job_key
from engine.protocol import CompareRunsJob, EvaluateRunJob, TrainJob, TrainSettings

_ABOUT_DETECTORS = (TrainJob, EvaluateRunJob, CompareRunsJob)


class DetectorJobs:
    """The jobs about detectors that wait or run, as they were at the last `reload`."""

    def __init__(self, project: ProjectModel) -> None:
        self._project = project
        self._keys: dict[int, str] = {}  # of trainings, by the number of their row: a job never changes
        self._rows: tuple[QueuedJob, ...] = ()

    def reload(self) -> None:
        """Look at the queue."""
        self._rows = tuple(
            row
            for row in self._project.project.queued()
            if isinstance(row.job, _ABOUT_DETECTORS) and row.state in ("queued", "running")
        )

    def trainings(self) -> dict[str, QueuedJob]:
        """By the key of their job."""
        found: dict[str, QueuedJob] = {}
        for row in self._rows:
            if isinstance(row.job, TrainJob):
                found.setdefault(self.key_of(row), row)
        return found

    def measured(self) -> frozenset[str]:
        """The names of the runs that are to be measured."""
        return frozenset(row.job.run for row in self._rows if isinstance(row.job, EvaluateRunJob))

    def is_compared(self, first: str, second: str) -> bool:
        """Are these two runs to be compared?"""
        jobs = [row.job for row in self._rows if isinstance(row.job, CompareRunsJob)]
        return any((job.first, job.second) == (first, second) for job in jobs)

    def key_of(self, row: QueuedJob) -> str:
        """Of a training in the queue."""
        assert row.job is not None
        if row.id not in self._keys:
            self._keys[row.id] = job_key(row.job)
        return self._keys[row.id]

    # --- what is put into the queue

    def plan(self, settings: TrainSettings, takes_all: bool, told: list[str]) -> TrainJob:
        """The training job of these settings; `told` hears of photos that are left out.

        Raises:
            EngineError: no sample is accepted.
        """
        return plan_train(self._project.project, settings, takes_all, told.append)

    def train(self, job: TrainJob, again: bool) -> None:
        self._project.queue.enqueue(msgspec.structs.replace(job, again=again))

    def measure(self, training: Training) -> None:
        """Raises EngineError where there is no test photo."""
        photos = photos_to_measure_on(self._project.project)
        self._project.queue.enqueue(
            EvaluateRunJob(project=str(self._project.folder), run=training.run.name, photos=photos)
        )

    def compare(self, first: Training, second: Training) -> None:
        """Raises EngineError where there is no test photo."""
        photos = photos_to_measure_on(self._project.project)
        self._project.queue.enqueue(
            CompareRunsJob(
                project=str(self._project.folder), first=first.run.name, second=second.run.name, photos=photos
            )
        )
