"""What the support photos tell of boxes for their anomaly: how large, how turned, and where on the part.

Sizes and distances are relative to the photo's long side, so that they mean the same on photos of any resolution.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from engine.box_ranges import Shape, range_of_shapes, shape_of, with_margin
from engine.diffusion.crops import Support, anomaly_boxes
from engine.diffusion.foreground import find_foreground, points_in
from engine.geometry import DEFAULT_BOX_RANGE, ON_PART, Box, BoxRange

_DEPTH_SPREAD = 0.1  # of the part's greatest depth: depths reach that much beyond what was measured
_LEAST_ON_PART = 0.3
_ALMOST = 0.95  # of the share that the supports show


def box_range_from_supports(supports: Sequence[Support]) -> BoxRange:
    """How boxes of an anomaly should be: sizes and angles as in the masks, and as deep in the part.

    A crack that always starts at the rim is placed at the rim; where a surface fills the photos there is no rim.

    Returns:
        The range for boxes, a margin included; `DEFAULT_BOX_RANGE` where there is no anomaly in any mask.
    """
    shapes = [shape for support in supports if support.mask.any() for shape in _shapes(support.mask)]
    if not shapes:
        return DEFAULT_BOX_RANGE
    depth, on_part = _place(supports)
    return range_of_shapes(shapes, depth, on_part)


def _place(supports: Sequence[Support]) -> tuple[tuple[float, float] | None, float]:
    """How deep in the part the anomalies lie (None: it has no edge), and how much of their boxes is on it."""
    depths: list[float] = []
    shares: list[float] = []
    deepest = 0.0
    for support in supports:
        part = find_foreground(support.image).with_pixels(support.mask)
        if not part.has_edge:
            return None, ON_PART
        inwards = part.depths
        deepest = max(deepest, float(inwards.max()))
        for box in anomaly_boxes(support.mask):
            depths.append(_at(inwards, box.scaled(part.scale)))
            shares.append(float(part.share(points_in(with_margin(box)))))
    low, high = min(depths) - _DEPTH_SPREAD * deepest, max(depths) + _DEPTH_SPREAD * deepest
    on_part = min(ON_PART, max(_LEAST_ON_PART, _ALMOST * min(shares)))
    return (round(max(0.0, low), 4), round(high, 4)), round(on_part, 3)


def _at(depths: np.ndarray, box: Box) -> float:
    """The depth of a box's centre; beside the part, 0."""
    height, width = depths.shape
    return float(depths[min(int(box.center_y), height - 1), min(int(box.center_x), width - 1)])


def _shapes(mask: np.ndarray) -> list[Shape]:
    """Every anomaly of a mask (H, W) bool."""
    shapes = []
    for box in anomaly_boxes(mask):
        left, top, right, bottom = (round(v) for v in box.bounds())
        ys, xs = np.nonzero(mask[top:bottom, left:right])
        (_, (width, height), angle) = cv2.minAreaRect(np.stack([xs, ys], axis=1).astype(np.float32))
        shapes.append(shape_of((box.width, box.height), (width + 1, height + 1, angle), max(mask.shape)))
    return shapes
