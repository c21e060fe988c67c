"""The trainings that are chosen: how one of them goes, or how two of them compare."""

from collections.abc import Sequence

from anogen_gui.model.learning_course import Course, course_after
from anogen_gui.model.learning_state import stopping_of
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.training_jobs import DetectorJobs
from anogen_gui.model.training_list import TrainingList
from anogen_gui.model.training_reading import course_of, read_comparison
from anogen_gui.model.training_state import Comparison, Looked, Training, in_order
from engine.project import QueuedJob
from engine.protocol import Event


class ChosenTrainings:
    """Some of a list, as they were at the last `refresh`.

    Attributes:
        looked: the one that is chosen, and how it goes; None where none or several are.
        comparison: the two that are chosen, side by side; None where there are not two.
    """

    def __init__(self, project: ProjectModel, trainings: TrainingList, jobs: DetectorJobs) -> None:
        self._project, self._list, self._jobs = project, trainings, jobs
        self._ids: tuple[int, ...] = ()
        self._courses: dict[int, Course] = {}  # of those that were looked at, or ran
        self.looked: Looked | None = None
        self.comparison: Comparison | None = None

    def all(self) -> tuple[Training, ...]:
        """In the order of their choice."""
        return self._list.known(self._ids)

    def choose(self, training_ids: Sequence[int]) -> bool:
        """Choose those of them that are there; False where they are chosen already."""
        before, self._ids = self._ids, tuple(training.id for training in self._list.known(training_ids))
        return self._ids != before

    def refresh(self) -> tuple[bool, bool]:
        """See how they are now: is what is looked at other than it was, and what is compared?"""
        before, chosen = (self.looked, self.comparison), self.all()
        self.looked = self._look_at(chosen[0]) if len(chosen) == 1 else None
        self.comparison = self._compare(*in_order(*chosen)) if len(chosen) == 2 else None
        return self.looked != before[0], self.comparison != before[1]

    def take(self, training: Training, row: QueuedJob, event: Event) -> bool:
        """Note what a training's job tells; is it one of those that are chosen?"""
        course = self._courses.get(training.id) or course_of(self._project.folder, training)
        self._courses[training.id] = course_after(course, row, event)
        return training.id in self._ids

    def _look_at(self, training: Training) -> Looked:
        if training.id not in self._courses:
            self._courses[training.id] = course_of(self._project.folder, training)
        view = self._project.queue.job(training.number) if training.number is not None else None
        return Looked(
            training,
            self._courses[training.id],
            is_starting=view is not None and view.state == "running",
            is_held=view is not None and view.state == "queued" and self._project.queue.is_paused,
            stopping=stopping_of(view) if view is not None else "",
        )

    def _compare(self, first: Training, second: Training) -> Comparison:
        without = [each.name for each in (first, second) if not each.has_detector]
        if without:
            names = " and ".join(f"“{name}”" for name in without)
            return Comparison(
                first, second, reason=f"There is no detector of {names} yet: train to the end first."
            )
        figures, photos, origins = read_comparison(self._project.folder, first, second)
        is_running = self._jobs.is_compared(first.run.name, second.run.name)
        return Comparison(first, second, figures, photos, origins, is_running)
