"""Boxes drawn, moved, pulled, turned, chosen: by mouse and by keys. The photo is 400 × 300, shown one to one."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QFocusEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from anogen_gui.ui.canvas.box_canvas import BoxCanvas
from anogen_gui.ui.canvas.photo_view import PhotoView
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.canvas.targets import CanvasBox, handles, rotate_point
from anogen_gui.ui.theme import ThemeModel
from engine.geometry import Box
from tests.anogen_gui.ui.canvas.hand import Hand

SHIFT, CONTROL, ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
FIRST = CanvasBox(1, Box(center_x=100, center_y=100, width=80, height=60), "#00a000", "crack", "1")
SECOND = CanvasBox(2, Box(center_x=300, center_y=200, width=80, height=60), "#0060ff", "hole", "2")
LOCKED = CanvasBox(3, Box(center_x=300, center_y=60, width=60, height=60), "#a000a0", "spot", "3", True)
BOXES = (FIRST, SECOND, LOCKED)

ColorAt = Callable[[PhotoView, float, float], QColor]


@pytest.fixture
def canvas(theme_model: ThemeModel, pictures: Pictures, show: Callable[[PhotoView], None]) -> BoxCanvas:
    canvas = BoxCanvas(theme_model, pictures)
    show(canvas)
    canvas.set_boxes(BOXES)
    return canvas


@pytest.fixture
def hand(canvas: BoxCanvas) -> Hand:
    return Hand(canvas)


@pytest.fixture
def told(canvas: BoxCanvas) -> list[tuple[Any, ...]]:
    """What the canvas has told, without what happens during a drag: (signal, values …)."""
    told: list[tuple[Any, ...]] = []
    for name in (
        "box_drawn",
        "boxes_moved",
        "boxes_removed",
        "boxes_copied",
        "boxes_cut",
        "boxes_duplicated",
        "paste_requested",
        "lock_requested",
        "selection_changed",
        "refused",
    ):
        getattr(canvas, name).connect(lambda *values, name=name: told.append((name, *values)))
    return told


def selected(canvas: BoxCanvas) -> list[int]:
    return [each.id for each in canvas.selected]


# --- choosing


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


# --- drawing


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


# --- moving, pulling, turning


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


# --- keys


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


# --- how it looks


def is_near(color: QColor, expected: str, most: int = 40) -> bool:
    other = QColor(expected)
    return all(abs(a - b) <= most for a, b in zip(color.getRgb()[:3], other.getRgb()[:3], strict=True))


def test_boxes_have_an_outline_in_their_class_color(canvas: BoxCanvas, color_at: ColorAt) -> None:
    assert is_near(color_at(canvas, 60, 110), FIRST.color)
    assert is_near(color_at(canvas, 340, 210), SECOND.color)
    assert is_near(color_at(canvas, 58, 110), "#000000"), "a dark seam, to be seen on any photo"
    assert is_near(color_at(canvas, 100, 100), "#ff0000"), "the inside is the photo"


def test_a_tag_names_the_class_of_every_box(canvas: BoxCanvas, color_at: ColorAt) -> None:
    assert is_near(color_at(canvas, 63, 52), FIRST.color)
    assert is_near(color_at(canvas, 263, 152), SECOND.color)


def test_a_locked_box_is_dashed(canvas: BoxCanvas) -> None:
    image = canvas.grab().toImage()
    x, top = (int(value) for value in canvas.viewport.to_view(270, 35))
    side = [image.pixelColor(x, top + step) for step in range(50)]
    assert any(is_near(color, LOCKED.color) for color in side)
    assert any(is_near(color, "#000000", 60) for color in side)


def test_handles_show_on_the_box_selected_alone(canvas: BoxCanvas, color_at: ColorAt) -> None:
    corners = handles(FIRST.box, 1.0)
    knob = rotate_point(FIRST.box, 1.0)
    assert not any(is_near(color_at(canvas, *at), "#ffffff") for at in corners.values())
    canvas.set_selection([1])
    assert len(corners) == 8
    assert all(is_near(color_at(canvas, *at), "#ffffff") for at in corners.values())
    assert is_near(color_at(canvas, *knob), "#ffffff")
    canvas.set_selection([1, 2])
    assert not is_near(color_at(canvas, *knob), "#ffffff")
    assert is_near(color_at(canvas, *corners["top_left"]), "#ffffff"), "a mark that says selected"


def test_the_box_under_the_pointer_stands_out(canvas: BoxCanvas, hand: Hand, color_at: ColorAt) -> None:
    assert not is_near(color_at(canvas, 61, 110), FIRST.color)
    hand.move(100, 100)
    assert is_near(color_at(canvas, 61, 110), FIRST.color)
    assert canvas.cursor().shape() == Qt.CursorShape.SizeAllCursor


def test_lines_cross_where_a_box_could_be_drawn(canvas: BoxCanvas, hand: Hand) -> None:
    hand.move(200, 150)
    with_lines = canvas.grab().toImage()
    x, y = (int(value) for value in canvas.viewport.to_view(200, 150))
    assert len({with_lines.pixelColor(x, row).name() for row in range(canvas.height())}) > 3
    hand.move(100, 100)
    assert canvas.grab().toImage().pixelColor(x, 5) == canvas.theme.color("canvas")
    assert with_lines.pixelColor(x, 5) != with_lines.pixelColor(x + 2, 5)
    assert with_lines.pixelColor(5, y) != with_lines.pixelColor(5, y + 2)


@pytest.mark.parametrize(
    ("angle", "shape"),
    [
        (0, Qt.CursorShape.SizeHorCursor),
        (45, Qt.CursorShape.SizeFDiagCursor),
        (90, Qt.CursorShape.SizeVerCursor),
        (-40, Qt.CursorShape.SizeBDiagCursor),
    ],
)
def test_the_cursor_shows_where_a_handle_can_be_pulled(
    canvas: BoxCanvas, hand: Hand, angle: float, shape: Qt.CursorShape
) -> None:
    turned = replace(FIRST, box=Box(center_x=200, center_y=150, width=80, height=60, angle_deg=angle))
    canvas.set_boxes([turned])
    canvas.set_selection([1])
    hand.move(*handles(turned.box, 1.0)["right"])
    assert canvas.cursor().shape() == shape


def test_200_boxes_are_all_shown(canvas: BoxCanvas, color_at: ColorAt) -> None:
    boxes = [
        CanvasBox(
            n,
            Box(center_x=10 + 19 * (n % 20), center_y=20 + 27 * (n // 20), width=8, height=8),
            "#00ffff",
            "x",
        )
        for n in range(200)
    ]
    canvas.set_boxes(boxes)
    image = canvas.grab().toImage()
    for each in boxes:
        x, y = canvas.viewport.to_view(each.box.center_x - 4, each.box.center_y)
        assert is_near(image.pixelColor(int(x), int(y)), "#00ffff")
