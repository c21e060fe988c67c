"""The job *learn*: from support photos to an anomaly embedding, with checkpoints and a strip of samples."""

import hashlib
import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np
import torch

from engine.data.files import safe_name, sha256_of
from engine.data.images import photo_size, read_mask, read_photo
from engine.diffusion.adaptation import Adaptation, AdaptationConfig
from engine.diffusion.backbone import Backbone, load_backbone
from engine.diffusion.checkpoint import Progressed, load_checkpoint, save_checkpoint
from engine.diffusion.crops import Support, anomaly_boxes, anomaly_crops, normal_crops, whole_photo_crops
from engine.diffusion.inversion import Inversion, InversionConfig, is_flat
from engine.diffusion.keeping import save_learned, write_step
from engine.diffusion.prompts import BARE_TEMPLATES, templates_for
from engine.diffusion.strip import Strip
from engine.diffusion.views import Views, encode_crops
from engine.errors import EngineError, StopAndKeep
from engine.protocol import Event, LearnJob, LossMeasured, Progress, Started, StripWritten, Warned

Learner = Inversion | Adaptation

ADAPTATION_STEPS = 500
PRODUCT_STEPS = 2000
PAPER_STEPS = 6100
_PAPER_RATE = 5e-3  # times the batch size
_EVALUATE_EVERY = 5
_ADAPTED_EVALUATE_EVERY = 25
_ANOMALY_VIEWS = 96
_NORMAL_VIEWS = 160
_MAX_GOODS = 40


@dataclass
class Run:
    """A learning run: its folder, what it learns from, and how far it is."""

    job: LearnJob
    name: str
    folder: Path
    backbone: Backbone
    supports: list[Support]
    adapts: bool
    steps: int
    progress: Progressed = field(default_factory=Progressed)

    @property
    def project(self) -> Path:
        return Path(self.job.project)

    @property
    def checkpoint(self) -> Path:
        return self.folder / "checkpoint.safetensors"

    @property
    def embedding(self) -> Path:
        return self.project / "embeddings" / safe_name(self.job.anomaly) / f"{self.name}.safetensors"


def learn(job: LearnJob) -> Iterator[Event]:
    """Learn (or go on learning) an anomaly embedding.

    Yields: Started, Progress, LossMeasured, StripWritten, EmbeddingWritten.
    Raises:
        EngineError: a photo, mask or backbone cannot be used.
    """
    run = _prepare(job)
    if run.embedding.exists() and not job.again:
        yield Started(title=f"{job.anomaly}: already learned", resumed_from=run.steps)
        yield Warned(message=f"“{run.name}” is learned already with these settings; ask to learn again to redo it.")
        yield save_learned.event(run.embedding, run.project)
        return
    if job.again:
        shutil.rmtree(run.folder, ignore_errors=True)
    yield Started(title=f"Preparing {len(run.supports)} support photos", resumed_from=0)
    learner = _build_learner(run)
    _resume(run, learner)
    yield Started(title=_title(run), resumed_from=learner.step)
    try:
        yield from _train(run, learner)
    except StopAndKeep:
        pass
    yield save_learned(run, learner)


def run_name(job: LearnJob) -> str:
    """A name made of everything that decides the result, so that the same job finds its own checkpoint."""
    project = Path(job.project)
    files = [sha256_of(project / path) for support in job.supports for path in (support.photo, support.mask)]
    decides = [job.anomaly, files, sorted(job.goods), msgspec.to_builtins(job.settings)]
    digest = hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()
    return f"{safe_name(job.anomaly)}-{digest[:8]}"


def _prepare(job: LearnJob) -> Run:
    if not job.supports:
        raise EngineError(
            f"There is no support photo of “{job.anomaly}” to learn from.",
            "Choose about three photos of the anomaly that have a mask (--support NAME).",
        )
    supports = [_read_support(Path(job.project), support.photo, support.mask) for support in job.supports]
    backbone = load_backbone(job.settings.backbone, Path(job.project))
    adapts = _adapts(job, backbone)
    name = run_name(job)
    steps = job.settings.steps or _default_steps(job, adapts)
    return Run(job, name, Path(job.project) / "runs" / name, backbone, supports, adapts, steps)


def _read_support(project: Path, photo: str, mask: str) -> Support:
    path = project / photo
    return Support(read_photo(path), read_mask(project / mask, photo_size(path), path))


def _adapts(job: LearnJob, backbone: Backbone) -> bool:
    if job.settings.adapt is not None:
        adapts = job.settings.adapt
    else:
        adapts = backbone.manifest.needs_adaptation and job.settings.profile == "product"
    if adapts and not job.goods:
        raise EngineError(
            "There are no good photos to adapt the backbone to.",
            "Import good photos first, or learn on the backbone as it is (--no-adapt).",
        )
    return adapts


def _default_steps(job: LearnJob, adapts: bool) -> int:
    if adapts:
        return ADAPTATION_STEPS
    return PAPER_STEPS if job.settings.profile == "paper" else PRODUCT_STEPS


def _build_learner(run: Run) -> Learner:
    settings, backbone = run.job.settings, run.backbone
    rng = np.random.default_rng(settings.seed)
    count = settings.vectors or (1 if settings.profile == "paper" else 2)
    start = backbone.word_vectors(settings.word, count)
    if run.adapts:
        config = AdaptationConfig(
            BARE_TEMPLATES[0],
            run.steps,
            vector_learning_rate=settings.learning_rate or AdaptationConfig.vector_learning_rate,
            batch_size=settings.batch_size,
            seed=settings.seed,
        )
        return Adaptation(backbone, _anomaly_views(run, rng), _normal_views(run, rng), start, config)
    return Inversion(backbone, _anomaly_views(run, rng), start, _inversion_config(run))


def _inversion_config(run: Run) -> InversionConfig:
    settings = run.job.settings
    return InversionConfig(
        templates_for(settings.profile, run.backbone.manifest.captions_are_sentences),
        settings.learning_rate or _PAPER_RATE * settings.batch_size,
        batch_size=settings.batch_size,
        anchor=settings.anchor,
        over_all_pixels=settings.profile == "paper",
        seed=settings.seed,
    )


def _anomaly_views(run: Run, rng: np.random.Generator) -> Views:
    side = run.backbone.size_px
    if run.job.settings.profile == "paper":
        return encode_crops(run.backbone, whole_photo_crops(run.supports, side))
    return encode_crops(run.backbone, anomaly_crops(run.supports, _ANOMALY_VIEWS, side, rng))


def _normal_views(run: Run, rng: np.random.Generator) -> Views:
    goods = sorted(run.job.goods)
    chosen = [goods[i] for i in rng.permutation(len(goods))[:_MAX_GOODS]]
    boxes = [box for support in run.supports for box in anomaly_boxes(support.mask)]
    per_photo = -(-_NORMAL_VIEWS // len(chosen))
    photos = (read_photo(run.project / path) for path in chosen)
    return encode_crops(run.backbone, normal_crops(photos, boxes, per_photo, run.backbone.size_px, rng))


def _resume(run: Run, learner: Learner) -> None:
    found = load_checkpoint(run.checkpoint)
    if found is not None:
        tensors, run.progress = found
        learner.load_state(tensors, run.progress.step)
    run.folder.mkdir(parents=True, exist_ok=True)
    (run.folder / "job.json").write_bytes(msgspec.json.format(msgspec.json.encode(run.job)))


def _title(run: Run) -> str:
    how = "adapting the backbone and learning" if run.adapts else "learning on the frozen backbone"
    return f"{run.job.anomaly}: {how} from {len(run.supports)} support photos"


def _train(run: Run, learner: Learner) -> Iterator[Event]:
    """Step, evaluate, draw the strip and save, until the steps are done or the loss is flat."""
    settings = run.job.settings
    every = _ADAPTED_EVALUATE_EVERY if run.adapts else _EVALUATE_EVERY
    strip = Strip(run)
    started, first = time.monotonic(), learner.step
    while learner.step < run.steps:
        loss = learner.advance()
        eta_s = (time.monotonic() - started) / (learner.step - first) * (run.steps - learner.step)
        yield Progress(step=learner.step, total=run.steps, stage="learning", eta_s=eta_s, loss=loss)
        if learner.step % every == 0:
            yield _evaluate(run, learner)
        if learner.step % settings.strip_every == 0:
            yield StripWritten(step=learner.step, image=strip.draw(learner))
            write_step(run, learner)
        if learner.step % settings.checkpoint_every == 0:
            _save(run, learner)
        if not run.adapts and settings.profile == "product" and is_flat([v for _, v in run.progress.evaluations], every):
            break
    _save(run, learner)


def _evaluate(run: Run, learner: Learner) -> LossMeasured:
    loss = learner.evaluate()
    run.progress.evaluations.append((learner.step, loss))
    with (run.folder / "metrics.jsonl").open("a") as file:
        file.write(json.dumps({"step": learner.step, "evaluation_loss": loss}) + "\n")
    return LossMeasured(step=learner.step, loss=loss)


def _save(run: Run, learner: Learner) -> None:
    run.progress.step = learner.step
    save_checkpoint(run.checkpoint, learner.state(), run.progress)
