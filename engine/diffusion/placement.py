"""Boxes that no person drew: placing them where the anomaly could occur.

Sizes are relative to the photo's long side, so that they mean the same on photos of any resolution.
"""

from collections.abc import Iterator, Sequence
from itertools import cycle

import cv2
import msgspec
import numpy as np

from engine.box_ranges import LARGEST, THINNEST
from engine.diffusion.foreground import Foreground, find_foreground, points_in, size_of
from engine.geometry import DEFAULT_BOX_RANGE, Box, BoxRange, Size

_TRIES, _ROUNDS, _SHRINK = 64, 8, 0.87
_NEAR = 0.04  # of the photo's long side: how far boxes lie from the place that they are to be near
_SMALLEST_PX, _NARROWEST_PX = 8.0, 4.0  # of a box that is placed, on any photo and on a narrow one


def place_boxes(
    photo: np.ndarray, count: int, box_range: BoxRange | None, rng: np.random.Generator
) -> tuple[Box, ...]:
    """All boxes of `place_one_by_one`."""
    return tuple(place_one_by_one(photo, count, box_range or DEFAULT_BOX_RANGE, rng))


def place_one_by_one(
    photo: np.ndarray,
    count: int,
    box_range: BoxRange,
    rng: np.random.Generator,
    others: Sequence[Box] = (),
    around: Sequence[tuple[float, float]] = (),
) -> Iterator[Box]:
    """`count` boxes on the part, where and as far as the range says, apart from each other where there is room.

    Where no try succeeds the boxes become smaller; after the last round the best one found is taken.

    Args:
        photo: (H, W, 3) uint8.
        others: boxes on the photo that the new ones keep apart from, too.
        around: places, x and y relative to the photo's sides, that the boxes lie near in turn: normally distributed
            on the part with a deviation of 4 % of its long side, and further away where there is no room. None:
            anywhere.
    """
    foreground, size = find_foreground(photo), size_of(photo)
    placed = list(others)
    centers = cycle([(x * size.width, y * size.height) for x, y in around] or [None])
    for _, center in zip(range(count), centers, strict=False):
        placed.append(_place_one(foreground, size, box_range, placed, rng, center))
        yield placed[-1]


def shared_area(first: Box, second: Box) -> float:
    """Square pixels that two rotated boxes share."""
    kind, corners = cv2.rotatedRectangleIntersection(_rectangle(first), _rectangle(second))
    if kind == cv2.INTERSECT_NONE or corners is None:
        return 0.0
    return float(cv2.contourArea(cv2.convexHull(corners)))


def _place_one(
    foreground: Foreground,
    size: Size,
    limits: BoxRange,
    others: Sequence[Box],
    rng: np.random.Generator,
    center: tuple[float, float] | None,
) -> Box:
    best, best_share, factor = None, -1.0, 1.0
    for _ in range(_ROUNDS):
        candidates = _draw(foreground, size, limits, factor, rng, center)
        shares = foreground.share(np.stack([points_in(box) for box in candidates]))
        for box, share in zip(candidates, shares, strict=True):
            is_apart = not any(shared_area(box, other) > 0 for other in others)
            if is_apart and share >= limits.on_part:
                return box
            value = float(share) - (not is_apart)
            if value > best_share:
                best, best_share = box, value
        factor *= _SHRINK
    return best if best is not None else candidates[0]


def _draw(
    foreground: Foreground,
    size: Size,
    limits: BoxRange,
    factor: float,
    rng: np.random.Generator,
    center: tuple[float, float] | None,
) -> list[Box]:
    """Boxes of random size and angle, their centres on the part, none too thin to hold an anomaly.

    The smaller the factor, the further they may lie from `center`.
    """
    side = factor * max(size.width, size.height)
    widths, heights, angles = (
        rng.uniform(min(pair), max(pair), _TRIES) for pair in (limits.width, limits.height, limits.angle_deg)
    )
    if center is None:
        points = foreground.random_points(_TRIES, rng, limits.depth)
    else:
        points = foreground.points_near(center, _NEAR * max(size.width, size.height) / factor**2, _TRIES, rng)
    boxes = []
    for (x, y), width, height, angle in zip(points, widths, heights, angles, strict=True):
        box = Box(
            center_x=float(x),
            center_y=float(y),
            width=max(_SMALLEST_PX, float(max(width, THINNEST * height)) * side),
            height=max(_SMALLEST_PX, float(max(height, THINNEST * width)) * side),
            angle_deg=float(angle),
        )
        boxes.append(_shifted_inside(_rounded(_fitted(box, size)), size))
    return boxes


def _fitted(box: Box, size: Size) -> Box:
    """The same box, small enough for the photo (but for a pixel on the narrowest)."""
    left, top, right, bottom = box.bounds()
    factor = min(1.0, LARGEST * size.width / (right - left), LARGEST * size.height / (bottom - top))
    width, height = (max(_NARROWEST_PX, side * factor) for side in (box.width, box.height))
    return msgspec.structs.replace(box, width=width, height=height)


def _shifted_inside(box: Box, size: Size) -> Box:
    left, top, right, bottom = box.bounds()
    dx = max(0.0, -left) - max(0.0, right - size.width)
    dy = max(0.0, -top) - max(0.0, bottom - size.height)
    return _rounded(box.moved(dx, dy))


def _rounded(box: Box) -> Box:
    """Tenths of a pixel and of a degree are enough, and read well."""
    values = (box.center_x, box.center_y, box.width, box.height, box.angle_deg)
    x, y, width, height, angle = (round(value, 1) for value in values)
    return Box(center_x=x, center_y=y, width=width, height=height, angle_deg=angle)


def _rectangle(box: Box) -> tuple[tuple[float, float], tuple[float, float], float]:
    return (box.center_x, box.center_y), (box.width, box.height), box.angle_deg
