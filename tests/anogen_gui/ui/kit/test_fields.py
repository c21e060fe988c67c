"""Fields: what can be typed, what it becomes, and what is never lost."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from anogen_gui.ui.kit import ChoiceField, NumberField, SwitchField, TextField


def typed(qtbot: QtBot, field: NumberField, text: str) -> object:
    """What becomes of a text that is typed into a number field."""
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    return field.value


def test_whole_numbers_are_ints_in_their_range(qtbot: QtBot) -> None:
    field = NumberField(1, 256, is_whole=True, unit="crops")
    qtbot.addWidget(field)
    field.set_value(4)
    assert field.value == 4
    assert isinstance(field.value, int)
    assert field.text() == "4 crops"
    assert typed(qtbot, field, "12") == 12
    assert typed(qtbot, field, "999") == 99  # the third digit would leave the range
    assert typed(qtbot, field, "0") == 1


def test_fractions_are_written_short_and_with_either_point(qtbot: QtBot) -> None:
    field = NumberField(0, 1)
    qtbot.addWidget(field)
    field.set_value(0.15)
    assert field.text() == "0.15"
    assert typed(qtbot, field, "0,005") == pytest.approx(0.005)
    assert field.text() == "0.005"
    assert typed(qtbot, field, "abc") == pytest.approx(0.005) or field.value == 0


def test_an_empty_optional_number_is_automatic(qtbot: QtBot) -> None:
    field = NumberField(1, 1000, is_whole=True, is_optional=True, unit="steps")
    qtbot.addWidget(field)
    assert field.value is None
    assert field.text() == "Automatic"
    assert typed(qtbot, field, "50") == 50
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.value is None
    assert field.text() == "Automatic"


def test_arrows_step_between_automatic_and_the_range(qtbot: QtBot) -> None:
    field = NumberField(3, 10, is_whole=True, is_optional=True)
    qtbot.addWidget(field)
    field.stepBy(1)
    assert field.value == 3
    field.stepBy(1)
    assert field.value == 4
    field.set_value(3)
    field.stepBy(-1)
    assert field.value is None


def test_a_number_is_told_when_it_is_entered_not_at_every_digit(qtbot: QtBot) -> None:
    field = NumberField(0, 1000, is_whole=True)
    qtbot.addWidget(field)
    told: list[object] = []
    field.value_changed.connect(told.append)
    typed(qtbot, field, "250")
    assert told == [250]


def test_the_largest_seed_fits(qtbot: QtBot) -> None:
    field = NumberField(0, 2**31 - 1, is_whole=True)
    qtbot.addWidget(field)
    assert typed(qtbot, field, "2147483647") == 2**31 - 1


def wheel(widget: NumberField | ChoiceField) -> None:
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle,
        middle,
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_the_wheel_changes_no_field_that_has_not_the_keyboard(qtbot: QtBot) -> None:
    number, choice = NumberField(0, 10, is_whole=True), ChoiceField([(1, "One"), (2, "Two")], 2)
    for field in (number, choice):
        qtbot.addWidget(field)
        field.show()
        field.clearFocus()
        wheel(field)
    assert number.value == 0
    assert choice.value == 2


def test_choices_change_and_the_chosen_one_stays(qtbot: QtBot) -> None:
    field = ChoiceField([("a", "A"), ("b", "B")], "b")
    qtbot.addWidget(field)
    told: list[object] = []
    field.value_changed.connect(told.append)
    field.set_choices([("c", "C"), ("b", "B")])
    assert field.value == "b"
    assert told == []
    field.set_choices([("c", "C")])
    assert told == ["c"]
    field.set_choices([])
    assert field.value is None
    with pytest.raises(ValueError, match="zzz"):
        field.set_value("zzz")


def test_a_switch_tells_its_state(qtbot: QtBot) -> None:
    field = SwitchField("Open the last project")
    qtbot.addWidget(field)
    with qtbot.waitSignal(field.value_changed) as changed:
        qtbot.keyClick(field, Qt.Key.Key_Space)
    assert changed.args == [True]
    assert field.value is True


def test_a_text_that_is_too_short_is_marked_and_the_last_good_one_stays(qtbot: QtBot) -> None:
    field = TextField("defect", least=1)
    qtbot.addWidget(field)
    told: list[object] = []
    field.value_changed.connect(told.append)
    field.set_value("  ")
    assert field.value == "defect"
    assert field.property("invalid") is True
    field.set_value(" crack ")
    assert field.value == "crack"
    assert field.property("invalid") is False
    assert told == ["crack"]


def test_a_unit_stands_apart_and_a_sign_does_not(qtbot: QtBot) -> None:
    for unit, text in (("px", "5 px"), ("°", "5°")):
        field = NumberField(0, 9, unit=unit)
        qtbot.addWidget(field)
        field.set_value(5)
        assert field.text() == text
