"""The rail: one button a page."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.pages import PageSpec
from anogen_gui.ui.palettes import LIGHT
from anogen_gui.ui.rail import Rail

SPECS = (
    PageSpec("photos", "Photos", "mdi6.image-multiple-outline", QWidget),
    PageSpec("learn", "Learn", "mdi6.school-outline", QWidget),
)


def test_a_click_or_the_keyboard_chooses_a_page(qtbot: QtBot, icons: Icons) -> None:
    rail = Rail(SPECS, icons)
    qtbot.addWidget(rail)
    rail.show()
    with qtbot.waitSignal(rail.page_chosen) as chosen:
        qtbot.mouseClick(rail.button("learn"), Qt.MouseButton.LeftButton)
    assert chosen.args == ["learn"]
    with qtbot.waitSignal(rail.page_chosen) as chosen:
        qtbot.keyClick(rail.button("photos"), Qt.Key.Key_Space)
    assert chosen.args == ["photos"]
    assert rail.button("photos").isChecked()


def test_showing_a_page_marks_it_and_tells_nobody(qtbot: QtBot, icons: Icons) -> None:
    rail = Rail(SPECS, icons)
    qtbot.addWidget(rail)
    with qtbot.assertNotEmitted(rail.page_chosen):
        rail.show_page("learn")
    assert [rail.button(spec.key).isChecked() for spec in SPECS] == [False, True]


def test_the_current_page_has_a_bar_at_its_side_and_the_others_have_none(qtbot: QtBot, icons: Icons) -> None:
    rail = Rail(SPECS, icons)
    qtbot.addWidget(rail)
    rail.show_page("learn")
    bars = []
    for spec in SPECS:
        image = rail.button(spec.key).grab().toImage()
        bars.append(image.pixelColor(1, image.height() // 2).name() == LIGHT.accent)
    assert bars == [False, True]


def test_tooltips_tell_the_keys(qtbot: QtBot, icons: Icons) -> None:
    rail = Rail(SPECS, icons)
    qtbot.addWidget(rail)
    assert rail.button("learn").toolTip() == "Learn (Ctrl+2)"


def test_arrow_keys_choose_the_next_page(qtbot: QtBot, icons: Icons) -> None:
    rail = Rail(SPECS, icons)
    qtbot.addWidget(rail)
    rail.show_page("photos")
    rail.show()
    rail.activateWindow()
    rail.button("photos").setFocus()
    qtbot.waitUntil(rail.button("photos").hasFocus)
    with qtbot.waitSignal(rail.page_chosen) as chosen:
        qtbot.keyClick(rail.button("photos"), Qt.Key.Key_Down)
    assert chosen.args == ["learn"]
