"""Boxes: checking those that a person drew, and placing others where the anomaly could occur.

Sizes are relative to the photo's long side, so that they mean the same on photos of any resolution.
"""

import math
from collections.abc import Sequence

import cv2
import msgspec
import numpy as np

from engine.diffusion.crops import anomaly_boxes
from engine.diffusion.embedding import SizeRange
from engine.diffusion.foreground import Foreground, find_foreground, size_of
from engine.errors import EngineError
from engine.geometry import Box, Size

DEFAULT_SIZE_RANGE = SizeRange(width=(0.10, 0.25), height=(0.10, 0.25))

_ON_FOREGROUND = 0.75  # of a box, at least (AnoGen)
_MARGIN = 1.2  # a box is that much larger than the anomaly in it: stage 1 sees margins of 5 to 45 % a side
_THINNEST = 0.25  # short / long side: a crack in a thinner box would be a fraction of a latent wide
_SPREAD = 1.05  # ranges reach that much beyond what was measured
_ELONGATED = 1.8  # long / short side from which an anomaly has a direction
_ONE_DIRECTION_DEG = 25.0  # anomalies that differ less have one
_ANY_DIRECTION = (-90.0, 90.0)
_UPRIGHT = (0.0, 0.0)
_TRIES, _ROUNDS, _SHRINK = 64, 8, 0.87
_LARGEST = 0.9  # of the photo's sides
_SMALLEST_PX, _NARROWEST_PX = 8.0, 4.0  # of a box that is placed, on any photo and on a narrow one
_GRID = 9  # points a side at which a box is looked up on the foreground
_THINNEST_PX = 2.0  # a thinner box may lie between the centres of all pixels


def check_boxes(boxes: Sequence[Box], size: Size, photo: str) -> None:
    """Can anything be generated in these boxes?

    Raises:
        EngineError: a box has no area, lies outside the photo or is larger than it, which is named.
    """
    for box in boxes:
        problem = _problem(box, size)
        if problem:
            raise EngineError(
                f"The box at ({box.center_x:.0f}, {box.center_y:.0f}) on {photo}, "
                f"{box.width:.0f}×{box.height:.0f} pixels, {problem}.",
                f"Draw it inside the photo, which is {size.width}×{size.height} pixels.",
            )


def size_range_from_masks(masks: Sequence[np.ndarray]) -> SizeRange:
    """How large the boxes of an anomaly should be, and how they may be turned, from the supports' masks.

    Args:
        masks: (H, W) bool each, true on the anomaly. Parts that are close to each other count as one anomaly.
    Returns:
        The range for boxes, a margin included; `DEFAULT_SIZE_RANGE` where there is no anomaly in any mask.
    """
    shapes = [shape for mask in masks if mask.any() for shape in _shapes(mask)]
    if not shapes:
        return DEFAULT_SIZE_RANGE
    widths, heights, _ = zip(*shapes, strict=True)
    return SizeRange(width=_limits(widths), height=_limits(heights), angle_deg=_angle_limits(shapes))


def place_boxes(
    photo: np.ndarray, count: int, size_range: SizeRange | None, rng: np.random.Generator
) -> tuple[Box, ...]:
    """`count` boxes, more than 75 % of each on the part, apart from each other where there is room.

    Where no try succeeds the boxes become smaller; after the last round the best one found is taken.

    Args:
        photo: (H, W, 3) uint8.   size_range: from an embedding; None: the default one.
    """
    foreground, size = find_foreground(photo), size_of(photo)
    limits = size_range or DEFAULT_SIZE_RANGE
    boxes: list[Box] = []
    for _ in range(count):
        boxes.append(_place_one(foreground, size, limits, boxes, rng))
    return tuple(boxes)


def shared_area(first: Box, second: Box) -> float:
    """Square pixels that two rotated boxes share."""
    kind, corners = cv2.rotatedRectangleIntersection(_rectangle(first), _rectangle(second))
    if kind == cv2.INTERSECT_NONE or corners is None:
        return 0.0
    return float(cv2.contourArea(cv2.convexHull(corners)))


def _problem(box: Box, size: Size) -> str:
    if not all(math.isfinite(v) for v in (box.center_x, box.center_y, box.width, box.height, box.angle_deg)):
        return "is not made of finite numbers"
    if box.width <= 0 or box.height <= 0:
        return "has no area"
    if box.width < _THINNEST_PX or box.height < _THINNEST_PX:
        return f"is thinner than {_THINNEST_PX:.0f} pixels"
    left, top, right, bottom = box.bounds()
    if right - left > size.width + 1 or bottom - top > size.height + 1:
        return "is larger than the photo"
    whole = Box.from_bounds(0, 0, size.width, size.height)
    return "" if shared_area(box, whole) >= _THINNEST_PX**2 else "lies outside the photo"


def _shapes(mask: np.ndarray) -> list[tuple[float, float, float]]:
    """Width, height (relative to the photo's long side) and angle of every anomaly, long along its width."""
    side = max(mask.shape)
    shapes = []
    for box in anomaly_boxes(mask):
        left, top, right, bottom = (round(v) for v in box.bounds())
        ys, xs = np.nonzero(mask[top:bottom, left:right])
        (_, (width, height), angle) = cv2.minAreaRect(np.stack([xs, ys], axis=1).astype(np.float32))
        long, short = max(width, height) + 1, min(width, height) + 1
        if long < _ELONGATED * short:
            shapes.append((box.width / side, box.height / side, 0.0))
        else:
            short = max(short, _THINNEST * long)
            shapes.append((long / side, short / side, _axial(angle if width >= height else angle + 90)))
    return shapes


def _limits(values: Sequence[float]) -> tuple[float, float]:
    """Where boxes for anomalies of these sizes begin and end; never beyond the photo."""
    low, high = min(values) * _MARGIN / _SPREAD, max(values) * _MARGIN * _SPREAD
    return round(min(low, _LARGEST), 4), round(min(high, _LARGEST), 4)


def _angle_limits(shapes: Sequence[tuple[float, float, float]]) -> tuple[float, float]:
    """All directions, unless the elongated anomalies agree on one; upright where none is elongated."""
    directed = [angle for (width, height, angle) in shapes if width >= _ELONGATED * height]
    if not directed:
        return _UPRIGHT
    doubled = np.radians(2 * np.array(directed))
    middle = math.degrees(math.atan2(np.sin(doubled).mean(), np.cos(doubled).mean())) / 2
    away = max(abs(_axial(angle - middle)) for angle in directed)
    if len(directed) < len(shapes) or away > _ONE_DIRECTION_DEG:
        return _ANY_DIRECTION
    return round(middle - away - 5, 1), round(middle + away + 5, 1)


def _axial(angle_deg: float) -> float:
    """The same axis as an angle in [−90, 90)."""
    return (angle_deg + 90) % 180 - 90


def _place_one(
    foreground: Foreground, size: Size, limits: SizeRange, others: Sequence[Box], rng: np.random.Generator
) -> Box:
    best, best_share, factor = None, -1.0, 1.0
    for _ in range(_ROUNDS):
        candidates = _draw(foreground, size, limits, factor, rng)
        shares = foreground.share(np.stack([_points_in(box) for box in candidates]))
        for box, share in zip(candidates, shares, strict=True):
            value = float(share) - any(shared_area(box, other) > 0 for other in others)
            if value > _ON_FOREGROUND:
                return box
            if value > best_share:
                best, best_share = box, value
        factor *= _SHRINK
    return best if best is not None else candidates[0]


def _draw(
    foreground: Foreground, size: Size, limits: SizeRange, factor: float, rng: np.random.Generator
) -> list[Box]:
    """Boxes of random size and angle, their centres on the part, none too thin to hold an anomaly."""
    side = factor * max(size.width, size.height)
    widths, heights, angles = (
        rng.uniform(min(pair), max(pair), _TRIES) for pair in (limits.width, limits.height, limits.angle_deg)
    )
    points = foreground.random_points(_TRIES, rng)
    boxes = []
    for (x, y), width, height, angle in zip(points, widths, heights, angles, strict=True):
        box = Box(
            center_x=float(x),
            center_y=float(y),
            width=max(_SMALLEST_PX, float(max(width, _THINNEST * height)) * side),
            height=max(_SMALLEST_PX, float(max(height, _THINNEST * width)) * side),
            angle_deg=float(angle),
        )
        boxes.append(_shifted_inside(_rounded(_fitted(box, size)), size))
    return boxes


def _fitted(box: Box, size: Size) -> Box:
    """The same box, small enough for the photo (but for a pixel on the narrowest)."""
    left, top, right, bottom = box.bounds()
    factor = min(1.0, _LARGEST * size.width / (right - left), _LARGEST * size.height / (bottom - top))
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


def _points_in(box: Box) -> np.ndarray:
    """A grid of points inside the box, (81, 2) as x, y."""
    steps = (np.arange(_GRID) + 0.5) / _GRID - 0.5
    u, v = np.meshgrid(steps * box.width, steps * box.height)
    cos, sin = math.cos(math.radians(box.angle_deg)), math.sin(math.radians(box.angle_deg))
    return np.stack([box.center_x + u * cos - v * sin, box.center_y + u * sin + v * cos], axis=-1).reshape(
        -1, 2
    )


def _rectangle(box: Box) -> tuple[tuple[float, float], tuple[float, float], float]:
    return (box.center_x, box.center_y), (box.width, box.height), box.angle_deg
