"""Jobs: settings and the files they work on."""

from typing import Annotated, Union

import msgspec
from msgspec import Meta

from engine.geometry import Box
from engine.protocol.settings import (
    ExportFormat,
    GenerateSettings,
    GuidanceWeight,
    LearnSettings,
    SamplerSteps,
    ScatterSettings,
    Seed,
    TrainSettings,
    field_meta,
)
from engine.threshold import FALSE_ALARM_TARGET

Coordinate = Annotated[float, Meta(ge=0, le=1)]
DETECTOR_FILE = "detector.safetensors"
EVALUATION_FILE = "evaluation.json"
"""What a training, and its evaluation, write into the folder of their run, in P/runs."""


class SupportPhoto(msgspec.Struct, frozen=True, kw_only=True):
    """A photo of the real anomaly and its mask."""

    name: str
    photo: str
    mask: str


class Placement(msgspec.Struct, frozen=True, kw_only=True):
    """A good photo and the boxes on it; no boxes: they are placed automatically on the foreground.

    `origin` is the photo whose missed anomaly the boxes were placed for, '' for none.
    """

    photo: str
    boxes: tuple[Box, ...] = ()
    origin: str = ""


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
    """Generate an anomaly inside boxes on good photos: `settings.count` samples, the placements in turn.

    `left_out` are photos that were removed since the job was made: it stays the same job, but goes on without them.
    """

    anomaly: str
    embedding: str
    placements: tuple[Placement, ...]
    settings: GenerateSettings = GenerateSettings()
    left_out: tuple[str, ...] = ()


class PreviewJob(Job, frozen=True, kw_only=True):
    """Interactive: one box on one photo with few steps, nothing written, the composite sent as a preview."""

    embedding: str
    photo: str
    box: Box
    seed: Seed = 0
    steps: SamplerSteps = 6
    guidance: GuidanceWeight | None = None


class ScatterJob(Job, frozen=True, kw_only=True):
    """Interactive: propose `count` boxes at random places on the part of a photo; nothing is written.

    Sizes and angles are those of `embedding` ('': the default ones) with what the settings change of them; the
    boxes keep apart from each other and from the `others`, where there is room. The boxes lie near the places
    `around`, x and y relative to the photo's width and height, in turn: the first near the first, and so on.
    """

    photo: str
    embedding: str = ""
    count: Annotated[int, Meta(ge=1, le=200)] = 5
    seed: Seed = 0
    others: tuple[Box, ...] = ()
    settings: ScatterSettings = ScatterSettings()
    around: tuple[tuple[Coordinate, Coordinate], ...] = ()


class DownloadJob(Job, frozen=True, kw_only=True):
    """Download a backbone from the hub into `project` (here: the backbones' folder)."""

    backbone: str


class KeepStepJob(Job, frozen=True, kw_only=True):
    """Make an embedding of its own of one of the steps that a learning run has kept; `run` names its folder."""

    run: str
    step: Annotated[int, Meta(ge=0)]


class ImportEmbeddingJob(Job, frozen=True, kw_only=True):
    """Bring in an embedding of another program, learned on `backbone`; `file` is an absolute path.

    `name` is what it will be called, by default like the file; `token` says which one, where the file holds several.
    """

    file: str
    anomaly: str
    backbone: str
    name: str = ""
    token: str = ""


class ExportEmbeddingJob(Job, frozen=True, kw_only=True):
    """Write an embedding as a textual inversion file; `out` is an absolute path, `token` by default <anomaly>."""

    embedding: str
    out: str
    token: str = ""


class RenderDemoJob(Job, frozen=True, kw_only=True):
    """Render the photos of a made-up product, in MVTec layout; `project` is the folder that they make."""

    goods: Annotated[int, Meta(ge=1)] = 24
    tests: Annotated[int, Meta(ge=0)] = 6
    bad: Annotated[int, Meta(ge=1)] = 9


class PretrainJob(Job, frozen=True, kw_only=True):
    """Train the embedded backbone from renders; `project` is the run folder, which it resumes.

    A new run begins with the weights of the backbone `start`, or with none.
    """

    minutes: Annotated[
        float,
        Meta(gt=0),
        field_meta(
            "Minutes",
            "How long to train U-Net and text encoder; minutes before an interruption count.",
            "minutes",
        ),
    ]
    autoencoder_minutes: Annotated[
        float,
        Meta(ge=0),
        field_meta("Autoencoder minutes", "How long to train the autoencoder before that.", "minutes"),
    ] = 6.0
    shards: Annotated[
        int, Meta(ge=1), field_meta("Shards", "How much is rendered, in files of 750 pictures.", "files")
    ] = 64
    seed: Annotated[Seed, field_meta("Seed", "Seed of every random choice.")] = 0
    start: Annotated[
        str,
        field_meta(
            "Start",
            "Begin a new run with the weights of this backbone, such as `embedded` (then --autoencoder-minutes 0).",
        ),
    ] = ""


class EvaluateJob(Job, frozen=True, kw_only=True):
    """Measure a backbone on renders that none was trained on, and its autoencoder on photos, too.

    `photos` are absolute paths; `features` is the absolute folder of a ResNet, or '': then the backbone's own encoder
    tells what two defects have in common.
    """

    backbone: str = "embedded"
    photos: tuple[str, ...] = ()
    features: str = ""
    surfaces: Annotated[int, Meta(ge=2)] = 32


class MaskedPhoto(msgspec.Struct, frozen=True, kw_only=True):
    """A photo that shows an anomaly, real or generated, and the anomaly's mask."""

    photo: str
    mask: str


class JudgeJob(Job, frozen=True, kw_only=True):
    """Compare the samples of an anomaly class with held-out real anomalies, against Perlin noise and CutPaste.

    `before` and `after` are samples before and after the backbone was adapted; `features` is an absolute folder or '',
    as for EvaluateJob; `sheet` is the PNG to write.
    """

    anomaly: str
    supports: tuple[MaskedPhoto, ...]
    held_out: tuple[MaskedPhoto, ...]
    before: tuple[MaskedPhoto, ...]
    after: tuple[MaskedPhoto, ...]
    goods: tuple[str, ...]
    sheet: str
    backbone: str = "embedded"
    features: str = ""
    seed: Seed = 0


class GeneratedPhoto(msgspec.Struct, frozen=True, kw_only=True):
    """A sample to learn from: `photo` is what it was made of, `boxes` where; `mask` says where without boxes.

    `origin` is the photo whose missed anomaly it was made for, '' for none.
    """

    image: str
    photo: str
    mask: str
    boxes: tuple[Box, ...] = ()
    origin: str = ""


class InspectedPhoto(msgspec.Struct, frozen=True, kw_only=True):
    """A photo that a detector is measured on; `mask` is '' for one without an anomaly, or without a mask.

    `is_origin`: samples that a detector learned from were made for what it shows, sized and placed after its mask.
    """

    photo: str
    is_anomalous: bool
    mask: str = ""
    is_support: bool = False
    is_origin: bool = False

    @property
    def is_fair(self) -> bool:
        """Has nothing been learned from it, not even where its anomaly lies?"""
        return not self.is_support and not self.is_origin


class TrainJob(Job, frozen=True, kw_only=True):
    """Train a detector on good photos, pasted anomalies and samples; `shown` are photos that heatmaps are made of.

    `held_out` are good photos that it does not learn from: their scores say which threshold rejects few good ones.
    `autoencoder` names the backbone that some good photos go through in boxes, unchanged, '' for none; recipe `anogen`
    of profile `product` alone does that. A job that was interrupted goes on from its last checkpoint, one that is
    finished is not done twice; `again` starts over.
    """

    goods: tuple[str, ...]
    held_out: tuple[str, ...] = ()
    samples: tuple[GeneratedPhoto, ...] = ()
    shown: tuple[str, ...] = ()
    autoencoder: str = ""
    settings: TrainSettings = TrainSettings()
    again: bool = False


class EvaluateRunJob(Job, frozen=True, kw_only=True):
    """Measure the detector of a run on test photos, on all and on those alone that nothing was learned from.

    `run` names its folder.
    """

    run: str
    photos: tuple[InspectedPhoto, ...]
    resamples: Annotated[int, Meta(ge=10, le=100_000)] = 1000
    false_alarm_target: Annotated[float, Meta(gt=0, lt=1)] = FALSE_ALARM_TARGET


class CompareRunsJob(Job, frozen=True, kw_only=True):
    """Measure two detectors on the same photos, and say whether the second one is better than the first.

    Photos that something was learned from are left out.
    """

    first: str
    second: str
    photos: tuple[InspectedPhoto, ...]
    resamples: Annotated[int, Meta(ge=10, le=100_000)] = 1000


class InspectJob(Job, frozen=True, kw_only=True):
    """Look for anomalies on photos with the detector of a run.

    `files` are absolute paths, or relative to the project; `out` is the absolute folder for heatmaps and scores, or ''
    for none. The verdicts there follow from the image scores `look_again_above` and `reject_above`; None: from the good
    photos that were held out.
    """

    run: str
    files: tuple[str, ...]
    out: str = ""
    look_again_above: float | None = None
    reject_above: float | None = None


class ExportDetectorJob(Job, frozen=True, kw_only=True):
    """Write the detector of a run as a file for other programs; `out` is an absolute path, with the format's suffix.

    What was written is run on `photo`, a photo of the project, before it is kept. The bands are written into the file.
    """

    run: str
    out: str
    photo: str
    format: ExportFormat = "onnx"
    look_again_above: float | None = None
    reject_above: float | None = None


_ForDetectors = Union[TrainJob, EvaluateRunJob, CompareRunsJob, InspectJob, ExportDetectorJob]
_ForProjects = Union[
    LearnJob, KeepStepJob, ImportEmbeddingJob, ExportEmbeddingJob, GenerateJob, PreviewJob, ScatterJob
]
_ForBackbones = Union[DownloadJob, PretrainJob, EvaluateJob, JudgeJob]
AnyJob = Union[_ForProjects, _ForDetectors, _ForBackbones, RenderDemoJob]
