"""DRAEM's own training and test loops, straightforwardly: what the benchmarks compare with.

Written from a description of what the authors' code computes, not from the code: every image is read, resized, turned
and pasted on by itself, and stacked to a batch as a data loader does it; the noise is worked out from four gradients
a pixel; the losses are those of two softmax channels, one-hot, and of five blurs with a square window; photos are
looked at one at a time. The network is the product's, laid out as it comes. A quarter of the images are samples,
whose boxes are weighed as AnoGen has it.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageEnhance, ImageOps
from torch import Tensor, nn

from engine.detection.convolution import Convolution
from engine.detection.draem import Draem

SIDE = 256
_RATE, _GAMMA, _SMOOTH, _TAU = 1e-4, 2, 1e-5, 0.1
_WINDOW, _SIGMA, _POOLED = 11, 1.5, 21

Item = tuple[np.ndarray, np.ndarray, np.ndarray, bool]
"""Image and clean photo (3, S, S), mask (1, S, S), all float32 in [0, 1]; it is a sample."""


@dataclass(frozen=True)
class Sample:
    """Files of a sample: its picture, the photo that it was made of, and the mask of its boxes."""

    image: Path
    photo: Path
    mask: Path


class UpstreamData:
    """A map-style data set whose items are drawn, read and augmented one by one."""

    def __init__(
        self, goods: Sequence[Path], samples: Sequence[Sample], textures: Sequence[Path], seed: int
    ) -> None:
        self._goods, self._samples, self._textures = goods, samples, textures
        self._rng = np.random.default_rng(seed)

    def item(self) -> Item:
        """Half of them are clean, a quarter pasted, a quarter samples; three in ten are turned."""
        rng, kind = self._rng, self._rng.random()
        if kind >= 0.75:
            return self._sample(self._samples[rng.integers(len(self._samples))])
        photo = _read(self._goods[rng.integers(len(self._goods))])
        if rng.random() > 0.7:
            photo = _turned(photo, rng.uniform(-90, 90))
        clean = photo.astype(np.float32) / 255
        image, mask = clean, np.zeros((SIDE, SIDE, 1), np.float32)
        if kind < 0.25:
            image, mask = self._pasted(clean)
        return _channels_first(image), _channels_first(clean), _channels_first(mask), False

    def batch(self, size: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Items stacked: images, clean photos, masks and which are samples."""
        images, clean, masks, generated = zip(*(self.item() for _ in range(size)), strict=True)
        stacked = [torch.stack([torch.from_numpy(each) for each in part]) for part in (images, clean, masks)]
        return stacked[0], stacked[1], stacked[2], torch.tensor(generated)

    def _sample(self, sample: Sample) -> Item:
        angle = self._rng.uniform(-90, 90) if self._rng.random() > 0.7 else 0.0
        image, photo, mask = (
            _turned(_read(file), angle) for file in (sample.image, sample.photo, sample.mask)
        )
        boxes = (mask[..., :1] > 127).astype(np.float32)
        image, photo = image.astype(np.float32) / 255, photo.astype(np.float32) / 255
        return _channels_first(image), _channels_first(photo), _channels_first(boxes), True

    def _pasted(self, clean: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        rng = self._rng
        texture = _read(self._textures[rng.integers(len(self._textures))])
        for chosen in rng.choice(len(_CHANGES), 3, replace=False):
            texture = _CHANGES[chosen](texture, rng)
        cells = 2 ** rng.integers(0, 6, 2)
        noise = _turned(perlin((SIDE, SIDE), (int(cells[0]), int(cells[1])), rng), rng.uniform(-90, 90))
        mask = (noise > 0.5).astype(np.float32)[..., None]
        beta = rng.random() * 0.8
        pasted = texture.astype(np.float32) / 255 * mask
        image = clean * (1 - mask) + (1 - beta) * pasted + beta * clean * mask
        return (mask * image + (1 - mask) * clean).astype(np.float32), mask


class UpstreamDraem:
    """DRAEM as upstream trains it and looks at photos with it."""

    def __init__(self, network: Draem) -> None:
        self._network = _plain(network)
        self.reconstructive, self.discriminative = network.reconstructive, network.discriminative
        self._optimizer = torch.optim.Adam(network.parameters(), lr=_RATE)
        self._ssim = SquareWindowSsim(3)

    def advance(self, batch: tuple[Tensor, Tensor, Tensor, Tensor]) -> float:
        """One optimiser step; returns its loss."""
        image, clean, mask, generated = batch
        self._network.train()
        reconstruction = self.reconstructive(image)
        logits = self.discriminative(torch.cat((reconstruction, image), dim=1))
        probabilities = torch.softmax(logits, dim=1)
        weight = (probabilities[:, 1:].detach() > _TAU) | (mask == 0) | ~generated[:, None, None, None]
        loss = F.mse_loss(reconstruction, clean) + self._ssim.loss(reconstruction, clean)
        loss = loss + (focal(probabilities, mask) * weight.float()).mean()
        self._optimizer.zero_grad()
        loss.backward()
        self._optimizer.step()
        return float(loss.detach())

    @torch.no_grad()
    def inspect(self, file: Path) -> tuple[np.ndarray, float]:
        """Read one photo; its anomaly map (S, S) and its score."""
        self._network.eval()
        photo = torch.from_numpy(_channels_first(_read(file).astype(np.float32) / 255))[None]
        reconstruction = self.reconstructive(photo)
        logits = self.discriminative(torch.cat((reconstruction, photo), dim=1))
        found = torch.softmax(logits, dim=1)[:, 1:]
        averaged = F.avg_pool2d(found, _POOLED, stride=1, padding=_POOLED // 2)
        return found[0, 0].numpy(), float(np.max(averaged.numpy()))


def _plain(network: Draem) -> Draem:
    """The network, in place, with torch's own convolutions."""
    for sequence in (module for module in network.modules() if isinstance(module, nn.Sequential)):
        for place, layer in enumerate(sequence):
            if isinstance(layer, Convolution):
                sequence[place] = nn.Conv2d(layer.in_channels, layer.out_channels, 3, padding=1)
                sequence[place].load_state_dict(layer.state_dict())
    return network


# --- losses ----------------------------------------------------------------------------------------------


class SquareWindowSsim:
    """1 − SSIM with an 11 × 11 Gaussian window, every mean a convolution of its own."""

    def __init__(self, channels: int) -> None:
        offsets = torch.arange(_WINDOW, dtype=torch.float32) - _WINDOW // 2
        line = torch.exp(-(offsets**2) / (2 * _SIGMA**2))
        line = line / line.sum()
        self._window = (line[:, None] @ line[None]).expand(channels, 1, _WINDOW, _WINDOW).contiguous()

    def loss(self, x: Tensor, y: Tensor) -> Tensor:
        mean_x, mean_y = self._blur(x), self._blur(y)
        variance_x = self._blur(x * x) - mean_x.pow(2)
        variance_y = self._blur(y * y) - mean_y.pow(2)
        covariance = self._blur(x * y) - mean_x * mean_y
        c1, c2 = 0.01**2, 0.03**2
        contrast = (2 * covariance + c2) / (variance_x + variance_y + c2)
        similarity = (2 * mean_x * mean_y + c1) / (mean_x.pow(2) + mean_y.pow(2) + c1) * contrast
        return 1 - similarity.mean()

    def _blur(self, images: Tensor) -> Tensor:
        return F.conv2d(images, self._window, padding=_WINDOW // 2, groups=len(self._window))


def focal(probabilities: Tensor, mask: Tensor) -> Tensor:
    """−(1 − p_t)^γ log p_t, p_t picked by a smoothed one-hot: (B, 2, H, W), (B, 1, H, W) → (B, 1, H, W)."""
    one_hot = torch.zeros_like(probabilities).scatter_(1, mask.long(), 1)
    one_hot = torch.clamp(one_hot, _SMOOTH, 1.0 - _SMOOTH)
    p_t = (one_hot * probabilities).sum(1, keepdim=True) + _SMOOTH
    return -torch.pow(1 - p_t, _GAMMA) * p_t.log()


# --- images one by one -----------------------------------------------------------------------------------


def perlin(size: tuple[int, int], cells: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Gradient noise (H, W), pixel by pixel from the four corners of its cell; cells divide the size."""
    step = size[0] // cells[0], size[1] // cells[1]
    angles = 2 * math.pi * rng.random((cells[0] + 1, cells[1] + 1))
    gradients = np.stack((np.cos(angles), np.sin(angles)), axis=-1)
    ys, xs = np.mgrid[: size[0], : size[1]]
    at = np.stack((ys / step[0] % 1, xs / step[1] % 1), axis=-1)

    def corner(down: int, right: int) -> np.ndarray:
        part = gradients[down : down + cells[0], right : right + cells[1]]
        spread = part.repeat(step[0], axis=0).repeat(step[1], axis=1)
        return (spread * (at - np.array([down, right]))).sum(-1)

    fade = 6 * at**5 - 15 * at**4 + 10 * at**3
    top = corner(0, 0) + fade[..., 1] * (corner(0, 1) - corner(0, 0))
    bottom = corner(1, 0) + fade[..., 1] * (corner(1, 1) - corner(1, 0))
    return math.sqrt(2) * (top + fade[..., 0] * (bottom - top))


def _read(file: Path) -> np.ndarray:
    """(S, S, 3) uint8."""
    return cv2.resize(cv2.imread(str(file), cv2.IMREAD_COLOR), (SIDE, SIDE))


def _turned(image: np.ndarray, angle_deg: float) -> np.ndarray:
    centre = ((image.shape[1] - 1) / 2, (image.shape[0] - 1) / 2)
    return cv2.warpAffine(
        image, cv2.getRotationMatrix2D(centre, angle_deg, 1.0), (image.shape[1], image.shape[0])
    )


def _channels_first(image: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(image.transpose(2, 0, 1))


def _clipped(image: np.ndarray) -> np.ndarray:
    return np.clip(image, 0, 255).astype(np.uint8)


def _shifted_hue(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    hsv = cv2.cvtColor(image, cv2.COLOR_RGB2HSV).astype(np.int32)
    hue, saturation = rng.integers(-50, 51, 2)
    hsv[..., 0] = (hsv[..., 0] + hue) % 180
    hsv[..., 1] = np.clip(hsv[..., 1] + saturation, 0, 255)
    return cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2RGB)


_CHANGES: Sequence[Callable[[np.ndarray, np.random.Generator], np.ndarray]] = (
    lambda x, rng: _clipped(255 * (x / 255) ** rng.uniform(0.5, 2.0, 3)),
    lambda x, rng: _clipped(x * rng.uniform(0.8, 1.2) + rng.uniform(-30, 30)),
    lambda x, rng: np.asarray(ImageEnhance.Sharpness(Image.fromarray(x)).enhance(rng.uniform(0, 2))),
    _shifted_hue,
    lambda x, rng: np.asarray(ImageOps.solarize(Image.fromarray(x), int(rng.integers(32, 128)))),
    lambda x, rng: np.asarray(ImageOps.posterize(Image.fromarray(x), int(rng.integers(1, 9)))),
    lambda x, rng: 255 - x,
    lambda x, rng: np.asarray(ImageOps.autocontrast(Image.fromarray(x), cutoff=rng.uniform(0, 20))),
    lambda x, rng: np.asarray(ImageOps.equalize(Image.fromarray(x))),
    lambda x, rng: _turned(x, rng.uniform(-45, 45)),
)
