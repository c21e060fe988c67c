"""Views: crops of photos as latents, encoded once and drawn from at every step of stage 1."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engine.data.images import to_unit
from engine.diffusion.backbone import Backbone

ENCODE_BATCH = 8

ToLatents = Callable[[Tensor, int], Tensor]
"""(mask (B, 1, H, W), pixels a latent) → which latents it covers, (B, 1, h, w)."""


@dataclass(frozen=True)
class Crop:
    """A crop at the backbone's size, before it is encoded.

    `image` is (s, s, 3) uint8; `mask` (s, s) bool, true on the anomaly, nowhere on a normal crop; `box` (s, s)
    bool, what an inpainting backbone is asked to fill: it holds the mask.
    """

    image: np.ndarray
    mask: np.ndarray
    box: np.ndarray


@dataclass(frozen=True)
class Batch:
    """Latents to train on: z0 and `blanked` (B, c, h, w); `mask` and `box` (B, 1, h, w), exactly 0 or 1."""

    z0: Tensor
    blanked: Tensor
    mask: Tensor
    box: Tensor


@dataclass(frozen=True)
class Views:
    """The posterior of each crop's latents, and its masks: what is left of the photos during stage 1.

    Sampling from a cached posterior is the same objective as encoding at every step, without the encoder.
    """

    mean: Tensor
    std: Tensor
    blanked: Tensor
    mask: Tensor
    box: Tensor

    def __len__(self) -> int:
        return len(self.mean)

    def draw(self, indices: Tensor, generator: torch.Generator) -> Batch:
        """z0 ~ N(mean, std²) of the chosen views."""
        mean, std = self.mean[indices], self.std[indices]
        noise = torch.randn(mean.shape, generator=generator).to(mean)
        return Batch(mean + std * noise, self.blanked[indices], self.mask[indices], self.box[indices])

    @classmethod
    def concatenate(cls, parts: Sequence["Views"]) -> "Views":
        return cls(**{f.name: torch.cat([getattr(part, f.name) for part in parts]) for f in fields(cls)})


def to_latent_mask(mask: Tensor, downscale: int) -> Tensor:
    """A latent is covered where any of its pixels is, so that no small defect is lost."""
    return F.max_pool2d(mask, downscale)


def to_anogen_latent_mask(mask: Tensor, downscale: int) -> Tensor:
    """A latent is covered where one of its central pixels is, as in AnoGen's code: small defects vanish.

    Bilinear without anti-aliasing, then ≠ 0.
    """
    return (F.interpolate(mask, scale_factor=1 / downscale, mode="bilinear") != 0).to(mask)


def encode_crops(backbone: Backbone, crops: Sequence[Crop], to_latents: ToLatents = to_latent_mask) -> Views:
    """Encode crops, with the box blanked as an inpainting backbone sees it."""
    return Views.concatenate(list(encode_batches(backbone, crops, to_latents)))


def encode_batches(
    backbone: Backbone, crops: Sequence[Crop], to_latents: ToLatents = to_latent_mask
) -> Iterator[Views]:
    """The same, `ENCODE_BATCH` crops at a time.

    Args:
        to_latents: how the mask of the anomaly is reduced.
    """
    for start in range(0, len(crops), ENCODE_BATCH):
        yield _encode_batch(backbone, crops[start : start + ENCODE_BATCH], to_latents)


@torch.no_grad()
def _encode_batch(backbone: Backbone, crops: Sequence[Crop], to_latents: ToLatents) -> Views:
    device, dtype, downscale = backbone.device, backbone.dtype, backbone.downscale
    images = torch.stack([torch.from_numpy(to_unit(crop.image)) for crop in crops]).to(device, dtype)
    masks = torch.stack([torch.from_numpy(crop.mask)[None] for crop in crops]).to(device, dtype)
    boxes = torch.stack([torch.from_numpy(crop.box)[None] for crop in crops]).to(device, dtype)
    posterior = backbone.encode(images)
    blanked = torch.zeros_like(posterior.mean)
    if backbone.is_inpainting:
        blanked = backbone.encode(images * (1 - boxes)).mode
    mask, box = to_latents(masks, downscale), to_latent_mask(boxes, downscale)
    return Views(posterior.mean, posterior.std, blanked, mask, box)
