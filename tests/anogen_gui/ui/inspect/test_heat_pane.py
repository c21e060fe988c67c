"""One photo, large, with its tools and what is said of it."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from anogen_gui.model.mask_outline import MaskOutlines
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect.anomaly_maps import AnomalyMaps
from anogen_gui.ui.inspect.heat_pane import HeatFiles, HeatPane
from anogen_gui.ui.inspect.photo_bar import PhotoFacts
from anogen_gui.ui.kit import TextLabel
from anogen_gui.ui.theme import ThemeModel
from engine.reporting.facts import Bands
from tests.anogen_gui.ui.inspect.map_files import spotted, write_map, write_photo

FACTS = PhotoFacts("biscuit_007.png", 0.872, "ng", True, "crack", None, "3 of 40")


@pytest.fixture
def files(tmp_path: Path) -> HeatFiles:
    return HeatFiles(write_photo(tmp_path / "photo.png"), write_map(tmp_path / "map.png", spotted()))


@pytest.fixture
def pane(
    theme_model: ThemeModel,
    icons: Icons,
    pictures: Pictures,
    maps: AnomalyMaps,
    outlines: MaskOutlines,
    files: HeatFiles,
    qtbot: QtBot,
) -> HeatPane:
    pane = HeatPane(theme_model, icons, pictures, maps, outlines)
    qtbot.addWidget(pane)
    pane.resize(1100, 700)
    pane.show()
    pane.show_bands(Bands(0.3, 0.6))
    pane.show_photo(files, FACTS)
    qtbot.waitUntil(lambda: pane.view.is_map_shown and pane.view.photo_size is not None)
    pane.view.setFocus()
    return pane


def words(pane: HeatPane) -> set[str]:
    return {label.text() for label in pane.photo_bar.findChildren(TextLabel)}


def test_what_is_known_of_the_photo_is_said_in_words(pane: HeatPane) -> None:
    assert {"Rejected", "0.872", "Bad: crack", "biscuit_007.png", "3 of 40"} <= words(pane)
    pane.show_facts(PhotoFacts("new.png", 0.41, "look_again"))
    assert {"Look again", "0.410", "Not known"} <= words(pane)
    pane.show_facts(PhotoFacts("new.png"))
    assert {"Not looked at", "–"} <= words(pane)


@pytest.mark.parametrize(
    ("key", "mode"),
    [(Qt.Key.Key_P, "photo"), (Qt.Key.Key_A, "map"), (Qt.Key.Key_B, "blink")],
)
def test_keys_choose_what_is_seen(pane: HeatPane, key: Qt.Key, mode: str, qtbot: QtBot) -> None:
    qtbot.keyClick(pane.view, key)
    assert (pane.view.mode, pane.bar.mode.value) == (mode, mode)
    qtbot.keyClick(pane.view, Qt.Key.Key_H)
    assert pane.view.mode == "both"


def test_slider_and_keys_change_the_opacity(pane: HeatPane, qtbot: QtBot) -> None:
    pane.bar.opacity.setValue(35)
    assert pane.view.opacity == pytest.approx(0.35)
    qtbot.keyClick(pane.view, Qt.Key.Key_BracketRight)
    assert pane.view.opacity == pytest.approx(0.45)
    qtbot.keyClick(pane.view, Qt.Key.Key_BracketLeft)
    qtbot.keyClick(pane.view, Qt.Key.Key_BracketLeft)
    assert pane.view.opacity == pytest.approx(0.25)


def test_arrows_ask_for_other_photos_and_escape_for_all_of_them(pane: HeatPane, qtbot: QtBot) -> None:
    steps: list[int] = []
    pane.stepped.connect(steps.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
        qtbot.keyClick(pane.view, key)
    assert steps == [1, 1, -1]
    with qtbot.waitSignal(pane.closed):
        qtbot.keyClick(pane.view, Qt.Key.Key_Escape)


def test_a_person_says_what_the_photo_is_by_key_or_button(pane: HeatPane, qtbot: QtBot) -> None:
    said: list[bool | None] = []
    pane.opinion_chosen.connect(said.append)
    for key in (Qt.Key.Key_X, Qt.Key.Key_G, Qt.Key.Key_U):
        qtbot.keyClick(pane.view, key)
    assert said == [True, False, None]
    buttons = pane.photo_bar.opinion.buttons
    buttons[True].click()
    assert said[-1] is True
    assert not buttons[True].isChecked(), "only what is kept is marked"
    pane.show_facts(PhotoFacts("a.png", 0.5, "ok", opinion=True))
    assert [opinion for opinion, button in buttons.items() if button.isChecked()] == [True]


def test_where_nobody_is_asked_nothing_can_be_said(pane: HeatPane, qtbot: QtBot) -> None:
    pane.set_asks(False)
    assert not pane.photo_bar.opinion.isVisible()
    with qtbot.assertNotEmitted(pane.opinion_chosen):
        qtbot.keyClick(pane.view, Qt.Key.Key_X)


def test_keys_outline(pane: HeatPane, qtbot: QtBot) -> None:
    plain = pane.view.grab().toImage()
    qtbot.keyClick(pane.view, Qt.Key.Key_O)
    assert pane.bar.map_outline.isChecked()
    assert pane.view.grab().toImage() != plain
    pane.show_bands(None)
    assert pane.view.grab().toImage() == plain, "it is not known what is rejected"


def test_the_legend_marks_bands_score_and_the_value_under_the_pointer(pane: HeatPane) -> None:
    legend = pane.legend
    assert "rejected above 0.600" in legend.accessibleName()
    assert "this photo: 0.872" in legend.accessibleName()
    before = legend.grab().toImage()
    pane.view.value_pointed.emit(0.2)
    assert legend.value == 0.2
    changed = legend.grab().toImage()
    assert changed != before
    scale = int(legend.width() * 0.4)
    rows = [y for y in range(changed.height()) if changed.pixel(scale, y) != before.pixel(scale, y)]
    assert min(rows) <= legend.y_of(0.2) <= max(rows)
    pane.view.value_pointed.emit(None)
    assert legend.grab().toImage() == before


def test_without_a_photo_it_says_what_to_do(pane: HeatPane) -> None:
    pane.show_photo(None, None)
    assert pane.view.file is None
    assert not pane.photo_bar.opinion.isEnabled()
    assert "this photo" not in pane.legend.accessibleName()
