"""Boxes and crop windows: figures worked out by hand, and what holds for every box."""

import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import EngineError
from engine.geometry import Box, Size, Window, area_inside, box_window, check_boxes, crop_window

COORDINATES = st.floats(-500, 5000)
SIDES = st.floats(0.5, 3000)
ANGLES = st.floats(-360, 360)
BOXES = st.builds(
    Box, center_x=COORDINATES, center_y=COORDINATES, width=SIDES, height=SIDES, angle_deg=ANGLES
)
PHOTOS = st.builds(Size, st.integers(16, 4000), st.integers(16, 4000))


def close(point: tuple[float, float], x: float, y: float) -> bool:
    return math.dist(point, (x, y)) < 1e-9


def test_corners_of_an_upright_box_are_clockwise_from_the_upper_left() -> None:
    box = Box(center_x=10, center_y=20, width=4, height=2)
    assert box.corners() == [(8, 19), (12, 19), (12, 21), (8, 21)]


def test_a_quarter_turn_is_clockwise_on_the_screen() -> None:
    corners = Box(center_x=10, center_y=20, width=4, height=2, angle_deg=90).corners()
    assert close(corners[0], 11, 18)  # what was the upper left corner is now the upper right one
    assert close(corners[1], 11, 22)


def test_bounds_of_a_box_on_its_corner() -> None:
    bounds = Box(center_x=0, center_y=0, width=2, height=2, angle_deg=45).bounds()
    assert bounds == pytest.approx((-math.sqrt(2), -math.sqrt(2), math.sqrt(2), math.sqrt(2)))


def test_area_and_long_side_do_not_depend_on_the_angle() -> None:
    box = Box(center_x=1, center_y=2, width=3, height=5, angle_deg=33)
    assert (box.area, box.long_side) == (15, 5)


def test_moved_and_scaled() -> None:
    box = Box(center_x=10, center_y=20, width=4, height=2, angle_deg=30)
    assert box.moved(1, -2) == Box(center_x=11, center_y=18, width=4, height=2, angle_deg=30)
    assert box.scaled(0.5) == Box(center_x=5, center_y=10, width=2, height=1, angle_deg=30)


def test_from_bounds() -> None:
    assert Box.from_bounds(2, 4, 6, 10) == Box(center_x=4, center_y=7, width=4, height=6)


def test_a_window_cuts_rows_and_columns() -> None:
    window = Window(left=3, top=5, width=7, height=2)
    assert (window.right, window.bottom) == (10, 7)
    assert window.slices() == (slice(5, 7), slice(3, 10))


@pytest.mark.parametrize(
    ("box", "photo", "native", "expected"),
    [
        # a small box: the native size, around its centre
        (Box(center_x=500, center_y=400, width=20, height=10), Size(1000, 800), 128, (436, 336, 128, 128)),
        # a large one: twice its long side
        (Box(center_x=500, center_y=400, width=200, height=90), Size(1000, 800), 128, (300, 200, 400, 400)),
        # at an edge and in a corner: shifted
        (Box(center_x=5, center_y=400, width=20, height=10), Size(1000, 800), 128, (0, 336, 128, 128)),
        (Box(center_x=999, center_y=799, width=20, height=10), Size(1000, 800), 128, (872, 672, 128, 128)),
        # the photo is smaller than the window: all of it
        (Box(center_x=30, center_y=30, width=20, height=10), Size(100, 60), 128, (0, 0, 100, 60)),
        # lower than wide: cut, no longer square
        (Box(center_x=500, center_y=30, width=20, height=10), Size(1000, 60), 128, (436, 0, 128, 60)),
    ],
)
def test_crop_windows_worked_out_by_hand(
    box: Box, photo: Size, native: int, expected: tuple[int, int, int, int]
) -> None:
    assert crop_window(box, photo, native) == Window(*expected)


def test_a_turned_box_counts_as_it_lies_on_the_screen() -> None:
    turned = Box(center_x=500, center_y=500, width=200, height=200, angle_deg=45)
    assert crop_window(turned, Size(1000, 1000), 64).width == math.ceil(2 * 200 * math.sqrt(2))


# --- boxes that a person drew ----------------------------------------------------------------------------


def drawn(x: float, y: float, width: float, height: float, angle_deg: float = 0.0) -> Box:
    return Box(center_x=x, center_y=y, width=width, height=height, angle_deg=angle_deg)


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        (drawn(50, 30, 0, 20), "0×20 pixels, has no area"),
        (drawn(50, 30, 20, -3), "20×-3 pixels, has no area"),
        (drawn(50, 30, 20, 1.5), "20×1.5 pixels, is thinner than 2 pixels"),
        (drawn(50, 30, 0.04, 20), "0.04×20 pixels, is thinner than 2 pixels"),
        (drawn(150, 30, 20, 20), "lies outside the photo"),
        (drawn(-11, 30, 20, 20), "lies outside the photo"),
        (drawn(1e308, 30, 20, 20), "lies outside the photo"),
        (drawn(-8, -8, 20, 20, 45), "lies outside the photo"),
        (drawn(50, 30, 120, 20), "is larger than the photo"),
        (drawn(50, 30, 1.7e308, 20), "is larger than the photo"),
        (drawn(50, 30, 90, 10, 90), "is larger than the photo"),
        (drawn(50, float("nan"), 20, 20), "is not made of finite numbers"),
        (drawn(50, 30, float("inf"), 20), "is not made of finite numbers"),
    ],
)
def test_a_bad_box_gets_a_sentence(bad: Box, problem: str) -> None:
    with pytest.raises(EngineError, match=rf"on photos/good/a\.png.*{problem}\.") as told:
        check_boxes([drawn(50, 30, 20, 20), bad], Size(100, 60), "photos/good/a.png")
    assert "100×60" in told.value.hint


def test_boxes_that_can_be_filled_are_accepted() -> None:
    whole, partly_outside = drawn(50, 30, 100, 60), drawn(-3, 30, 20, 20)
    check_boxes([whole, partly_outside, drawn(50, 30, 70, 8, 30)], Size(100, 60), "a.png")


def test_the_area_inside_a_photo() -> None:
    assert area_inside(drawn(50, 30, 20, 10), Size(100, 60)) == 200
    assert area_inside(drawn(-5, 30, 20, 10), Size(100, 60)) == 50
    assert area_inside(drawn(0, 0, 10, 10, 45), Size(100, 60)) == pytest.approx(25)  # a quarter of it
    assert area_inside(drawn(-30, 30, 20, 10), Size(100, 60)) == 0


@given(BOXES, PHOTOS)
def test_the_area_inside_a_photo_is_that_of_an_independent_reference(box: Box, photo: Size) -> None:
    corners = np.array(box.corners(), dtype=np.float32)
    edges = np.array([(0, 0), (photo.width, 0), (photo.width, photo.height), (0, photo.height)], np.float32)
    expected, _ = cv2.intersectConvexConvex(corners, edges)
    assert area_inside(box, photo) == pytest.approx(expected, rel=1e-3, abs=2)


@given(BOXES)
def test_turning_keeps_sides_and_centre(box: Box) -> None:
    a, b, c, d = box.corners()
    assert math.dist(a, b) == pytest.approx(box.width, rel=1e-6, abs=1e-6)
    assert math.dist(b, c) == pytest.approx(box.height, rel=1e-6, abs=1e-6)
    centre = [sum(values) / 4 for values in zip(a, b, c, d, strict=True)]
    assert centre == pytest.approx([box.center_x, box.center_y], abs=1e-6)


@given(BOXES)
def test_bounds_hold_all_corners_and_touch_them(box: Box) -> None:
    left, top, right, bottom = box.bounds()
    xs, ys = zip(*box.corners(), strict=True)
    assert (min(xs), min(ys), max(xs), max(ys)) == (left, top, right, bottom)
    assert (right - left) * (bottom - top) >= box.area * (1 - 1e-6)


@given(BOXES)
def test_half_a_turn_is_the_same_box(box: Box) -> None:
    other = Box(
        center_x=box.center_x,
        center_y=box.center_y,
        width=box.width,
        height=box.height,
        angle_deg=box.angle_deg + 180,
    )
    assert other.bounds() == pytest.approx(box.bounds(), abs=1e-5)


@given(BOXES, st.floats(0.01, 20))
def test_scaling_scales_the_corners(box: Box, factor: float) -> None:
    expected = [coordinate * factor for corner in box.corners() for coordinate in corner]
    scaled = [coordinate for corner in box.scaled(factor).corners() for coordinate in corner]
    assert scaled == pytest.approx(expected, rel=1e-6, abs=1e-5)


@given(COORDINATES, COORDINATES, SIDES, SIDES)
def test_bounds_and_back(x: float, y: float, width: float, height: float) -> None:
    box = Box(center_x=x, center_y=y, width=width, height=height)
    assert Box.from_bounds(*box.bounds()).bounds() == pytest.approx(box.bounds(), abs=1e-6)


def test_a_box_s_window_is_cut_at_the_photo_s_edges() -> None:
    assert box_window(Box.from_bounds(2.4, 3.5, 6.2, 8), Size(20, 10)) == Window(2, 3, 5, 5)
    assert box_window(Box.from_bounds(-5, 4, 3, 30), Size(20, 10)) == Window(0, 4, 3, 6)
    assert box_window(Box.from_bounds(30, 4, 40, 8), Size(20, 10)).width == 0


@given(BOXES, PHOTOS, st.integers(8, 512), st.floats(1, 4))
def test_a_crop_window_lies_in_the_photo_whatever_the_box(
    box: Box, photo: Size, native: int, context: float
) -> None:
    window = crop_window(box, photo, native, context)
    assert window.left >= 0
    assert window.top >= 0
    assert window.right <= photo.width
    assert window.bottom <= photo.height
    assert window.width >= min(native, photo.width)
    assert window.height >= min(native, photo.height)
    assert window.width == window.height or photo.width == window.width or photo.height == window.height


@given(BOXES, PHOTOS, st.integers(8, 512))
def test_a_box_inside_the_photo_is_inside_its_window(box: Box, photo: Size, native: int) -> None:
    left, top, right, bottom = box.bounds()
    if left < 0 or top < 0 or right > photo.width or bottom > photo.height:
        return
    window = crop_window(box, photo, native)
    assert window.left <= left + 0.5
    assert window.top <= top + 0.5
    assert window.right >= right - 0.5
    assert window.bottom >= bottom - 0.5
