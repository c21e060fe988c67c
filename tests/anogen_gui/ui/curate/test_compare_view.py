"""A sample beside its photo."""

import pytest
from PySide6.QtCore import QLineF, QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from anogen_gui.ui.canvas.picture import Picture
from anogen_gui.ui.curate.compare_view import CompareView
from anogen_gui.ui.icons import Icons
from engine.geometry import Box, Window

LEFT = Qt.MouseButton.LeftButton


def picture(color: str, width: int = 400, height: int = 300) -> Picture:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(color))
    return Picture(image)


@pytest.fixture
def view(qtbot: QtBot, icons: Icons) -> CompareView:
    """400×300 pixels of red sample and blue photo in a view of 432×332, which they fit into one to one."""
    view = CompareView(icons)
    qtbot.addWidget(view)
    view.resize(432, 332)
    view.show()
    view.show_pictures(picture("red"), picture("blue"))
    return view


def seen(view: CompareView, x: int, y: int) -> str:
    """The colour at a point of the view."""
    color = view.grab().toImage().pixelColor(x, y)
    return "red" if color.red() > color.blue() else "blue" if color.blue() > color.red() else "neither"


def test_the_sample_or_its_photo_is_seen(view: CompareView) -> None:
    assert seen(view, 200, 200) == "red"
    view.set_mode("original")
    assert seen(view, 200, 200) == "blue"
    assert view.is_photo_shown


def test_blinking_shows_one_after_the_other(qtbot: QtBot, view: CompareView) -> None:
    view.set_mode("blink")
    assert seen(view, 200, 200) == "red"
    qtbot.waitUntil(lambda: view.is_photo_shown)
    assert seen(view, 200, 200) == "blue"
    qtbot.waitUntil(lambda: not view.is_photo_shown)


def test_a_hidden_view_does_not_blink(qtbot: QtBot, view: CompareView) -> None:
    view.set_mode("blink")
    qtbot.waitUntil(lambda: view.is_photo_shown)
    view.hide()
    view.show()
    assert not view.is_photo_shown


def test_left_of_the_split_line_is_the_photo(view: CompareView) -> None:
    view.set_mode("slider")
    assert (seen(view, 100, 200), seen(view, 300, 200)) == ("blue", "red")
    view.move_split(-0.4)
    assert (seen(view, 30, 200), seen(view, 100, 200)) == ("blue", "red")


def test_the_split_line_ends_at_the_edges(view: CompareView) -> None:
    view.move_split(-3)
    assert view.split == 0
    view.move_split(7)
    assert view.split == 1


def test_a_drag_at_the_split_line_moves_it(view: CompareView) -> None:
    view.set_mode("slider")
    before = view.viewport
    QTest.mousePress(view, LEFT, pos=QPoint(216, 100))
    QTest.mouseMove(view, QPoint(108, 100))
    QTest.mouseRelease(view, LEFT, pos=QPoint(108, 100))
    assert view.split == pytest.approx(0.25)
    assert view.viewport == before


def test_a_drag_elsewhere_pans(view: CompareView) -> None:
    before = view.viewport
    QTest.mousePress(view, LEFT, pos=QPoint(100, 100))
    QTest.mouseMove(view, QPoint(130, 90))
    QTest.mouseRelease(view, LEFT, pos=QPoint(130, 90))
    assert (view.viewport.left - before.left, view.viewport.top - before.top) == (30, -10)


def test_a_double_click_dismisses_it_but_not_at_the_split_line(qtbot: QtBot, view: CompareView) -> None:
    view.set_mode("slider")
    with qtbot.assertNotEmitted(view.dismissed):
        QTest.mouseDClick(view, LEFT, pos=QPoint(216, 100))
    with qtbot.waitSignal(view.dismissed):
        QTest.mouseDClick(view, LEFT, pos=QPoint(100, 100))


def test_a_part_is_framed_also_in_a_view_of_another_size(view: CompareView) -> None:
    view.frame(Window(100, 100, 50, 50))
    for width, height in ((432, 332), (600, 300)):
        view.resize(width, height)
        left, top = view.viewport.to_view(100, 100)
        right, bottom = view.viewport.to_view(150, 150)
        assert bottom - top == pytest.approx(height - 32, abs=1)
        assert (left + right) / 2 == pytest.approx(width / 2, abs=1)


def test_zooming_by_hand_ends_that(view: CompareView) -> None:
    view.frame(Window(100, 100, 50, 50))
    view.zoom_to(2.0)
    view.resize(600, 400)
    assert view.viewport.zoom == 2.0
    view.fit()
    assert view.viewport.zoom > 6


def test_the_next_sample_is_seen_at_the_same_zoom_and_place(view: CompareView) -> None:
    view.zoom_to(3.0)
    view.pan(20, 10)
    before = view.viewport
    view.show_pictures(picture("green"), picture("blue"))
    assert view.viewport == before


def test_a_photo_of_another_size_is_fitted(view: CompareView) -> None:
    view.zoom_to(3.0)
    view.show_pictures(picture("green", 800, 600), picture("blue", 800, 600))
    assert view.viewport.scale == pytest.approx(0.5)


def test_boxes_and_masks_are_outlined(view: CompareView) -> None:
    plain = view.grab().toImage()
    box = Box(center_x=200, center_y=150, width=100, height=60)
    view.show_marks((box,), (), "box")
    boxed = view.grab().toImage()
    assert boxed.pixelColor(16 + 150, 16 + 150) != plain.pixelColor(16 + 150, 16 + 150)
    assert boxed.pixelColor(16 + 200, 16 + 150) == plain.pixelColor(16 + 200, 16 + 150)
    view.show_marks((box,), (QLineF(50, 50, 90, 50),), "mask")
    masked = view.grab().toImage()
    assert masked.pixelColor(16 + 70, 16 + 50) != plain.pixelColor(16 + 70, 16 + 50)
    assert masked.pixelColor(16 + 150, 16 + 150) == plain.pixelColor(16 + 150, 16 + 150)
    view.show_marks((box,), (), "none")
    assert view.grab().toImage() == plain


def test_a_picture_that_cannot_be_read_leaves_the_canvas(view: CompareView) -> None:
    view.show_pictures(Picture(QImage()), picture("blue"))
    assert seen(view, 100, 250) != "red"
    view.set_mode("original")
    assert seen(view, 100, 250) == "blue"
