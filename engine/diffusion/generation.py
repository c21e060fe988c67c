"""The jobs *generate* and *preview*: anomalies in boxes on good photos, from an anomaly embedding."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import cv2
import msgspec
import numpy as np

from engine.data.crops import cut
from engine.data.files import remove_unfinished, safe_name, sha256_of, write_atomically
from engine.diffusion.at_hand import embedding_at, photo_at
from engine.diffusion.canvas import is_grey
from engine.diffusion.compositing import box_at_side, paste
from engine.diffusion.embedding import AnomalyEmbedding
from engine.diffusion.filling import Filling, Recipe, Region, paper_recipe, product_recipe, quick_recipe
from engine.diffusion.foreground import size_of
from engine.diffusion.loaded import LoadedEmbedding
from engine.diffusion.preview import jpeg_base64
from engine.diffusion.production import Production
from engine.diffusion.samples import run_name
from engine.errors import EngineError, StopAndKeep
from engine.geometry import Box, Window, box_window, check_boxes, crop_window
from engine.protocol import Event, GenerateJob, GenerateSettings, PreviewJob, PreviewReady, Progress, Started

_PREVIEW_SIDE = 512


def generate(job: GenerateJob) -> Iterator[Event]:
    """Generate the samples of a job; those that an interrupted run of it has finished are not made again.

    Yields: Started, Progress, PreviewReady, SampleWritten, Warned, FileRefused.
    Raises:
        EngineError: the embedding, its backbone or every photo cannot be used; the disk is full.
    """
    job = _settled(job)
    project = Path(job.project)
    path = project / job.embedding
    if not job.placements:
        raise EngineError("There is no good photo to generate on.", "Import good photos first.")
    AnomalyEmbedding.load(path)  # a damaged file is told before anything is written
    run = run_name(job, sha256_of(path))
    count = job.settings.count
    yield Started(title=f"Generating {count} sample{'' if count == 1 else 's'} of “{job.anomaly}”")
    loaded = embedding_at(path, project)
    _prepare_folders(project, job, run)
    production = Production(job, run, loaded, recipe_for(loaded, job.settings))
    try:
        yield from production.events()
    except StopAndKeep:
        return
    if not production.written and production.refusal is not None:
        raise production.refusal


def preview(job: PreviewJob) -> Iterator[Event]:
    """Draw one box with few steps, and show the composite within the box's bounds as a JPEG. Writes nothing.

    Yields: Progress, PreviewReady.
    Raises:
        EngineError: the embedding, its backbone, the photo or the box cannot be used.
    """
    project = Path(job.project)
    loaded = embedding_at(project / job.embedding, project)
    photo = photo_at(project / job.photo)
    check_boxes([job.box], size_of(photo), job.photo)
    recipe = quick_recipe(loaded.backbone, job.steps, job.guidance)
    side = loaded.backbone.size_px
    window = crop_window(job.box, size_of(photo), side)
    region = Region(
        cut(photo, window, side), box_at_side(job.box, window, side), loaded.context(0.0, 0), (job.seed,)
    )
    filling = Filling(loaded.backbone, [region], loaded.null_context, recipe)
    for step, _ in enumerate(filling.draw(), start=1):
        yield Progress(step=step, total=len(recipe.levels), stage="preview")
    picture = _composited(photo, job.box, window, filling)
    yield PreviewReady(jpeg_base64=jpeg_base64(picture), photo=job.photo, step=len(recipe.levels))


def recipe_for(loaded: LoadedEmbedding, settings: GenerateSettings) -> Recipe:
    """The profile's sampler with what the settings change of it."""
    make = paper_recipe if settings.profile == "paper" else product_recipe
    return make(loaded.backbone, settings.steps, settings.guidance, settings.batch_size)


def _settled(job: GenerateJob) -> GenerateJob:
    """The same job with a seed, and with its numbers as they come out of job.json: 30 and 30.0 are one."""
    if job.settings.seed is None:
        settings = msgspec.structs.replace(job.settings, seed=secrets.randbelow(2**31))
        job = msgspec.structs.replace(job, settings=settings)
    return msgspec.json.decode(msgspec.json.encode(job), type=GenerateJob)


def _prepare_folders(project: Path, job: GenerateJob, run: str) -> None:
    """Note the job (its seed above all), and remove what a killed run left half-written."""
    remove_unfinished(project / "samples" / safe_name(job.anomaly) / run)
    with write_atomically(project / "runs" / run / "job.json") as temporary:
        temporary.write_bytes(msgspec.json.format(msgspec.json.encode(job)) + b"\n")


def _composited(photo: np.ndarray, box: Box, window: Window, filling: Filling) -> np.ndarray:
    """The photo within the box's bounds, with the fill in it, as large as a screen needs it."""
    crop = photo[window.slices()].copy()
    local = box.moved(-window.left, -window.top)
    feather = GenerateSettings().feather
    paste(crop, local, Window(0, 0, window.width, window.height), filling.fill(0), feather, is_grey(crop))
    picture = crop[box_window(local, size_of(crop)).slices()]
    factor = _PREVIEW_SIDE / max(picture.shape[:2])
    if factor < 1:
        size = tuple(max(1, round(length * factor)) for length in picture.shape[1::-1])
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return picture
