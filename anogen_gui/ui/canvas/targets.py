"""What of the boxes lies under the pointer. Pure geometry."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from anogen_gui.ui.canvas.box_shapes import DIRECTIONS, Handle, contains, from_axes, handle_point, to_axes
from engine.geometry import Box

ROTATE_DISTANCE = 26.0  # of the rotate handle from the frame; all lengths here are logical pixels of the view
_LEAST_FRAME = 26.0  # handles of a smaller box are drawn around it, so that they can be told apart
_SIDES_FROM = 44.0  # a shorter side of the frame has no handle in its middle
_REACH = 8.0
_BODY_REACH = 4.0

CORNERS: tuple[Handle, ...] = ("top_left", "top_right", "bottom_right", "bottom_left")


@dataclass(frozen=True)
class CanvasBox:
    """A box as the canvas shows it: `color` is `#rrggbb`, `label` the class name, `digit` its key or ''."""

    id: int
    box: Box
    color: str
    label: str
    digit: str = ""
    is_locked: bool = False


@dataclass(frozen=True)
class Target:
    """What the pointer is on: a box as a whole, one of its handles, or its rotate handle."""

    id: int
    part: Literal["body", "rotate"] | Handle


def frame(box: Box, scale: float) -> Box:
    """The box on whose corners and sides the handles sit: never smaller than handles need, in photo pixels."""
    least = _LEAST_FRAME / scale
    return msgspec.structs.replace(box, width=max(box.width, least), height=max(box.height, least))


def handles(box: Box, scale: float) -> dict[Handle, tuple[float, float]]:
    """The handles that a box has at `scale` logical pixels a photo pixel, and where on the photo they are."""
    around = frame(box, scale)
    places = {handle: handle_point(around, handle) for handle in CORNERS}
    for handle, (along, _) in DIRECTIONS.items():
        length = around.height if along else around.width
        if handle not in CORNERS and length * scale >= _SIDES_FROM:
            places[handle] = handle_point(around, handle)
    return places


def rotate_point(box: Box, scale: float) -> tuple[float, float]:
    """Where on the photo the rotate handle is: beyond the middle of the top side."""
    return from_axes(box, 0, -frame(box, scale).height / 2 - ROTATE_DISTANCE / scale)


def find_target(
    boxes: Sequence[CanvasBox], selected: Collection[int], x: float, y: float, scale: float
) -> Target | None:
    """What lies under a point of the photo, at `scale` logical pixels a photo pixel; None: the photo itself.

    The handles of a box that is selected alone come first, then selected boxes, then the smallest box, the last one
    of equals.
    """
    chosen = [each for each in boxes if each.id in selected]
    if len(chosen) == 1 and not chosen[0].is_locked:
        part = _find_handle(chosen[0].box, x, y, scale)
        if part is not None:
            return Target(chosen[0].id, part)
    hit = [each for each in boxes if _is_on(each.box, x, y, scale)]
    if not hit:
        return None
    best = min(reversed(hit), key=lambda each: (each.id not in selected, each.box.area))
    return Target(best.id, "body")


def boxes_within(
    boxes: Iterable[CanvasBox], start: tuple[float, float], end: tuple[float, float]
) -> list[int]:
    """The boxes whose centre lies in the upright rectangle between two points of the photo."""
    (left, right), (top, bottom) = sorted((start[0], end[0])), sorted((start[1], end[1]))
    return [
        each.id for each in boxes if left <= each.box.center_x <= right and top <= each.box.center_y <= bottom
    ]


def _find_handle(box: Box, x: float, y: float, scale: float) -> Literal["rotate"] | Handle | None:
    def distance(at: tuple[float, float]) -> float:
        return max(abs(x - at[0]), abs(y - at[1])) * scale

    if distance(rotate_point(box, scale)) <= _REACH:
        return "rotate"
    places = handles(box, scale)
    nearest = min(places, key=lambda handle: distance(places[handle]))
    return nearest if distance(places[nearest]) <= _REACH else None


def _is_on(box: Box, x: float, y: float, scale: float) -> bool:
    """Is the point in the box, or so near a thin one that it is meant?"""
    if contains(box, x, y):
        return True
    along, across = to_axes(box, x, y)
    reach = _BODY_REACH / scale
    return abs(along) <= box.width / 2 + reach and abs(across) <= box.height / 2 + reach
