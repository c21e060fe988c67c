"""Events: from the engine."""

from typing import Literal, Union

import msgspec

from engine.geometry import DEFAULT_BOX_RANGE, Box, BoxRange

Outcome = Literal["done", "kept", "cancelled", "failed"]
SampleFlag = Literal["nothing_changed", "changed_outside", "near_duplicate"]


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag=True):
    """Something that happened in a job; the server fills in `job_id`."""

    job_id: str = ""


class EngineReady(Event, frozen=True, kw_only=True):
    """The engine listens; `device` is what a person calls it."""

    device: str
    version: str


class Started(Event, frozen=True, kw_only=True):
    """A job runs; `resumed_from` is the step it goes on from, 0 for a fresh one."""

    title: str
    resumed_from: int = 0


class Progress(Event, frozen=True, kw_only=True):
    """`step` of `total` steps are done; `stage` says of what."""

    step: int
    total: int
    stage: str = ""
    eta_s: float | None = None
    loss: float | None = None


class LossMeasured(Event, frozen=True, kw_only=True):
    """The loss on the fixed evaluation batch after `step` steps."""

    step: int
    loss: float


class StripWritten(Event, frozen=True, kw_only=True):
    """A column of the sample strip (fixed seed and box) after `step` steps; any of them can be kept."""

    step: int
    image: str


class PreviewReady(Event, frozen=True, kw_only=True):
    """A live picture of what is being drawn after `step` steps: JPEG in base64.

    Of step 0: an earlier drawing, carried along with its box; what is drawn anew comes after it.
    It shows what `photo` is like within the bounds of `box`, cut at the photo's edges
    (`engine.geometry.box_window`); where it is no part of a photo, there is no `box`.
    """

    jpeg_base64: str
    photo: str = ""
    box: Box | None = None
    step: int = 0


class BoxesProposed(Event, frozen=True, kw_only=True):
    """Boxes for a photo, as they were scattered over it; `box_range` is what they were drawn from."""

    photo: str
    boxes: tuple[Box, ...]
    box_range: BoxRange = DEFAULT_BOX_RANGE


class EmbeddingWritten(Event, frozen=True, kw_only=True):
    """An anomaly embedding was saved; `backbone` names what it belongs to."""

    anomaly: str
    name: str
    path: str
    backbone: str
    steps: int


class SampleWritten(Event, frozen=True, kw_only=True):
    """A sample and its mask were saved; `reused` says that they were there already.

    `origin` is the photo whose missed anomaly it was made for, '' for none.
    """

    photo: str
    image: str
    mask: str
    seed: int
    boxes: tuple[Box, ...]
    flags: tuple[SampleFlag, ...] = ()
    anomaly: str = ""
    embedding: str = ""
    reused: bool = False
    origin: str = ""


class PhotoImported(Event, frozen=True, kw_only=True):
    """A photo is in the project (`already` there, or new)."""

    name: str
    role: str
    anomaly: str = ""
    already: bool = False


class PhotoInspected(Event, frozen=True, kw_only=True):
    """The detector of a run looked at a photo: its image score, the higher the more anomalous.

    `map` is the anomaly map as PNG, 16 bits, 65535 for 1, square and at the detector's size, whatever the photo's is.
    """

    run: str
    photo: str
    score: float
    map: str


class FileRefused(Event, frozen=True, kw_only=True):
    """A file could not be used; the rest goes on."""

    path: str
    reason: str


class FileWritten(Event, frozen=True, kw_only=True):
    """A file was written that is none of the above."""

    path: str
    what: str = ""


class Measured(Event, frozen=True, kw_only=True):
    """A row of a table of figures; `deviation` is the value's standard error, where it is known.

    `interval` is where the value lies in 95 of 100 drawings of what was measured on, where that is known.
    """

    name: str
    value: float
    unit: str = ""
    deviation: float | None = None
    interval: tuple[float, float] | None = None


class Warned(Event, frozen=True, kw_only=True):
    """Something a person should know; the job goes on."""

    message: str


class Finished(Event, frozen=True, kw_only=True):
    """The last event of every job, exactly one."""

    outcome: Outcome
    message: str = ""
    hint: str = ""
    details: str = ""


_Course = Union[
    EngineReady, Started, Progress, LossMeasured, StripWritten, PreviewReady, BoxesProposed, Warned, Finished
]
_Outcome = Union[
    EmbeddingWritten, SampleWritten, PhotoImported, PhotoInspected, FileRefused, FileWritten, Measured
]
AnyEvent = Union[_Course, _Outcome]
