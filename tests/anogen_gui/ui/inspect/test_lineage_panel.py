"""Lineage as it is shown."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from anogen_gui.model.lineage import KeptOut, Lineage, LineageItem, LineageStep
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect.lineage_panel import LineagePanel

SUPPORTS = tuple(
    LineageItem(
        f"00{number}", f"photos/bad/crack/00{number}.png", "photos", f"photos/bad/crack/00{number}.png"
    )
    for number in range(8)
)
LINEAGE = Lineage(
    "draem-1",
    (
        LineageStep("detector", "Detector", "It learned.", (LineageItem("draem-1", "", "train", "draem-1"),)),
        LineageStep(
            "supports", "8 support photos", "", SUPPORTS, (LineageItem("draem-2", "", "train", "draem-2"),)
        ),
    ),
    (KeptOut("They are no tests.", tuple(item.place for item in SUPPORTS[:2])),),
)


@pytest.fixture
def panel(qtbot: QtBot, icons: Icons, thumbnails: Thumbnails) -> LineagePanel:
    panel = LineagePanel(icons, thumbnails)
    qtbot.addWidget(panel)
    panel.resize(304, 900)
    panel.show()
    panel.show_lineage(LINEAGE)
    return panel


def texts(panel: LineagePanel) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


def test_steps_and_what_is_kept_out_are_told(panel: LineagePanel) -> None:
    shown = texts(panel)
    for text in (
        "draem-1",
        "Detector",
        "8 support photos",
        "and 2 more",
        "They are no tests. 000, 001.",
    ):
        assert text in shown
    assert [tile.text() for tile in panel.tiles()] == [f"00{number}" for number in range(6)]


def test_each_thing_leads_to_its_page(panel: LineagePanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.item_requested) as requested:
        panel.tiles()[1].click()
    assert requested.args == ["photos", SUPPORTS[1].place]
    buttons = {button.text(): button for button in panel.findChildren(QPushButton)}
    for name in ("draem-1", "draem-2"):
        with qtbot.waitSignal(panel.item_requested) as requested:
            buttons[name].click()
        assert requested.args == ["train", name]


def test_tiles_are_reached_by_keyboard(panel: LineagePanel, qtbot: QtBot) -> None:
    tile = panel.tiles()[0]
    assert tile.focusPolicy() & Qt.FocusPolicy.TabFocus
    with qtbot.waitSignal(panel.item_requested):
        QTest.keyClick(tile, Qt.Key.Key_Space)
    assert "page Photos" in tile.toolTip()


def test_another_lineage_takes_the_place_of_the_former(panel: LineagePanel) -> None:
    panel.show_lineage(Lineage("draem-2", LINEAGE.steps[:1]))
    assert panel.tiles() == []
    assert "draem-2" in texts(panel)
    panel.show_lineage(None)
    assert texts(panel) == ["Nothing is known of where this comes from."]
