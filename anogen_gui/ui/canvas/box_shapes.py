"""How pulling at a box changes it. Pure geometry in photo pixels."""

import math
from collections.abc import Iterable
from typing import Literal

import msgspec

from engine.errors import EngineError
from engine.geometry import Box, Size, check_boxes

Handle = Literal["top_left", "top", "top_right", "right", "bottom_right", "bottom", "bottom_left", "left"]

DIRECTIONS: dict[Handle, tuple[int, int]] = {
    "top_left": (-1, -1),
    "top": (0, -1),
    "top_right": (1, -1),
    "right": (1, 0),
    "bottom_right": (1, 1),
    "bottom": (0, 1),
    "bottom_left": (-1, 1),
    "left": (-1, 0),
}
LEAST_SIDE = 2.0
ANGLE_STEP_DEG = 15.0

_INSET = math.sqrt(2.0)  # a box whose centre lies that deep in the photo has enough of its area on it


def to_axes(box: Box, x: float, y: float) -> tuple[float, float]:
    """A point of the photo in the box's own axes: from its centre, along its width and its height."""
    cos, sin = math.cos(math.radians(box.angle_deg)), math.sin(math.radians(box.angle_deg))
    dx, dy = x - box.center_x, y - box.center_y
    return dx * cos + dy * sin, dy * cos - dx * sin


def from_axes(box: Box, along: float, across: float) -> tuple[float, float]:
    """The point of the photo at these coordinates in the box's own axes."""
    cos, sin = math.cos(math.radians(box.angle_deg)), math.sin(math.radians(box.angle_deg))
    return box.center_x + along * cos - across * sin, box.center_y + along * sin + across * cos


def handle_point(box: Box, handle: Handle) -> tuple[float, float]:
    """Where on the photo the corner or the middle of the side lies."""
    along, across = DIRECTIONS[handle]
    return from_axes(box, along * box.width / 2, across * box.height / 2)


def handle_angle(box: Box, handle: Handle) -> float:
    """The direction in degrees, clockwise from the right, in which a handle enlarges its box."""
    along, across = DIRECTIONS[handle]
    return math.degrees(math.atan2(across, along)) + box.angle_deg


def contains(box: Box, x: float, y: float) -> bool:
    along, across = to_axes(box, x, y)
    return abs(along) <= box.width / 2 and abs(across) <= box.height / 2


def resized(
    box: Box, handle: Handle, x: float, y: float, keeps_ratio: bool = False, from_center: bool = False
) -> Box:
    """The box with its handle pulled to a point; what lies opposite of the handle stays, or the centre does.

    A side does not get shorter than 2 pixels, and is not turned inside out. With `keeps_ratio` both sides grow alike.
    """
    toward_x, toward_y = DIRECTIONS[handle]
    along, across = to_axes(box, x, y)
    width = _pulled(box.width, toward_x * along, from_center) if toward_x else box.width
    height = _pulled(box.height, toward_y * across, from_center) if toward_y else box.height
    if keeps_ratio:
        factors = [width / box.width] * (toward_x != 0) + [height / box.height] * (toward_y != 0)
        factor = max(*factors, LEAST_SIDE / min(box.width, box.height))
        width, height = factor * box.width, factor * box.height
    moved_x, moved_y = toward_x * (width - box.width) / 2, toward_y * (height - box.height) / 2
    center = (box.center_x, box.center_y) if from_center else from_axes(box, moved_x, moved_y)
    return msgspec.structs.replace(box, center_x=center[0], center_y=center[1], width=width, height=height)


def rotated(box: Box, start: tuple[float, float], end: tuple[float, float], is_stepped: bool = False) -> Box:
    """The box turned about its centre as a pointer goes from one point to another; in steps of 15° if stepped."""
    before = math.atan2(start[1] - box.center_y, start[0] - box.center_x)
    after = math.atan2(end[1] - box.center_y, end[0] - box.center_x)
    angle = box.angle_deg + math.degrees(after - before)
    if is_stepped:
        angle = ANGLE_STEP_DEG * round(angle / ANGLE_STEP_DEG)
    return msgspec.structs.replace(box, angle_deg=normal_angle(angle))


def normal_angle(angle_deg: float) -> float:
    """The same direction in (−180, 180]."""
    angle = math.remainder(angle_deg, 360.0)
    return angle + 360.0 if angle <= -180.0 else angle


def drawn(
    start: tuple[float, float],
    end: tuple[float, float],
    photo: Size,
    is_square: bool = False,
    from_center: bool = False,
) -> Box | None:
    """The upright box between two points, on whole pixels of the photo; None where it would be too small.

    `from_center`: the first point is its centre.
    """
    (x0, y0), (x1, y1) = _on_pixel(start, photo), _on_pixel(end, photo)
    width, height = x1 - x0, y1 - y0
    if from_center:
        width = math.copysign(min(abs(width), x0, photo.width - x0), width)
        height = math.copysign(min(abs(height), y0, photo.height - y0), height)
    if is_square:
        width, height = _squared(x0, y0, width, height, photo, from_center)
    if from_center:
        x0, y0, width, height = x0 - width, y0 - height, 2 * width, 2 * height
    if min(abs(width), abs(height)) < LEAST_SIDE:
        return None
    x1, y1 = x0 + width, y0 + height
    return Box.from_bounds(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def kept_shift(boxes: Iterable[Box], dx: float, dy: float, photo: Size) -> tuple[float, float]:
    """As much of a shift as keeps the centres of all boxes on the photo; boxes beside it may only come nearer."""
    for box in boxes:
        dx = _kept(box.center_x, dx, photo.width)
        dy = _kept(box.center_y, dy, photo.height)
    return dx, dy


def is_usable(box: Box, photo: Size) -> bool:
    """Can an anomaly be generated in this box on a photo of this size?"""
    try:
        check_boxes([box], photo, "")
    except EngineError:
        return False
    return True


def _pulled(side: float, reach: float, from_center: bool) -> float:
    """A side whose end is pulled to `reach` from the centre."""
    return max(LEAST_SIDE, 2 * reach if from_center else side / 2 + reach)


def _on_pixel(point: tuple[float, float], photo: Size) -> tuple[float, float]:
    x, y = point
    return float(round(min(max(x, 0), photo.width))), float(round(min(max(y, 0), photo.height)))


def _squared(
    x: float, y: float, width: float, height: float, photo: Size, from_center: bool
) -> tuple[float, float]:
    """Both lengths as the longer one, as far as there is room from (x, y) on."""
    right, down = width >= 0, height >= 0
    room_x, room_y = (photo.width - x if right else x), (photo.height - y if down else y)
    if from_center:
        room_x, room_y = min(x, photo.width - x), min(y, photo.height - y)
    side = min(max(abs(width), abs(height)), room_x, room_y)
    return (side if right else -side), (side if down else -side)


def _kept(center: float, shift: float, length: float) -> float:
    nearest, farthest = min(0.0, _INSET - center), max(0.0, length - _INSET - center)
    return min(max(shift, nearest), farthest)
