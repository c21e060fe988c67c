"""How much of a picture survives a backbone's autoencoder."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from skimage.metrics import structural_similarity

from engine.data.crops import cut
from engine.data.images import from_unit, read_photo, to_unit
from engine.diffusion.backbone import Backbone
from engine.diffusion.foreground import size_of
from engine.diffusion.placement import place_boxes
from engine.geometry import crop_window

MOST_PHOTOS = 32
_BATCH = 8


@dataclass(frozen=True)
class Fidelity:
    """`psnr` in dB and `ssim`, at most 1, of a picture after the autoencoder against the picture itself."""

    psnr: float
    ssim: float

    @classmethod
    def mean(cls, values: Sequence["Fidelity"]) -> "Fidelity":
        return cls(float(np.mean([v.psnr for v in values])), float(np.mean([v.ssim for v in values])))


def reconstruct(backbone: Backbone, images: Sequence[np.ndarray]) -> Iterator[Fidelity]:
    """Send crops (s, s, 3) uint8 of the backbone's size through its autoencoder and back, one by one."""
    for start in range(0, len(images), _BATCH):
        batch = images[start : start + _BATCH]
        for image, decoded in zip(batch, _round_trip(backbone, batch), strict=True):
            yield compare(decoded, image)


def compare(decoded: np.ndarray, image: np.ndarray) -> Fidelity:
    """Of two pictures (s, s, 3) uint8; SSIM with the Gaussian window of its paper (Wang et al. 2004)."""
    error = float(((decoded.astype(np.float64) - image) ** 2).mean())
    ssim = structural_similarity(
        decoded,
        image,
        channel_axis=2,
        data_range=255,
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
    )
    return Fidelity(10 * float(np.log10(255**2 / max(error, 1e-6))), float(ssim))


def crop_like_generation(path: Path, side: int, seed: int) -> np.ndarray:
    """The crop that stage 2 would make around an automatic box on a photo: (side, side, 3) uint8.

    Raises:
        EngineError: the photo cannot be read.
    """
    photo = read_photo(path)
    box = place_boxes(photo, 1, None, np.random.default_rng(seed))[0]
    return cut(photo, crop_window(box, size_of(photo), side), side)


@torch.no_grad()
def _round_trip(backbone: Backbone, images: Sequence[np.ndarray]) -> list[np.ndarray]:
    pixels = torch.stack([torch.from_numpy(to_unit(image)) for image in images])
    decoded = backbone.decode(backbone.encode(pixels).mode)
    return [from_unit(each) for each in decoded.float().cpu().numpy()]
