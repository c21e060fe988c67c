"""Texture sources: where the pixels of a pasted anomaly come from."""

import math
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from engine.data.augmentation import augment
from engine.data.files import list_files
from engine.data.images import IMAGE_SUFFIXES, read_photo
from engine.data.patterns import draw_pattern, fractal_noise, log_uniform, stretched
from engine.errors import EngineError


class TextureSource(Protocol):
    """Where textures come from."""

    def draw(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Draw a texture, randomly augmented: (size, size, 3) uint8 RGB; the same one for the same `rng`."""


class ProceduralTextures:
    """Textures of random patterns and colours; needs no files."""

    def draw(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Draw a texture: (size, size, 3) uint8 RGB; one in three is a mixture of two."""
        texture = _draw_layer(rng, size)
        if rng.random() < 1 / 3:
            texture = _mixed(rng, texture, _draw_layer(rng, size))
        return augment(rng, texture)


class TextureFolder:
    """Textures cut from the images in a folder and below it, such as DTD's `images`.

    Raises:
        EngineError: no such folder, or no image in it.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_dir():
            raise EngineError(f"There is no folder {path}.", "Check where the textures are.")
        self._files = [file for file in list_files(path) if file.suffix.lower() in IMAGE_SUFFIXES]
        if not self._files:
            raise EngineError(
                f"The folder {path} holds no textures.",
                "Give a folder of images (PNG, JPEG …), or leave it out to use procedural textures.",
            )

    def __len__(self) -> int:
        return len(self._files)

    def draw(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Draw a texture: the largest square of a random image, at a random place, at `size`.

        Raises:
            EngineError: the image cannot be read; it is named.
        """
        image = read_photo(self._files[rng.integers(len(self._files))])
        height, width = image.shape[:2]
        side = min(height, width)
        top, left = rng.integers(height - side + 1), rng.integers(width - side + 1)
        square = image[top : top + side, left : left + side]
        interpolation = cv2.INTER_AREA if side > size else cv2.INTER_CUBIC
        return augment(rng, cv2.resize(square, (size, size), interpolation=interpolation))


# --- procedural textures ---------------------------------------------------------------------------------


def _draw_layer(rng: np.random.Generator, size: int) -> np.ndarray:
    """A pattern in colours, often in relief or grainy: (size, size, 3) uint8."""
    pattern = draw_pattern(rng, size)
    light = np.ones((size, size), np.float32)
    if rng.random() < 0.4:
        light += _relief(rng, pattern)
    if rng.random() < 0.5:
        light += np.float32(rng.uniform(0.02, 0.15)) * rng.standard_normal((size, size), dtype=np.float32)
    colours = _colour_table(rng)[np.rint(pattern * 255).astype(np.uint8)]
    return np.clip(colours * light[..., None], 0, 255).astype(np.uint8)


def _mixed(rng: np.random.Generator, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Two textures: in patches, soft or sharp, or one shining through the other."""
    share = stretched(fractal_noise(rng, len(first)))[..., None]
    if rng.random() < 0.6:
        share = np.clip((share - np.float32(0.5)) * np.float32(log_uniform(rng, 2, 50)) + 0.5, 0, 1)
    return np.rint(first + share * (second.astype(np.float32) - first)).astype(np.uint8)


def _relief(rng: np.random.Generator, height: np.ndarray) -> np.ndarray:
    """How much brighter light from one side makes a surface of this height: about -0.5..0.5."""
    smooth = cv2.GaussianBlur(height, (0, 0), 1.2)
    angle = rng.uniform(0, 2 * math.pi)
    slope_y, slope_x = np.gradient(smooth)
    slope = math.cos(angle) * slope_x + math.sin(angle) * slope_y
    return np.tanh(slope * np.float32(rng.uniform(2, 12))) * np.float32(0.5)


def _colour_table(rng: np.random.Generator) -> np.ndarray:
    """A colour for each level, from two to five random ones, running or in steps: (256, 3) float32 in 0..255."""
    stops = _palette(rng, int(rng.integers(2, 6)))
    position = np.linspace(0, len(stops) - 1, 256)
    if rng.random() < 0.25:
        position = np.rint(position)
    channels = [np.interp(position, np.arange(len(stops)), stops[:, c]) for c in range(3)]
    return np.stack(channels, axis=-1).astype(np.float32)


def _palette(rng: np.random.Generator, count: int) -> np.ndarray:
    """Colours that are nearly grey, shades of one hue, or of any hue: (count, 3) float32 in 0..255."""
    spread, saturation = ((360, 0.15), (25, 0.8), (360, 0.9))[rng.integers(3)]
    hue = (rng.uniform(0, 360) + rng.uniform(-spread / 2, spread / 2, count)) % 360
    colours = np.stack([hue, rng.uniform(0, saturation, count), rng.uniform(0.05, 1, count)], axis=-1)
    return 255 * cv2.cvtColor(colours.astype(np.float32)[None], cv2.COLOR_HSV2RGB)[0]
