"""Rendered defects that no backbone was trained on, as a backbone sees them."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
import torch
from torch import Tensor

from engine.diffusion.backbone import Backbone
from engine.diffusion.pretraining.boxes import draw_box
from engine.diffusion.pretraining.evaluation import Defects, Predict, mean_square, predict_all
from engine.diffusion.pretraining.rendering import HELD_OUT_SEED, Render
from engine.diffusion.pretraining.shards import render_group
from engine.diffusion.views import Crop, encode_crops

LOSS_TIMESTEPS = (100, 300, 500, 700, 900)


@dataclass(frozen=True)
class RenderedDefect:
    """A surface, `normal`, and the same with a defect, `image`, both (s, s, 3) uint8; `mask` and `box` (s, s) bool.

    `partner` is the caption of another defect on the same surface.
    """

    normal: np.ndarray
    image: np.ndarray
    mask: np.ndarray
    box: np.ndarray
    caption: str
    partner: str


def render_held_out(index: int, side: int) -> list[RenderedDefect]:
    """The two defects of the `index`-th held-out surface at `side` pixels; none where their captions are alike."""
    normal, *defects = render_group(HELD_OUT_SEED + index)
    if defects[0].caption.defect == defects[1].caption.defect:
        return []
    rng = np.random.default_rng(index)
    return [
        _at_side(normal.image, defect, str(other.caption), rng, side)
        for defect, other in (defects, reversed(defects))
    ]


def _at_side(
    normal: np.ndarray, defect: Render, partner: str, rng: np.random.Generator, side: int
) -> RenderedDefect:
    box = draw_box(defect.mask, rng)
    masks = [_resized(mask, side, cv2.INTER_NEAREST).astype(bool) for mask in (defect.mask, box)]
    images = [
        _resized(image, side, cv2.INTER_AREA if side < len(image) else cv2.INTER_CUBIC)
        for image in (normal, defect.image)
    ]
    return RenderedDefect(images[0], images[1], masks[0], masks[1], str(defect.caption), partner)


def _resized(array: np.ndarray, side: int, interpolation: int) -> np.ndarray:
    return array if len(array) == side else cv2.resize(array, (side, side), interpolation=interpolation)


def encode_defects(backbone: Backbone, rendered: list[RenderedDefect]) -> Defects:
    """As latents; an inpainting backbone sees the good surface around the box."""
    defects = encode_crops(backbone, [Crop(each.image, each.mask, each.box) for each in rendered])
    surfaces = encode_crops(backbone, [Crop(each.normal, each.mask, each.box) for each in rendered])
    views = replace(defects, blanked=surfaces.blanked)
    return Defects(
        views.mean,
        views.blanked,
        views.mask,
        views.box,
        [each.caption for each in rendered],
        [each.partner for each in rendered],
    )


def predictor(backbone: Backbone) -> Predict:
    """The backbone's U-Net, told what to draw by captions; each is encoded once."""
    contexts: dict[str, Tensor] = {}

    def predict(noisy: Tensor, t: int, box: Tensor, blanked: Tensor, captions: list[str]) -> Tensor:
        for caption in captions:
            if caption not in contexts:
                contexts[caption] = backbone.context(caption)
        context = torch.cat([contexts[caption] for caption in captions])
        timesteps = torch.full((len(noisy),), t, dtype=torch.long, device=noisy.device)
        return backbone.predict(noisy, timesteps, context, box_mask=box, blanked=blanked)

    return predict


def loss_in_box(backbone: Backbone, predict: Predict, defects: Defects, t: int) -> float:
    """The denoising loss at timestep `t`, with the right captions, over the boxes."""
    schedule, noise = backbone.schedule, defects.noise()
    noisy = schedule.add_noise(defects.z0, noise, t)
    output = predict_all(predict, defects, noisy, t, defects.captions)
    return mean_square(output - schedule.target(defects.z0, noise, t), defects.box)
