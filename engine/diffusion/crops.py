"""Which crops of support photos and good photos stage 1 sees."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from engine.box_ranges import REACH, SPECK
from engine.data.crops import cut
from engine.diffusion.compositing import inside_box
from engine.diffusion.views import Crop
from engine.geometry import Box, Size, Window, crop_window

_JOINING_SIDE = 1024  # of the reduced mask on which parts are joined
_GROWTH = (
    0.05,
    0.45,
)  # how much larger than the anomaly a box is on each side, as a part of the anomaly's side
_LEAST_GROWTH = 0.06  # of the long side: a thin crack's box is thin, but not as thin as the crack
_LEAST_GROWTH_PX = 2.0
_CONTEXT = (1.5, 2.8)  # side of a crop, as a multiple of its box's long side


@dataclass(frozen=True)
class Support:
    """A support photo: `image` (H, W, 3) uint8, `mask` (H, W) bool."""

    image: np.ndarray
    mask: np.ndarray


def whole_photo_crops(supports: Sequence[Support], side: int) -> list[Crop]:
    """Every support photo and its mirror image, bicubic, at the backbone's size (paper profile)."""
    crops = []
    for support in supports:
        image = cv2.resize(support.image, (side, side), interpolation=cv2.INTER_CUBIC)
        levels = cv2.resize(support.mask.astype(np.uint8), (side, side), interpolation=cv2.INTER_NEAREST)
        mask = levels > 0
        whole = Crop(image, mask, _filled_bounds(mask))
        crops += [whole, _flipped(whole, (1,))]
    return crops


def anomaly_crops(supports: Sequence[Support], count: int, side: int, rng: np.random.Generator) -> list[Crop]:
    """`count` views of the anomalies: other scales, positions, mirrored, with a box drawn generously around.

    Every support photo is seen equally often, and so is every anomaly of a photo.
    """
    anomalies = [[(support, box) for box in anomaly_boxes(support.mask)] for support in supports]
    order = _balanced_order([len(group) for group in anomalies], count)
    return [_anomaly_crop(*anomalies[photo][index], side, rng) for photo, index in order]


def normal_crops(photo: np.ndarray, boxes: Sequence[Box], side: int, rng: np.random.Generator) -> list[Crop]:
    """A view of a good photo (H, W, 3) uint8 for each of the boxes on it, mirrored at random."""
    return [_normal_crop(photo, box, side, rng) for box in boxes]


def anomaly_boxes(mask: np.ndarray) -> list[Box]:
    """The bounding box of every anomaly in a mask (H, W) bool, without specks; none in an empty mask.

    Parts closer to each other than a quarter of the largest one's size are one anomaly.
    """
    ys, xs = np.nonzero(mask)
    if not len(ys):
        return []
    factor = -(-max(mask.shape) // _JOINING_SIDE)
    owners = _joined_parts(_any_of_blocks(mask, factor))[ys // factor, xs // factor]
    areas = np.bincount(owners)
    kept = np.flatnonzero(areas >= SPECK * areas.max())
    return [_bounds(ys[owners == label], xs[owners == label]) for label in kept if areas[label]]


def _joined_parts(mask: np.ndarray) -> np.ndarray:
    """(h, w) uint8, 0 or 1 → the number of the anomaly that each set pixel belongs to, (h, w) int32."""
    _, _, statistics, _ = cv2.connectedComponentsWithStats(mask)
    parts = statistics[1:]
    largest = parts[parts[:, cv2.CC_STAT_AREA].argmax()]
    long_side = max(largest[cv2.CC_STAT_WIDTH], largest[cv2.CC_STAT_HEIGHT])
    reach = max(3, round(REACH * float(long_side))) | 1
    joined = cv2.dilate(mask, np.ones((reach, reach), np.uint8))
    return np.asarray(cv2.connectedComponents(joined)[1])


def _any_of_blocks(mask: np.ndarray, factor: int) -> np.ndarray:
    """(H, W) bool → (⌈H/f⌉, ⌈W/f⌉) uint8: 1 where any pixel of the block is set."""
    height, width = mask.shape
    padded = np.pad(mask, ((0, -height % factor), (0, -width % factor)))
    blocks = padded.reshape(padded.shape[0] // factor, factor, padded.shape[1] // factor, factor)
    return np.any(blocks, axis=(1, 3)).astype(np.uint8)


def _balanced_order(counts: Sequence[int], total: int) -> list[tuple[int, int]]:
    """`total` pairs (photo, anomaly on it): the photos in turn, and on each photo its anomalies in turn."""
    photos = [photo for photo, count in enumerate(counts) if count]
    turns = ((photos[i % len(photos)], i // len(photos)) for i in range(total))
    return [(photo, turn % counts[photo]) for photo, turn in turns]


def _anomaly_crop(support: Support, anomaly: Box, side: int, rng: np.random.Generator) -> Crop:
    size = Size(support.image.shape[1], support.image.shape[0])
    box = _grown(anomaly, size, rng)
    window = _window_around(box, size, side, rng)
    drawn = inside_box(box, window)
    mask = support.mask[window.slices()] & drawn
    return _turned(_at_side(support.image, mask, drawn, window, side), rng)


def _normal_crop(photo: np.ndarray, box: Box, side: int, rng: np.random.Generator) -> Crop:
    window = _window_around(box, Size(photo.shape[1], photo.shape[0]), side, rng)
    drawn = inside_box(box, window)
    return _turned(_at_side(photo, np.zeros_like(drawn), drawn, window, side), rng)


def _grown(anomaly: Box, photo: Size, rng: np.random.Generator) -> Box:
    """The anomaly's box with a margin of its own on each side, within the photo: a user's is never exact."""
    left, top, right, bottom = anomaly.bounds()
    margins = rng.uniform(*_GROWTH, 4) * np.array([anomaly.width, anomaly.height] * 2)
    margins = np.maximum(margins, max(_LEAST_GROWTH * anomaly.long_side, _LEAST_GROWTH_PX))
    return Box.from_bounds(
        max(0.0, left - margins[0]),
        max(0.0, top - margins[1]),
        min(float(photo.width), right + margins[2]),
        min(float(photo.height), bottom + margins[3]),
    )


def _window_around(box: Box, photo: Size, native: int, rng: np.random.Generator) -> Window:
    """A window of random scale that holds the box, the box not always in its middle."""
    centred = crop_window(box, photo, native, float(rng.uniform(*_CONTEXT)))
    left, top, right, bottom = box.bounds()
    shift_x, shift_y = rng.uniform(-0.5, 0.5, 2)
    x = _shifted(centred.left, centred.width, left, right, photo.width, shift_x)
    y = _shifted(centred.top, centred.height, top, bottom, photo.height, shift_y)
    return Window(x, y, centred.width, centred.height)


def _shifted(start: int, length: int, low: float, high: float, limit: int, shift: float) -> int:
    """Where a window begins that is moved by `shift` × its room around [low, high] and still holds it."""
    moved = start + shift * max(0.0, length - (high - low)) / 2
    first, last = max(0, int(np.ceil(high)) - length), min(limit - length, int(np.floor(low)))
    return int(np.clip(round(moved), first, last)) if first <= last else start


def _at_side(image: np.ndarray, mask: np.ndarray, box: np.ndarray, window: Window, side: int) -> Crop:
    drawn = _mask_at_side(box, side)
    return Crop(cut(image, window, side), _mask_at_side(mask, side) & drawn, drawn)


def _mask_at_side(mask: np.ndarray, side: int) -> np.ndarray:
    """(h, w) bool → (side, side) bool. In a smaller copy every pixel counts: no thin crack is averaged away."""
    height, width = mask.shape
    levels = cut(mask.astype(np.float32), Window(0, 0, width, height), side)
    return levels > 0 if max(height, width) > side else levels > 0.5


def _turned(crop: Crop, rng: np.random.Generator) -> Crop:
    """Mirrored up-down and left-right, each every other time."""
    return _flipped(crop, tuple(axis for axis in (0, 1) if rng.random() < 0.5))


def _flipped(crop: Crop, axes: tuple[int, ...]) -> Crop:
    return Crop(*(np.flip(array, axes).copy() for array in (crop.image, crop.mask, crop.box)))


def _bounds(ys: np.ndarray, xs: np.ndarray) -> Box:
    return Box.from_bounds(float(xs.min()), float(ys.min()), float(xs.max() + 1), float(ys.max() + 1))


def _filled_bounds(mask: np.ndarray) -> np.ndarray:
    """The smallest rectangle that holds the mask, filled; nothing for an empty one."""
    filled = np.zeros_like(mask)
    ys, xs = np.nonzero(mask)
    if len(ys):
        filled[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1] = True
    return filled
