"""The grid of thumbnails, with the mouse and the keyboard."""

from collections.abc import Hashable

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from pytestqt.qtbot import QtBot

from anogen_gui.ui.grid import ThumbnailGrid
from anogen_gui.ui.icons import Icons

COUNT = 10_000


class FakeCells:
    """Cells without anything in them, that remember which were painted."""

    def __init__(self) -> None:
        self.painted: set[Hashable] = set()

    def size(self, side: int) -> QSize:
        return QSize(side, side)

    def paint(self, painter: QPainter, rect: QRect, id: Hashable) -> None:
        self.painted.add(id)

    def describe(self, id: Hashable) -> str:
        return f"cell {id}"


@pytest.fixture
def cells() -> FakeCells:
    return FakeCells()


@pytest.fixture
def grid(qtbot: QtBot, icons: Icons, cells: FakeCells) -> ThumbnailGrid:
    """4 columns of cells of 96 + 12 pixels, 8 apart at least; their left edges at 24, 156, 288, 420 or so."""
    grid = ThumbnailGrid(cells, icons, side=96)
    qtbot.addWidget(grid)
    grid.resize(560, 400)
    grid.set_ids(range(COUNT))
    grid.show()
    grid.setFocus()
    qtbot.waitExposed(grid)
    return grid


def center(grid: ThumbnailGrid, index: int) -> QPoint:
    return grid.rect_of(index).center()


def click(
    qtbot: QtBot,
    grid: ThumbnailGrid,
    index: int,
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, modifier, center(grid, index))


def press(
    qtbot: QtBot,
    grid: ThumbnailGrid,
    *keys: Qt.Key,
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    for key in keys:
        qtbot.keyClick(grid, key, modifier)


def test_only_what_is_seen_is_painted(grid: ThumbnailGrid, cells: FakeCells) -> None:
    grid.grab()
    assert 12 <= len(cells.painted) <= 20
    assert cells.painted == set(grid.seen_ids())
    cells.painted.clear()
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum())
    grid.grab()
    assert COUNT - 1 in cells.painted
    assert 0 not in cells.painted


def test_clicks_select(qtbot: QtBot, grid: ThumbnailGrid) -> None:
    click(qtbot, grid, 2)
    assert grid.selection.selected == (2,)
    click(qtbot, grid, 5, Qt.KeyboardModifier.ControlModifier)
    assert grid.selection.selected == (2, 5)
    click(qtbot, grid, 7, Qt.KeyboardModifier.ShiftModifier)
    assert grid.selection.selected == (5, 6, 7)
    click(qtbot, grid, 6)
    assert grid.selection.selected == (6,)


def test_a_click_between_the_cells_clears(qtbot: QtBot, grid: ThumbnailGrid) -> None:
    click(qtbot, grid, 2)
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert grid.selection.selected == ()


def test_a_dragged_frame_selects_what_it_touches(qtbot: QtBot, grid: ThumbnailGrid) -> None:
    port, left = grid.viewport(), Qt.MouseButton.LeftButton
    qtbot.mousePress(port, left, pos=QPoint(2, 2))
    qtbot.mouseMove(port, center(grid, 5))
    qtbot.mouseRelease(port, left, pos=center(grid, 5))
    assert grid.selection.selected == (0, 1, 4, 5)


def test_a_frame_dragged_with_ctrl_adds(qtbot: QtBot, grid: ThumbnailGrid) -> None:
    port, left, ctrl = grid.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
    click(qtbot, grid, 3)
    qtbot.mousePress(port, left, ctrl, QPoint(2, 2))
    qtbot.mouseMove(port, center(grid, 0))
    qtbot.mouseRelease(port, left, ctrl, center(grid, 0))
    assert grid.selection.selected == (0, 3)


def test_a_right_click_asks_for_a_menu_of_what_is_selected(qtbot: QtBot, grid: ThumbnailGrid) -> None:
    click(qtbot, grid, 1)
    click(qtbot, grid, 2, Qt.KeyboardModifier.ControlModifier)
    qtbot.mousePress(grid.viewport(), Qt.MouseButton.RightButton, pos=center(grid, 1))
    assert grid.selection.selected == (1, 2)
    qtbot.mousePress(grid.viewport(), Qt.MouseButton.RightButton, pos=center(grid, 3))
    assert grid.selection.selected == (3,)


def test_the_keyboard_moves_extends_and_toggles(qtbot: QtBot, grid: ThumbnailGrid) -> None:
    press(qtbot, grid, Qt.Key.Key_Right, Qt.Key.Key_Down)
    assert grid.selection.selected == (5,)
    press(qtbot, grid, Qt.Key.Key_Right, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert grid.selection.selected == (5, 6)
    press(qtbot, grid, Qt.Key.Key_Home, modifier=Qt.KeyboardModifier.ControlModifier)
    assert grid.selection.current == 0
    press(qtbot, grid, Qt.Key.Key_Space)
    assert grid.selection.selected == (0, 5, 6)
    press(qtbot, grid, Qt.Key.Key_Escape)
    assert grid.selection.selected == ()
    press(qtbot, grid, Qt.Key.Key_A, modifier=Qt.KeyboardModifier.ControlModifier)
    assert grid.selection.count == COUNT


def test_the_current_cell_is_scrolled_into_sight(qtbot: QtBot, grid: ThumbnailGrid) -> None:
    press(qtbot, grid, Qt.Key.Key_End)
    assert grid.selection.current == COUNT - 1
    assert COUNT - 1 in grid.seen_ids()
    press(qtbot, grid, Qt.Key.Key_Home)
    assert 0 in grid.seen_ids()


def test_enter_and_a_double_click_open(qtbot: QtBot, grid: ThumbnailGrid) -> None:
    click(qtbot, grid, 3)
    with qtbot.waitSignal(grid.activated) as opened:
        press(qtbot, grid, Qt.Key.Key_Return)
    assert opened.args == [3]
    with qtbot.waitSignal(grid.activated) as opened:
        qtbot.mouseDClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=center(grid, 1))
    assert opened.args == [1]


def test_another_size_keeps_the_current_cell_in_sight(qtbot: QtBot, grid: ThumbnailGrid) -> None:
    press(qtbot, grid, *[Qt.Key.Key_PageDown] * 9)
    current = grid.selection.current
    grid.set_side(256)
    assert current in grid.seen_ids()
    grid.set_side(96)
    assert current in grid.seen_ids()


def test_a_narrower_view_has_more_rows(grid: ThumbnailGrid) -> None:
    before = grid.verticalScrollBar().maximum()
    grid.resize(300, 400)
    assert grid.verticalScrollBar().maximum() > before


def test_the_current_cell_is_said_in_words(qtbot: QtBot, grid: ThumbnailGrid) -> None:
    click(qtbot, grid, 3)
    assert grid.accessibleDescription() == "cell 3"
