"""Boxes drawn, moved, pulled, turned, chosen: by mouse and by keys. The photo is 400 × 300, shown one to one."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from anogen_gui.ui.canvas.box_canvas import BoxCanvas
from anogen_gui.ui.canvas.targets import CanvasBox, handles, rotate_point
from engine.geometry import Box
from tests.anogen_gui.ui.canvas.boxes.three_boxes import FIRST, LOCKED, SECOND, ColorAt, is_near
from tests.anogen_gui.ui.canvas.hand import Hand


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
