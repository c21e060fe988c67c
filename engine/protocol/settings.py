"""What a person chooses for a job: fields with label, unit, range and help."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Profile = Literal["product", "paper"]
DetectorKind = Literal["draem", "destseg"]
DETECTOR_NAMES: dict[DetectorKind, str] = {"draem": "DRAEM", "destseg": "DeSTSeg"}
"""What their authors call them."""
Recipe = Literal["anogen", "baseline"]
ExportFormat = Literal["onnx", "openvino"]
Seed = Annotated[int, Meta(ge=0, le=2**31 - 1)]
SamplerSteps = Annotated[int, Meta(ge=1, le=1000)]
SidePercent = Annotated[float, Meta(gt=0, le=90)]
AngleDegrees = Annotated[float, Meta(ge=-180, le=180)]
GuidanceWeight = Annotated[float, Meta(ge=0, le=50)]

_OF_LONG_SIDE = "% of the photo's long side"


def field_meta(title: str, help_text: str, unit: str = "") -> Meta:
    """Label, help and unit of a settings field."""
    return Meta(title=title, description=help_text, extra={"unit": unit})


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
        field_meta(
            "Anchor",
            "How strongly the embedding is held near its start word; 0 lets it go wherever the photos lead.",
        ),
    ] = 0.0
    seed: Annotated[Seed, field_meta("Seed", "Seed of every random choice.")] = 0
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
        Seed | None,
        field_meta(
            "Seed", "The same seed, settings and device give the same bytes. Unset: a new one, recorded."
        ),
    ] = None
    steps: Annotated[
        SamplerSteps | None,
        field_meta("Sampler steps", "Unset: the profile's own (12 or 50)."),
    ] = None
    guidance: Annotated[
        GuidanceWeight | None,
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
    details: Annotated[
        bool,
        field_meta(
            "Details", "Make what was generated as fine as the photo, with details from around the box."
        ),
    ] = True


class ScatterSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How boxes are that are scattered over the part; what is unset is as the support photos of an embedding show."""

    width_from: Annotated[SidePercent | None, field_meta("Width from", "The least width.", _OF_LONG_SIDE)] = (
        None
    )
    width_to: Annotated[SidePercent | None, field_meta("Width to", "The greatest width.", _OF_LONG_SIDE)] = (
        None
    )
    height_from: Annotated[
        SidePercent | None, field_meta("Height from", "The least height.", _OF_LONG_SIDE)
    ] = None
    height_to: Annotated[
        SidePercent | None, field_meta("Height to", "The greatest height.", _OF_LONG_SIDE)
    ] = None
    angle_from: Annotated[
        AngleDegrees | None, field_meta("Angle from", "The least angle, clockwise.", "°")
    ] = None
    angle_to: Annotated[
        AngleDegrees | None, field_meta("Angle to", "The greatest angle, clockwise.", "°")
    ] = None
    on_part: Annotated[
        Annotated[float, Meta(ge=0, le=100)] | None,
        field_meta("On the part", "How much of each box lies on the part, at least.", "%"),
    ] = None


class TrainSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a detector is trained (stage 3)."""

    detector: Annotated[
        DetectorKind,
        field_meta("Detector", "`draem` needs nothing else; `destseg` needs the weights of a ResNet-18."),
    ] = "draem"
    recipe: Annotated[
        Recipe,
        field_meta(
            "Recipe", "`anogen` learns from samples and pasted anomalies, `baseline` from pasted ones alone."
        ),
    ] = "anogen"
    preset: Annotated[
        Literal["light", "paper"],
        field_meta(
            "Preset", "`light` is small enough for a CPU, `paper` has the size of the paper's networks."
        ),
    ] = "light"
    profile: Annotated[
        Literal["product", "paper-code"],
        field_meta("Profile", "`product` mends the weak loss, `paper-code` is what the authors' code does."),
    ] = "product"
    seed: Annotated[Seed, field_meta("Seed", "Seed of every random choice.")] = 0
    steps: Annotated[
        Annotated[int, Meta(ge=1, le=10_000_000)] | None,
        field_meta("Steps", "Optimiser steps. Unset: the preset's own."),
    ] = None
    batch_size: Annotated[
        Annotated[int, Meta(ge=2, le=1024)] | None,
        field_meta(
            "Batch size",
            "Photos a step. Unset: the preset's own; computed in parts when memory runs out.",
            "photos",
        ),
    ] = None
    side: Annotated[
        Annotated[int, Meta(ge=32, le=1024, multiple_of=32)] | None,
        field_meta("Side", "What photos are resized to. Unset: the preset's own.", "px"),
    ] = None
    textures: Annotated[
        str,
        field_meta(
            "Textures", "A folder of images, such as DTD's, to paste from. Unset: textures that are drawn."
        ),
    ] = ""
    teacher: Annotated[
        str, field_meta("Teacher", "The folder of a ResNet-18 in transformers layout, for `destseg`.")
    ] = ""
    heatmaps_every: Annotated[
        int, Meta(ge=1, le=1_000_000), field_meta("Heatmaps every", "Steps between two heatmaps.", "steps")
    ] = 100
    checkpoint_every: Annotated[
        int,
        Meta(ge=1, le=1_000_000),
        field_meta("Checkpoint every", "Steps between two checkpoints.", "steps"),
    ] = 50
