"""Masks painted by hand. The photo is 400 × 300, shown one to one."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from anogen_gui.ui.canvas.mask_canvas import MaskCanvas
from anogen_gui.ui.canvas.mask_pixels import MaskChange
from anogen_gui.ui.canvas.photo_view import PhotoView
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.theme import ThemeModel
from tests.anogen_gui.ui.canvas.hand import Hand

SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
GREEN = QColor("#00c000")

ColorAt = Callable[[PhotoView, float, float], QColor]


@pytest.fixture
def canvas(theme_model: ThemeModel, pictures: Pictures, show: Callable[[PhotoView], None]) -> MaskCanvas:
    canvas = MaskCanvas(theme_model, pictures)
    show(canvas)
    canvas.set_color(GREEN.name())
    canvas.set_brush_width(20)
    return canvas


@pytest.fixture
def hand(canvas: MaskCanvas) -> Hand:
    return Hand(canvas)


@pytest.fixture
def changes(canvas: MaskCanvas) -> list[MaskChange]:
    changes: list[MaskChange] = []
    canvas.stroke_finished.connect(changes.append)
    return changes


def mask_of(canvas: MaskCanvas) -> np.ndarray:
    mask = canvas.mask_array()
    assert mask is not None
    assert mask.shape == (300, 400)
    return mask


def test_a_stroke_is_one_change(canvas: MaskCanvas, hand: Hand, changes: list[MaskChange]) -> None:
    hand.drag((100, 200), (300, 200))
    assert [change.name for change in changes] == ["Paint"]
    mask = mask_of(canvas)
    assert mask[191:209, 100:300].all()
    assert mask.sum() == pytest.approx(200 * 20 + 3.14 * 100, rel=0.05)


def test_a_click_paints_a_dot_and_the_eraser_takes_it_away(
    canvas: MaskCanvas, hand: Hand, changes: list[MaskChange], qtbot: QtBot
) -> None:
    hand.click(200, 150)
    assert mask_of(canvas).sum() == pytest.approx(314, rel=0.08)
    qtbot.keyClick(canvas, Qt.Key.Key_E)
    assert canvas.tool == "eraser"
    hand.drag((180, 150), (220, 150))
    assert not mask_of(canvas).any()
    assert [change.name for change in changes] == ["Paint", "Erase"]


def test_alt_erases_and_shift_goes_straight_on(canvas: MaskCanvas, hand: Hand) -> None:
    hand.click(100, 100)
    hand.click(300, 100, SHIFT)
    assert mask_of(canvas)[100, 100:300].all()
    hand.click(200, 100, ALT)
    assert not mask_of(canvas)[100, 195:205].any()


def test_a_box_is_filled(canvas: MaskCanvas, hand: Hand, changes: list[MaskChange], qtbot: QtBot) -> None:
    qtbot.keyClick(canvas, Qt.Key.Key_R)
    hand.drag((50, 60), (20, 80))
    assert mask_of(canvas)[60:80, 20:50].all()
    assert mask_of(canvas).sum() == 600
    hand.drag((20, 60), (50, 70), ALT)
    assert mask_of(canvas).sum() == 300
    assert [change.name for change in changes] == ["Fill box", "Erase box"]


def polygon(hand: Hand) -> None:
    for x, y in ((100, 100), (200, 100), (200, 150), (100, 150)):
        hand.click(x, y)


def test_a_polygon_is_filled_by_enter(
    canvas: MaskCanvas, hand: Hand, changes: list[MaskChange], qtbot: QtBot
) -> None:
    canvas.set_tool("polygon")
    polygon(hand)
    assert changes == []
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert mask_of(canvas)[100:150, 100:200].all()
    assert mask_of(canvas).sum() == 5000
    assert [change.name for change in changes] == ["Fill polygon"]


def test_a_polygon_is_filled_by_a_click_on_its_first_point_or_a_double_click(
    canvas: MaskCanvas, hand: Hand
) -> None:
    canvas.set_tool("polygon")
    polygon(hand)
    hand.click(103, 102)
    assert mask_of(canvas).sum() == 5000
    canvas.set_mask_array(None)
    for x, y in ((100, 100), (200, 100), (200, 150)):
        hand.click(x, y)
    hand.double_click(100, 150)
    assert mask_of(canvas).sum() == 5000


def test_backspace_takes_the_last_point_back_and_escape_all(
    canvas: MaskCanvas, hand: Hand, changes: list[MaskChange], qtbot: QtBot
) -> None:
    canvas.set_tool("polygon")
    polygon(hand)
    hand.click(50, 250)
    qtbot.keyClick(canvas, Qt.Key.Key_Backspace)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert mask_of(canvas).sum() == 5000
    polygon(hand)
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert len(changes) == 1


def test_two_points_are_no_polygon(canvas: MaskCanvas, hand: Hand, qtbot: QtBot) -> None:
    canvas.set_tool("polygon")
    hand.click(100, 100)
    hand.click(200, 100)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert not mask_of(canvas).any()


def test_escape_gives_up_a_stroke(
    canvas: MaskCanvas, hand: Hand, changes: list[MaskChange], qtbot: QtBot
) -> None:
    hand.click(50, 50)
    before = mask_of(canvas)
    hand.press(100, 100)
    hand.pull(200, 200)
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    hand.pull(300, 200)
    hand.release(300, 200)
    assert (mask_of(canvas) == before).all()
    assert len(changes) == 1


def test_changes_can_be_taken_back_and_made_again(
    canvas: MaskCanvas, hand: Hand, changes: list[MaskChange]
) -> None:
    hand.drag((100, 200), (300, 200))
    first = mask_of(canvas)
    canvas.invert()
    canvas.clear()
    assert [change.name for change in changes] == ["Paint", "Invert mask", "Clear mask"]
    canvas.revert(changes[2])
    assert (mask_of(canvas) == ~first).all()
    canvas.revert(changes[1])
    canvas.revert(changes[0])
    assert not mask_of(canvas).any()
    for change in changes[:2]:
        canvas.apply(change)
    assert (mask_of(canvas) == ~first).all()


def test_what_changes_nothing_is_not_told(canvas: MaskCanvas, hand: Hand, changes: list[MaskChange]) -> None:
    canvas.clear()
    hand.drag((100, 100), (120, 100), ALT)
    assert changes == []


def test_a_mask_can_be_given(canvas: MaskCanvas, changes: list[MaskChange]) -> None:
    mask = np.zeros((300, 400), bool)
    mask[10:20, 30:50] = True
    canvas.set_mask_array(mask)
    assert (mask_of(canvas) == mask).all()
    assert changes == []
    with pytest.raises(ValueError, match="mask"):
        canvas.set_mask_array(np.zeros((10, 10), bool))


def test_the_next_photo_begins_with_an_empty_mask(
    canvas: MaskCanvas, hand: Hand, photo: Path, qtbot: QtBot
) -> None:
    hand.click(200, 150)
    twin = photo.with_name("twin.png")
    twin.write_bytes(photo.read_bytes())
    with qtbot.waitSignal(canvas.photo_shown):
        canvas.show_photo(twin)
    assert not mask_of(canvas).any()


def test_brackets_change_the_brush(canvas: MaskCanvas, qtbot: QtBot) -> None:
    with qtbot.waitSignal(canvas.brush_changed) as changed:
        qtbot.keyClick(canvas, Qt.Key.Key_BracketRight)
    assert changed.args == [25]
    for _ in range(40):
        qtbot.keyClick(canvas, Qt.Key.Key_BracketLeft)
    assert canvas.brush_width == 1
    qtbot.keyClick(canvas, Qt.Key.Key_BracketRight)
    assert canvas.brush_width == 2


def test_another_tool_drops_the_polygon(canvas: MaskCanvas, hand: Hand, qtbot: QtBot) -> None:
    canvas.set_tool("polygon")
    polygon(hand)
    with qtbot.waitSignal(canvas.tool_changed) as changed:
        qtbot.keyClick(canvas, Qt.Key.Key_B)
    assert changed.args == ["brush"]
    canvas.set_tool("polygon")
    canvas.close_polygon()
    assert not mask_of(canvas).any()


# --- how it looks


def test_the_mask_is_tinted_with_an_outline_and_a_seam(canvas: MaskCanvas, color_at: ColorAt) -> None:
    mask = np.zeros((300, 400), bool)
    mask[200:260, 240:340] = True
    canvas.set_mask_array(mask)
    canvas.set_opacity(0.5)
    inside = color_at(canvas, 290, 230)
    assert (inside.red(), inside.blue()) == (pytest.approx(64, abs=2), pytest.approx(64, abs=2))
    assert inside.green() == pytest.approx(160, abs=2)
    assert color_at(canvas, 290, 200.5) == GREEN
    assert color_at(canvas, 290, 199.5).green() < 60
    assert color_at(canvas, 290, 197.5) == QColor("#808080")
    canvas.set_opacity(0.0)
    assert color_at(canvas, 290, 230) == QColor("#808080")
    assert color_at(canvas, 290, 200.5) == GREEN


@pytest.mark.parametrize("zoom", [0.25, 0.5, 1.0, 3.0, 16.0])
def test_a_scratch_of_one_pixel_is_seen_at_every_zoom(
    canvas: MaskCanvas, color_at: ColorAt, zoom: float
) -> None:
    mask = np.zeros((300, 400), bool)
    mask[151, 160:240] = True
    canvas.set_mask_array(mask)
    canvas.zoom_to(zoom)
    image = canvas.grab().toImage()
    x, y = (int(value) for value in canvas.viewport.to_view(200, 151.5))
    column = [image.pixelColor(x, y + step) for step in range(-2, 3)]
    assert any(color.green() > color.red() + 40 for color in column)


def test_a_stroke_repaints_only_what_it_touches(
    canvas: MaskCanvas, hand: Hand, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    widths: list[int] = []
    paint = canvas.paintEvent

    def note(event: QPaintEvent) -> None:
        widths.append(event.rect().width())
        paint(event)

    monkeypatch.setattr(canvas, "paintEvent", note)
    hand.press(100, 100)
    qtbot.waitUntil(lambda: 432 in widths)
    QApplication.processEvents()
    widths.clear()
    hand.pull(110, 100)
    qtbot.waitUntil(lambda: bool(widths))
    assert max(widths) < 80
    hand.release(110, 100)


def test_an_unfinished_polygon_and_the_brush_are_seen(
    canvas: MaskCanvas, hand: Hand, color_at: ColorAt
) -> None:
    canvas.set_tool("polygon")
    hand.click(250, 200)
    hand.click(350, 200)
    hand.move(300, 260)
    assert color_at(canvas, 300, 200).green() > 150
    assert color_at(canvas, 325, 230).green() > color_at(canvas, 325, 230).red()
    assert color_at(canvas, 250, 200) == QColor("white")
    canvas.set_tool("brush")
    hand.move(300, 260)
    rim = [color_at(canvas, x, 260).lightness() for x in range(286, 294)]
    assert max(rim) > 160
    assert min(rim) < 100
    assert color_at(canvas, 300, 260) == QColor("#808080")
