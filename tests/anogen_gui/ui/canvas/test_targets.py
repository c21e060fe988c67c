"""What the pointer hits: handles, bodies, nothing; the same at every zoom."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from anogen_gui.ui.canvas.box_shapes import from_axes, handle_point
from anogen_gui.ui.canvas.targets import (
    ROTATE_DISTANCE,
    CanvasBox,
    Target,
    boxes_within,
    find_target,
    frame,
    handles,
    rotate_point,
)
from engine.geometry import Box

scales = st.floats(0.05, 64)
angles = st.floats(-180, 180)


def placed(box_id: int, box: Box, is_locked: bool = False) -> CanvasBox:
    return CanvasBox(box_id, box, "#ff0000", "crack", "1", is_locked)


def large(angle_deg: float, scale: float) -> Box:
    """A box that is 200 × 120 logical pixels in the view."""
    return Box(center_x=300, center_y=200, width=200 / scale, height=120 / scale, angle_deg=angle_deg)


@given(angles, scales)
def test_each_handle_of_the_selected_box_is_hit_where_it_is(angle: float, scale: float) -> None:
    box = placed(7, large(angle, scale))
    assert len(handles(box.box, scale)) == 8
    for handle, (x, y) in handles(box.box, scale).items():
        assert find_target([box], {7}, x + 3 / scale, y - 3 / scale, scale) == Target(7, handle)
    assert find_target([box], {7}, *rotate_point(box.box, scale), scale) == Target(7, "rotate")


@given(angles, scales)
def test_handles_are_there_for_a_box_selected_alone_and_not_locked(angle: float, scale: float) -> None:
    box, other = placed(7, large(angle, scale)), placed(8, large(angle, scale).moved(5000 / scale, 0))
    at = handle_point(box.box, "top_left")
    assert find_target([box, other], set(), *at, scale) == Target(7, "body")
    assert find_target([box, other], {7, 8}, *at, scale) == Target(7, "body")
    locked = placed(7, box.box, is_locked=True)
    assert find_target([locked, other], {7}, *at, scale) == Target(7, "body")
    assert find_target(
        [box], {7}, *from_axes(box.box, 0, -60 / scale - ROTATE_DISTANCE / scale), scale
    ) == Target(7, "rotate")


@given(angles, scales)
def test_the_inside_of_a_box_is_its_body_and_beside_it_is_nothing(angle: float, scale: float) -> None:
    box = placed(7, large(angle, scale))
    assert find_target([box], {7}, 300, 200, scale) == Target(7, "body")
    assert find_target([box], set(), *from_axes(box.box, 106 / scale, 0), scale) is None
    assert find_target([box], set(), *from_axes(box.box, 103 / scale, 0), scale) == Target(7, "body")


@given(angles, scales)
def test_a_tiny_box_can_still_be_moved_and_pulled(angle: float, scale: float) -> None:
    box = placed(1, Box(center_x=50, center_y=50, width=2 / scale, height=2 / scale, angle_deg=angle))
    assert find_target([box], {1}, 50, 50, scale) == Target(1, "body")
    places = handles(box.box, scale)
    assert set(places) == {"top_left", "top_right", "bottom_right", "bottom_left"}
    for handle, (x, y) in places.items():
        assert find_target([box], {1}, x, y, scale) == Target(1, handle)


def test_of_boxes_upon_each_other_the_smallest_is_meant_unless_another_is_selected() -> None:
    wide = placed(1, Box(center_x=100, center_y=100, width=150, height=150))
    small = placed(2, Box(center_x=100, center_y=100, width=80, height=80))
    twin = placed(3, Box(center_x=100, center_y=100, width=80, height=80))
    assert find_target([small, wide], set(), 100, 100, 1.0) == Target(2, "body")
    assert find_target([small, twin, wide], set(), 100, 100, 1.0) == Target(3, "body")
    assert find_target([small, twin, wide], {1}, 100, 100, 1.0) == Target(1, "body")


def test_the_frame_is_the_box_unless_it_is_tiny() -> None:
    box = Box(center_x=1, center_y=2, width=100, height=3, angle_deg=30)
    assert frame(box, 1.0) == msgspec.structs.replace(box, height=26.0)
    assert frame(box, 10.0) == box


def test_a_rubber_band_takes_the_boxes_whose_center_it_holds() -> None:
    boxes = [placed(n, Box(center_x=10 * n, center_y=10 * n, width=30, height=30)) for n in range(1, 6)]
    assert boxes_within(boxes, (35, 5), (15, 35)) == [2, 3]
    assert boxes_within(boxes, (0, 0), (5, 100)) == []
