"""What the catalogue holds, as frozen structs.

Paths are relative to the project folder, with forward slashes.
"""

from typing import Literal

import msgspec

from engine.geometry import Box, Size
from engine.protocol import AnyJob, SampleFlag

Role = Literal["good", "bad", "test"]
Verdict = Literal["undecided", "accepted", "rejected"]
QueueState = Literal["queued", "running", "done", "kept", "cancelled", "failed", "interrupted", "quarantined"]


class AnomalyClass(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of anomaly; `digit` is its key (None from the eleventh on), `color` its `#rrggbb`."""

    id: int
    name: str
    color: str
    digit: int | None


class Photo(msgspec.Struct, frozen=True, kw_only=True):
    """A photo of the product; `anomaly` and `mask` are '' where there is none, `name` is the file's stem.

    `is_missing` says that its file was deleted, `is_removed` that a person took it out of the project.
    """

    id: int
    name: str
    path: str
    role: Role
    anomaly: str
    width: int
    height: int
    sha256: str
    dhash: int
    mask: str
    is_missing: bool
    is_removed: bool = False

    @property
    def size(self) -> Size:
        return Size(self.width, self.height)


class PlacedBox(msgspec.Struct, frozen=True, kw_only=True):
    """A box that a person placed on a photo; `photo` is the photo's path.

    `is_locked` says that it is not to be moved by accident: whoever lets people move boxes asks for it. `origin` is
    the path of the photo whose missed anomaly it was placed for, '' for none.
    """

    id: int
    photo: str
    anomaly: str
    box: Box
    is_locked: bool = False
    origin: str = ""


class EmbeddingRow(msgspec.Struct, frozen=True, kw_only=True):
    """An anomaly embedding; `backbone` names the (adapted) one it belongs to, `created` is UTC, ISO 8601."""

    id: int
    name: str
    anomaly: str
    path: str
    backbone: str
    steps: int
    created: str
    is_missing: bool


class SampleRow(msgspec.Struct, frozen=True, kw_only=True):
    """A sample: its PNG, its mask, what it was made from, and what a person thinks of it (0 stars: none).

    `origin` is the path of the photo whose missed anomaly it was made for, '' for none.
    """

    id: int
    path: str
    mask: str
    photo: str
    anomaly: str
    embedding: str
    run: str
    seed: int
    boxes: tuple[Box, ...]
    flags: tuple[SampleFlag, ...]
    verdict: Verdict
    stars: int
    created: str
    is_missing: bool
    origin: str = ""


class RunRow(msgspec.Struct, frozen=True, kw_only=True):
    """A job that was started; `job` is None for one of another version.

    `name` is its folder's, '' until it wrote a file; `anomaly` the present name of the class that it is about;
    `state` an outcome, `running` or `interrupted`. `title` and `note` are a person's own words, '' for none; so are
    the bands, None where nobody set them: image scores above `reject_above` are rejected, those above
    `look_again_above` looked at again.
    """

    id: int
    name: str
    anomaly: str
    job: AnyJob | None
    state: str
    message: str
    started: str
    finished: str
    title: str = ""
    note: str = ""
    look_again_above: float | None = None
    reject_above: float | None = None


class Inspection(msgspec.Struct, frozen=True, kw_only=True):
    """What the detector of a run says of a photo; `photo` is absolute for one outside the project.

    `score` is the image score, `map` the path of the anomaly map: PNG, 16 bits, 65535 for 1, at the detector's size.
    """

    id: int
    run: str
    photo: str
    score: float
    map: str


class QueuedJob(msgspec.Struct, frozen=True, kw_only=True):
    """A job in the queue; `job` is None for one of another version, which cannot be run.

    `attempt` counts its starts, to tell late events of an earlier one apart.
    """

    id: int
    job: AnyJob | None
    state: QueueState
    error: str
    attempt: int
    interruptions: int
