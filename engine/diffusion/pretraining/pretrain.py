"""The job *pretrain*: the embedded backbone, from nothing but renders; goes on where it was interrupted.

Rendered shards → autoencoder → latents → U-Net and text encoder → a folder in diffusers layout. The length of both
trainings is told in minutes of computing, so that an hour on a laptop and an hour on a GPU are both well spent.
"""

import os
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from diffusers import AutoencoderKL
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from engine.data.checkpoint import Progressed, load_checkpoint, save_checkpoint
from engine.device import pick_device
from engine.diffusion.backbone import Backbone, load_backbone
from engine.diffusion.backbone.schedule import Schedule, schedule_from_config
from engine.diffusion.pretraining.autoencoding import AutoencoderTraining
from engine.diffusion.pretraining.denoising import DenoiserTraining
from engine.diffusion.pretraining.evaluation import caption_gaps, reconstruction_psnr
from engine.diffusion.pretraining.exporting import export_backbone, latent_scale
from engine.diffusion.pretraining.latents import Latents, encode_shard, read_latents, write_latents
from engine.diffusion.pretraining.networks import build_scheduler
from engine.diffusion.pretraining.rendering import HELD_OUT_SEED
from engine.diffusion.pretraining.shards import Shard, read_shard, write_shard, write_shards
from engine.diffusion.pretraining.tokenizer import build_tokenizer
from engine.errors import EngineError
from engine.protocol import Event, FileWritten, PretrainJob, Progress, Started, Warned

_AUTOENCODER_SHARDS = 8
_HELD_OUT_GROUPS = 40
_CHECKPOINT_S, _EVALUATE_S = 100.0, 240.0


class Training(Protocol):
    """What an autoencoder's and a U-Net's training have in common."""

    step: int

    def advance(self, progress: float) -> float: ...

    def state(self) -> dict[str, Tensor]: ...

    def load_state(self, tensors: dict[str, Tensor], step: int) -> None: ...


@dataclass(frozen=True)
class _Run:
    """A run's folder and what does not change in it."""

    job: PretrainJob
    device: torch.device
    tokenizer: PreTrainedTokenizerFast
    schedule: Schedule
    start: Backbone | None = None
    """What a new run begins with; None: nothing."""

    @property
    def folder(self) -> Path:
        return Path(self.job.project)

    def held_out(self) -> Shard:
        folder = self.folder / "held-out"
        if not (folder / "0000.npz").exists():
            write_shard(folder, 0, HELD_OUT_SEED)
        shard = read_shard(folder, 0)
        count = 3 * _HELD_OUT_GROUPS
        return Shard(shard.images[:count], shard.masks[:count], shard.captions[:count])


def pretrain(job: PretrainJob) -> Iterator[Event]:
    """Train the embedded backbone, or go on training it; the backbone is written to `export` in the job's folder.

    Yields: Started, Progress, Warned with each evaluation, FileWritten for each export.
    Raises:
        EngineError: the backbone to begin with is not there, or of another shape.
    """
    schedule = schedule_from_config(dict(build_scheduler().config))
    start = load_backbone(job.start) if job.start else None
    run = _Run(job, pick_device(), build_tokenizer(), schedule, start)
    yield Started(title="Rendering surfaces")
    for done in write_shards(run.folder / "renders", job.shards, job.seed, os.cpu_count() or 1):
        yield Progress(step=done, total=job.shards, stage="rendering")
    autoencoder = yield from _train_autoencoder(run)
    yield Started(title="Encoding the renders")
    shrunk = run.folder / "latents"
    for done in write_latents(autoencoder, run.folder / "renders", shrunk, job.shards):
        yield Progress(step=done, total=job.shards, stage="encoding")
    yield from _train_denoiser(run, autoencoder, read_latents(shrunk, range(job.shards)))


def _train_autoencoder(run: _Run) -> Generator[Event, None, AutoencoderKL]:
    """Train the autoencoder; returns its average."""
    count = min(run.job.shards, _AUTOENCODER_SHARDS)
    images = np.concatenate([read_shard(run.folder / "renders", index).images for index in range(count)])
    training = AutoencoderTraining(images, run.job.seed, run.device)
    if run.start is not None:
        _begin(run.start, lambda backbone: training.start_from(backbone.vae))
    clock = _Clock(run.folder / "autoencoder.safetensors", training, run.job.autoencoder_minutes)
    yield Started(title="Training the autoencoder", resumed_from=training.step)
    average = training.average.networks
    if clock.progress < 1:
        yield from clock.steps("autoencoder")
        psnr = reconstruction_psnr(average, list(run.held_out().images[::3]))
        yield Warned(message=f"autoencoder, {training.step} steps: {psnr:.1f} dB on held-out renders")
    return average


def _train_denoiser(run: _Run, autoencoder: AutoencoderKL, latents: Latents) -> Iterator[Event]:
    scale = _scale(run, latents)
    held_out = encode_shard(autoencoder, run.held_out(), seed=0)
    training = DenoiserTraining(latents, run.tokenizer, run.schedule, scale, run.job.seed, run.device)
    if run.start is not None:
        _begin(run.start, lambda start: training.start_from(start.unet, start.text_encoder, start.tokenizer))
    clock = _Clock(run.folder / "denoiser.safetensors", training, run.job.minutes)
    yield Started(title="Training the U-Net and the text encoder", resumed_from=training.step)
    export = run.folder / "export"
    evaluated_s = clock.seconds

    def hand_out() -> Iterator[Event]:
        networks = training.average.networks
        gaps = caption_gaps(networks, run.tokenizer, held_out, run.schedule, scale)
        yield Warned(message=f"{training.step} steps; " + "; ".join(map(str, gaps)))
        export_backbone(export, autoencoder, networks, run.tokenizer, scale)
        yield FileWritten(path="export", what="backbone")

    for event in clock.steps("U-Net"):
        yield event
        if clock.seconds - evaluated_s > _EVALUATE_S:
            evaluated_s = clock.seconds
            yield from hand_out()
    yield from hand_out()


def _scale(run: _Run, latents: Latents) -> float:
    """What latents are multiplied by: as the U-Net that the run begins with knows them, or to a deviation of 1."""
    if run.start is not None:
        return float(run.start.vae.config.scaling_factor)  # type: ignore[union-attr, arg-type]
    return latent_scale(latents.z0[::50])


def _begin(start: Backbone, take: Callable[[Backbone], None]) -> None:
    try:
        take(start)
    except RuntimeError as error:
        raise EngineError(
            f"“{start.reference}” has networks of another shape than the embedded backbone.",
            "Begin with an export of an earlier run, or with “embedded”.",
        ) from error


class _Clock:
    """Steps of a training until its minutes are over, with checkpoints; the time before an interruption counts."""

    def __init__(self, path: Path, training: Training, minutes: float) -> None:
        self._path, self._training = path, training
        self._total_s = minutes * 60
        self.seconds = 0.0
        self._saved_s = 0.0
        found = load_checkpoint(path)
        if found is not None:
            tensors, progress = found
            self.seconds = self._saved_s = float(tensors.pop("seconds"))
            training.load_state(tensors, progress.step)

    @property
    def progress(self) -> float:
        """How much of the training is over, 0 to 1."""
        return min(1.0, self.seconds / self._total_s) if self._total_s else 1.0

    def steps(self, stage: str) -> Iterator[Event]:
        while self.progress < 1:
            before = time.monotonic()
            loss = self._training.advance(self.progress)
            self.seconds += time.monotonic() - before
            left_s = max(0.0, self._total_s - self.seconds)
            steps = round(self._training.step / max(self.progress, 1e-6))
            yield Progress(step=self._training.step, total=steps, stage=stage, eta_s=left_s, loss=loss)
            if self.seconds - self._saved_s > _CHECKPOINT_S:
                self._save()
        self._save()

    def _save(self) -> None:
        self._saved_s = self.seconds
        tensors = {**self._training.state(), "seconds": torch.tensor(self.seconds, dtype=torch.float64)}
        save_checkpoint(self._path, tensors, Progressed(self._training.step))
