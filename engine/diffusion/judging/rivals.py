"""Anomalies that are made without a backbone, as close-ups: what generated ones have to be better than."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from engine.data.images import read_photo
from engine.data.pasting import cut_paste, perlin_anomaly
from engine.data.textures import ProceduralTextures
from engine.diffusion.crops import Support
from engine.diffusion.foreground import find_foreground
from engine.diffusion.judging.close_ups import CloseUp, anomaly_close_up

Rival = Callable[[np.ndarray, np.random.Generator, np.ndarray], tuple[np.ndarray, np.ndarray]]
"""(photo (H, W, 3) uint8, rng, where the part is (H, W) bool) → the photo with an anomaly, and its mask."""

_TEXTURE_PX = 512


def perlin_on_part(
    photo: np.ndarray, rng: np.random.Generator, part: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """DRAEM's: a procedural texture where Perlin noise says."""
    texture = ProceduralTextures().draw(rng, _TEXTURE_PX)
    return perlin_anomaly(photo, texture, rng, inside=part)


def paste_on_part(
    photo: np.ndarray, rng: np.random.Generator, part: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """CutPaste's patch of the photo itself."""
    return cut_paste(photo, rng, inside=part)


def draw_rivals(goods: Sequence[Path], rival: Rival, count: int, seed: int) -> Iterator[CloseUp]:
    """`count` close-ups, on as many of the good photos as there are. Raises EngineError for an unreadable photo."""
    order = np.random.default_rng(seed).permutation(len(goods))
    for index in range(count):
        photo = read_photo(goods[order[index % len(goods)]])
        image, mask = rival(photo, np.random.default_rng([seed, index]), _part_of(photo))
        yield anomaly_close_up(Support(image, mask))


def _part_of(photo: np.ndarray) -> np.ndarray:
    """Where the part is, (H, W) bool."""
    reduced = find_foreground(photo).mask.astype(np.uint8)
    height, width = photo.shape[:2]
    return np.asarray(cv2.resize(reduced, (width, height), interpolation=cv2.INTER_NEAREST)) > 0
