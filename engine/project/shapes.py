"""Where the anomalies of a mask lie, how large they are, and how they are turned."""

import itertools
import math
from collections.abc import Sequence

import numpy as np

from engine.box_ranges import REACH, SPECK, Shape, shape_of
from engine.geometry import Box
from engine.project.instances import Instance, split_instances

_DIRECTIONS = 90  # that are tried for the smallest turned rectangle


def find_anomalies(mask: np.ndarray) -> tuple[Box, ...]:
    """The smallest turned rectangle around every anomaly of a mask, (H, W) bool, in pixels; long along its width.

    Parts closer to each other than a quarter of the largest one's long side are one anomaly; specks are left out.
    """
    parts = split_instances(mask)
    if not parts:
        return ()
    groups = _joined(parts)
    least = SPECK * max(sum(part.area for part in group) for group in groups)
    return tuple(_fitted(group) for group in groups if sum(part.area for part in group) >= least)


def shape_of_anomaly(box: Box, long_side: float) -> Shape:
    """The shape of an anomaly in its smallest turned rectangle, on a photo of this long side in pixels."""
    left, top, right, bottom = box.bounds()
    return shape_of((right - left, bottom - top), (box.width, box.height, box.angle_deg), long_side)


def _joined(parts: Sequence[Instance]) -> list[list[Instance]]:
    """Parts in groups of those that are near each other."""
    reach = REACH * max(max(part.window.width, part.window.height) for part in parts)
    groups: list[list[Instance]] = []
    for part in parts:
        is_near = [any(_distance(part, other) < reach for other in group) for group in groups]
        joined = itertools.chain.from_iterable(itertools.compress(groups, is_near))
        apart = [group for group, near in zip(groups, is_near, strict=True) if not near]
        groups = [*apart, [part, *joined]]
    return groups


def _distance(first: Instance, second: Instance) -> float:
    """Between the bounds of two parts, in pixels; 0 where they meet."""
    a, b = first.window, second.window
    dx = max(a.left - b.right, b.left - a.right, 0)
    dy = max(a.top - b.bottom, b.top - a.bottom, 0)
    return math.hypot(dx, dy)


def _fitted(parts: Sequence[Instance]) -> Box:
    points = np.concatenate([_outline(part) for part in parts])
    angles = np.arange(_DIRECTIONS) * np.pi / (2 * _DIRECTIONS)
    along = points @ np.stack([np.cos(angles), np.sin(angles)])
    across = points @ np.stack([-np.sin(angles), np.cos(angles)])
    widths, heights = np.ptp(along, axis=0), np.ptp(across, axis=0)
    best = int(np.argmin(widths * heights))
    u, v = (float(axis[:, best].min() + axis[:, best].max()) / 2 for axis in (along, across))
    cos, sin = float(np.cos(angles[best])), float(np.sin(angles[best]))
    width, height, angle = float(widths[best]), float(heights[best]), float(np.degrees(angles[best]))
    if height > width:
        width, height, angle = height, width, angle - 90
    return Box(
        center_x=u * cos - v * sin, center_y=u * sin + v * cos, width=width, height=height, angle_deg=angle
    )


def _outline(part: Instance) -> np.ndarray:
    """Points with the same convex hull as a part's pixels, (N, 2) as x, y: the ends of each row, its corners."""
    rows = np.flatnonzero(part.mask.any(axis=1))
    first = part.mask[rows].argmax(axis=1)
    last = part.mask.shape[1] - part.mask[rows, ::-1].argmax(axis=1)
    ends = [np.stack([columns, rows + down], axis=1) for columns in (first, last) for down in (0, 1)]
    return np.concatenate(ends) + np.array([part.window.left, part.window.top], float)
