"""Live pictures of what is being generated, cheap enough not to slow it down."""

import base64
import time
from collections.abc import Callable
from typing import TypeVar

import cv2
import numpy as np
import torch
from torch import Tensor

from engine.data.images import to_unit
from engine.diffusion.backbone import Backbone
from engine.diffusion.compositing import Fill

Picture = TypeVar("Picture")

_SHARE = 0.04  # of the time may go into previews
_EVERY_S = 0.3
_FIRST_GUESS_S = 0.5  # what decoding a crop may take, before it is measured
_QUALITY = 80
_SIDE = 256  # of a preview on the screen, at least
_FIT_IMAGES = 4
_known_colors: dict[str, Tensor] = {}


class LatentColors:
    """The linear map latent → RGB that suits a backbone's autoencoder best, in the least-squares sense.

    Good enough to see a shape appear, at a thousandth of the decoder's price. Fitted once a backbone and
    process.
    """

    def __init__(self, backbone: Backbone) -> None:
        if backbone.hash not in _known_colors:
            _known_colors[backbone.hash] = _fit(backbone)
        self._matrix = _known_colors[backbone.hash]  # (c + 1, 3)

    def levels(self, latents: Tensor) -> np.ndarray:
        """(c, h, w) → (h, w, 3) float32 levels, 0-255 and a little beyond."""
        rows = latents.detach().float().cpu().flatten(1).T
        colors = rows @ self._matrix[:-1] + self._matrix[-1]
        return ((colors.reshape(*latents.shape[1:], 3) + 1) * 127.5).numpy()

    def fill(self, latents: Tensor, normal: Tensor) -> Fill:
        """A rough fill from the predicted z₀ of a crop and the crop's own z₀, both (c, h, w)."""
        return Fill(self.levels(latents), self.levels(normal))


class Previewer:
    """Pictures of the predicted z₀ now and then, as long as they take at most a small part of the time.

    Decoded where there is time for it, else by the linear map.
    """

    def __init__(self, backbone: Backbone) -> None:
        self._backbone = backbone
        self._colors: LatentColors | None = None
        self._started = self._last = time.monotonic()
        self._spent_s = 0.0
        self._decoding_s = _FIRST_GUESS_S

    def show(
        self, x0: Tensor, normal: Tensor, crop: np.ndarray, picture_of: Callable[[Fill], Picture]
    ) -> Picture | None:
        """What `picture_of` makes of the fill that is on its way; None where it is not yet time for a picture.

        Args:
            x0, normal: predicted z₀ of a crop, and the crop's own, (c, h, w).   crop: (s, s, 3) uint8.
        """
        began = time.monotonic()
        saved_s = _SHARE * (began - self._started) - self._spent_s
        if began - self._last < _EVERY_S or saved_s <= 0:
            return None
        if saved_s >= self._decoding_s:
            picture = picture_of(Fill(self._decoded(x0), crop.astype(np.float32)))
            self._decoding_s = time.monotonic() - began
        else:
            self._colors = self._colors or LatentColors(self._backbone)
            picture = picture_of(self._colors.fill(x0, normal))
        self._last = time.monotonic()
        self._spent_s += self._last - began
        return picture

    @torch.no_grad()
    def _decoded(self, x0: Tensor) -> np.ndarray:
        levels = (self._backbone.decode(x0[None])[0].float().cpu() + 1) * 127.5
        return levels.movedim(0, -1).contiguous().numpy()


def jpeg_base64(picture: np.ndarray) -> str:
    """(h, w, 3) uint8 as a JPEG, enlarged where it is small."""
    factor = max(1, _SIDE // max(picture.shape[:2]))
    if factor > 1:
        size = (picture.shape[1] * factor, picture.shape[0] * factor)
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC)
    encoded = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1]
    return base64.b64encode(encoded.tobytes()).decode("ascii")


@torch.no_grad()
def _fit(backbone: Backbone) -> Tensor:
    """Solve [z, 1] · X = RGB over all latents of a few pictures of random colours; X is (c + 1, 3)."""
    side = max(backbone.size_px // 2, 4 * backbone.downscale)
    images = np.stack([to_unit(_random_colors(side, seed)) for seed in range(_FIT_IMAGES)])
    latents = backbone.encode(torch.from_numpy(images).to(backbone.device)).mode
    height, width = latents.shape[-2:]
    colors = torch.nn.functional.adaptive_avg_pool2d(torch.from_numpy(images), (height, width))
    z = latents.float().cpu().movedim(1, -1).flatten(0, 2)
    ones = torch.ones(len(z), 1)
    return torch.linalg.lstsq(torch.cat([z, ones], 1), colors.movedim(1, -1).flatten(0, 2)).solution


def _random_colors(side: int, seed: int) -> np.ndarray:
    """(side, side, 3) uint8: blobs of every colour, coarse and fine."""
    rng = np.random.default_rng(seed)
    picture = np.zeros((side, side, 3))
    for cells in (2, 4, 8, 16):
        noise = rng.normal(0, 1, (cells, cells, 3))
        picture += cv2.resize(noise, (side, side), interpolation=cv2.INTER_CUBIC)
    return np.clip(127.5 + 40 * picture, 0, 255).astype(np.uint8)
