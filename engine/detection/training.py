"""The job *train*: from good photos, pasted anomalies and samples to a detector, with checkpoints and heatmaps."""

import math
import shutil
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np
import torch
from torch import Tensor

from engine.colour_scale import overlay
from engine.data.checkpoint import load_checkpoint, load_progress, save_checkpoint
from engine.data.images import read_photo, save_png
from engine.data.null_edit import MakeNullEdits, NullEdit, none
from engine.data.run_files import append_evaluation, write_evaluations, write_job
from engine.data.textures import ProceduralTextures, TextureFolder
from engine.detection.calibration import calibrate_run
from engine.detection.changed import changed_part
from engine.detection.photos import read_sample, read_tensor, to_input, to_tensor
from engine.detection.trained import create_detector, load_weights, read_trained, save_detector
from engine.detection.trainer import Trainer, network_tensors
from engine.detection.training_data import Material, TrainingData
from engine.detection.training_run import TrainRun, plan_run
from engine.device import pick_device
from engine.errors import EngineError, StopAndKeep
from engine.memory import kept_memory
from engine.protocol import (
    Event,
    FileRefused,
    FileWritten,
    LossMeasured,
    Progress,
    Started,
    StripWritten,
    TrainJob,
    Warned,
)

_EVALUATE_EVERY = 25
_SHOWN = 4  # photos in a column of heatmaps
_PREPARING = "preparing"
T = TypeVar("T")
Named = TypeVar("Named")


def train(job: TrainJob, make_null_edits: MakeNullEdits = none) -> Iterator[Event]:
    """Train (or go on training) a detector.

    Yields: Started; Progress while photos are read, then for every step; LossMeasured, StripWritten (heatmaps),
        FileRefused for photos that cannot be read; FileWritten, the detector, at the end;
        what the good photos held out say, see `calibrate_run`.
    Raises:
        EngineError: no photo can be used; the teacher is not there; the loss is no number; the disk is full.
        StopAndKeep: it was thrown in before the first step: there is nothing to keep.
    """
    run = plan_run(job)
    if job.again:
        shutil.rmtree(run.folder, ignore_errors=True)
    trained = read_trained(run.detector)
    if trained is not None:
        yield Started(title=run.title, resumed_from=trained.steps)
        yield Warned(message=f"“{run.name}” is trained already with these settings (--again starts over).")
        yield _written(run)
        yield from calibrate_run(run)
        return
    saved = load_progress(run.checkpoint)
    yield Started(title=run.title, resumed_from=saved.step if saved else 0)
    edits = yield from _null_edits(run, make_null_edits)
    trainer = yield from _prepare(run, edits)
    write_job(run.folder, msgspec.structs.replace(job, again=False))
    with kept_memory(), suppress(StopAndKeep):
        yield from _train(run, trainer)
    save_detector(run, trainer.network.state_dict(), trainer.step)
    run.checkpoint.unlink(missing_ok=True)  # large, and of no more use
    with suppress(StopAndKeep):
        yield _written(run)
    yield from calibrate_run(run)


# --- preparing -----------------------------------------------------------------------------------------


def _null_edits(
    run: TrainRun, make_null_edits: MakeNullEdits
) -> Generator[Event, None, tuple[NullEdit, ...]]:
    """The null edits of a training that is to have some; none where its backbone cannot be used, which is told."""
    if not run.job.autoencoder:
        return ()
    try:
        return (yield from make_null_edits(run.job))
    except EngineError as error:
        yield Warned(message=f"There are no null edits to train on, the training goes on without: {error}")
        return ()


def _prepare(run: TrainRun, edits: Sequence[NullEdit]) -> Generator[Event, None, Trainer]:
    """The trainer at the step of its checkpoint, or at the first one."""
    settings = run.settings
    network = create_detector(settings)
    textures = TextureFolder(Path(settings.textures)) if settings.textures else ProceduralTextures()
    material = yield from _read_material(run, edits)
    data = TrainingData(material, textures, settings.recipe, run.batch_size, settings.seed)
    trainer = Trainer(network, settings.detector, data, run.steps, pick_device())
    found = load_checkpoint(run.checkpoint)
    if found is not None:
        tensors, run.progress = found
        load_weights(network, network_tensors(tensors), run.checkpoint, settings)
        trainer.load_state(tensors, run.progress.step)
    write_evaluations(run.folder, run.progress.evaluations)
    return trainer


def _read_material(run: TrainRun, edits: Sequence[NullEdit]) -> Generator[Event, None, Material]:
    """All photos and samples at the detector's size; what cannot be read is told and left out."""
    job, project, side = run.job, run.project, run.side
    total = len(job.goods) + len(job.samples) + len(edits)
    read = yield from _read(job.goods, lambda path: _read_good(project / path, side), str, 0, total)
    pairs = yield from _read(
        job.samples,
        lambda sample: read_sample(project, sample, side),
        lambda sample: sample.image,
        len(job.goods),
        total,
    )
    null = yield from _read(
        edits,
        lambda edit: (read_tensor(project / edit.image, side), read_tensor(project / edit.photo, side)),
        lambda edit: edit.image,
        len(job.goods) + len(job.samples),
        total,
    )
    goods, sizes = zip(*read, strict=True)
    if len(goods) == 1:
        yield Warned(message="There is one good photo only: the detector knows no other one as normal.")
    if len(set(sizes)) > 1:
        yield Warned(
            message=f"The good photos are of {len(set(sizes))} sizes; all become {side}×{side} pixels."
        )
    samples, photos, boxes = _stacked(pairs, 3, side)
    edited, unedited = _stacked(null, 2, side)
    boxes = changed_part(samples, photos, boxes[:, :1].bool(), edited, unedited)
    return Material(torch.stack(goods), samples, photos, boxes, edited, unedited)


def _stacked(rows: Sequence[tuple[Tensor, ...]], count: int, side: int) -> list[Tensor]:
    """`count` columns of (C, side, side), each stacked; empty ones of three channels where there are no rows."""
    if not rows:
        return [torch.zeros(0, 3, side, side, dtype=torch.uint8)] * count
    return [torch.stack(column) for column in zip(*rows, strict=True)]


def _read_good(path: Path, side: int) -> tuple[Tensor, tuple[int, ...]]:
    """A good photo at the detector's size, and the height and width that it had."""
    photo = read_photo(path)
    return to_tensor(photo, side), photo.shape[:2]


def _read(
    things: Sequence[Named],
    read: Callable[[Named], T],
    path_of: Callable[[Named], str],
    before: int,
    total: int,
) -> Generator[Event, None, list[T]]:
    """What can be read of some things. Raises EngineError where none of them can: the reason of the last."""
    found: list[T] = []
    refusal: EngineError | None = None
    for place, thing in enumerate(things):
        try:
            found.append(read(thing))
        except EngineError as error:
            refusal = error
            yield FileRefused(path=path_of(thing), reason=str(error))
        yield Progress(step=before + place + 1, total=total, stage=_PREPARING)
    if refusal is not None and not found:
        raise refusal
    return found


# --- training ------------------------------------------------------------------------------------------


def _train(run: TrainRun, trainer: Trainer) -> Iterator[Event]:
    """Step, evaluate, draw heatmaps and save, until the steps are done."""
    settings = run.settings
    shown = _read_shown(run)
    part = trainer.part
    started, first = time.monotonic(), trainer.step
    while trainer.step < run.steps:
        loss = trainer.advance()
        if not math.isfinite(loss):
            raise _come_apart(run)
        eta_s = (time.monotonic() - started) / (trainer.step - first) * (run.steps - trainer.step)
        yield Progress(step=trainer.step, total=run.steps, stage="training", eta_s=eta_s, loss=loss)
        if trainer.part < part:
            part = trainer.part
            yield Warned(
                message=f"Memory ran out: {run.batch_size} photos a step are computed {part} at a time."
            )
        is_last = trainer.step == run.steps
        if is_last or trainer.step % _EVALUATE_EVERY == 0:
            yield _evaluate(run, trainer)
        if shown and (is_last or trainer.step % settings.heatmaps_every == 0):
            yield StripWritten(step=trainer.step, image=_draw_heatmaps(run, trainer, shown))
        if is_last or trainer.step % settings.checkpoint_every == 0:
            _save(run, trainer)


def _save(run: TrainRun, trainer: Trainer) -> None:
    """Write a checkpoint, never one whose weights are no numbers."""
    if not trainer.is_sound():
        raise _come_apart(run)
    run.progress.step = trainer.step
    save_checkpoint(run.checkpoint, trainer.state(), run.progress)


def _come_apart(run: TrainRun) -> EngineError:
    """What is told when the loss is no number any more; the last good checkpoint becomes the detector."""
    found = load_checkpoint(run.checkpoint)
    message = f"The training of “{run.name}” has come apart: its loss is no number any more."
    if found is None:
        return EngineError(message, "Start it with another seed (--seed).")
    tensors, progress = found
    save_detector(run, network_tensors(tensors), progress.step)
    return EngineError(
        message, f"The detector after {progress.step} steps is kept; another seed (--seed) may get further."
    )


def _evaluate(run: TrainRun, trainer: Trainer) -> LossMeasured:
    measured = (trainer.step, trainer.evaluate())
    run.progress.evaluations.append(measured)
    append_evaluation(run.folder, *measured)
    return LossMeasured(step=measured[0], loss=measured[1])


def _read_shown(run: TrainRun) -> list[Tensor]:
    """Photos to make heatmaps of; one that cannot be read is not shown."""
    shown = []
    for path in run.job.shown[:_SHOWN]:
        with suppress(EngineError):
            shown.append(read_tensor(run.project / path, run.side))
    return shown


def _draw_heatmaps(run: TrainRun, trainer: Trainer, shown: list[Tensor]) -> str:
    """Each photo above its heatmap; returns the picture's path, relative to the project."""
    photos = torch.stack(shown)
    maps = trainer.infer(to_input(photos)).numpy()
    pictures = photos.permute(0, 2, 3, 1).numpy()
    below = [overlay(photo, heat) for photo, heat in zip(pictures, maps, strict=True)]
    path = f"runs/{run.name}/heatmaps/{trainer.step:06d}.png"
    save_png(
        run.project / path, np.concatenate([np.concatenate(list(pictures), 1), np.concatenate(below, 1)])
    )
    return path


def _written(run: TrainRun) -> FileWritten:
    return FileWritten(
        path=run.detector.relative_to(run.project).as_posix(), what=f"detector of the run {run.name}"
    )
