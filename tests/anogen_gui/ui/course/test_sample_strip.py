"""Choosing a column of the strip."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from anogen_gui.model.learning_course import StripColumn
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.ui.course.sample_strip import SampleStrip
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.learn.run_view import SAMPLES


def columns(*steps: int, unusable: int = 0) -> tuple[StripColumn, ...]:
    return tuple(StripColumn(step, f"{step}.png", step != unusable) for step in steps)


@pytest.fixture
def strip(icons: Icons, thumbnails: Thumbnails, tmp_path: Path, qtbot: QtBot) -> SampleStrip:
    for step in range(10, 210, 10):
        image = QImage(32, 32, QImage.Format.Format_RGB32)
        image.fill(step)
        image.save(str(tmp_path / f"{step}.png"))
    made = SampleStrip(icons, thumbnails, SAMPLES)
    qtbot.addWidget(made)
    made.resize(600, 200)
    made.show()
    return made


def click(strip: SampleStrip, qtbot: QtBot, step: int) -> None:
    place = strip.columns().box_of(step).center()
    qtbot.mouseClick(strip.columns(), Qt.MouseButton.LeftButton, pos=place)


def test_a_click_chooses(strip: SampleStrip, tmp_path: Path, qtbot: QtBot) -> None:
    strip.show_strip(tmp_path, columns(10, 20, 30), None)
    with qtbot.waitSignal(strip.step_chosen) as chosen:
        click(strip, qtbot, 20)
    assert chosen.args == [20]
    assert strip.chosen == 20
    assert "step 20 is chosen" in strip.columns().accessibleDescription()


def test_keys_move_the_choice(strip: SampleStrip, tmp_path: Path, qtbot: QtBot) -> None:
    strip.show_strip(tmp_path, columns(10, 20, 30), None)
    steps: list[int] = []
    strip.step_chosen.connect(steps.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_End, Qt.Key.Key_Right):
        qtbot.keyClick(strip.columns(), key)
    assert steps == [10, 20, 10, 30]


def test_enter_and_a_double_click_use_a_step_that_can_be_used(
    strip: SampleStrip, tmp_path: Path, qtbot: QtBot
) -> None:
    strip.show_strip(tmp_path, columns(10, 20, unusable=10), None)
    used: list[int] = []
    strip.step_used.connect(used.append)
    strip.choose(10)
    qtbot.keyClick(strip.columns(), Qt.Key.Key_Return)
    assert used == []
    strip.choose(20)
    qtbot.keyClick(strip.columns(), Qt.Key.Key_Return)
    place = strip.columns().box_of(20).center()
    qtbot.mouseDClick(strip.columns(), Qt.MouseButton.LeftButton, pos=place)
    assert used == [20, 20]


def test_new_columns_come_into_view_where_the_end_was(strip: SampleStrip, tmp_path: Path) -> None:
    bar = strip.horizontalScrollBar()
    strip.show_strip(tmp_path, columns(*range(10, 110, 10)), None)
    assert bar.maximum() > 0
    assert bar.value() == bar.maximum()
    bar.setValue(0)
    strip.show_strip(tmp_path, columns(*range(10, 160, 10)), None)
    assert bar.value() == 0


def test_a_choice_is_kept_while_its_column_is_there(strip: SampleStrip, tmp_path: Path) -> None:
    strip.show_strip(tmp_path, columns(10, 20), None)
    strip.choose(20)
    strip.show_strip(tmp_path, columns(10, 20, 30), None)
    assert strip.chosen == 20
    strip.show_strip(tmp_path, columns(10), None)
    assert strip.chosen is None


def test_pictures_are_painted_when_they_are_made(
    strip: SampleStrip, thumbnails: Thumbnails, tmp_path: Path, qtbot: QtBot
) -> None:
    strip.show_strip(tmp_path, columns(200), None)
    center = strip.columns().box_of(200).center()

    def is_painted() -> bool:
        return bool(strip.columns().grab().toImage().pixelColor(center).blue() == 200)

    qtbot.waitUntil(is_painted)
    changed = QImage(32, 32, QImage.Format.Format_RGB32)
    changed.fill(0x640000)
    changed.save(str(tmp_path / "200.png"))
    thumbnails.forget(tmp_path / "200.png")
    strip.columns().update()
    qtbot.waitUntil(lambda: strip.columns().grab().toImage().pixelColor(center).red() in range(90, 110))
