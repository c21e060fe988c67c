"""How boxes for anomalies should be, from the anomalies' own shapes. Pure Python: the window imports this too."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from engine.geometry import DEFAULT_BOX_RANGE, ON_PART, Box, BoxRange

LARGEST = 0.9  # of the photo's sides
THINNEST = 0.25  # short / long side: a crack in a thinner box would be a fraction of a latent wide
_FINEST = 0.03  # of the photo's long side: pieces of hair-thin anomalies are at least so thick
ELONGATED = 1.8  # long / short side from which an anomaly has a direction
SPECK = 0.05  # of the largest anomaly's area: specks of a painted mask, not anomalies of their own
REACH = 0.25  # of the largest part's long side: parts that are closer to each other are one anomaly

_MARGIN = 1.2  # a box is that much larger than the anomaly in it: stage 1 sees margins of 5 to 45 % a side
_SPREAD = 1.05  # sizes reach that much beyond what was measured
_ONE_DIRECTION_DEG = 25.0  # anomalies that differ less have one
_ANY_DIRECTION = (-90.0, 90.0)
_UPRIGHT = (0.0, 0.0)


class Shape(NamedTuple):
    """What is drawn of an anomaly at once: width and height relative to the photo's long side.

    One with a direction is long along its width.
    """

    width: float
    height: float
    angle_deg: float = 0.0


def shape_of(upright: tuple[float, float], fitted: tuple[float, float, float], long_side: float) -> Shape:
    """The shape of an anomaly; of a long and thin one that of a piece, which is drawn close up; all lengths in pixels.

    Args:
        upright: width and height of its bounds.
        fitted: width, height and angle of the smallest turned rectangle around it; used where it is elongated.
        long_side: of the photo.
    """
    width, height, angle = fitted
    long, short = max(width, height), min(width, height)
    if long < ELONGATED * short:
        return Shape(upright[0] / long_side, upright[1] / long_side)
    turned = axial(angle if width >= height else angle + 90)
    thick = max(short, min(_FINEST * long_side, THINNEST * long))
    return Shape(min(long, thick / THINNEST) / long_side, thick / long_side, turned)


def range_of_shapes(
    shapes: Sequence[Shape], depth: tuple[float, float] | None = None, on_part: float = ON_PART
) -> BoxRange:
    """The range of boxes for anomalies of these shapes, a margin included; `DEFAULT_BOX_RANGE` where there is none."""
    if not shapes:
        return DEFAULT_BOX_RANGE
    return BoxRange(
        width=_limits([shape.width for shape in shapes]),
        height=_limits([shape.height for shape in shapes]),
        angle_deg=_angle_limits(shapes),
        depth=depth,
        on_part=on_part,
    )


def with_margin(anomaly: Box) -> Box:
    """The box that is placed for an anomaly in this one."""
    return msgspec.structs.replace(anomaly, width=_MARGIN * anomaly.width, height=_MARGIN * anomaly.height)


def axial(angle_deg: float) -> float:
    """The same axis as an angle in [−90, 90)."""
    return (angle_deg + 90) % 180 - 90


def _limits(values: Sequence[float]) -> tuple[float, float]:
    """Where boxes for anomalies of these sizes begin and end; never beyond the photo."""
    low, high = min(values) * _MARGIN / _SPREAD, max(values) * _MARGIN * _SPREAD
    return round(min(low, LARGEST), 4), round(min(high, LARGEST), 4)


def _angle_limits(shapes: Sequence[Shape]) -> tuple[float, float]:
    """All directions, unless the elongated anomalies agree on one; upright where none is elongated."""
    directed = [shape.angle_deg for shape in shapes if shape.width >= ELONGATED * shape.height]
    if not directed:
        return _UPRIGHT
    doubled = [math.radians(2 * angle) for angle in directed]
    middle = math.degrees(math.atan2(sum(map(math.sin, doubled)), sum(map(math.cos, doubled)))) / 2
    away = max(abs(axial(angle - middle)) for angle in directed)
    if len(directed) < len(shapes) or away > _ONE_DIRECTION_DEG:
        return _ANY_DIRECTION
    return round(middle - away - 5, 1), round(middle + away + 5, 1)
