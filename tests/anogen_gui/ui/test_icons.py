"""Icons: drawn sharp, tinted by the theme, whichever it is when they are painted."""

import subprocess
import sys

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from anogen_gui.ui.icons import IconLabel, Icons, icon
from anogen_gui.ui.palettes import DARK, LIGHT
from anogen_gui.ui.theme import ThemeModel

SIZE = QSize(64, 64)


def ink(image: QImage) -> set[str]:
    """The colors of the fully covered pixels."""
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {color.name() for color in pixels if color.alpha() == 255}


def test_an_icon_has_the_color_of_its_role(icons: Icons) -> None:
    assert ink(icons.icon("mdi6.play", "accent").pixmap(SIZE).toImage()) == {LIGHT.accent}
    assert ink(icon("mdi6.play", DARK, "bad").pixmap(SIZE).toImage()) == {DARK.bad}


def test_an_icon_follows_the_theme_by_itself(icons: Icons, theme_model: ThemeModel) -> None:
    play = icons.icon("mdi6.play")
    assert ink(play.pixmap(SIZE).toImage()) == {LIGHT.text}
    theme_model.choice = "dark"
    assert ink(play.pixmap(SIZE).toImage()) == {DARK.text}


def test_disabled_and_checked_icons_look_different(icons: Icons) -> None:
    brush = icons.icon("mdi6.brush", "text", "accent")
    disabled = brush.pixmap(SIZE, QIcon.Mode.Disabled)
    checked = brush.pixmap(SIZE, QIcon.Mode.Normal, QIcon.State.On)
    assert ink(disabled.toImage()) == {LIGHT.text_disabled}
    assert ink(checked.toImage()) == {LIGHT.accent}


def test_icons_are_sharp_on_fine_screens(icons: Icons) -> None:
    fine = icons.icon("mdi6.square").pixmap(QSize(20, 20), 2.0)
    assert fine.size() == QSize(40, 40)
    assert fine.devicePixelRatio() == 2
    # the glyph is a square from 3 to 21 of 24: its middle row is one run of ink, with hard edges at both ends
    image = fine.toImage().convertToFormat(QImage.Format.Format_ARGB32)
    alphas = [image.pixelColor(x, 20).alpha() for x in range(40)]
    assert alphas[5:35] == [255] * 30
    assert sum(alphas[:5]) == 0
    assert sum(alphas[35:]) == 0


def test_a_glyph_lies_in_the_middle(icons: Icons) -> None:
    image = icons.icon("mdi6.square").pixmap(QSize(24, 24)).toImage()
    covered = [y for y in range(24) if image.pixelColor(12, y).alpha() == 255]
    assert covered == list(range(3, 21))


def test_an_unknown_icon_is_an_error(icons: Icons) -> None:
    with pytest.raises(KeyError):
        icons.icon("mdi6.no-such-icon")


def test_bound_buttons_get_icon_and_size(qtbot: QtBot, icons: Icons) -> None:
    button = QPushButton("Play")
    qtbot.addWidget(button)
    icons.bind(button, "mdi6.play")
    assert not button.icon().isNull()
    assert button.iconSize() == QSize(LIGHT.icon, LIGHT.icon)


def test_an_icon_label_paints_its_icon_and_changes_it(qtbot: QtBot, icons: Icons) -> None:
    label = IconLabel(icons, "mdi6.play", "accent", 32)
    qtbot.addWidget(label)
    assert QColor(LIGHT.accent).name() in ink(label.grab().toImage())
    label.show_icon("mdi6.pause", "bad")
    assert QColor(LIGHT.bad).name() in ink(label.grab().toImage())


def test_the_icon_package_itself_is_not_imported() -> None:
    """It takes longer than the first paint of the window may."""
    code = (
        "import sys; from PySide6.QtWidgets import QApplication; app = QApplication([]);"
        "from anogen_gui.ui.icons import Icons; from anogen_gui.ui.theme import ThemeModel;"
        "icons = Icons(ThemeModel(app)); icons.icon('mdi6.play').pixmap(20, 20);"
        "print([name for name in ('qtawesome', 'qtpy', 'torch', 'cv2', 'numpy') if name in sys.modules])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert ended.stdout.strip() == "[]"
