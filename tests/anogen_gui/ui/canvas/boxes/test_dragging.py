"""Boxes drawn, moved, pulled, turned, chosen: by mouse and by keys. The photo is 400 × 300, shown one to one."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from anogen_gui.ui.canvas.box_canvas import BoxCanvas
from anogen_gui.ui.canvas.targets import rotate_point
from engine.geometry import Box
from tests.anogen_gui.ui.canvas.boxes.three_boxes import ALT, BOXES, CONTROL, FIRST, SECOND, SHIFT, selected
from tests.anogen_gui.ui.canvas.hand import Hand


def test_a_drag_on_the_photo_draws(hand: Hand, told: list[tuple[Any, ...]]) -> None:
    hand.drag((160, 20), (220, 70))
    assert told == [("box_drawn", Box.from_bounds(160, 20, 220, 70))]


def test_shift_draws_a_square_and_alt_from_the_center(hand: Hand, told: list[tuple[Any, ...]]) -> None:
    hand.drag((160, 20), (220, 70), SHIFT)
    hand.drag((190, 150), (210, 160), ALT)
    assert told == [
        ("box_drawn", Box.from_bounds(160, 20, 220, 80)),
        ("box_drawn", Box.from_bounds(170, 140, 210, 160)),
    ]


def test_a_box_is_drawn_over_another_one_when_drawing_was_asked_for(
    canvas: BoxCanvas, hand: Hand, told: list[tuple[Any, ...]]
) -> None:
    canvas.set_drawing(True)
    hand.drag((80, 90), (120, 110))
    assert told == [("box_drawn", Box.from_bounds(80, 90, 120, 110))]
    assert not canvas.is_drawing
    hand.drag((100, 100), (110, 100))
    assert told[-1][0] == "boxes_moved"


def test_a_new_box_stays_on_the_photo_and_a_speck_is_none(hand: Hand, told: list[tuple[Any, ...]]) -> None:
    hand.drag((350, 260), (500, 500))
    hand.drag((200, 200), (204, 200.4))
    assert told == [("box_drawn", Box.from_bounds(350, 260, 400, 300))]


def test_a_dragged_box_moves_in_one_step_and_is_followed_meanwhile(
    canvas: BoxCanvas, hand: Hand, told: list[tuple[Any, ...]]
) -> None:
    changing: list[dict[int, Box]] = []
    canvas.boxes_changing.connect(changing.append)
    hand.press(100, 100)
    hand.pull(110, 100)
    hand.pull(120, 90)
    assert canvas.boxes[0].box == FIRST.box.moved(20, -10)
    hand.release(120, 90)
    assert changing == [{1: FIRST.box.moved(10, 0)}, {1: FIRST.box.moved(20, -10)}]
    assert told == [
        ("selection_changed", (1,)),
        ("boxes_moved", {1: FIRST.box.moved(20, -10)}, "Move box"),
    ]
    assert canvas.boxes[0] == FIRST, "it is the model that moves boxes"


def test_selected_boxes_move_together_and_locked_ones_stay(
    canvas: BoxCanvas, hand: Hand, told: list[tuple[Any, ...]]
) -> None:
    canvas.set_selection([1, 2, 3])
    hand.drag((100, 100), (105, 100))
    moved = {1: FIRST.box.moved(5, 0), 2: SECOND.box.moved(5, 0)}
    assert told == [("boxes_moved", moved, "Move 2 boxes")]


def test_a_locked_box_is_not_moved_and_says_why(
    hand: Hand, canvas: BoxCanvas, told: list[tuple[Any, ...]]
) -> None:
    hand.drag((300, 60), (200, 60))
    assert told == [("selection_changed", (3,)), ("refused", "This box is locked. Press K to unlock it.")]


def test_a_handle_pulls_and_the_opposite_corner_stays(
    canvas: BoxCanvas, hand: Hand, told: list[tuple[Any, ...]]
) -> None:
    canvas.set_selection([1])
    hand.drag((140, 130), (160, 150))
    hand.drag((140, 130), (160, 150), ALT)
    hand.drag((140, 130), (180, 130), SHIFT)
    boxes = [values[0][1] for name, *values in told if name == "boxes_moved"]
    assert boxes == [
        Box.from_bounds(60, 70, 160, 150),
        Box.from_bounds(40, 50, 160, 150),
        Box.from_bounds(60, 70, 180, 160),
    ]


def test_the_rotate_handle_turns_in_steps_with_shift(
    canvas: BoxCanvas, hand: Hand, told: list[tuple[Any, ...]]
) -> None:
    canvas.set_selection([1])
    knob = rotate_point(FIRST.box, 1.0)
    assert knob == (100, 44)
    hand.drag(knob, (156, 100))
    hand.drag(knob, (150, 104), SHIFT)
    angles = [values[0][1].angle_deg for name, *values in told if name == "boxes_moved"]
    assert angles == [pytest.approx(90), 90]


def test_a_box_stops_growing_when_it_would_be_larger_than_the_photo(
    canvas: BoxCanvas, hand: Hand, told: list[tuple[Any, ...]]
) -> None:
    canvas.set_selection([1])
    hand.press(140, 100)
    hand.pull(400, 100)
    hand.pull(900, 100)
    hand.release(900, 100)
    assert told == [("boxes_moved", {1: Box.from_bounds(60, 70, 400, 130)}, "Resize box")]


def test_modifier_keys_count_while_the_pointer_rests(canvas: BoxCanvas, hand: Hand, qtbot: QtBot) -> None:
    hand.press(160, 20)
    hand.pull(220, 70)
    qtbot.keyPress(canvas, Qt.Key.Key_Shift, SHIFT)
    with qtbot.waitSignal(canvas.box_drawn) as drawn:
        hand.release(220, 70, SHIFT)
    assert drawn.args == [Box.from_bounds(160, 20, 220, 80)]


def test_escape_gives_up_a_drag(
    canvas: BoxCanvas, hand: Hand, qtbot: QtBot, told: list[tuple[Any, ...]]
) -> None:
    canvas.set_selection([1])
    hand.press(100, 100)
    hand.pull(150, 100)
    with qtbot.waitSignal(canvas.boxes_changing) as changing:
        qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert changing.args == [{1: FIRST.box}]
    hand.pull(180, 100)
    hand.release(180, 100)
    assert canvas.boxes == BOXES
    assert told == []


def test_escape_leaves_drawing_and_then_the_selection(canvas: BoxCanvas, qtbot: QtBot) -> None:
    canvas.set_selection([1])
    canvas.set_drawing(True)
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert (canvas.is_drawing, selected(canvas)) == (False, [1])
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert selected(canvas) == []


def test_a_box_that_is_removed_meanwhile_is_let_go(
    canvas: BoxCanvas, hand: Hand, told: list[tuple[Any, ...]]
) -> None:
    hand.press(100, 100)
    hand.pull(150, 100)
    canvas.set_boxes([SECOND])
    hand.pull(160, 100)
    hand.release(160, 100)
    assert [name for name, *_ in told] == ["selection_changed"]


def test_a_box_that_a_rubber_band_began_on_may_go_meanwhile(canvas: BoxCanvas, hand: Hand) -> None:
    hand.press(100, 100, CONTROL)
    hand.pull(150, 150, CONTROL)
    canvas.set_boxes([SECOND])
    hand.pull(390, 290, CONTROL)
    hand.release(390, 290, CONTROL)
    assert selected(canvas) == [2]
