"""The boxes that the embedded backbone learns to fill: drawn around a defect as a person would, never exact."""

import cv2
import numpy as np

ROTATED_SHARE = 0.25
GENEROUS_SHARE = 0.15
_GROWTH, _GENEROUS_GROWTH = (0.04, 0.45), (0.4, 1.2)
"""How much larger a box is than its defect on each side, as a part of the defect's side."""
_LEAST_MARGIN_PX = 2.0


def draw_box(mask: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A box, upright or rotated, that holds the defect with some room around it.

    Args:
        mask: (S, S) uint8, 1 on the defect, which is somewhere.
    Returns:
        (S, S) uint8, 1 inside the box.
    """
    if rng.random() < ROTATED_SHARE:
        return _rotated_box(mask, rng)
    xs, ys = (np.flatnonzero(mask.any(axis)) for axis in (0, 1))
    (left, right), (top, bottom) = (_grown(line[0], line[-1] + 1, rng) for line in (xs, ys))
    size = mask.shape[0]
    box = np.zeros_like(mask)
    box[max(0, round(top)) : min(size, round(bottom)), max(0, round(left)) : min(size, round(right))] = 1
    return box


def _grown(first: float, last: float, rng: np.random.Generator) -> tuple[float, float]:
    low, high = _GENEROUS_GROWTH if rng.random() < GENEROUS_SHARE else _GROWTH
    before, after = np.maximum(rng.uniform(low, high, 2) * (last - first), _LEAST_MARGIN_PX)
    return first - before, last + after


def _rotated_box(mask: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    points = cv2.findNonZero(mask)
    turned = float(rng.uniform(0, 180))
    rotation = cv2.getRotationMatrix2D((0.0, 0.0), turned, 1.0)[:, :2]
    aligned = points.reshape(-1, 2) @ rotation.T
    edges = [_grown(aligned[:, axis].min(), aligned[:, axis].max() + 1, rng) for axis in (0, 1)]
    corners = np.array([[edges[0][i], edges[1][j]] for i, j in ((0, 0), (1, 0), (1, 1), (0, 1))]) @ rotation
    box = np.zeros_like(mask)
    cv2.fillConvexPoly(box, np.rint(corners).astype(np.int32), 1)
    return box | mask
