"""Boxes, their ranges, sizes and crop windows in image pixels.

Coordinates are continuous: pixel (i, j) covers [j, j+1) × [i, i+1), x to the right, y down, the origin at the
photo's upper left corner. Pure Python: the window imports this too.
"""

import math
from collections.abc import Sequence

import msgspec

from engine.errors import EngineError

ON_PART = 0.75
"""The share of a box that lies on the part at least, unless the supports say otherwise (AnoGen)."""
_THINNEST_PX = 2.0  # a thinner box may lie between the centres of all pixels


class Size(msgspec.Struct, frozen=True):
    """Width and height in pixels."""

    width: int
    height: int


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """A rotated rectangle in image pixels; `angle_deg` turns it clockwise on the screen about its centre."""

    center_x: float
    center_y: float
    width: float
    height: float
    angle_deg: float = 0.0

    @property
    def area(self) -> float:
        return self.width * self.height

    @property
    def long_side(self) -> float:
        return max(self.width, self.height)

    def corners(self) -> list[tuple[float, float]]:
        """The four corners, clockwise from the upper left one of the unrotated box."""
        cos, sin = math.cos(math.radians(self.angle_deg)), math.sin(math.radians(self.angle_deg))
        half_w, half_h = self.width / 2, self.height / 2
        offsets = [(-half_w, -half_h), (half_w, -half_h), (half_w, half_h), (-half_w, half_h)]
        return [(self.center_x + x * cos - y * sin, self.center_y + x * sin + y * cos) for x, y in offsets]

    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of the smallest axis-aligned rectangle that holds the box."""
        xs, ys = zip(*self.corners(), strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    def moved(self, dx: float, dy: float) -> "Box":
        return msgspec.structs.replace(self, center_x=self.center_x + dx, center_y=self.center_y + dy)

    def scaled(self, factor: float) -> "Box":
        """The same box in an image resized by `factor` (centre and sides)."""
        return msgspec.structs.replace(
            self,
            center_x=self.center_x * factor,
            center_y=self.center_y * factor,
            width=self.width * factor,
            height=self.height * factor,
        )

    @classmethod
    def from_bounds(cls, left: float, top: float, right: float, bottom: float) -> "Box":
        return cls(
            center_x=(left + right) / 2, center_y=(top + bottom) / 2, width=right - left, height=bottom - top
        )


class BoxRange(msgspec.Struct, frozen=True, kw_only=True):
    """How boxes for an anomaly are; each pair is (least, most).

    `width` and `height` are relative to the photo's long side; `depth` is how far inside the edge of the part a
    box's centre lies, in the same unit (None: anywhere on the part); `on_part` the share of a box that is on the
    part at least.
    """

    width: tuple[float, float]
    height: tuple[float, float]
    angle_deg: tuple[float, float] = (0.0, 0.0)
    depth: tuple[float, float] | None = None
    on_part: float = ON_PART


DEFAULT_BOX_RANGE = BoxRange(width=(0.10, 0.25), height=(0.10, 0.25))
"""Where no support says how boxes are."""


class Window(msgspec.Struct, frozen=True):
    """A rectangle of whole pixels inside a photo: what is cropped, and where the crop goes back."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height

    def slices(self) -> tuple[slice, slice]:
        """Row and column slices into an array of shape (height, width, …)."""
        return slice(self.top, self.bottom), slice(self.left, self.right)


def check_boxes(boxes: Sequence[Box], size: Size, photo: str) -> None:
    """Can anything be generated in these boxes on the photo of this size and name?

    Raises:
        EngineError: a box has no area, lies outside the photo or is larger than it, which is named.
    """
    for box in boxes:
        problem = _problem(box, size)
        if problem:
            x, y, width, height = map(_tenths, (box.center_x, box.center_y, box.width, box.height))
            raise EngineError(
                f"The box at ({x}, {y}) on {photo}, {width}×{height} pixels, {problem}.",
                f"Draw it inside the photo, which is {size.width}×{size.height} pixels.",
            )


def area_inside(box: Box, size: Size) -> float:
    """How many square pixels of `box` lie on a photo of this size."""
    corners = box.corners()
    for axis, length in enumerate((size.width, size.height)):
        corners = _clipped(corners, axis, 1, 0)
        corners = _clipped(corners, axis, -1, -length)
    following = corners[1:] + corners[:1]
    return (
        sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in zip(corners, following, strict=True)) / 2
    )


def box_window(box: Box, photo: Size) -> Window:
    """The smallest window of whole pixels that holds the box, cut at the photo's edges; perhaps empty."""
    left, top, right, bottom = box.bounds()
    x0, y0 = max(0, math.floor(left)), max(0, math.floor(top))
    x1, y1 = min(photo.width, math.ceil(right)), min(photo.height, math.ceil(bottom))
    return Window(x0, y0, max(0, x1 - x0), max(0, y1 - y0))


def crop_window(box: Box, photo: Size, native: int, context: float = 2.0) -> Window:
    """The square around `box` that is generated at the backbone's size.

    Its side is at least `context` × the box's long side as it lies on the screen, never below `native` pixels,
    and never beyond the photo: near an edge the window is shifted, in a smaller photo it is cut (and no longer square).
    """
    left, top, right, bottom = box.bounds()
    side = max(native, math.ceil(context * max(right - left, bottom - top)))
    width, height = min(side, photo.width), min(side, photo.height)
    x = round((left + right) / 2 - width / 2)
    y = round((top + bottom) / 2 - height / 2)
    return Window(min(max(x, 0), photo.width - width), min(max(y, 0), photo.height - height), width, height)


def _problem(box: Box, size: Size) -> str:
    """What keeps anything from being generated in a box, as the end of a sentence; '' where nothing does."""
    if not all(map(math.isfinite, (box.center_x, box.center_y, box.width, box.height, box.angle_deg))):
        return "is not made of finite numbers"
    if box.width <= 0 or box.height <= 0:
        return "has no area"
    if box.width < _THINNEST_PX or box.height < _THINNEST_PX:
        return f"is thinner than {_THINNEST_PX:.0f} pixels"
    left, top, right, bottom = box.bounds()
    if right - left > size.width + 1 or bottom - top > size.height + 1:
        return "is larger than the photo"
    return "" if area_inside(box, size) >= _THINNEST_PX**2 else "lies outside the photo"


def _tenths(px: float) -> str:
    """Rounded to a tenth, but never to nothing."""
    return f"{round(px, 1) or px:g}"


def _clipped(
    corners: list[tuple[float, float]], axis: int, sign: int, least: float
) -> list[tuple[float, float]]:
    """What of a convex polygon lies where sign × its coordinate on `axis` is at least `least`."""
    kept: list[tuple[float, float]] = []
    for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
        before, after = sign * start[axis] - least, sign * end[axis] - least
        if before >= 0:
            kept.append(start)
        if (before >= 0) != (after >= 0):
            part = before / (before - after)
            kept.append((start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1])))
    return kept
