"""A training run: what decides its result, where it lies, and what it learns from."""

import hashlib
import math
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from engine.data.checkpoint import Progressed
from engine.data.files import sha256_of
from engine.errors import EngineError
from engine.protocol import DETECTOR_FILE, TrainJob, TrainSettings

_VERSION = 2
_VERSION_OF_EDITED = 2  # of what is done with samples where there are null edits
_NOT_DECISIVE = ("heatmaps_every", "checkpoint_every")  # settings that change when files are written
_DRAEM_EPOCHS = 700


@dataclass(frozen=True)
class _Defaults:
    """Of a detector and a preset; `steps` None: DRAEM's 700 epochs."""

    side: int
    batch_size: int
    steps: int | None


_DEFAULTS = {
    ("draem", "paper"): _Defaults(256, 16, None),
    ("draem", "light"): _Defaults(128, 8, 500),
    ("destseg", "paper"): _Defaults(256, 32, 5000),
    ("destseg", "light"): _Defaults(128, 8, 1000),
}


@dataclass
class TrainRun:
    """One training, from a job whose settings are all decided.

    Attributes:
        name: made of everything that decides the result, so that the same job finds its own checkpoint.
    """

    job: TrainJob
    name: str
    progress: Progressed = field(default_factory=Progressed)

    @property
    def settings(self) -> TrainSettings:
        return self.job.settings

    @property
    def project(self) -> Path:
        return Path(self.job.project)

    @property
    def folder(self) -> Path:
        return self.project / "runs" / self.name

    @property
    def checkpoint(self) -> Path:
        return self.folder / "checkpoint.safetensors"

    @property
    def detector(self) -> Path:
        return self.folder / DETECTOR_FILE

    @property
    def side(self) -> int:
        return self.settings.side or 0

    @property
    def steps(self) -> int:
        return self.settings.steps or 0

    @property
    def batch_size(self) -> int:
        return self.settings.batch_size or 0

    @property
    def title(self) -> str:
        samples = f" and {_counted(len(self.job.samples), 'sample')}" if self.job.samples else ""
        edits = ", and null edits" if self.job.autoencoder else ""
        return (
            f"Training {self.settings.detector} ({self.settings.recipe}, {self.settings.preset}) "
            f"on {_counted(len(self.job.goods), 'good photo')}{samples}{edits}"
        )


def plan_run(job: TrainJob) -> TrainRun:
    """The run of a job; nothing is loaded or written yet.

    Raises:
        EngineError: there are no good photos, or the recipe needs samples and there are none.
    """
    if not job.goods:
        raise EngineError(
            "There are no good photos to train a detector on.",
            "Import photos of good parts: `anogen import PROJECT FOLDER`.",
        )
    is_baseline = job.settings.recipe == "baseline"
    if not job.samples and not is_baseline:
        raise EngineError(
            "There are no samples to train a detector on.",
            "Generate some, and accept them (or use --all); --recipe baseline does without.",
        )
    settings = decided(job.settings, len(job.goods))
    samples = () if is_baseline else job.samples
    autoencoder = "" if is_baseline or settings.profile == "paper-code" else job.autoencoder
    job = msgspec.structs.replace(
        job, settings=settings, samples=samples, autoencoder=autoencoder, again=False
    )
    return TrainRun(job, _name(job))


def decided(settings: TrainSettings, goods: int) -> TrainSettings:
    """The settings with everything decided that was left to detector and preset."""
    defaults = _DEFAULTS[settings.detector, settings.preset]
    batch_size = settings.batch_size or defaults.batch_size
    steps = defaults.steps or _DRAEM_EPOCHS * math.ceil(goods / batch_size)
    return msgspec.structs.replace(
        settings,
        side=settings.side or defaults.side,
        batch_size=batch_size,
        steps=settings.steps or steps,
    )


def _name(job: TrainJob) -> str:
    settings, project = job.settings, Path(job.project)
    decisive = {k: v for k, v in msgspec.to_builtins(settings).items() if k not in _NOT_DECISIVE}
    goods = [_hash_or_nothing(project / path) for path in job.goods]
    samples = [
        (_hash_or_nothing(project / each.image), [box.corners() for box in each.boxes])
        for each in job.samples
    ]
    held_out = [_hash_or_nothing(project / path) for path in job.held_out]
    edited = [job.autoencoder, _VERSION_OF_EDITED] if job.autoencoder else []
    decides = [_VERSION, decisive, goods, held_out, samples, *edited]
    content = msgspec.json.encode(decides, order="sorted")
    digest = hashlib.sha256(content).hexdigest()[:10]
    return f"{settings.detector}-{settings.recipe}-{settings.preset}-{digest}"


def _hash_or_nothing(path: Path) -> str:
    """The file's hash; '' for one that cannot be read, which is left out later."""
    try:
        return sha256_of(path)
    except OSError:
        return ""


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
