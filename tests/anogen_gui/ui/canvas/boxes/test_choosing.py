"""Boxes drawn, moved, pulled, turned, chosen: by mouse and by keys. The photo is 400 × 300, shown one to one."""

from typing import Any

import pytest
from PySide6.QtCore import Qt

from anogen_gui.ui.canvas.box_canvas import BoxCanvas
from tests.anogen_gui.ui.canvas.boxes.three_boxes import CONTROL, FIRST, SHIFT, selected
from tests.anogen_gui.ui.canvas.hand import Hand


def test_a_click_selects_one_and_a_click_on_the_photo_none(
    canvas: BoxCanvas, hand: Hand, told: list[tuple[Any, ...]]
) -> None:
    hand.click(100, 100)
    hand.click(300, 200)
    hand.click(200, 150)
    assert told == [("selection_changed", (1,)), ("selection_changed", (2,)), ("selection_changed", ())]


@pytest.mark.parametrize("key", [SHIFT, CONTROL])
def test_a_click_with_shift_or_control_adds_and_takes_away(
    canvas: BoxCanvas, hand: Hand, key: Qt.KeyboardModifier
) -> None:
    hand.click(100, 100)
    hand.click(300, 200, key)
    assert selected(canvas) == [1, 2]
    hand.click(200, 150, key)
    assert selected(canvas) == [1, 2], "a click beside changes nothing"
    hand.click(100, 100, key)
    assert selected(canvas) == [2]


def test_a_click_on_one_of_several_selected_boxes_selects_it_alone(canvas: BoxCanvas, hand: Hand) -> None:
    canvas.set_selection([1, 2])
    hand.click(100, 100)
    assert selected(canvas) == [1]


def test_a_drag_with_control_selects_what_it_holds(
    canvas: BoxCanvas, hand: Hand, told: list[tuple[Any, ...]]
) -> None:
    hand.drag((10, 10), (390, 120), CONTROL)
    assert selected(canvas) == [1, 3]
    hand.drag((250, 150), (390, 290), CONTROL | SHIFT)
    assert selected(canvas) == [1, 2, 3]
    assert {name for name, *_ in told} == {"selection_changed"}


def test_what_is_selected_from_outside_is_not_told(canvas: BoxCanvas, told: list[tuple[Any, ...]]) -> None:
    canvas.set_selection([2, 77])
    assert selected(canvas) == [2]
    canvas.set_boxes([FIRST])
    assert selected(canvas) == []
    assert told == []
