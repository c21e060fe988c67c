"""Boxes drawn, moved, pulled, turned, chosen: by mouse and by keys. The photo is 400 × 300, shown one to one."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QFocusEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from anogen_gui.ui.canvas.box_canvas import BoxCanvas
from engine.geometry import Box
from tests.anogen_gui.ui.canvas.boxes.three_boxes import (
    BOXES,
    CONTROL,
    FIRST,
    LOCKED,
    SECOND,
    SHIFT,
    selected,
)
from tests.anogen_gui.ui.canvas.hand import Hand


def test_arrows_nudge_in_one_step_until_the_key_is_released(
    canvas: BoxCanvas, qtbot: QtBot, told: list[tuple[Any, ...]]
) -> None:
    canvas.set_selection([1, 3])
    for _ in range(3):
        qtbot.keyPress(canvas, Qt.Key.Key_Right)
    qtbot.keyPress(canvas, Qt.Key.Key_Down, SHIFT)
    assert canvas.boxes[0].box == FIRST.box.moved(3, 10)
    qtbot.keyRelease(canvas, Qt.Key.Key_Right)
    assert told == [("boxes_moved", {1: FIRST.box.moved(3, 10)}, "Nudge box")]


def test_a_nudge_is_done_when_the_canvas_loses_the_keyboard(
    canvas: BoxCanvas, qtbot: QtBot, told: list[tuple[Any, ...]]
) -> None:
    canvas.set_selection([1])
    qtbot.keyPress(canvas, Qt.Key.Key_Left)
    QApplication.sendEvent(canvas, QFocusEvent(QEvent.Type.FocusOut))
    assert told == [("boxes_moved", {1: FIRST.box.moved(-1, 0)}, "Nudge box")]


def test_arrows_pan_when_nothing_is_selected(canvas: BoxCanvas, qtbot: QtBot) -> None:
    before = canvas.viewport.left
    qtbot.keyPress(canvas, Qt.Key.Key_Right)
    assert canvas.viewport.left < before


def test_tab_walks_through_the_boxes_and_leaves_at_their_end(canvas: BoxCanvas, qtbot: QtBot) -> None:
    walked = []
    for _ in BOXES:
        qtbot.keyClick(canvas, Qt.Key.Key_Tab)
        walked += selected(canvas)
    assert walked == [1, 2, 3]
    assert not canvas.step_selection(1)
    qtbot.keyClick(canvas, Qt.Key.Key_Backtab, SHIFT)
    assert selected(canvas) == [2]


def test_a_box_reached_by_tab_is_brought_into_view(canvas: BoxCanvas, qtbot: QtBot) -> None:
    canvas.zoom_to(8.0)
    canvas.reveal(SECOND.box)
    qtbot.keyClick(canvas, Qt.Key.Key_Tab)
    x, y = canvas.viewport.to_view(FIRST.box.center_x, FIRST.box.center_y)
    assert 0 <= x <= canvas.width()
    assert 0 <= y <= canvas.height()


@pytest.mark.parametrize(
    ("key", "modifier", "expected"),
    [
        (Qt.Key.Key_C, CONTROL, ("boxes_copied", (1, 3))),
        (Qt.Key.Key_X, CONTROL, ("boxes_cut", (1,))),
        (Qt.Key.Key_V, CONTROL, ("paste_requested",)),
        (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier, ("boxes_removed", (1,))),
        (Qt.Key.Key_K, Qt.KeyboardModifier.NoModifier, ("lock_requested", (1, 3), True)),
        (Qt.Key.Key_A, CONTROL, ("selection_changed", (1, 2, 3))),
        (
            Qt.Key.Key_D,
            CONTROL,
            ("boxes_duplicated", {1: FIRST.box.moved(16, 16), 3: LOCKED.box.moved(16, 16)}),
        ),
    ],
)
def test_keys_do_what_the_key_sheet_says(
    canvas: BoxCanvas,
    qtbot: QtBot,
    told: list[tuple[Any, ...]],
    key: Qt.Key,
    modifier: Qt.KeyboardModifier,
    expected: tuple[Any, ...],
) -> None:
    canvas.set_selection([1, 3])
    qtbot.keyClick(canvas, key, modifier)
    assert told == [expected]


def test_k_unlocks_when_all_are_locked_and_delete_spares_them(
    canvas: BoxCanvas, qtbot: QtBot, told: list[tuple[Any, ...]]
) -> None:
    canvas.set_selection([3])
    assert canvas.lock_action.text() == "Unlock"
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    qtbot.keyClick(canvas, Qt.Key.Key_K)
    assert [name for name, *_ in told] == ["refused", "lock_requested"]
    assert told[1] == ("lock_requested", (3,), False)


def test_n_puts_down_a_box_that_can_be_used(
    canvas: BoxCanvas, qtbot: QtBot, told: list[tuple[Any, ...]]
) -> None:
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    qtbot.keyClick(canvas, Qt.Key.Key_N)
    assert told == [("box_drawn", Box(center_x=200, center_y=150, width=50, height=50))]


def test_a_duplicate_at_the_photos_edge_is_put_where_there_is_room(canvas: BoxCanvas, qtbot: QtBot) -> None:
    corner = replace(FIRST, box=Box(center_x=395, center_y=295, width=10, height=10))
    canvas.set_boxes([corner])
    canvas.set_selection([1])
    with qtbot.waitSignal(canvas.boxes_duplicated) as duplicated:
        canvas.duplicate()
    assert duplicated.args == [{1: corner.box.moved(-16, -16)}]


def test_the_context_menu_selects_what_it_is_for_and_can_be_added_to(canvas: BoxCanvas, hand: Hand) -> None:
    menus: list[list[str]] = []

    def add_and_close(menu: QMenu) -> None:
        menu.addAction("More")
        menus.append([action.text() for action in menu.actions() if not action.isSeparator()])
        menu.aboutToShow.connect(menu.close, Qt.ConnectionType.QueuedConnection)

    canvas.menu_requested.connect(add_and_close)
    hand.move(100, 100)
    at = QPoint(116, 116)
    QApplication.sendEvent(canvas, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, at))
    assert selected(canvas) == [1]
    assert menus[0][:3] == ["New box here", "Duplicate", "Lock"]
    assert menus[0][-1] == "More"


def test_what_is_selected_is_read_aloud(canvas: BoxCanvas, hand: Hand) -> None:
    assert canvas.accessibleDescription() == "3 boxes, 0 selected"
    hand.click(100, 100)
    assert canvas.accessibleDescription() == "Box 1 of 3: crack, 80 × 60 pixels at 100, 100, 0°"
    canvas.set_selection([3])
    assert canvas.accessibleDescription().endswith("locked")


def test_nothing_is_edited_while_another_photo_is_being_decoded(
    canvas: BoxCanvas, hand: Hand, told: list[tuple[Any, ...]], qtbot: QtBot, photo: Any
) -> None:
    twin = photo.with_name("twin.png")
    twin.write_bytes(photo.read_bytes())
    with qtbot.waitSignal(canvas.photo_shown):
        canvas.show_photo(twin)
        hand.drag((160, 20), (220, 70))
    assert told == []
