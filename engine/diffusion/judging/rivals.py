"""Anomalies that are made without a backbone, as close-ups: what generated ones have to be better than."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from engine.data.images import read_photo
from engine.data.pasting import cut_paste, perlin_anomaly
from engine.data.textures import ProceduralTextures
from engine.diffusion.compositing import inside_box
from engine.diffusion.crops import Support
from engine.diffusion.foreground import find_foreground, size_of
from engine.diffusion.judging.close_ups import CloseUp, anomaly_close_up, close_up
from engine.geometry import Box, Window

Rival = Callable[[np.ndarray, np.random.Generator, np.ndarray], tuple[np.ndarray, np.ndarray]]
"""(photo (H, W, 3) uint8, rng, where it may be (H, W) bool) → the photo with an anomaly, and its mask."""

_TEXTURE_PX = 512


def draw_perlin(
    photo: np.ndarray, rng: np.random.Generator, inside: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """DRAEM's: a procedural texture where Perlin noise says."""
    texture = ProceduralTextures().draw(rng, _TEXTURE_PX)
    return perlin_anomaly(photo, texture, rng, inside=inside)


def draw_patch(
    photo: np.ndarray, rng: np.random.Generator, inside: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """CutPaste's patch of the photo itself."""
    return cut_paste(photo, rng, inside=inside)


def draw_on_parts(goods: Sequence[Path], rival: Rival, count: int, seed: int) -> Iterator[CloseUp]:
    """`count` close-ups, anywhere on the part of the good photos. Raises EngineError for an unreadable photo."""
    order = np.random.default_rng(seed).permutation(len(goods))
    for index in range(count):
        photo = read_photo(goods[order[index % len(goods)]])
        image, mask = rival(photo, np.random.default_rng([seed, index]), _part_of(photo))
        yield anomaly_close_up(Support(image, mask))


def draw_in_boxes(placements: Iterable[tuple[Path, Box]], rival: Rival, seed: int) -> Iterator[CloseUp]:
    """A close-up of each box on its good photo: what a rival draws where, and as large as, a sample is."""
    for index, (path, box) in enumerate(placements):
        photo = read_photo(path)
        size = size_of(photo)
        inside = inside_box(box, Window(0, 0, size.width, size.height))
        image, _ = rival(photo, np.random.default_rng([seed, index]), inside)
        yield close_up(image, box)


def _part_of(photo: np.ndarray) -> np.ndarray:
    """Where the part is, (H, W) bool."""
    reduced = find_foreground(photo).mask.astype(np.uint8)
    height, width = photo.shape[:2]
    return np.asarray(cv2.resize(reduced, (width, height), interpolation=cv2.INTER_NEAREST)) > 0
