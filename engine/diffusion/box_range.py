"""What the support photos tell of boxes for their anomaly: how large, how turned, and where on the part.

Sizes and distances are relative to the photo's long side, so that they mean the same on photos of any resolution.
"""

import math
from collections.abc import Sequence

import cv2
import msgspec
import numpy as np

from engine.diffusion.crops import Support, anomaly_boxes
from engine.diffusion.foreground import find_foreground, points_in
from engine.geometry import DEFAULT_BOX_RANGE, ON_PART, Box, BoxRange

LARGEST = 0.9  # of the photo's sides
THINNEST = 0.25  # short / long side: a crack in a thinner box would be a fraction of a latent wide

_MARGIN = 1.2  # a box is that much larger than the anomaly in it: stage 1 sees margins of 5 to 45 % a side
_SPREAD = 1.05  # sizes reach that much beyond what was measured
_ELONGATED = 1.8  # long / short side from which an anomaly has a direction
_ONE_DIRECTION_DEG = 25.0  # anomalies that differ less have one
_ANY_DIRECTION = (-90.0, 90.0)
_UPRIGHT = (0.0, 0.0)
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
    widths, heights, _ = zip(*shapes, strict=True)
    depth, on_part = _place(supports)
    return BoxRange(
        width=_limits(widths),
        height=_limits(heights),
        angle_deg=_angle_limits(shapes),
        depth=depth,
        on_part=on_part,
    )


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
            shares.append(float(part.share(points_in(_with_margin(box)))))
    low, high = min(depths) - _DEPTH_SPREAD * deepest, max(depths) + _DEPTH_SPREAD * deepest
    on_part = min(ON_PART, max(_LEAST_ON_PART, _ALMOST * min(shares)))
    return (round(max(0.0, low), 4), round(high, 4)), round(on_part, 3)


def _at(depths: np.ndarray, box: Box) -> float:
    """The depth of a box's centre; beside the part, 0."""
    height, width = depths.shape
    return float(depths[min(int(box.center_y), height - 1), min(int(box.center_x), width - 1)])


def _with_margin(box: Box) -> Box:
    return msgspec.structs.replace(box, width=_MARGIN * box.width, height=_MARGIN * box.height)


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
            short = max(short, THINNEST * long)
            shapes.append((long / side, short / side, _axial(angle if width >= height else angle + 90)))
    return shapes


def _limits(values: Sequence[float]) -> tuple[float, float]:
    """Where boxes for anomalies of these sizes begin and end; never beyond the photo."""
    low, high = min(values) * _MARGIN / _SPREAD, max(values) * _MARGIN * _SPREAD
    return round(min(low, LARGEST), 4), round(min(high, LARGEST), 4)


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
