"""The start page."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar
from pytestqt.qtbot import QtBot

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import TextLabel
from anogen_gui.ui.welcome import RecentRow, WelcomePage


@pytest.fixture
def page(qtbot: QtBot, icons: Icons) -> WelcomePage:
    page = WelcomePage(icons)
    qtbot.addWidget(page)
    page.resize(1280, 740)
    page.show()
    return page


def rows(page: WelcomePage) -> list[RecentRow]:
    return [row for row in page.findChildren(RecentRow) if not row.isHidden()]


def test_its_buttons_ask(page: WelcomePage, qtbot: QtBot) -> None:
    for button, signal in (
        (page.new, page.new_requested),
        (page.open, page.open_requested),
        (page.demo.button, page.demo_requested),
    ):
        with qtbot.waitSignal(signal):
            qtbot.keyClick(button, Qt.Key.Key_Space)


def test_recent_projects_are_opened_and_forgotten(page: WelcomePage, qtbot: QtBot, tmp_path: Path) -> None:
    page.show_recent([tmp_path, tmp_path / "gone"])
    there, gone = rows(page)
    with qtbot.waitSignal(page.recent_chosen) as chosen:
        qtbot.mouseClick(there.open, Qt.MouseButton.LeftButton)
    assert chosen.args == [tmp_path]
    with qtbot.assertNotEmitted(page.recent_chosen):
        qtbot.mouseClick(gone.open, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.recent_removed) as removed:
        qtbot.mouseClick(gone.remove, Qt.MouseButton.LeftButton)
    assert removed.args == [tmp_path / "gone"]


def test_a_project_that_is_gone_says_so(page: WelcomePage, tmp_path: Path) -> None:
    page.show_recent([tmp_path / "gone"])
    told = [label.text() for label in rows(page)[0].findChildren(TextLabel)]
    assert told == ["gone", f"Not found: {tmp_path / 'gone'}"]


def test_recent_projects_are_shown_only_where_there_are_some(page: WelcomePage, tmp_path: Path) -> None:
    page.show_recent([tmp_path])
    assert rows(page)[0].isVisible()
    page.show_recent([])
    assert rows(page) == []
    assert not any(
        label.isVisible() and label.text() == "Recent projects" for label in page.findChildren(TextLabel)
    )


def test_the_demo_shows_how_far_it_is(page: WelcomePage) -> None:
    page.show_demo_progress("Rendering a product", 3, 39)
    bar = page.demo.findChild(QProgressBar)
    assert (bar.isVisible(), bar.value(), bar.maximum()) == (True, 3, 39)
    assert not page.demo.button.isVisible()
    assert "Rendering a product: 3 of 39" in [label.text() for label in page.demo.findChildren(TextLabel)]
    page.demo.show_ready()
    assert page.demo.button.isVisible()
    assert not bar.isVisible()
