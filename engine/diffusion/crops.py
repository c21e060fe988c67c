"""Which crops of support photos and good photos stage 1 sees."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from engine.data.crops import cut
from engine.diffusion.views import Crop
from engine.geometry import Box, Size, Window, crop_window

_SMALL_COMPONENT = 0.05  # of the largest one's area: specks of a painted mask, not anomalies of their own
_GROWTH = (0.05, 0.45)  # how much larger than the anomaly a box may be, as a part of the anomaly's side
_CONTEXT = (1.5, 2.8)  # side of a crop, as a multiple of its box's long side


@dataclass(frozen=True)
class Support:
    """A support photo: `image` (H, W, 3) uint8, `mask` (H, W) bool."""

    image: np.ndarray
    mask: np.ndarray


def whole_photo_crops(supports: list[Support], side: int) -> list[Crop]:
    """Every support photo and its mirror image, bicubic, at the backbone's size (paper profile)."""
    crops = []
    for support in supports:
        image = cv2.resize(support.image, (side, side), interpolation=cv2.INTER_CUBIC)
        mask = cv2.resize(support.mask.astype(np.uint8), (side, side), interpolation=cv2.INTER_NEAREST) > 0
        box = _filled_bounds(mask)
        crops += [Crop(image, mask, box), Crop(image[:, ::-1].copy(), mask[:, ::-1].copy(), box[:, ::-1].copy())]
    return crops


def anomaly_crops(supports: list[Support], count: int, side: int, rng: np.random.Generator) -> list[Crop]:
    """`count` views of the anomalies: other scales, positions, mirrored, each with a box drawn generously around it."""
    anomalies = [(support, box) for support in supports for box in anomaly_boxes(support.mask)]
    order = _balanced_order(supports, anomalies, count)
    return [_anomaly_crop(*anomalies[index], side, rng) for index in order]


def normal_crops(photos: Iterator[np.ndarray], boxes: list[Box], per_photo: int, side: int,
                 rng: np.random.Generator) -> list[Crop]:
    """Views of good photos, with a box of an anomaly's size at a random place on the part."""
    crops = []
    for photo in photos:
        size = Size(photo.shape[1], photo.shape[0])
        for _ in range(per_photo):
            box = _somewhere(boxes[rng.integers(len(boxes))], size, rng)
            crops.append(_normal_crop(photo, box, side, rng))
    return crops


def anomaly_boxes(mask: np.ndarray) -> list[Box]:
    """The bounding box of every anomaly in a mask (H, W) bool; parts closer than a quarter of their size are one."""
    ys, xs = np.nonzero(mask)
    reach = max(3, int(0.25 * min(np.ptp(ys) + 1, np.ptp(xs) + 1)))
    joined = cv2.dilate(mask.astype(np.uint8), np.ones((reach, reach), np.uint8))
    count, labels = cv2.connectedComponents(joined)
    parts = [mask & (labels == index) for index in range(1, count)]
    largest = max(part.sum() for part in parts)
    return [_bounds(part) for part in parts if part.sum() >= _SMALL_COMPONENT * largest]


def _balanced_order(supports: list[Support], anomalies: list, count: int) -> list[int]:
    """Indices into `anomalies` such that every support photo is seen equally often."""
    by_support = [[i for i, (owner, _) in enumerate(anomalies) if owner is support] for support in supports]
    by_support = [group for group in by_support if group]
    return [by_support[i % len(by_support)][i // len(by_support) % len(by_support[i % len(by_support)])]
            for i in range(count)]


def _anomaly_crop(support: Support, anomaly: Box, side: int, rng: np.random.Generator) -> Crop:
    box = _grown(anomaly, rng)
    window = _window_around(box, Size(support.image.shape[1], support.image.shape[0]), side, rng)
    drawn = _drawn(box, window)
    mask = support.mask[window.slices()] & drawn
    return _turned(_at_side(support.image, mask, drawn, window, side), rng)


def _normal_crop(photo: np.ndarray, box: Box, side: int, rng: np.random.Generator) -> Crop:
    window = _window_around(box, Size(photo.shape[1], photo.shape[0]), side, rng)
    drawn = _drawn(box, window)
    return _turned(_at_side(photo, np.zeros_like(drawn), drawn, window, side), rng)


def _at_side(image: np.ndarray, mask: np.ndarray, box: np.ndarray, window: Window, side: int) -> Crop:
    whole = Window(0, 0, window.width, window.height)
    small = [cut(channel.astype(np.uint8) * 255, whole, side) > 16 for channel in (mask, box)]
    return Crop(cut(image, window, side), small[0] & small[1], small[1])


def _grown(anomaly: Box, rng: np.random.Generator) -> Box:
    """The anomaly's box with a margin of its own on each side: a user's box is never exact."""
    left, top, right, bottom = anomaly.bounds()
    margins = rng.uniform(*_GROWTH, 4) * np.array([anomaly.width, anomaly.height] * 2)
    margins = np.maximum(margins, 0.06 * anomaly.long_side)
    return Box.from_bounds(left - margins[0], top - margins[1], right + margins[2], bottom + margins[3])


def _window_around(box: Box, photo: Size, native: int, rng: np.random.Generator) -> Window:
    """A window that holds the box, of random scale, the box not always in its middle."""
    centred = crop_window(box, photo, native, float(rng.uniform(*_CONTEXT)))
    slack_x, slack_y = (centred.width - box.width) / 2, (centred.height - box.height) / 2
    dx, dy = rng.uniform(-0.5, 0.5, 2) * (max(slack_x, 0), max(slack_y, 0))
    left = int(np.clip(centred.left + dx, 0, photo.width - centred.width))
    top = int(np.clip(centred.top + dy, 0, photo.height - centred.height))
    return Window(left, top, centred.width, centred.height)


def _somewhere(box: Box, photo: Size, rng: np.random.Generator) -> Box:
    """The same box, perhaps turned by 90° and a little smaller or larger, at a random place of the photo."""
    factor = float(rng.uniform(0.7, 1.3))
    width, height = (box.height, box.width) if rng.random() < 0.3 else (box.width, box.height)
    width, height = min(width * factor, photo.width * 0.9), min(height * factor, photo.height * 0.9)
    return Box(
        center_x=float(rng.uniform(width / 2, photo.width - width / 2)),
        center_y=float(rng.uniform(height / 2, photo.height - height / 2)),
        width=width,
        height=height,
    )


def _drawn(box: Box, window: Window) -> np.ndarray:
    """(h, w) bool: the axis-aligned box inside the window, at least one pixel."""
    left, top, right, bottom = box.bounds()
    drawn = np.zeros((window.height, window.width), bool)
    x0, y0 = (int(np.clip(v, 0, limit - 1)) for v, limit in
              ((left - window.left, window.width), (top - window.top, window.height)))
    x1, y1 = int(np.ceil(right - window.left)), int(np.ceil(bottom - window.top))
    drawn[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)] = True
    return drawn


def _turned(crop: Crop, rng: np.random.Generator) -> Crop:
    """Mirrored left-right and up-down, each every other time."""
    flips = tuple(axis for axis in (0, 1) if rng.random() < 0.5)
    return Crop(*(np.flip(array, flips).copy() for array in (crop.image, crop.mask, crop.box)))


def _bounds(mask: np.ndarray) -> Box:
    ys, xs = np.nonzero(mask)
    return Box.from_bounds(float(xs.min()), float(ys.min()), float(xs.max() + 1), float(ys.max() + 1))


def _filled_bounds(mask: np.ndarray) -> np.ndarray:
    filled = np.zeros_like(mask)
    ys, xs = np.nonzero(mask)
    if len(ys):
        filled[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1] = True
    return filled
