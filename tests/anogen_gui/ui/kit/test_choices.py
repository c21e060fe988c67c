"""Choosing one of a few, and a number by sliding."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import LabeledSlider, SegmentedControl

VIEWS = [("generated", "Generated"), ("original", "Original"), ("blink", "Blink")]


@pytest.fixture
def control(qtbot: QtBot, icons: Icons) -> SegmentedControl:
    control = SegmentedControl(VIEWS, name="View")
    qtbot.addWidget(control)
    control.show()
    return control


def button(control: SegmentedControl, text: str) -> QPushButton:
    return next(each for each in control.findChildren(QPushButton) if each.text() == text)


def test_a_click_chooses(control: SegmentedControl, qtbot: QtBot) -> None:
    assert control.value == "generated"
    with qtbot.waitSignal(control.value_changed) as changed:
        qtbot.mouseClick(button(control, "Blink"), Qt.MouseButton.LeftButton)
    assert changed.args == ["blink"]
    assert control.value == "blink"


def test_arrow_keys_choose(control: SegmentedControl, qtbot: QtBot) -> None:
    with qtbot.waitSignal(control.value_changed):
        qtbot.keyClick(button(control, "Generated"), Qt.Key.Key_Right)
    assert control.value == "original"


def test_setting_tells_only_of_a_change(control: SegmentedControl, qtbot: QtBot) -> None:
    told: list[object] = []
    control.value_changed.connect(told.append)
    control.set_value("original")
    control.set_value("original")
    assert told == ["original"]
    with pytest.raises(ValueError, match="nothing"):
        control.set_value("nothing")


def test_segments_are_named(control: SegmentedControl) -> None:
    assert button(control, "Blink").accessibleName() == "View: Blink"


def test_choices_may_have_icons_and_any_value(qtbot: QtBot, icons: Icons) -> None:
    control = SegmentedControl([(None, "All", "mdi6.all-inclusive"), (1, "One", "mdi6.star")], 1, icons)
    qtbot.addWidget(control)
    assert control.value == 1
    assert not button(control, "All").icon().isNull()
    control.set_value(None)
    assert control.value is None


def test_a_slider_keeps_to_its_steps_and_shows_its_value(qtbot: QtBot, icons: Icons) -> None:
    slider = LabeledSlider("Opacity", 0, 1, 0.5, 0.05, lambda value: f"{value:.0%}")
    qtbot.addWidget(slider)
    assert slider.value == pytest.approx(0.5)
    with qtbot.waitSignal(slider.value_changed) as changed:
        slider.set_value(0.73)
    assert changed.args == [pytest.approx(0.75)]
    assert slider.shown_value == "75%"
    slider.set_value(9)
    assert slider.value == pytest.approx(1)
    qtbot.keyClick(slider.slider, Qt.Key.Key_Left)
    assert slider.value == pytest.approx(0.95)
