"""What the window, the command line and the engine say to each other: jobs, commands, events.

Every message is a frozen msgspec struct and travels as one JSON line. The fields of the settings carry a label, a
unit, a range and a help text (`msgspec.Meta`), from which the command line's options and the window's forms are made.
Paths in jobs and events are relative to the project folder, with forward slashes, unless a field says otherwise.
"""

from typing import Annotated, Literal, Union

import msgspec
from msgspec import Meta

from engine.geometry import Box

Profile = Literal["product", "paper"]
Outcome = Literal["done", "kept", "cancelled", "failed"]
SampleFlag = Literal["nothing_changed", "changed_outside", "near_duplicate"]


def field_meta(title: str, help_text: str, unit: str = "") -> Meta:
    """Label, help and unit of a settings field."""
    return Meta(title=title, description=help_text, extra={"unit": unit})


# --- settings: what a person chooses -----------------------------------------------------------------------------


class LearnSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an anomaly embedding is learned (stage 1)."""

    backbone: Annotated[
        str,
        field_meta("Backbone", "Name (see `anogen backbone list`), folder or hub id of the diffusion model."),
    ] = "embedded"
    profile: Annotated[
        Profile,
        field_meta(
            "Profile", "`product` mends the known faults of the method, `paper` follows it to the letter."
        ),
    ] = "product"
    adapt: Annotated[
        bool | None,
        field_meta(
            "Adapt the backbone",
            "Also fine-tune a copy of the backbone on this product. Unset: where the backbone's manifest asks for it.",
        ),
    ] = None
    steps: Annotated[
        Annotated[int, Meta(ge=1, le=100_000)] | None,
        field_meta(
            "Steps", "Optimiser steps. Unset: the profile's own (`product` stops when the loss is flat)."
        ),
    ] = None
    vectors: Annotated[
        Annotated[int, Meta(ge=1, le=16)] | None,
        field_meta(
            "Vectors",
            "Token vectors that make up the embedding. Unset: the profile's own (2, or 1 in `paper`).",
        ),
    ] = None
    learning_rate: Annotated[
        Annotated[float, Meta(gt=0, le=1)] | None,
        field_meta("Learning rate", "Of the embedding. Unset: the profile's own."),
    ] = None
    batch_size: Annotated[
        int, Meta(ge=1, le=256), field_meta("Batch size", "Support crops a step.", "crops")
    ] = 4
    word: Annotated[
        str, Meta(min_length=1), field_meta("Start word", "Word whose token the embedding starts from.")
    ] = "defect"
    anchor: Annotated[
        float,
        Meta(ge=0, le=100),
        field_meta("Anchor", "Weight of ‖v − v₀‖², which holds the embedding near its start."),
    ] = 0.0
    seed: Annotated[int, Meta(ge=0, le=2**31 - 1), field_meta("Seed", "Seed of every random choice.")] = 0
    strip_every: Annotated[
        int,
        Meta(ge=1, le=10_000),
        field_meta("Strip every", "Steps between two columns of the sample strip.", "steps"),
    ] = 50
    checkpoint_every: Annotated[
        int, Meta(ge=1, le=10_000), field_meta("Checkpoint every", "Steps between two checkpoints.", "steps")
    ] = 25


class GenerateSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an anomaly is generated inside boxes (stage 2)."""

    profile: Annotated[
        Profile,
        field_meta(
            "Profile", "`product`: native-resolution crops, DPM-Solver++. `paper`: whole photo, DDIM 50."
        ),
    ] = "product"
    count: Annotated[
        int, Meta(ge=1, le=1_000_000), field_meta("Samples", "How many samples to generate.")
    ] = 8
    seed: Annotated[
        Annotated[int, Meta(ge=0, le=2**31 - 1)] | None,
        field_meta(
            "Seed", "The same seed, settings and device give the same bytes. Unset: a new one, recorded."
        ),
    ] = None
    steps: Annotated[
        Annotated[int, Meta(ge=1, le=1000)] | None,
        field_meta("Sampler steps", "Unset: the profile's own (12 or 50)."),
    ] = None
    guidance: Annotated[
        Annotated[float, Meta(ge=0, le=50)] | None,
        field_meta(
            "Guidance", "Weight of the embedding against the empty prompt. Unset: the backbone's own."
        ),
    ] = None
    candidates: Annotated[
        int,
        Meta(ge=1, le=16),
        field_meta("Candidates", "Drawn for each box; the one that changes the photo best is kept."),
    ] = 2
    perturbation: Annotated[
        float,
        Meta(ge=0, le=2),
        field_meta("Perturbation", "Gaussian noise on the embedding, relative to its own spread."),
    ] = 0.1
    batch_size: Annotated[
        int,
        Meta(ge=1, le=256),
        field_meta("Batch size", "Crops generated together; halved when memory runs out.", "crops"),
    ] = 4
    boxes_per_photo: Annotated[
        int,
        Meta(ge=1, le=64),
        field_meta("Boxes a photo", "Boxes placed on each photo that has none of its own."),
    ] = 1
    feather: Annotated[
        float,
        Meta(ge=0, le=0.5),
        field_meta("Feather", "Soft edge inside the box, as a part of its short side."),
    ] = 0.15


# --- jobs: settings and the files they work on ------------------------------------------------------------------


class SupportPhoto(msgspec.Struct, frozen=True, kw_only=True):
    """A photo of the real anomaly and its mask."""

    name: str
    photo: str
    mask: str


class Placement(msgspec.Struct, frozen=True, kw_only=True):
    """A good photo and the boxes on it; no boxes: they are placed automatically on the foreground."""

    photo: str
    boxes: tuple[Box, ...] = ()


class Job(msgspec.Struct, frozen=True, kw_only=True, tag_field="job", tag=True, forbid_unknown_fields=True):
    """A piece of work for the engine. `project` is an absolute folder, or the folder to work in."""

    project: str


class LearnJob(Job, frozen=True, kw_only=True):
    """Learn an anomaly embedding from support photos; adapt the backbone where the settings or its manifest say so.

    A job that was interrupted goes on from its last checkpoint, one that is finished is not done twice; `again` starts
    over.
    """

    anomaly: str
    supports: tuple[SupportPhoto, ...]
    goods: tuple[str, ...] = ()
    settings: LearnSettings = LearnSettings()
    again: bool = False


class GenerateJob(Job, frozen=True, kw_only=True):
    """Generate an anomaly inside boxes on good photos."""

    anomaly: str
    embedding: str
    placements: tuple[Placement, ...]
    settings: GenerateSettings = GenerateSettings()


class PreviewJob(Job, frozen=True, kw_only=True):
    """Interactive: one box on one photo with few steps, nothing written, the composite sent as a preview."""

    embedding: str
    photo: str
    box: Box
    seed: int = 0
    steps: int = 6
    guidance: float | None = None


class DownloadJob(Job, frozen=True, kw_only=True):
    """Download a backbone from the hub into `project` (here: the backbones' folder)."""

    backbone: str


class PretrainJob(Job, frozen=True, kw_only=True):
    """Train the embedded backbone from renders; `project` is the run folder, which it resumes.

    A new run begins with the weights of the backbone `start`, or with none.
    """

    minutes: Annotated[float, Meta(gt=0)]
    autoencoder_minutes: Annotated[float, Meta(ge=0)] = 6.0
    shards: Annotated[int, Meta(ge=1)] = 64
    seed: int = 0
    start: str = ""


AnyJob = Union[LearnJob, GenerateJob, PreviewJob, DownloadJob, PretrainJob]


# --- commands: to the engine ---------------------------------------------------------------------------------------


class Command(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag=True, forbid_unknown_fields=True
):
    """Something the engine is asked to do."""


class Submit(Command, frozen=True, kw_only=True):
    """Run a job; an interactive one runs between two steps of the current one, the latest replacing one that waits."""

    job_id: str
    job: AnyJob
    interactive: bool = False


class Cancel(Command, frozen=True, kw_only=True):
    """End a job at its next step and drop what is unfinished."""

    job_id: str


class KeepAndStop(Command, frozen=True, kw_only=True):
    """End a job at its next step and keep what it has."""

    job_id: str


class Quit(Command, frozen=True, kw_only=True):
    """Cancel everything and end the engine."""


AnyCommand = Union[Submit, Cancel, KeepAndStop, Quit]


# --- events: from the engine --------------------------------------------------------------------------------------


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
    """A live picture: JPEG in base64, of the whole crop or of the composite at `box`."""

    jpeg_base64: str
    photo: str = ""
    step: int = 0


class EmbeddingWritten(Event, frozen=True, kw_only=True):
    """An anomaly embedding was saved; `backbone` names what it belongs to."""

    anomaly: str
    name: str
    path: str
    backbone: str
    steps: int


class SampleWritten(Event, frozen=True, kw_only=True):
    """A sample and its mask were saved; `reused` says that they were there already."""

    photo: str
    image: str
    mask: str
    seed: int
    boxes: tuple[Box, ...]
    flags: tuple[SampleFlag, ...] = ()
    anomaly: str = ""
    embedding: str = ""
    reused: bool = False


class PhotoImported(Event, frozen=True, kw_only=True):
    """A photo is in the project (`already` there, or new)."""

    name: str
    role: str
    anomaly: str = ""
    already: bool = False


class FileRefused(Event, frozen=True, kw_only=True):
    """A file could not be used; the rest goes on."""

    path: str
    reason: str


class FileWritten(Event, frozen=True, kw_only=True):
    """A file was written that is none of the above."""

    path: str
    what: str = ""


class Warned(Event, frozen=True, kw_only=True):
    """Something a person should know; the job goes on."""

    message: str


class Finished(Event, frozen=True, kw_only=True):
    """The last event of every job, exactly one."""

    outcome: Outcome
    message: str = ""
    hint: str = ""
    details: str = ""


_Course = Union[EngineReady, Started, Progress, LossMeasured, StripWritten, PreviewReady, Warned, Finished]
_Outcome = Union[EmbeddingWritten, SampleWritten, PhotoImported, FileRefused, FileWritten]
AnyEvent = Union[_Course, _Outcome]

_encoder = msgspec.json.Encoder()
_command_decoder = msgspec.json.Decoder(AnyCommand)
_event_decoder = msgspec.json.Decoder(AnyEvent)


def encode_line(message: Command | Event) -> bytes:
    """One JSON line, with its newline."""
    return _encoder.encode(message) + b"\n"


def decode_command(line: bytes) -> AnyCommand:
    """Raises: msgspec.MsgspecError; UnicodeDecodeError or RecursionError for a line that is far from one."""
    return _command_decoder.decode(line)


def decode_event(line: bytes) -> AnyEvent:
    """Raises: msgspec.MsgspecError; UnicodeDecodeError or RecursionError for a line that is far from one."""
    return _event_decoder.decode(line)
