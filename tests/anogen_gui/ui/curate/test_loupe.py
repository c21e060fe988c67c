"""The loupe follows its model and its keys."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from anogen_gui.model.curate import CurateModel
from anogen_gui.model.mask_outline import MaskOutlines
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.curate.loupe import Loupe
from anogen_gui.ui.icons import Icons

Key = Qt.Key


@pytest.fixture
def loupe(
    qtbot: QtBot, icons: Icons, pictures: Pictures, model: CurateModel, project_model: ProjectModel
) -> Iterator[Loupe]:
    """At the newest of six samples."""
    outlines = MaskOutlines()
    loupe = Loupe(icons, pictures, outlines)
    qtbot.addWidget(loupe)
    qtbot.addWidget(loupe.bar)
    loupe.resize(500, 400)
    loupe.bind(model, project_model)
    loupe.show()
    yield loupe
    loupe.bind(None, None)
    outlines.close()


def press(qtbot: QtBot, loupe: Loupe, *keys: Key) -> None:
    for key in keys:
        qtbot.keyClick(loupe.view, key)


def current(model: CurateModel) -> int | None:
    return model.selection.current


def test_the_current_sample_and_its_photo_are_shown(
    qtbot: QtBot, loupe: Loupe, pictures: Pictures, project_model: ProjectModel
) -> None:
    sample = project_model.samples.get(6)
    assert sample is not None
    qtbot.waitUntil(lambda: loupe.view.viewport.photo.width == 48)
    assert pictures.get(project_model.file(sample.path)) is not None
    qtbot.waitUntil(lambda: pictures.get(project_model.file(sample.photo)) is not None)


def test_the_next_sample_is_there_before_it_is_looked_at(
    qtbot: QtBot, loupe: Loupe, pictures: Pictures, project_model: ProjectModel
) -> None:
    following = project_model.samples.get(5)
    assert following is not None
    qtbot.waitUntil(lambda: pictures.get(project_model.file(following.path)) is not None)


@pytest.mark.parametrize(
    ("keys", "number"),
    [
        ((Key.Key_Right,), 5),
        ((Key.Key_Down, Key.Key_Down), 4),
        ((Key.Key_PageDown, Key.Key_Left), 6),
        ((Key.Key_End,), 1),
        ((Key.Key_End, Key.Key_Up), 2),
        ((Key.Key_End, Key.Key_PageUp, Key.Key_Home), 6),
    ],
)
def test_keys_go_to_other_samples(
    qtbot: QtBot, loupe: Loupe, model: CurateModel, keys: tuple[Key, ...], number: int
) -> None:
    press(qtbot, loupe, *keys)
    assert current(model) == number


def test_letters_choose_what_is_compared(qtbot: QtBot, loupe: Loupe) -> None:
    for key, mode in (
        (Key.Key_O, "original"),
        (Key.Key_B, "blink"),
        (Key.Key_S, "slider"),
        (Key.Key_G, "generated"),
    ):
        press(qtbot, loupe, key)
        assert loupe.view.mode == mode
        assert loupe.bar.mode.value == mode


def test_left_and_right_move_the_split_line_while_it_is_seen(
    qtbot: QtBot, loupe: Loupe, model: CurateModel
) -> None:
    press(qtbot, loupe, Key.Key_S, Key.Key_Right)
    assert loupe.view.split == pytest.approx(0.55)
    qtbot.keyClick(loupe.view, Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert loupe.view.split == pytest.approx(0.54)
    assert current(model) == 6
    press(qtbot, loupe, Key.Key_Down)
    assert current(model) == 5


def test_m_goes_through_the_outlines(qtbot: QtBot, loupe: Loupe) -> None:
    kinds = []
    for _ in range(3):
        press(qtbot, loupe, Key.Key_M)
        kinds.append(loupe.bar.outline.value)
    assert kinds == ["mask", "none", "box"]


def test_the_mask_is_outlined_as_soon_as_its_outline_is_found(qtbot: QtBot, loupe: Loupe) -> None:
    plain = loupe.view.grab().toImage()
    loupe.bar.outline.set_value("mask")
    qtbot.waitUntil(lambda: loupe.view.grab().toImage() != plain)


@pytest.mark.parametrize("key", [Key.Key_Escape, Key.Key_Return, Key.Key_Enter])
def test_escape_and_return_lead_back(qtbot: QtBot, loupe: Loupe, key: Key) -> None:
    with qtbot.waitSignal(loupe.closed):
        press(qtbot, loupe, key)


def test_keys_that_it_does_not_know_go_on(qtbot: QtBot, loupe: Loupe, model: CurateModel) -> None:
    qtbot.keyClick(loupe.view, Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert loupe.view.mode == "generated"


def test_plus_and_minus_zoom(qtbot: QtBot, loupe: Loupe) -> None:
    qtbot.waitUntil(lambda: loupe.view.viewport.photo.width == 48)
    before = loupe.view.viewport.zoom
    press(qtbot, loupe, Key.Key_Plus)
    assert loupe.view.viewport.zoom > before
    press(qtbot, loupe, Key.Key_Minus, Key.Key_Minus)
    assert loupe.view.viewport.zoom < before


def test_the_zoom_is_told(qtbot: QtBot, loupe: Loupe) -> None:
    qtbot.waitUntil(lambda: loupe.view.viewport.photo.width == 48)
    loupe.bar.full.click()
    assert loupe.bar.zoom_text == "100%"
    loupe.bar.fit.click()
    assert loupe.bar.zoom_text == f"{loupe.view.viewport.zoom * 100:.0f}%"


def test_close_ups_frame_the_boxes_of_each_sample(
    qtbot: QtBot, loupe: Loupe, model: CurateModel, project_model: ProjectModel
) -> None:
    qtbot.waitUntil(lambda: loupe.view.viewport.photo.width == 48)
    loupe.view.zoom_to(1.0)
    loupe.show_close_up(True)
    framed = loupe.view.viewport
    assert framed.zoom > 5
    loupe.view.zoom_to(1.0)
    model.move(1)
    assert loupe.view.viewport == framed


def test_without_a_project_nothing_is_shown(loupe: Loupe) -> None:
    loupe.bind(None, None)
    loupe.show_current()
    assert loupe.view.mode == "generated"
