"""Boxes, sizes and crop windows in image pixels.

Coordinates are continuous: pixel (i, j) covers [j, j+1) × [i, i+1), x to the right, y down, the origin at the
photo's upper left corner. Pure Python: the window imports this too.
"""

import math

import msgspec


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
