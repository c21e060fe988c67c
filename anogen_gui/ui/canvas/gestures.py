"""What a drag on the canvas does to boxes, from its first point to where the pointer is now. Pure geometry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from anogen_gui.ui.canvas.box_shapes import (
    Handle,
    drawn,
    handle_point,
    is_usable,
    kept_shift,
    resized,
    rotated,
)
from anogen_gui.ui.canvas.targets import CanvasBox, Target
from engine.geometry import Box, Size

Point = tuple[float, float]


@dataclass(frozen=True)
class Keys:
    """The modifier keys that are held."""

    shift: bool = False
    control: bool = False
    alt: bool = False


class Gesture(Protocol):
    """A drag that changes boxes. `name` is what the step is called in the history."""

    @property
    def name(self) -> str: ...

    def changed(self, point: Point, keys: Keys) -> dict[int, Box] | None:
        """The boxes as they are with the pointer there; None where one of them could not be used."""

    def readout(self, box: Box) -> str:
        """What is worth knowing of a box meanwhile."""


@dataclass(frozen=True)
class Moving:
    """Boxes follow the pointer as one, by whole pixels, their centres on the photo; with Shift along one axis only."""

    boxes: Mapping[int, Box]
    start: Point
    photo: Size
    verb: str = "Move"

    @property
    def name(self) -> str:
        return f"{self.verb} box" if len(self.boxes) == 1 else f"{self.verb} {len(self.boxes)} boxes"

    def changed(self, point: Point, keys: Keys) -> dict[int, Box]:
        dx, dy = float(round(point[0] - self.start[0])), float(round(point[1] - self.start[1]))
        if keys.shift:
            dx, dy = (dx, 0.0) if abs(dx) >= abs(dy) else (0.0, dy)
        dx, dy = kept_shift(self.boxes.values(), dx, dy, self.photo)
        return {box_id: box.moved(dx, dy) for box_id, box in self.boxes.items()}

    def readout(self, box: Box) -> str:
        return f"{box.center_x:.0f}, {box.center_y:.0f}"


@dataclass(frozen=True)
class Resizing:
    """A handle follows the pointer, that of an upright box from pixel to pixel; Shift keeps the ratio of the sides,
    Alt the centre.
    """

    id: int
    box: Box
    handle: Handle
    start: Point
    photo: Size
    name: str = field(default="Resize box", init=False)

    def changed(self, point: Point, keys: Keys) -> dict[int, Box] | None:
        at = handle_point(self.box, self.handle)  # the pointer may have taken it a little beside
        x, y = at[0] + point[0] - self.start[0], at[1] + point[1] - self.start[1]
        if self.box.angle_deg % 90 == 0:
            x, y = round(x), round(y)
        box = resized(self.box, self.handle, x, y, keeps_ratio=keys.shift, from_center=keys.alt)
        return {self.id: box} if is_usable(box, self.photo) else None

    def readout(self, box: Box) -> str:
        return f"{box.width:.0f} × {box.height:.0f}"


@dataclass(frozen=True)
class Rotating:
    """The rotate handle follows the pointer around the centre; with Shift in steps of 15°."""

    id: int
    box: Box
    start: Point
    photo: Size
    name: str = field(default="Rotate box", init=False)

    def changed(self, point: Point, keys: Keys) -> dict[int, Box] | None:
        box = rotated(self.box, self.start, point, is_stepped=keys.shift)
        return {self.id: box} if is_usable(box, self.photo) else None

    def readout(self, box: Box) -> str:
        return f"{box.angle_deg:.1f}°"


@dataclass(frozen=True)
class Banding:
    """A rubber band from the first point to the pointer; what it holds is selected beside the former selection."""

    start: Point
    former: frozenset[int]


@dataclass(frozen=True)
class Drawing:
    """A new box between the first point and the pointer; Shift makes it square, Alt starts from its centre."""

    start: Point
    photo: Size

    def box(self, point: Point, keys: Keys) -> Box | None:
        """The box that would be drawn; None where it could not be used."""
        return drawn(self.start, point, self.photo, is_square=keys.shift, from_center=keys.alt)

    def readout(self, box: Box) -> str:
        return f"{box.width:.0f} × {box.height:.0f}"


Drag = Gesture | Banding | Drawing


def begin_drag(
    start: Point, keys: Keys, target: Target | None, chosen: Sequence[CanvasBox], photo: Size
) -> Drag | None:
    """What a drag from there does; None where it does nothing, as on a locked box.

    Args:
        target: what lies under the first point.   chosen: the selected boxes, the target's one among them.
    """
    if keys.control:
        return Banding(start, frozenset(each.id for each in chosen) if keys.shift else frozenset())
    if target is None:
        return Drawing(start, photo)
    (taken,) = (each for each in chosen if each.id == target.id)
    if taken.is_locked:
        return None
    if target.part == "body":
        return Moving({each.id: each.box for each in chosen if not each.is_locked}, start, photo)
    if target.part == "rotate":
        return Rotating(taken.id, taken.box, start, photo)
    return Resizing(taken.id, taken.box, target.part, start, photo)
