"""The jobs panel never takes the room that a page needs."""

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from anogen_gui.ui.jobs_place import JobsPlace

PANEL_WIDTH = 340


@pytest.fixture
def pages() -> QWidget:
    return QWidget()


@pytest.fixture
def panel() -> QWidget:
    panel = QWidget()
    panel.setMinimumWidth(PANEL_WIDTH)
    return panel


@pytest.fixture
def place(pages: QWidget, panel: QWidget, qtbot: QtBot) -> JobsPlace:
    place = JobsPlace(pages, panel)
    qtbot.addWidget(place)
    place.resize(1192, 700)
    place.show()
    return place


def test_both_are_side_by_side_where_there_is_room(place: JobsPlace, pages: QWidget, panel: QWidget) -> None:
    assert not place.is_over_pages
    assert pages.width() + panel.width() == 1191
    assert (pages.height(), panel.height()) == (700, 700)


def test_in_a_small_window_the_panel_lies_over_the_page(
    place: JobsPlace, pages: QWidget, panel: QWidget
) -> None:
    place.resize(872, 500)
    assert place.is_over_pages
    assert pages.width() == 872
    assert panel.isVisible()
    assert panel.geometry().getRect() == (872 - PANEL_WIDTH, 0, PANEL_WIDTH, 500)
    place.resize(1192, 700)
    assert not place.is_over_pages
    assert panel.isVisible()
    assert pages.width() + panel.width() == 1191


def test_a_hidden_panel_stays_hidden(place: JobsPlace, pages: QWidget, panel: QWidget) -> None:
    panel.hide()
    for width in (872, 1192):
        place.resize(width, 500)
        assert not panel.isVisible()
        assert pages.width() == width


def test_a_page_cannot_be_squeezed_by_the_splitter(place: JobsPlace, pages: QWidget, panel: QWidget) -> None:
    place.splitter.setSizes([100, 1092])
    assert pages.width() >= 848
