"""The line around all that is above a level, found between the pixels of a map."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QPolygonF

# The sides of a cell between four pixel centres, clockwise from the top. A cell's case has bit 1 where the upper left
# pixel is above the level, 2 upper right, 4 lower right, 8 lower left; it tells which sides the line joins.
_TOP, _RIGHT, _BOTTOM, _LEFT = range(4)
_JOINED: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((_LEFT, _TOP),), 2: ((_TOP, _RIGHT),), 3: ((_LEFT, _RIGHT),), 4: ((_RIGHT, _BOTTOM),),
    5: ((_LEFT, _TOP), (_RIGHT, _BOTTOM)), 6: ((_TOP, _BOTTOM),), 7: ((_LEFT, _BOTTOM),),
    8: ((_BOTTOM, _LEFT),), 9: ((_BOTTOM, _TOP),), 10: ((_TOP, _RIGHT), (_BOTTOM, _LEFT)),
    11: ((_BOTTOM, _RIGHT),), 12: ((_RIGHT, _LEFT),), 13: ((_RIGHT, _TOP),), 14: ((_TOP, _LEFT),),
}  # fmt: skip


def contour(values: np.ndarray, level: float) -> tuple[QLineF, ...]:
    """Short lines, in pixels from the upper left corner of (H, W) `values`; pixels are points in their middle.

    Between them the values are taken to run straight, as they do in a picture that is enlarged smoothly. What lies
    beside the map is below the level, so that every line is closed.
    """
    inner = np.pad(values, 1, constant_values=min(0.0, level) - 1e-3)
    above = inner > level
    case = above[:-1, :-1] * 1 + above[:-1, 1:] * 2 + above[1:, 1:] * 4 + above[1:, :-1] * 8
    lines = []
    for number, sides in _JOINED.items():
        rows, columns = np.nonzero(case == number)
        for one, other in sides:
            ends = [
                *_crossing(inner, rows, columns, one, level),
                *_crossing(inner, rows, columns, other, level),
            ]
            lines.append(np.stack(ends, axis=1))
    height, width = values.shape
    found = (
        np.concatenate(lines) - 0.5
    )  # a pixel's middle is half a pixel from its corner; one was put before it
    return tuple(QLineF(*ends) for ends in found.clip(0, [width, height] * 2).tolist())


def joined(lines: Sequence[QLineF]) -> tuple[QPolygonF, ...]:
    """Lines that share ends as few long ones, which can be dashed; a closed one ends where it began."""
    ends = [((line.x1(), line.y1()), (line.x2(), line.y2())) for line in lines]
    at: defaultdict[tuple[float, float], list[int]] = defaultdict(list)
    for number, (start, end) in enumerate(ends):
        at[start].append(number)
        at[end].append(number)
    left = set(range(len(ends)))
    result = []
    for number, points in enumerate(ends):
        if number in left:
            left.remove(number)
            onward = _walked(points[1], ends, at, left)
            backward = _walked(points[0], ends, at, left)
            result.append(QPolygonF([QPointF(*each) for each in (*reversed(backward), *points, *onward)]))
    return tuple(result)


def _walked(
    here: tuple[float, float],
    ends: Sequence[tuple[tuple[float, float], tuple[float, float]]],
    at: dict[tuple[float, float], list[int]],
    left: set[int],
) -> list[tuple[float, float]]:
    """The points beyond `here` along lines that are `left`, which are taken."""
    points = []
    while (number := next((each for each in at[here] if each in left), None)) is not None:
        left.remove(number)
        start, end = ends[number]
        here = end if start == here else start
        points.append(here)
    return points


def _crossing(
    values: np.ndarray, rows: np.ndarray, columns: np.ndarray, side: int, level: float
) -> tuple[np.ndarray, np.ndarray]:
    """x and y where the line crosses this side of the cells, in pixel centres of `values`."""
    if side in (_TOP, _BOTTOM):
        down = rows + (side == _BOTTOM)
        return columns + _share(values[down, columns], values[down, columns + 1], level), down.astype(float)
    across = columns + (side == _RIGHT)
    return across.astype(float), rows + _share(values[rows, across], values[rows + 1, across], level)


def _share(start: np.ndarray, end: np.ndarray, level: float) -> np.ndarray:
    """How far from `start` to `end` the level is passed, 0 … 1."""
    return (level - start) / (end - start)
