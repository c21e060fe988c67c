"""The course of a learning or a training: what its events tell, and what its folder still tells later."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import msgspec

from engine.project import QueuedJob
from engine.project.runs import run_of
from engine.protocol import (
    EmbeddingWritten,
    Event,
    FileRefused,
    FileWritten,
    Finished,
    LossMeasured,
    Progress,
    Started,
    StripWritten,
    Warned,
)

CourseState = Literal["none", "running", "done", "kept", "cancelled", "failed", "interrupted"]
COURSE_STATES: dict[str, CourseState] = {
    state: state for state in ("done", "kept", "cancelled", "failed", "interrupted")
}
"""The states of runs that are over, by their names in the catalogue."""

Point = tuple[float, float]

LEARNING, TRAINING = "learning", "training"
STEPPING = (LEARNING, TRAINING)
"""The stages whose steps have losses."""
_MAX_HEADER_BYTES = 100_000_000


@dataclass(frozen=True)
class StripColumn:
    """A sample drawn, or heatmaps made, after `step` steps; `path` is relative to the project.

    `can_be_used` says that an embedding can be made of this step.
    """

    step: int
    path: str
    can_be_used: bool = True


@dataclass(frozen=True)
class Course:
    """How a run goes, or went.

    Attributes:
        run: the name of its folder in `runs`; '' until it wrote a file.
        step, total: how far `stage` is; `total` is 0 where nobody knows.
        learned: how many steps were learned.
        eta_s: None where nobody knows.
        losses: (step, loss) of the steps themselves; not kept on disk.
        evaluations: (step, loss) on the same crops and noise each time.
        resumed_from: the step that it went on from.
    """

    run: str = ""
    state: CourseState = "none"
    step: int = 0
    total: int = 0
    stage: str = ""
    learned: int = 0
    eta_s: float | None = None
    losses: tuple[Point, ...] = ()
    evaluations: tuple[Point, ...] = ()
    strip: tuple[StripColumn, ...] = ()
    resumed_from: int = 0
    warnings: tuple[str, ...] = ()
    message: str = ""
    hint: str = ""
    details: str = ""

    def after(self, event: Event) -> "Course":
        """The course after one more event."""
        match event:
            case Started(resumed_from=step):
                return self._started(step)
            case Progress():
                return self._progressed(event)
            case LossMeasured(step=step, loss=loss):
                return replace(self, evaluations=(*self.evaluations, (step, loss)))
            case StripWritten(step=step, image=image):
                columns = (column for column in self.strip if column.step != step)
                return replace(self, run=run_of(image), strip=(*columns, StripColumn(step, image)))
            case EmbeddingWritten(name=name, steps=steps):
                return replace(self, run=name, learned=steps)
            case FileWritten(path=path):
                return replace(self, run=run_of(path) or self.run)
            case Warned(message=message) | FileRefused(reason=message):
                return replace(self, warnings=(*self.warnings, message))
            case Finished():
                return replace(
                    self,
                    state=event.outcome,
                    eta_s=None,
                    message=event.message,
                    hint=event.hint,
                    details=event.details,
                )
        return self

    def with_usable(self, steps: set[int]) -> "Course":
        """The same with `can_be_used` set for the columns of these steps alone."""
        strip = tuple(replace(column, can_be_used=column.step in steps) for column in self.strip)
        return replace(self, strip=strip) if strip != self.strip else self

    def _started(self, step: int) -> "Course":
        """What was measured after the checkpoint is measured again."""
        return Course(
            run=self.run if step else "",
            state="running",
            resumed_from=step,
            learned=step,
            losses=_until(step, self.losses),
            evaluations=_until(step, self.evaluations),
            strip=tuple(column for column in self.strip if column.step <= step),
        )

    def _progressed(self, event: Progress) -> "Course":
        after = replace(self, step=event.step, total=event.total, stage=event.stage, eta_s=event.eta_s)
        if event.stage not in STEPPING:
            return after
        losses = self.losses if event.loss is None else (*self.losses, (event.step, event.loss))
        return replace(after, learned=event.step, losses=losses)


def course_after(course: Course, job: QueuedJob, event: Event) -> Course:
    """The course of a job in the queue after one more of its events; it ends as the queue says where it was cut off."""
    after = course.after(event)
    is_cut_off = isinstance(event, Finished) and job.state in ("interrupted", "quarantined")
    return replace(after, state="interrupted") if is_cut_off else after


def read_course(project: Path, run: str, pictures: str = "strip", stage: str = LEARNING) -> Course:
    """What the folder of a run tells of it; an empty course where there is none. Its state is not in there.

    Args:
        pictures: the folder of the strip's columns in that of the run.
    """
    folder = project / "runs" / run
    strip = tuple(
        StripColumn(step, f"runs/{run}/{pictures}/{file.name}")
        for step, file in _numbered(folder / pictures, "png")
    )
    evaluations = _read_evaluations(folder / "metrics.jsonl")
    learned = max([int(step) for step, _ in evaluations] + [column.step for column in strip], default=0)
    course = Course(run=run, learned=learned, step=learned, stage=stage, evaluations=evaluations, strip=strip)
    return course.with_usable(usable_steps(project, run)) if stage == LEARNING else course


def usable_steps(project: Path, run: str) -> set[int]:
    """The steps of a run of which an embedding can be made."""
    return {step for step, _ in _numbered(project / "runs" / run / "steps", "safetensors")}


def checkpoint_step(project: Path, run: str) -> int:
    """The step from which a run goes on; 0 where it has no checkpoint, or one that cannot be read."""
    return kept_step(project / "runs" / run / "checkpoint.safetensors")


def kept_step(file: Path) -> int:
    """The step whose weights are in a file of a run; 0 where there is none, or one that cannot be read.

    It stands in the header of the file: its length as 8 bytes, little endian, then JSON with the texts under
    `__metadata__`.
    """
    try:
        with file.open("rb") as stream:
            (length,) = struct.unpack("<Q", stream.read(8))
            if length > min(_MAX_HEADER_BYTES, file.stat().st_size):
                return 0
            header = msgspec.json.decode(stream.read(length), type=_Header)
        told = msgspec.json.decode(header.metadata["anogen"], type=_Progressed)
        return told.step or told.steps
    except (OSError, struct.error, KeyError, msgspec.DecodeError):
        return 0


class _Header(msgspec.Struct):
    metadata: dict[str, str] = msgspec.field(name="__metadata__")


class _Progressed(msgspec.Struct):
    """`step` in a checkpoint, `steps` in a detector."""

    step: int = 0
    steps: int = 0


class _Measured(msgspec.Struct):
    step: int
    evaluation_loss: float


def _until(step: int, points: tuple[Point, ...]) -> tuple[Point, ...]:
    return tuple(point for point in points if point[0] <= step)


def _numbered(folder: Path, suffix: str) -> list[tuple[int, Path]]:
    """The files in a folder whose name is a step, by that step."""
    files = folder.glob(f"*.{suffix}")
    return sorted((int(file.stem), file) for file in files if file.stem.isdigit())


def _read_evaluations(file: Path) -> tuple[Point, ...]:
    return tuple((row.step, row.evaluation_loss) for row in _read_rows(file))


def _read_rows(file: Path) -> Iterator[_Measured]:
    """The rows that are whole: the last one is not, where its writer was killed."""
    try:
        lines = file.read_bytes().splitlines()
    except OSError:
        return
    for line in lines:
        try:
            yield msgspec.json.decode(line, type=_Measured)
        except msgspec.DecodeError:
            continue
