"""The job *evaluate*: one table of figures that tell how good a backbone is, whatever it was trained on."""

import time
from collections.abc import Generator, Iterator
from pathlib import Path

import numpy as np

from engine.diffusion.backbone import Backbone, load_backbone
from engine.diffusion.backbone.catalogue import check_backbone
from engine.diffusion.judging.close_ups import CloseUp, crop_close_up
from engine.diffusion.judging.distances import frechet_distance, kernel_distance
from engine.diffusion.judging.features import Features, encoder_features, resnet_features
from engine.diffusion.judging.reconstruction import MOST_PHOTOS, Fidelity, crop_like_generation, reconstruct
from engine.diffusion.judging.renders import (
    LOSS_TIMESTEPS,
    RenderedDefect,
    encode_defects,
    loss_in_box,
    predictor,
    render_held_out,
)
from engine.diffusion.judging.sweep import fill_boxes
from engine.diffusion.pretraining.evaluation import CaptionGap, measure_gaps
from engine.errors import EngineError
from engine.protocol import EvaluateJob, Event, FileRefused, Measured, Progress, Started

GUIDANCES = (1.0, 1.5, 2.0, 3.0)


def evaluate(job: EvaluateJob) -> Iterator[Event]:
    """Measure a backbone.

    Yields: Started, Progress, Measured for every figure, FileRefused for a photo that cannot be read.
    Raises:
        EngineError: the backbone or the features cannot be used.
    """
    folder = Path(job.project)
    backbone = load_backbone(job.backbone, folder)
    features = resnet_features(Path(job.features)) if job.features else encoder_features(backbone)
    yield Started(title=f"Evaluating the backbone “{job.backbone}”")
    yield Measured(name="size", value=check_backbone(job.backbone, folder).bytes / 1e6, unit="MB")
    rendered = yield from _render(job.surfaces, backbone.size_px)
    images = [image for each in rendered for image in (each.normal, each.image)]
    yield from _measure_fidelity(backbone, images, "held-out renders")
    photos = yield from _crop_photos(job.photos, backbone.size_px)
    if photos:
        yield from _measure_fidelity(backbone, photos, "photos")
    yield from _measure_denoising(backbone, rendered)
    yield from _sweep(backbone, features, rendered)


def _render(surfaces: int, side: int) -> Generator[Event, None, list[RenderedDefect]]:
    rendered: list[RenderedDefect] = []
    for index in range(surfaces):
        rendered += render_held_out(index, side)
        yield Progress(step=index + 1, total=surfaces, stage="rendering")
    return rendered


def _crop_photos(paths: tuple[str, ...], side: int) -> Generator[Event, None, list[np.ndarray]]:
    """A crop of each of at most 32 photos, evenly chosen."""
    places = np.linspace(0, len(paths) - 1, min(len(paths), MOST_PHOTOS)).round().astype(int)
    crops = []
    for step, place in enumerate(places, start=1):
        try:
            crops.append(crop_like_generation(Path(paths[place]), side, seed=step))
        except EngineError as error:
            yield FileRefused(path=paths[place], reason=str(error))
        yield Progress(step=step, total=len(places), stage="cropping photos")
    return crops


def _measure_fidelity(backbone: Backbone, images: list[np.ndarray], what: str) -> Iterator[Event]:
    values = []
    for value in reconstruct(backbone, images):
        values.append(value)
        yield Progress(step=len(values), total=len(images), stage=f"autoencoder, {what}")
    mean = Fidelity.mean(values)
    yield Measured(name=f"autoencoder, {what}: PSNR", value=mean.psnr, unit="dB")
    yield Measured(name=f"autoencoder, {what}: SSIM", value=mean.ssim)


def _measure_denoising(backbone: Backbone, rendered: list[RenderedDefect]) -> Iterator[Event]:
    """Loss by noise level, then whether the captions are listened to."""
    defects, predict = encode_defects(backbone, rendered), predictor(backbone)
    stage = "denoising"
    for step, t in enumerate(LOSS_TIMESTEPS, start=1):
        loss = loss_in_box(backbone, predict, defects, t)
        yield Measured(name=f"denoising loss in the box, t = {t}", value=loss)
        yield Progress(step=step, total=len(LOSS_TIMESTEPS), stage=stage)
    for gap in measure_gaps(predict, defects, backbone.schedule):
        yield from _rows_of(gap)


def _rows_of(gap: CaptionGap) -> list[Measured]:
    error = f"error of x₀ on the defect, t = {gap.t}"
    return [
        Measured(name=f"{error}, right caption", value=gap.error),
        Measured(name=f"{error}, the partner's: more by", value=100 * gap.partner, unit="%"),
        Measured(name=f"{error}, no caption: more by", value=100 * gap.none, unit="%"),
    ]


def _sweep(backbone: Backbone, features: Features, rendered: list[RenderedDefect]) -> Iterator[Event]:
    """Generated against rendered defects in the same boxes, for each guidance, the backbone's own among them."""
    wanted = features.of([crop_close_up(each.image, each.box) for each in rendered])
    own = backbone.manifest.guidance
    guidances = sorted({*GUIDANCES, own})
    seconds = 0.0
    for number, guidance in enumerate(guidances):
        began = time.monotonic()
        close_ups: list[CloseUp] = []
        for drawn in fill_boxes(backbone, rendered, guidance):
            close_ups.append(crop_close_up(drawn, rendered[len(close_ups)].box))
            done, total = number * len(rendered) + len(close_ups), len(guidances) * len(rendered)
            yield Progress(step=done, total=total, stage=f"drawing, guidance {guidance:g}")
        if guidance == own:
            seconds = (time.monotonic() - began) / len(rendered)
        yield from _compare(wanted, features.of(close_ups), f"guidance {guidance:g}, {features.name}")
    yield Measured(name=f"a sample, guidance {own:g}, one candidate", value=seconds, unit="s")


def _compare(wanted: np.ndarray, drawn: np.ndarray, how: str) -> Iterator[Event]:
    distance = kernel_distance(drawn, wanted)
    yield Measured(name=f"kernel distance, {how}", value=distance.value, deviation=distance.deviation)
    yield Measured(name=f"Fréchet distance, {how}", value=frechet_distance(drawn, wanted))
