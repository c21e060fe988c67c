"""Buttons: named for screen readers, reached by Tab, tinted by the theme."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Button, IconButton, PrimaryButton, QuietButton, with_key


def test_with_key_names_the_key() -> None:
    assert with_key("Undo", "Ctrl+Z") == "Undo (Ctrl+Z)"
    assert with_key("Undo", "") == "Undo"


def test_an_icon_button_has_a_name_and_tells_its_key(qtbot: QtBot, icons: Icons) -> None:
    button = IconButton(icons, "mdi6.undo", "Undo", "Ctrl+Z")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Undo"
    assert button.toolTip() == "Undo (Ctrl+Z)"
    assert not button.icon().isNull()


def test_buttons_are_reached_by_tab_and_pressed_by_space(qtbot: QtBot, icons: Icons) -> None:
    for button in (PrimaryButton("Go"), Button("Go"), QuietButton("Go", icons, "mdi6.play")):
        qtbot.addWidget(button)
        button.show()
        assert button.focusPolicy() == Qt.FocusPolicy.TabFocus
        with qtbot.waitSignal(button.clicked):
            qtbot.keyClick(button, Qt.Key.Key_Space)
