"""Drags on boxes, from the first point to the last."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anogen_gui.ui.canvas.box_shapes import DIRECTIONS, Handle, handle_point, is_usable
from anogen_gui.ui.canvas.gestures import Drawing, Gesture, Keys, Moving, Resizing, Rotating
from engine.geometry import Box, Size

PHOTO = Size(400, 300)
BOX = Box(center_x=200, center_y=150, width=80, height=40, angle_deg=30)
NONE = Keys()

coordinates = st.floats(-600, 1000)
points = st.tuples(coordinates, coordinates)
keys = st.builds(Keys, shift=st.booleans(), alt=st.booleans())
gestures: st.SearchStrategy[Gesture] = st.one_of(
    st.builds(Moving, st.just({1: BOX, 2: BOX.moved(50, 50)}), points, st.just(PHOTO)),
    st.builds(
        Resizing, st.just(1), st.just(BOX), st.sampled_from(sorted(DIRECTIONS)), points, st.just(PHOTO)
    ),
    st.builds(Rotating, st.just(1), st.just(BOX), points, st.just(PHOTO)),
)


@given(gestures, points, keys)
def test_what_a_gesture_makes_can_be_used(gesture: Gesture, point: tuple[float, float], held: Keys) -> None:
    changed = gesture.changed(point, held)
    assert changed is None or all(is_usable(box, PHOTO) for box in changed.values())


def test_moved_boxes_follow_the_pointer() -> None:
    gesture = Moving({1: BOX, 2: BOX.moved(50, 50)}, (190, 160), PHOTO)
    assert gesture.changed((197, 150), NONE) == {1: BOX.moved(7, -10), 2: BOX.moved(57, 40)}
    assert gesture.name == "Move 2 boxes"
    assert Moving({1: BOX}, (0, 0), PHOTO, verb="Nudge").name == "Nudge box"


def test_shift_moves_along_one_axis() -> None:
    gesture = Moving({1: BOX}, (190, 160), PHOTO)
    assert gesture.changed((197, 150), Keys(shift=True)) == {1: BOX.moved(0, -10)}
    assert gesture.changed((220, 150), Keys(shift=True)) == {1: BOX.moved(30, 0)}


@pytest.mark.parametrize("handle", DIRECTIONS)
def test_a_handle_taken_a_little_beside_does_not_jump(handle: Handle) -> None:
    x, y = handle_point(BOX, handle)
    gesture = Resizing(1, BOX, handle, (x + 3, y - 2), PHOTO)
    changed = gesture.changed((x + 3, y - 2), NONE)
    assert changed is not None
    for value in ("center_x", "center_y", "width", "height", "angle_deg"):
        assert getattr(changed[1], value) == pytest.approx(getattr(BOX, value), abs=1e-9)


def test_a_box_that_would_be_larger_than_the_photo_is_refused() -> None:
    gesture = Resizing(1, BOX, "right", handle_point(BOX, "right"), PHOTO)
    assert gesture.changed((5000, 5000), NONE) is None


def test_drawing_a_square_and_from_the_center() -> None:
    gesture = Drawing((100, 100), PHOTO)
    assert gesture.box((140, 120), NONE) == Box.from_bounds(100, 100, 140, 120)
    assert gesture.box((140, 120), Keys(shift=True)) == Box.from_bounds(100, 100, 140, 140)
    assert gesture.box((140, 120), Keys(alt=True)) == Box.from_bounds(60, 80, 140, 120)
    assert gesture.box((101, 100), NONE) is None
