"""A learning run: what decides its result, where it lies, and what it learns from."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import msgspec
import numpy as np

from engine.data.checkpoint import Progressed
from engine.data.files import safe_name, sha256_of
from engine.data.images import photo_size, read_mask, read_photo
from engine.diffusion.adaptation import Adaptation, AdaptationConfig
from engine.diffusion.backbone import Backbone, Manifest, load_backbone
from engine.diffusion.backbone.catalogue import check_backbone
from engine.diffusion.box_range import box_range_from_supports
from engine.diffusion.crops import Support
from engine.diffusion.embedding import SupportRecord
from engine.diffusion.inversion import Inversion
from engine.errors import EngineError
from engine.geometry import BoxRange
from engine.protocol import LearnJob, LearnSettings, SupportPhoto

Learner = Inversion | Adaptation

ADAPTATION_STEPS = 500
PRODUCT_STEPS = 2000  # at most: it stops when the loss is flat
SHORT_STEPS = 500  # the same for a backbone that needs adaptation: frozen, it gains little from more
PAPER_STEPS = 6100
_PAPER_RATE = 5e-3  # times the batch size
_VERSION = 2
_NOT_DECISIVE = ("strip_every", "checkpoint_every")  # settings that change when files are written
_MOST_GOODS = 40


@dataclass
class Run:
    """One learning, from a job whose settings are all decided. Photos and backbone are loaded when first used.

    Attributes:
        name: made of everything that decides the result, so that the same job finds its own checkpoint.
        records: the support photos and their hashes.
        goods: the good photos that are used, in the order in which they are.
        can_stop_early: whether it ends when the evaluation loss is flat.
    """

    job: LearnJob
    name: str
    records: list[SupportRecord]
    goods: list[str]
    can_stop_early: bool
    progress: Progressed = field(default_factory=Progressed)

    @property
    def settings(self) -> LearnSettings:
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
    def adapts(self) -> bool:
        return bool(self.settings.adapt)

    @property
    def steps(self) -> int:
        return self.settings.steps or 0

    @property
    def title(self) -> str:
        count = len(self.job.supports)
        supports = f"{count} support photo{'s' * (count != 1)}"
        adapting = ", adapting the backbone" if self.adapts else ""
        return f"Learning “{self.job.anomaly}” from {supports}{adapting}"

    @cached_property
    def backbone(self) -> Backbone:
        """Raises: EngineError where it is not there, or not whole."""
        return load_backbone(self.settings.backbone, self.project)

    @cached_property
    def supports(self) -> list[Support]:
        """Raises: EngineError where a photo or mask cannot be read, or they do not belong together."""
        return [_read_support(self.project, support) for support in self.job.supports]

    @cached_property
    def box_range(self) -> BoxRange:
        """How boxes for this anomaly are."""
        return box_range_from_supports(self.supports)


def plan_run(job: LearnJob) -> Run:
    """The run of a job; nothing is loaded or written yet.

    Raises:
        EngineError: there is no support photo, a file cannot be read, the backbone is not there, or it is to be
            adapted and there are no good photos.
    """
    if not job.supports:
        raise EngineError(
            f"There is no support photo of “{job.anomaly}” to learn from.",
            "Choose about three photos of the anomaly that have a mask (--support NAME).",
        )
    project = Path(job.project)
    report = check_backbone(job.settings.backbone, project)
    settings = decided(job.settings, report.manifest)
    if settings.adapt and not job.goods:
        raise EngineError(
            "There are no good photos to adapt the backbone to.",
            "Import good photos first, or learn on the backbone as it is (--no-adapt).",
        )
    records = [_record(project, support) for support in job.supports]
    goods = _chosen_goods(job)
    can_stop = job.settings.steps is None and settings.profile == "product" and not settings.adapt
    used = [_hash_or_nothing(project / path) for path in goods] if settings.adapt else []
    further: list[object] = [report.hash, can_stop, msgspec.to_builtins(records), used]
    if settings.adapt and report.manifest.adapter_rank:
        further.append(report.manifest.adapter_rank)
    name = _name(job.anomaly, settings, further)
    return Run(msgspec.structs.replace(job, settings=settings, again=False), name, records, goods, can_stop)


def decided(settings: LearnSettings, manifest: Manifest) -> LearnSettings:
    """The settings with everything decided that was left to the profile or the backbone."""
    is_paper = settings.profile == "paper"
    adapts = manifest.needs_adaptation and not is_paper if settings.adapt is None else settings.adapt
    at_most = SHORT_STEPS if manifest.needs_adaptation else PRODUCT_STEPS
    steps = ADAPTATION_STEPS if adapts else PAPER_STEPS if is_paper else at_most
    rate = AdaptationConfig.vector_learning_rate if adapts else _PAPER_RATE * settings.batch_size
    return msgspec.structs.replace(
        settings,
        adapt=adapts,
        steps=settings.steps or steps,
        vectors=settings.vectors or (1 if is_paper else 2),
        learning_rate=settings.learning_rate or rate,
    )


def _name(anomaly: str, settings: LearnSettings, further: list[object]) -> str:
    decisive = {k: v for k, v in msgspec.to_builtins(settings).items() if k not in _NOT_DECISIVE}
    digest = hashlib.sha256(msgspec.json.encode([_VERSION, anomaly, decisive, further], order="sorted"))
    return f"{safe_name(anomaly)}-{digest.hexdigest()[:12]}"


def _record(project: Path, support: SupportPhoto) -> SupportRecord:
    """Raises: EngineError where the photo or its mask cannot be opened."""
    paths = (project / support.photo, project / support.mask)
    for path in paths:
        photo_size(path)  # a missing or empty file gets its sentence
    photo, mask = (sha256_of(path) for path in paths)
    return SupportRecord(name=support.name, sha256=photo, mask_sha256=mask)


def _read_support(project: Path, support: SupportPhoto) -> Support:
    path = project / support.photo
    return Support(read_photo(path), read_mask(project / support.mask, photo_size(path), path))


def _chosen_goods(job: LearnJob) -> list[str]:
    """At most 40 of the good photos, chosen and ordered by the seed."""
    goods = sorted(job.goods)
    order = np.random.default_rng(job.settings.seed).permutation(len(goods))
    return [goods[i] for i in order[:_MOST_GOODS]]


def _hash_or_nothing(path: Path) -> str:
    """The file's hash; '' for one that cannot be read, which is left out later."""
    try:
        return sha256_of(path)
    except OSError:
        return ""
