"""Pulling at boxes: what must stay stays, for any box, handle and pointer."""

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anogen_gui.ui.canvas.box_shapes import (
    DIRECTIONS,
    Handle,
    contains,
    drawn,
    from_axes,
    handle_point,
    is_usable,
    kept_shift,
    normal_angle,
    resized,
    rotated,
    to_axes,
)
from engine.geometry import Box, Size

PHOTO = Size(400, 300)
OPPOSITE: dict[Handle, Handle] = {
    handle: other
    for handle, (x, y) in DIRECTIONS.items()
    for other, direction in DIRECTIONS.items()
    if direction == (-x, -y)
}

coordinates = st.floats(-500, 900)
points = st.tuples(coordinates, coordinates)
handles = st.sampled_from(sorted(DIRECTIONS))
boxes = st.builds(
    Box,
    center_x=st.floats(0, 400),
    center_y=st.floats(0, 300),
    width=st.floats(2, 300),
    height=st.floats(2, 300),
    angle_deg=st.floats(-180, 180),
)


@given(boxes, points)
def test_axes_of_a_box_and_points_of_the_photo_belong_together(box: Box, point: tuple[float, float]) -> None:
    assert from_axes(box, *to_axes(box, *point)) == pytest.approx(point, abs=1e-6)


@given(boxes)
def test_corner_handles_are_the_corners(box: Box) -> None:
    corners = [handle_point(box, each) for each in ("top_left", "top_right", "bottom_right", "bottom_left")]
    for corner, expected in zip(corners, box.corners(), strict=True):
        assert corner == pytest.approx(expected, abs=1e-6)


@given(boxes, handles, points, st.booleans())
def test_resizing_keeps_what_lies_opposite(
    box: Box, handle: Handle, point: tuple[float, float], keeps_ratio: bool
) -> None:
    after = resized(box, handle, *point, keeps_ratio=keeps_ratio)
    opposite = OPPOSITE[handle]
    assert handle_point(after, opposite) == pytest.approx(handle_point(box, opposite), abs=1e-6)
    assert after.angle_deg == box.angle_deg


@given(boxes, handles, points, st.booleans())
def test_resizing_about_the_center_keeps_it(
    box: Box, handle: Handle, point: tuple[float, float], keeps_ratio: bool
) -> None:
    after = resized(box, handle, *point, keeps_ratio=keeps_ratio, from_center=True)
    assert (after.center_x, after.center_y) == (box.center_x, box.center_y)


@given(boxes, handles, points, st.booleans(), st.booleans())
def test_no_side_gets_shorter_than_two_pixels(
    box: Box, handle: Handle, point: tuple[float, float], keeps_ratio: bool, from_center: bool
) -> None:
    after = resized(box, handle, *point, keeps_ratio=keeps_ratio, from_center=from_center)
    assert min(after.width, after.height) >= 2 - 1e-9


@given(boxes, handles, points)
def test_a_kept_ratio_is_kept(box: Box, handle: Handle, point: tuple[float, float]) -> None:
    after = resized(box, handle, *point, keeps_ratio=True)
    assert after.width * box.height == pytest.approx(box.width * after.height, rel=1e-6)


@given(boxes, handles, st.floats(0, 200), st.floats(0, 200), st.booleans())
def test_an_enlarging_handle_follows_the_pointer(
    box: Box, handle: Handle, along: float, across: float, from_center: bool
) -> None:
    toward_x, toward_y = DIRECTIONS[handle]
    target = from_axes(box, toward_x * (box.width / 2 + along), toward_y * (box.height / 2 + across))
    after = resized(box, handle, *target, from_center=from_center)
    assert handle_point(after, handle) == pytest.approx(target, abs=1e-6)


@given(boxes, points, points)
def test_rotating_there_and_back_changes_nothing(
    box: Box, start: tuple[float, float], end: tuple[float, float]
) -> None:
    back = rotated(rotated(box, start, end), end, start)
    turn = math.remainder(back.angle_deg - box.angle_deg, 360)
    assert turn == pytest.approx(0, abs=1e-6)
    assert msgspec.structs.replace(back, angle_deg=box.angle_deg) == box


@given(boxes, points, points)
def test_rotating_in_steps_ends_on_a_multiple_of_15_degrees(
    box: Box, start: tuple[float, float], end: tuple[float, float]
) -> None:
    angle = rotated(box, start, end, is_stepped=True).angle_deg
    assert -180 < angle <= 180
    assert math.remainder(angle, 15) == pytest.approx(0, abs=1e-6)


def test_rotating_is_clockwise_on_the_screen() -> None:
    box = Box(center_x=0, center_y=0, width=10, height=4)
    assert rotated(box, (0, -5), (5, 0)).angle_deg == pytest.approx(90)


@given(st.floats(-2000, 2000))
def test_a_normal_angle_is_the_same_direction(angle: float) -> None:
    normal = normal_angle(angle)
    assert -180 < normal <= 180
    assert math.remainder(normal - angle, 360) == pytest.approx(0, abs=1e-6)


@given(points, points, st.booleans(), st.booleans())
def test_what_is_drawn_can_be_used_and_lies_on_whole_pixels(
    start: tuple[float, float], end: tuple[float, float], is_square: bool, from_center: bool
) -> None:
    box = drawn(start, end, PHOTO, is_square, from_center)
    if box is None:
        return
    assert is_usable(box, PHOTO)
    left, top, right, bottom = box.bounds()
    assert min(left, top) >= -1e-9
    assert right <= PHOTO.width + 1e-9
    assert bottom <= PHOTO.height + 1e-9
    for edge in (left, top, right, bottom):
        assert edge == pytest.approx(round(edge), abs=1e-9)
    if is_square:
        assert box.width == box.height


def test_drawing_in_any_direction() -> None:
    expected = Box.from_bounds(10, 20, 50, 40)
    assert drawn((10.2, 20.4), (50.3, 39.8), PHOTO) == expected
    assert drawn((50.3, 39.8), (10.2, 20.4), PHOTO) == expected
    assert drawn((30, 30), (50, 40), PHOTO, from_center=True) == expected
    assert drawn((30, 30), (10, 40), PHOTO, from_center=True) == expected
    assert drawn((10, 20), (50, 40), PHOTO, is_square=True) == Box.from_bounds(10, 20, 50, 60)
    assert drawn((50, 40), (45, 10), PHOTO, is_square=True) == Box.from_bounds(20, 10, 50, 40)
    assert drawn((10, 20), (11, 40), PHOTO) is None


@given(st.lists(boxes, min_size=1, max_size=4), st.floats(-900, 900), st.floats(-900, 900))
def test_moved_boxes_stay_usable_and_move_as_one(group: list[Box], dx: float, dy: float) -> None:
    shift = kept_shift(group, dx, dy, PHOTO)
    assert abs(shift[0]) <= abs(dx)
    assert abs(shift[1]) <= abs(dy)
    for box in group:
        if is_usable(box, PHOTO) and 1.5 < box.center_x < 398.5 and 1.5 < box.center_y < 298.5:
            assert is_usable(box.moved(*shift), PHOTO)


@given(boxes)
def test_a_box_contains_its_inside_alone(box: Box) -> None:
    assert contains(box, box.center_x, box.center_y)
    assert not contains(box, *from_axes(box, box.width / 2 + 0.01, 0))
    assert not contains(box, *from_axes(box, 0, -box.height / 2 - 0.01))
