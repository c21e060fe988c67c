"""A photo in a view: shown, zoomed, panned, with pictures over it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from anogen_gui.ui.canvas.overlays import Overlay
from anogen_gui.ui.canvas.photo_view import PhotoView
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.theme import DARK, ThemeModel
from engine.geometry import Box, Size

Show = Callable[[PhotoView], None]
ColorAt = Callable[[PhotoView, float, float], QColor]
RED, GREY = QColor("red"), QColor("#808080")


@pytest.fixture
def view(theme_model: ThemeModel, pictures: Pictures, show: Show) -> PhotoView:
    view = PhotoView(theme_model, pictures)
    show(view)
    return view


def turn_wheel(view: PhotoView, at: QPointF, delta: int) -> None:
    event = QWheelEvent(
        at,
        view.mapToGlobal(at),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def move(view: PhotoView, at: QPointF, buttons: Qt.MouseButton = Qt.MouseButton.NoButton) -> None:
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        at,
        view.mapToGlobal(at),
        Qt.MouseButton.NoButton,
        buttons,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(view, event)


def test_the_photo_is_shown_fitted(view: PhotoView, color_at: ColorAt) -> None:
    assert view.photo_size == Size(400, 300)
    assert color_at(view, 100, 100) == RED
    assert color_at(view, 300, 100) == GREY
    assert color_at(view, -8, 100) == view.theme.color("canvas")


def test_the_last_photo_stays_until_the_next_one_is_decoded(
    view: PhotoView, color_at: ColorAt, tmp_path: Path, qtbot: QtBot
) -> None:
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(QColor("blue"))
    image.save(str(tmp_path / "next.png"))
    with qtbot.waitSignal(view.photo_shown):
        view.show_photo(tmp_path / "next.png")
        assert view.photo_size is None
        assert color_at(view, 100, 100) == RED
    assert color_at(view, 100, 100) == QColor("blue")


def test_a_prefetched_photo_is_shown_at_once(
    view: PhotoView, pictures: Pictures, tmp_path: Path, qtbot: QtBot
) -> None:
    file = tmp_path / "next.png"
    QImage(200, 300, QImage.Format.Format_RGB32).save(str(file))
    with qtbot.waitSignal(pictures.loaded):
        view.prefetch([file])
    view.show_photo(file)
    assert view.photo_size == Size(200, 300)
    assert view.viewport == view.viewport.fitted().snapped()


def test_a_photo_of_the_same_size_is_seen_from_where_the_last_one_was(
    view: PhotoView, photo: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    view.zoom_to(3.0)
    before = view.viewport
    QImage(str(photo)).save(str(tmp_path / "twin.png"))
    with qtbot.waitSignal(view.photo_shown):
        view.show_photo(tmp_path / "twin.png")
    assert view.viewport == before


def test_a_photo_that_cannot_be_read_is_told(view: PhotoView, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.photo_shown):
        view.show_photo(tmp_path / "missing.png")
    assert view.photo_size is None
    ground = view.theme.color("canvas")
    image = view.grab().toImage()
    row = [image.pixelColor(x, y) for y in range(120, 200) for x in range(image.width())]
    assert sum(color != ground for color in row) > 100, "there is a text"


def test_no_photo_says_what_to_do_next(theme_model: ThemeModel, pictures: Pictures, qtbot: QtBot) -> None:
    view = PhotoView(theme_model, pictures)
    qtbot.addWidget(view)
    view.resize(300, 200)
    empty = view.grab().toImage()
    view.set_empty_text("No photo", "Choose one.")
    assert view.grab().toImage() != empty


def test_the_wheel_zooms_to_the_cursor(view: PhotoView) -> None:
    at = QPointF(116, 66)
    before = view.viewport.to_photo(at.x(), at.y())
    with_signal: list[float] = []
    view.zoom_changed.connect(with_signal.append)
    turn_wheel(view, at, 360)
    assert view.viewport.zoom == pytest.approx(2.0)
    assert view.viewport.to_photo(at.x(), at.y()) == pytest.approx(before, abs=0.5)
    assert with_signal == [pytest.approx(2.0)]
    turn_wheel(view, at, -360)
    assert view.viewport.to_view(0, 0) == pytest.approx((16, 16), abs=0.5)


@pytest.mark.parametrize("with_space", [True, False])
def test_space_or_the_middle_button_pans(view: PhotoView, qtbot: QtBot, with_space: bool) -> None:
    view.zoom_to(4.0)
    button = Qt.MouseButton.LeftButton if with_space else Qt.MouseButton.MiddleButton
    before = view.viewport
    if with_space:
        qtbot.keyPress(view, Qt.Key.Key_Space)
        assert view.cursor().shape() == Qt.CursorShape.OpenHandCursor
    qtbot.mousePress(view, button, pos=QPoint(100, 100))
    move(view, QPointF(130, 90), button)
    assert view.cursor().shape() == Qt.CursorShape.ClosedHandCursor
    qtbot.mouseRelease(view, button, pos=QPoint(130, 90))
    move(view, QPointF(150, 150))
    if with_space:
        qtbot.keyRelease(view, Qt.Key.Key_Space)
    assert (view.viewport.left - before.left, view.viewport.top - before.top) == (30, -10)
    assert view.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_keys_zoom_and_fit(view: PhotoView, qtbot: QtBot) -> None:
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(view, Qt.Key.Key_Plus, control)
    assert view.viewport.zoom == pytest.approx(2**0.5)
    qtbot.keyClick(view, Qt.Key.Key_Minus, control)
    qtbot.keyClick(view, Qt.Key.Key_Minus, control)
    assert view.viewport.zoom == pytest.approx(2**-0.5)
    qtbot.keyClick(view, Qt.Key.Key_0, control)
    assert view.viewport.zoom == 1.0
    view.pan(50, 0)
    qtbot.keyClick(view, Qt.Key.Key_F)
    assert view.viewport.to_view(0, 0) == (16, 16)


def test_a_fitted_photo_stays_fitted_when_the_view_is_resized(view: PhotoView) -> None:
    view.resize(232, 332)
    assert view.viewport.zoom == pytest.approx(0.5)
    view.zoom_to(1.0)
    view.resize(432, 332)
    assert view.viewport.zoom == 1.0


def test_the_pointer_is_told_in_photo_pixels(view: PhotoView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.pointer_moved) as moved:
        move(view, QPointF(26, 36))
    assert moved.args == [10, 20]
    with qtbot.waitSignal(view.pointer_left):
        QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert view.pointer is None


def test_pictures_are_drawn_over_the_photo_within_their_box(view: PhotoView, color_at: ColorAt) -> None:
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(QColor("blue"))
    box = Box(center_x=100, center_y=100, width=40, height=40, angle_deg=45)
    view.show_overlay("live", Overlay(image, (70, 70, 60, 60), box))
    assert color_at(view, 100, 100) == QColor("blue")
    assert color_at(view, 73, 73) == RED, "outside the box"
    view.set_overlay_visible("live", False)
    assert color_at(view, 100, 100) == RED
    view.set_overlay_visible("live", True)
    view.show_overlay("half", Overlay(image, (200, 200, 50, 50), opacity=0.5))
    assert color_at(view, 225, 225).blue() > GREY.blue() + 50
    view.remove_overlay("half")
    assert color_at(view, 225, 225) == GREY
    view.clear_overlays()
    assert color_at(view, 100, 100) == RED


def test_what_lies_over_a_photo_goes_with_it_and_can_come_before_the_next_one(
    view: PhotoView, photo: Path, color_at: ColorAt, qtbot: QtBot
) -> None:
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(QColor("blue"))
    view.show_overlay("of the first", Overlay(image, (70, 70, 60, 60)))
    twin = photo.with_name("twin.png")
    twin.write_bytes(photo.read_bytes())
    with qtbot.waitSignal(view.photo_shown):
        view.show_photo(twin)
        view.show_overlay("of the next", Overlay(image, (200, 200, 50, 50)))
        assert color_at(view, 225, 225) == GREY
    assert color_at(view, 100, 100) == RED
    assert color_at(view, 225, 225) == QColor("blue")


def test_blinking_shows_the_photo_with_and_without_what_lies_over_it(
    view: PhotoView, color_at: ColorAt, qtbot: QtBot
) -> None:
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(QColor("blue"))
    view.show_overlay("live", Overlay(image, (70, 70, 60, 60)))
    view.set_blinking(True)
    qtbot.waitUntil(lambda: color_at(view, 100, 100) == RED, timeout=3000)
    qtbot.waitUntil(lambda: color_at(view, 100, 100) == QColor("blue"), timeout=3000)
    view.set_blinking(False)
    assert color_at(view, 100, 100) == QColor("blue")


def test_the_theme_is_followed(view: PhotoView, theme_model: ThemeModel, color_at: ColorAt) -> None:
    theme_model.choice = "dark"
    assert color_at(view, -8, 100) == DARK.color("canvas")
    assert color_at(view, 100, 100) == RED, "a photo looks the same in every theme"
