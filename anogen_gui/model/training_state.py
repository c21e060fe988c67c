"""What the page Train shows: the trainings of the project with their figures, and how two of them compare."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from anogen_gui.model.learning_course import Course
from anogen_gui.model.learning_state import Stopping
from engine.project import RunRow
from engine.protocol import TrainJob, TrainSettings
from engine.reporting.facts import Figure

Conclusion = Literal["helped", "no measurable change", "hurt"]
FIGURES = ("image AUROC", "image AP", "image F1", "pixel AUROC", "pixel AP", "pixel F1", "AUPRO")
"""What a detector is measured by, as the engine calls it, 0 to 1."""


@dataclass(frozen=True)
class Training:
    """A training of the project.

    Attributes:
        run: its row in the catalogue.
        job: as it was put into the queue.
        steps: how many steps its detector was trained; 0 where there is no detector.
        checkpoint: the step from which it goes on; 0 where it cannot.
        figures: of its last evaluation, by name; empty where it was not measured since it was trained.
        is_outdated: it was, but a photo that counts there was learned from since, or removed: they are not told.
        number: of its job in the queue that waits or runs; None where there is none.
    """

    run: RunRow
    job: TrainJob
    steps: int = 0
    checkpoint: int = 0
    figures: Mapping[str, Figure] = field(default_factory=dict)
    is_outdated: bool = False
    number: int | None = None
    is_being_measured: bool = False

    @property
    def id(self) -> int:
        return self.run.id

    @property
    def name(self) -> str:
        """What a person calls it: the title, else the name of its folder."""
        return self.run.title or self.run.name or f"{self.settings.detector}-{self.settings.recipe}"

    @property
    def settings(self) -> TrainSettings:
        return self.job.settings

    @property
    def has_detector(self) -> bool:
        return self.steps > 0

    @property
    def can_go_on(self) -> bool:
        """It was cut off or cancelled, and nothing is under way for it."""
        return self.number is None and not self.has_detector


@dataclass(frozen=True)
class Looked:
    """The training that is looked at: how it goes, or went."""

    training: Training
    course: Course
    is_starting: bool = False
    is_held: bool = False
    stopping: Stopping = ""

    @property
    def job(self) -> int | None:
        """The number of its job that waits or runs."""
        return self.training.number

    @property
    def is_running(self) -> bool:
        return self.course.state == "running"


@dataclass(frozen=True)
class ComparedFigure:
    """A figure of two detectors on the same photos: how much larger the second one's is, with its interval."""

    name: str
    before: float
    after: float
    difference: float
    low: float
    high: float
    conclusion: Conclusion


@dataclass(frozen=True)
class Comparison:
    """Two trainings side by side; without `figures` they were not compared since they were trained.

    Attributes:
        photos: how many test photos they were compared on.
        origins: how many test photos were left out, because samples were made for what was missed there.
        is_running: they are being compared, or wait for it.
        reason: why they cannot be compared; '' where they can.
    """

    first: Training
    second: Training
    figures: tuple[ComparedFigure, ...] = ()
    photos: int = 0
    origins: int = 0
    is_running: bool = False
    reason: str = ""

    def count(self, conclusion: Conclusion) -> int:
        return sum(figure.conclusion == conclusion for figure in self.figures)


def in_order(first: Training, second: Training) -> tuple[Training, Training]:
    """What two trainings are compared as, before and after: the baseline first, else the older one."""
    if first.settings.recipe != second.settings.recipe:
        return (first, second) if first.settings.recipe == "baseline" else (second, first)
    return (first, second) if first.run.started <= second.run.started else (second, first)
