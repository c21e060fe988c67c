"""The job *learn*: from support photos to an anomaly embedding, with checkpoints and a strip of samples."""

import math
import shutil
import time
from collections.abc import Generator, Iterator
from contextlib import suppress

import msgspec
import numpy as np

from engine.data.checkpoint import load_checkpoint, load_progress, save_checkpoint
from engine.data.images import read_photo
from engine.data.run_files import append_evaluation, write_evaluations, write_job
from engine.diffusion.adaptation import Adaptation, AdaptationConfig
from engine.diffusion.crops import anomaly_crops, normal_crops, whole_photo_crops
from engine.diffusion.inversion import Inversion, InversionConfig, is_flat
from engine.diffusion.keeping import find_learned, save_learned, write_step
from engine.diffusion.learning_run import Learner, Run, plan_run
from engine.diffusion.placement import place_boxes
from engine.diffusion.prompts import BARE_TEMPLATES, templates_for
from engine.diffusion.strip import Strip
from engine.diffusion.views import (
    ENCODE_BATCH,
    Crop,
    Views,
    encode_batches,
    to_anogen_latent_mask,
    to_latent_mask,
)
from engine.errors import EngineError, StopAndKeep
from engine.protocol import (
    Event,
    FileRefused,
    LearnJob,
    LossMeasured,
    Progress,
    Started,
    StripWritten,
    Warned,
)

_FIRST_STRIP = 25  # something to look at soon
_EVALUATE_EVERY = 10
_ADAPTED_EVALUATE_EVERY = 25
_ANOMALY_VIEWS = 96
_NORMAL_VIEWS = 160
_PREPARING = "preparing"


def learn(job: LearnJob) -> Iterator[Event]:
    """Learn (or go on learning) an anomaly embedding.

    Yields: Started; Progress while crops are prepared, then for every step; LossMeasured, StripWritten,
        FileRefused for good photos that cannot be read; EmbeddingWritten at the end.
    Raises:
        EngineError: a support photo, a mask, the backbone or the start word cannot be used; the disk is full.
        StopAndKeep: it was thrown in before the first step: there is nothing to keep.
    """
    run = plan_run(job)
    learned = None if job.again else find_learned(run)
    if learned is not None:
        yield Started(title=run.title, resumed_from=learned.steps)
        yield Warned(
            message=f"“{learned.name}” is learned already with these settings (--again starts over)."
        )
        run.checkpoint.unlink(missing_ok=True)
        yield learned
        return
    if job.again:
        shutil.rmtree(run.folder, ignore_errors=True)
    saved = load_progress(run.checkpoint)
    yield Started(title=run.title, resumed_from=saved.step if saved else 0)
    learner = yield from _prepare(run)
    write_job(run.folder, msgspec.structs.replace(job, again=False))
    with suppress(StopAndKeep):
        yield from _train(run, learner)
    written = save_learned(run, learner)
    run.checkpoint.unlink(missing_ok=True)  # large, and of no more use
    yield written


# --- preparing -----------------------------------------------------------------------------------------


def _prepare(run: Run) -> Generator[Event, None, Learner]:
    """The learner at the step of its checkpoint, or at the first one."""
    settings, backbone = run.settings, run.backbone
    start = backbone.word_vectors(settings.word, settings.vectors or 1)
    rng = np.random.default_rng(settings.seed)
    crops = _anomaly_crops(run, rng)
    total = len(crops) + (_NORMAL_VIEWS if run.adapts else 0)
    anomalous = yield from _encode(run, crops, 0, total)
    learner: Learner
    if run.adapts:
        of_goods = yield from _normal_crops(run, rng)
        normal = yield from _encode(run, of_goods, len(crops), total)
        learner = Adaptation(backbone, anomalous, normal, start, _adaptation_config(run))
    else:
        learner = Inversion(backbone, anomalous, start, _inversion_config(run))
    _resume(run, learner)
    return learner


def _anomaly_crops(run: Run, rng: np.random.Generator) -> list[Crop]:
    side = run.backbone.size_px
    if run.settings.profile == "paper":
        return whole_photo_crops(run.supports, side)
    return anomaly_crops(run.supports, _ANOMALY_VIEWS, side, rng)


def _normal_crops(run: Run, rng: np.random.Generator) -> Generator[Event, None, list[Crop]]:
    """Views of good photos with boxes where stage 2 would place them; photos that cannot be read are told."""
    crops: list[Crop] = []
    refusal: EngineError | None = None
    for place, path in enumerate(run.goods):
        try:
            photo = read_photo(run.project / path)
        except EngineError as error:
            refusal = error
            yield FileRefused(path=path, reason=str(error))
            continue
        left = _NORMAL_VIEWS - len(crops)
        count = -(-left // (len(run.goods) - place))
        boxes = [place_boxes(photo, 1, run.box_range, rng)[0] for _ in range(count)]
        crops += normal_crops(photo, boxes, run.backbone.size_px, rng)
    if not crops and refusal is not None:
        raise refusal
    return crops


def _encode(run: Run, crops: list[Crop], before: int, total: int) -> Generator[Event, None, Views]:
    """Encode crops, telling how far it is: `before` of `total` crops came earlier."""
    is_paper = run.settings.profile == "paper"
    to_latents = to_anogen_latent_mask if is_paper else to_latent_mask
    parts = []
    for part in encode_batches(run.backbone, crops, to_latents):
        parts.append(part)
        done = min(before + len(parts) * ENCODE_BATCH, total)
        yield Progress(step=done, total=total, stage=_PREPARING)
    return Views.concatenate(parts)


def _adaptation_config(run: Run) -> AdaptationConfig:
    settings = run.settings
    return AdaptationConfig(
        BARE_TEMPLATES[0],
        run.steps,
        vector_learning_rate=settings.learning_rate or AdaptationConfig.vector_learning_rate,
        batch_size=settings.batch_size,
        seed=settings.seed,
    )


def _inversion_config(run: Run) -> InversionConfig:
    settings = run.settings
    assert settings.learning_rate is not None  # decided when the run was planned
    return InversionConfig(
        templates_for(settings.profile, run.backbone.manifest.captions_are_sentences),
        settings.learning_rate,
        batch_size=settings.batch_size,
        anchor=settings.anchor,
        is_paper=settings.profile == "paper",
        seed=settings.seed,
    )


def _resume(run: Run, learner: Learner) -> None:
    """Put the learner where the checkpoint is, and forget what was measured after it."""
    found = load_checkpoint(run.checkpoint)
    if found is not None:
        tensors, run.progress = found
        learner.load_state(tensors, run.progress.step)
    write_evaluations(run.folder, run.progress.evaluations)


# --- learning ------------------------------------------------------------------------------------------


def _train(run: Run, learner: Learner) -> Iterator[Event]:
    """Step, evaluate, draw the strip and save, until the steps are done or the loss is flat."""
    settings = run.settings
    every = _ADAPTED_EVALUATE_EVERY if run.adapts else _EVALUATE_EVERY
    strip = Strip(run)
    started, first = time.monotonic(), learner.step
    is_last = _is_done(run, learner, every)
    while not is_last:
        loss = _checked(learner.advance(), run)
        eta_s = (time.monotonic() - started) / (learner.step - first) * (run.steps - learner.step)
        yield Progress(step=learner.step, total=run.steps, stage="learning", eta_s=eta_s, loss=loss)
        if learner.step % every == 0:
            yield _evaluate(run, learner)
        is_last = _is_done(run, learner, every)
        if is_last or learner.step == _FIRST_STRIP or learner.step % settings.strip_every == 0:
            image = strip.draw(learner)
            write_step(run, learner)
            yield StripWritten(step=learner.step, image=image)
        if is_last or learner.step % settings.checkpoint_every == 0:
            run.progress.step = learner.step
            save_checkpoint(run.checkpoint, learner.state(), run.progress)


def _checked(loss: float, run: Run) -> float:
    if not math.isfinite(loss):
        rate = f"{run.settings.learning_rate:g}"
        raise EngineError(
            f"The learning of “{run.job.anomaly}” has come apart: its loss is no number any more.",
            f"Use a smaller learning rate than {rate} (--learning-rate), or another seed (--seed).",
        )
    return loss


def _is_done(run: Run, learner: Learner, every: int) -> bool:
    """Are all steps done, or has the evaluation loss, measured `every` so many steps, flattened?"""
    if learner.step >= run.steps:
        return True
    return run.can_stop_early and is_flat([loss for _, loss in run.progress.evaluations], every)


def _evaluate(run: Run, learner: Learner) -> LossMeasured:
    measured = (learner.step, learner.evaluate())
    run.progress.evaluations.append(measured)
    append_evaluation(run.folder, *measured)
    return LossMeasured(step=measured[0], loss=measured[1])
