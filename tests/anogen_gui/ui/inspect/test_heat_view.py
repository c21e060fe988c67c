"""A photo with its anomaly map over it."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from anogen_gui.model.mask_outline import MaskOutlines
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.inspect.anomaly_maps import AnomalyMaps
from anogen_gui.ui.inspect.heat_view import LOST_MAP, NO_MAP, HeatView
from anogen_gui.ui.inspect.map_colours import colour_of
from anogen_gui.ui.theme import ThemeModel
from engine.geometry import Box
from tests.anogen_gui.ui.inspect.map_files import spotted, write_map, write_photo

GREY = QColor(128, 128, 128)
HOT, COLD = (150.0, 112.0), (300.0, 200.0)  # on the photo: where the map is 0.8, and where it is 0
EDGE = (100.0, 112.0)  # of the spot


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return write_photo(tmp_path / "photo.png")


@pytest.fixture
def spot(tmp_path: Path) -> Path:
    return write_map(tmp_path / "map.png", spotted())


@pytest.fixture
def view(
    theme_model: ThemeModel, pictures: Pictures, maps: AnomalyMaps, outlines: MaskOutlines, qtbot: QtBot
) -> HeatView:
    """432 × 332: the photo is fitted one to one, its corner at (16, 16)."""
    view = HeatView(theme_model, pictures, maps, outlines)
    qtbot.addWidget(view)
    view.resize(432, 332)
    view.show()
    return view


@pytest.fixture
def shown(view: HeatView, photo: Path, spot: Path, qtbot: QtBot) -> HeatView:
    view.show_photo(photo, spot)
    qtbot.waitUntil(lambda: view.is_map_shown and view.photo_size is not None)
    return view


def seen(view: HeatView, at: tuple[float, float]) -> QColor:
    x, y = view.viewport.to_view(*at)
    return view.grab().toImage().pixelColor(int(x), int(y))


def mixed(opacity: float) -> QColor:
    """Of the map where it is 0.8 and the grey photo."""
    hot, share = colour_of(0.8), opacity * 0.8**0.5
    parts = zip((hot.red(), hot.green(), hot.blue()), (128, 128, 128), strict=True)
    return QColor(*(round(over * share + under * (1 - share)) for over, under in parts))


def alike(one: QColor, other: QColor) -> bool:
    pairs = zip(one.getRgb(), other.getRgb(), strict=True)  # type: ignore[call-overload]
    return all(abs(a - b) <= 3 for a, b in pairs)


def move(view: HeatView, at: tuple[float, float]) -> None:
    place = QPointF(*view.viewport.to_view(*at))
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        place,
        view.mapToGlobal(place),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(view, event)


def test_the_map_lies_over_the_whole_photo(shown: HeatView) -> None:
    assert alike(seen(shown, HOT), mixed(0.6))
    assert seen(shown, COLD) == GREY


def test_the_opacity_is_followed_at_once(shown: HeatView) -> None:
    for opacity in (0.0, 0.25, 1.0):
        shown.set_opacity(opacity)
        assert alike(seen(shown, HOT), mixed(opacity))
        assert seen(shown, COLD) == GREY


def test_photo_and_map_are_seen_alone(shown: HeatView) -> None:
    shown.set_mode("photo")
    assert seen(shown, HOT) == GREY
    shown.set_mode("map")
    assert alike(seen(shown, HOT), colour_of(0.8))
    assert alike(seen(shown, COLD), colour_of(0.0))
    shown.set_mode("both")
    assert alike(seen(shown, HOT), mixed(0.6))


def test_blinking_shows_the_photo_and_both_in_turn(shown: HeatView, qtbot: QtBot) -> None:
    shown.set_mode("blink")
    qtbot.waitUntil(lambda: not shown.is_map_shown, timeout=3000)
    assert seen(shown, HOT) == GREY
    qtbot.waitUntil(lambda: shown.is_map_shown, timeout=3000)
    assert alike(seen(shown, HOT), mixed(0.6))
    shown.set_mode("both")
    assert not shown.is_blinking
    assert shown.is_map_shown


def test_a_small_map_is_enlarged_smoothly_however_close_one_looks(shown: HeatView) -> None:
    shown.set_mode("map")
    shown.zoom_to(32.0)
    shown.reveal(Box(center_x=EDGE[0], center_y=EDGE[1], width=4, height=4))
    y = shown.viewport.to_view(*EDGE)[1]
    image = shown.grab().toImage()
    steps = {image.pixelColor(x, int(y)).rgb() for x in range(image.width())}
    assert len(steps) > 20


def test_what_is_above_the_reject_level_is_outlined(shown: HeatView) -> None:
    before = shown.grab().toImage()
    shown.set_reject_above(0.4)
    assert shown.grab().toImage() == before, "outlines were not asked for"
    shown.set_outlines(of_map=True, of_truth=False)
    assert seen(shown, EDGE).lightness() > 220
    assert alike(seen(shown, HOT), mixed(0.6))
    shown.set_reject_above(0.9)
    assert shown.grab().toImage() == before, "nothing is above"


def test_the_truth_is_outlined_by_the_mask(
    view: HeatView, photo: Path, spot: Path, tmp_path: Path, qtbot: QtBot, outlines: MaskOutlines
) -> None:
    mask = np.zeros((300, 400), np.uint8)
    mask[180:240, 250:350] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    view.show_photo(photo, spot, tmp_path / "mask.png")
    qtbot.waitUntil(lambda: view.is_map_shown and view.photo_size is not None)
    plain = view.grab().toImage()
    with qtbot.waitSignal(outlines.found):
        view.set_outlines(of_map=False, of_truth=True)
    marked = view.grab().toImage()
    changed = {
        (x, y) for x in range(432) for y in range(332) if marked.pixelColor(x, y) != plain.pixelColor(x, y)
    }
    assert (16 + 300, 16 + 180) in changed, "the mask's upper edge"
    assert (16 + 300, 16 + 210) not in changed, "inside the mask"
    view.set_outlines(of_map=False, of_truth=False)
    assert view.grab().toImage() == plain


def test_the_value_under_the_pointer_is_told(shown: HeatView, qtbot: QtBot) -> None:
    for at, value in ((HOT, 0.8), (COLD, 0.0)):
        with qtbot.waitSignal(shown.value_pointed) as told:
            move(shown, at)
        assert told.args == [pytest.approx(value, abs=1e-4)]
    with qtbot.waitSignal(shown.value_pointed) as told:
        move(shown, (-5.0, 20.0))
    assert told.args == [None]


def test_the_next_photo_comes_without_the_map_of_the_one_before(
    shown: HeatView, tmp_path: Path, qtbot: QtBot
) -> None:
    blue = write_photo(tmp_path / "blue.png", (0, 0, 255))
    with qtbot.waitSignal(shown.photo_shown):
        shown.show_photo(blue)
    assert seen(shown, HOT) == QColor(0, 0, 255)
    assert shown.message == NO_MAP


def test_another_map_of_the_same_photo_is_shown(
    shown: HeatView, photo: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    flat = write_map(tmp_path / "flat.png", np.zeros((16, 16)))
    shown.show_photo(photo, flat)
    qtbot.waitUntil(lambda: shown.is_map_shown)
    assert seen(shown, HOT) == GREY


def test_a_neighbor_that_was_decoded_beforehand_is_there_at_once(
    shown: HeatView, pictures: Pictures, maps: AnomalyMaps, tmp_path: Path, qtbot: QtBot
) -> None:
    blue = write_photo(tmp_path / "blue.png", (0, 0, 255))
    heat = write_map(tmp_path / "next.png", np.ones((8, 8)))
    shown.prefetch([blue], [heat])
    qtbot.waitUntil(lambda: pictures.get(blue) is not None and maps.get(heat) is not None)
    shown.show_photo(blue, heat)
    assert shown.photo_size is not None
    assert shown.is_map_shown


@pytest.mark.parametrize("damage", ["missing", "no picture", "of 8 bits", "cut off"])
def test_a_map_that_is_lost_is_told_and_the_photo_is_seen(
    view: HeatView, photo: Path, spot: Path, damage: str, qtbot: QtBot
) -> None:
    if damage == "missing":
        spot.unlink()
    elif damage == "no picture":
        spot.write_bytes(b"This was a map once.")
    elif damage == "of 8 bits":
        Image.new("L", (32, 32)).save(spot)
    else:
        spot.write_bytes(spot.read_bytes()[:60])
    view.show_photo(photo, spot)
    qtbot.waitUntil(lambda: view.message == LOST_MAP)
    assert not view.is_map_shown
    assert seen(view, COLD) == GREY
    view.set_mode("map")
    assert seen(view, COLD) == GREY


def test_a_map_that_came_meanwhile_is_found(view: HeatView, photo: Path, spot: Path, qtbot: QtBot) -> None:
    whole = spot.read_bytes()
    spot.unlink()
    view.show_photo(photo, spot)
    qtbot.waitUntil(lambda: view.message == LOST_MAP)
    spot.write_bytes(whole)
    view.refresh()
    qtbot.waitUntil(lambda: view.is_map_shown)
    assert view.message == ""


def test_a_photo_that_is_lost_is_told_by_its_own_sentence(
    view: HeatView, spot: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(view.photo_shown):
        view.show_photo(tmp_path / "gone.png", spot)
    assert view.photo_size is None
    assert view.message == ""


def test_a_drag_pans_and_a_double_click_dismisses(shown: HeatView, qtbot: QtBot) -> None:
    before = shown.viewport
    QTest.mousePress(shown, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    QTest.mouseMove(shown, QPoint(130, 90))
    QTest.mouseRelease(shown, Qt.MouseButton.LeftButton, pos=QPoint(130, 90))
    assert (shown.viewport.left - before.left, shown.viewport.top - before.top) == (30, -10)
    with qtbot.waitSignal(shown.dismissed):
        QTest.mouseDClick(shown, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
