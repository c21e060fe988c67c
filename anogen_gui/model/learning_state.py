"""What the page Learn shows of an anomaly class, and what can be learned of it now."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from anogen_gui.model.job_view import JobView
from anogen_gui.model.learning_course import Course
from anogen_gui.model.wording import in_window
from engine.errors import EngineError
from engine.project import AnomalyClass, EmbeddingRow, Photo
from engine.protocol import Finished, LearnJob, LearnSettings

OfferKind = Literal["learn", "go_on", "again", "blocked"]
Stopping = Literal["", "keep", "cancel"]


@dataclass(frozen=True)
class SupportChoice:
    """A bad photo of the class: whether it has a mask, and whether it is to be learned from."""

    photo: Photo
    has_mask: bool
    is_chosen: bool

    @property
    def is_used(self) -> bool:
        return self.is_chosen and self.has_mask


@dataclass(frozen=True)
class KnownRun:
    """A learning run of the class.

    `checkpoint` is the step from which it goes on, 0 where it cannot; `is_outdated` says that what it learned
    from has changed since.
    """

    name: str
    job: LearnJob
    state: str
    started: str
    message: str = ""
    checkpoint: int = 0
    is_outdated: bool = False

    @property
    def is_finished(self) -> bool:
        return self.state in ("done", "kept")


@dataclass(frozen=True)
class Note:
    """Something to tell about the class in place; `is_problem` says that something could not be done."""

    message: str
    hint: str = ""
    details: str = ""
    is_problem: bool = False


def problem_of(told: EngineError | Finished) -> Note:
    """What could not be done, and what to do, in words of the window."""
    details = told.details if isinstance(told, Finished) else ""
    return Note(told.message, in_window(told.hint), details, is_problem=True)


def stopping_of(view: JobView) -> Stopping:
    """What a running job was asked for."""
    return "cancel" if view.is_cancelling else "keep" if view.is_keeping else ""


class Underway(Protocol):
    """A learning or a training that waits, runs or has ended; the attributes are those of `LearnState`."""

    @property
    def course(self) -> Course: ...
    @property
    def job(self) -> int | None: ...
    @property
    def is_running(self) -> bool: ...
    @property
    def is_starting(self) -> bool: ...
    @property
    def is_held(self) -> bool: ...
    @property
    def stopping(self) -> Stopping: ...


@dataclass(frozen=True)
class LearnState:
    """An anomaly class on the page Learn.

    Attributes:
        supports: the chosen support photos, then further bad photos of the class.
        runs: the newest first.
        course: of the run that is looked at, or of the one that runs.
        job: the number of the learning job that waits or runs; None where there is none.
        is_starting: it has its turn; of use until it tells that it runs, which takes the engine seconds.
        is_held: it waits, and the queue is paused.
        stopping: what the running job was asked for.
        work: what else is being done for the class, as a sentence; '' where nothing is.
    """

    anomaly: AnomalyClass
    supports: tuple[SupportChoice, ...] = ()
    embeddings: tuple[EmbeddingRow, ...] = ()
    in_use: EmbeddingRow | None = None
    runs: tuple[KnownRun, ...] = ()
    course: Course = field(default_factory=Course)
    job: int | None = None
    is_starting: bool = False
    is_held: bool = False
    stopping: Stopping = ""
    work: str = ""
    note: Note | None = None

    @property
    def is_running(self) -> bool:
        return self.course.state == "running"

    @property
    def used_supports(self) -> tuple[Photo, ...]:
        return tuple(support.photo for support in self.supports if support.is_used)

    def embedding_of(self, step: int) -> EmbeddingRow | None:
        """The embedding that was made of a step of the run that is looked at."""
        return embedding_of_step(self.embeddings, self.course.run, step)

    @property
    def step_in_use(self) -> int | None:
        """The step of the run that is looked at whose embedding is in use."""
        if self.in_use is None or self.embedding_of(self.in_use.steps) != self.in_use:
            return None
        return self.in_use.steps


@dataclass(frozen=True)
class Offer:
    """What the button Learn does now; where it is blocked, why, and on which page that is mended.

    `run` is the run that goes on or that is learned again, `step` the step that it goes on from.
    """

    kind: OfferKind
    run: KnownRun | None = None
    step: int = 0
    reason: str = ""
    page: str = ""


def offer(state: LearnState, settings: LearnSettings) -> Offer:
    """What can be learned of a class with these settings."""
    if state.job is not None:
        reason = "It is being learned." if state.is_running else "It waits for its turn in the queue."
        return Offer("blocked", reason=reason)
    if not state.supports:
        return Offer("blocked", reason="There is no bad photo of this class yet.", page="photos")
    if not any(support.has_mask for support in state.supports):
        return Offer("blocked", reason="None of its photos has a mask yet.", page="photos")
    if not state.used_supports:
        return Offer("blocked", reason="Choose at least one support photo that has a mask.")
    run = _same_run(state, settings)
    if run is None:
        return Offer("learn")
    if run.is_finished:
        return Offer("again", run)
    return Offer("go_on", run, run.checkpoint) if run.checkpoint else Offer("learn")


def embedding_of_step(embeddings: Sequence[EmbeddingRow], run: str, step: int) -> EmbeddingRow | None:
    """The embedding that a run made of one of its steps: at its end, or when that step was kept."""
    names = (run, f"{run}-{step:06d}")
    return next((row for row in embeddings if run and row.name in names and row.steps == step), None)


def _same_run(state: LearnState, settings: LearnSettings) -> KnownRun | None:
    """The newest run that learned, or was to learn, the same."""
    supports = {(photo.path, photo.mask) for photo in state.used_supports}
    for run in state.runs:
        theirs = {(support.photo, support.mask) for support in run.job.supports}
        if run.name and not run.is_outdated and run.job.settings == settings and theirs == supports:
            return run
    return None
