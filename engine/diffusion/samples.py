"""Samples on disk: their names, what is written into them, and which of a run are there already."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from PIL import Image

from engine.data.files import safe_name
from engine.data.images import read_png_record, save_png
from engine.errors import EngineError
from engine.geometry import Box
from engine.protocol import GenerateJob, Placement, SampleFlag, SampleWritten
from engine.version import software

VERSION = 1
_TEXT_KEY = "anogen"
_NOT_DECISIVE = ("count", "batch_size")  # settings that change how many samples there are, and no sample


class SampleRecord(msgspec.Struct, frozen=True, kw_only=True):
    """All that a sample was made from, as JSON in the text chunk `anogen` of its PNG.

    `seed` is the sample's own, drawn from the run's in `settings`; `fingerprints` are what changed in each
    box, coarsely (`quality.fingerprint`); `device` is part of it since another one rounds otherwise; `origin` is
    the photo whose missed anomaly the sample was made for, '' for none.
    """

    anomaly: str
    embedding: str
    embedding_sha256: str
    backbone: str
    backbone_hash: str
    photo: str
    photo_sha256: str
    boxes: tuple[Box, ...]
    seed: int
    settings: dict[str, Any]
    run: str
    index: int
    device: str = "cpu"
    flags: tuple[SampleFlag, ...] = ()
    fingerprints: tuple[str, ...] = ()
    origin: str = ""
    version: int = VERSION

    def is_of_same_sample(self, other: "SampleRecord") -> bool:
        """Made from the same things, whatever came out?"""
        return _without_results(self) == _without_results(other)


@dataclass(frozen=True)
class SamplePlan:
    """A sample that is to be: the `index`-th of its run."""

    index: int
    photo: str
    boxes: tuple[Box, ...]
    seed: int
    origin: str = ""


@dataclass(frozen=True)
class SampleFiles:
    """Where a sample and its mask lie, relative to the project."""

    project: Path
    image: str
    mask: str

    @cached_property
    def image_path(self) -> Path:
        return self.project / self.image

    @cached_property
    def mask_path(self) -> Path:
        return self.project / self.mask


def run_name(job: GenerateJob, embedding_sha256: str) -> str:
    """A name made of everything that decides the samples, so that the same job finds those that are finished.

    Raises:
        ValueError: the job's seed is not chosen yet.
    """
    if job.settings.seed is None:
        raise ValueError("a run without a seed has no name")
    placements = [_without_empty_origin(placement) for placement in job.placements]
    decides = [VERSION, job.anomaly, embedding_sha256, placements, decisive_settings(job)]
    digest = hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()
    return f"{safe_name(job.anomaly)}-{digest[:12]}"


def decisive_settings(job: GenerateJob) -> dict[str, Any]:
    """The settings that a sample depends on."""
    settings = msgspec.to_builtins(job.settings)
    return {name: value for name, value in settings.items() if name not in _NOT_DECISIVE}


def plan_sample(job: GenerateJob, index: int) -> SamplePlan:
    """The `index`-th sample of a job's run: the placements come in turn, each sample has a seed of its own."""
    placement = job.placements[index % len(job.placements)]
    seed = derived_seed(job.settings.seed or 0, index)
    return SamplePlan(index, placement.photo, placement.boxes, seed, placement.origin)


def derived_seed(*parts: int) -> int:
    """A seed of 31 bits that depends on all of the parts and their order."""
    return int(np.random.SeedSequence(list(parts)).generate_state(1)[0]) >> 1


def sample_files(project: Path, anomaly: str, run: str, plan: SamplePlan) -> SampleFiles:
    """Where the sample goes; two photos of the same name do not meet, since the index is in the name."""
    stem = f"samples/{safe_name(anomaly)}/{run}/{plan.index:05d}-{safe_name(Path(plan.photo).stem)}"
    return SampleFiles(project, f"{stem}.png", f"{stem}_mask.png")


def write_sample(files: SampleFiles, image: np.ndarray, mask: np.ndarray, record: SampleRecord) -> None:
    """Write the mask, then the sample: where there is a sample, there is its mask.

    Args:
        image: (H, W, 3) uint8, or (H, W) for a photo without colour.   mask: (H, W) bool.
    Raises:
        EngineError: the disk is full or the project cannot be written to.
    """
    save_png(files.mask_path, mask, {"Software": software()})
    text = {_TEXT_KEY: msgspec.json.encode(record).decode(), "Software": software()}
    save_png(files.image_path, image, text)


def finished_sample(files: SampleFiles, expected: SampleRecord) -> SampleRecord | None:
    """The record of the sample if it is there, whole, with its mask, and made from what is expected."""
    if not files.image_path.is_file() or not files.mask_path.is_file():
        return None
    try:
        found = msgspec.convert(read_png_record(files.image_path, _TEXT_KEY), SampleRecord)
    except (EngineError, msgspec.ValidationError):
        return None
    # an automatic placement is only known once it is made
    if not expected.boxes:
        expected = msgspec.structs.replace(expected, boxes=found.boxes)
    is_whole = _is_whole(files.image_path) and _is_whole(files.mask_path)
    return found if is_whole and found.is_of_same_sample(expected) else None


def written_event(files: SampleFiles, record: SampleRecord, reused: bool) -> SampleWritten:
    """What the job tells about a sample."""
    return SampleWritten(
        photo=record.photo,
        image=files.image,
        mask=files.mask,
        seed=record.seed,
        boxes=record.boxes,
        flags=record.flags,
        anomaly=record.anomaly,
        embedding=record.embedding,
        reused=reused,
        origin=record.origin,
    )


def _without_empty_origin(placement: Placement) -> dict[str, Any]:
    """Runs of boxes that were made for no photo have the names that they had before there were origins."""
    content = msgspec.to_builtins(placement)
    return {name: value for name, value in content.items() if value or name != "origin"}


def _without_results(record: SampleRecord) -> SampleRecord:
    return msgspec.structs.replace(record, flags=(), fingerprints=())


def _is_whole(path: Path) -> bool:
    """Are all chunks of the PNG there, with the right checksums?"""
    try:
        with Image.open(path) as image:
            image.verify()
    except (OSError, SyntaxError, ValueError):
        return False
    return True
