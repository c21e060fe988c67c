"""Where the cells of a grid lie."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect

from anogen_gui.ui.grid.cell_layout import CellLayout, Move


def layout(count: int = 10, view_width: int = 350, view_height: int = 250, gap: int = 10) -> CellLayout:
    return CellLayout(count, 100, 80, view_width, view_height, gap)


layouts = st.builds(
    CellLayout,
    st.integers(0, 60),
    st.integers(1, 90),
    st.integers(1, 90),
    st.integers(1, 400),
    st.integers(1, 400),
    st.integers(0, 12),
)


def test_three_cells_fit_and_share_what_is_left_of_the_width() -> None:
    cells = layout()
    assert (cells.columns, cells.rows, cells.height) == (3, 4, 4 * 90 + 10)
    assert cells.rect(0) == QRect(10, 10, 100, 80)
    assert cells.rect(4) == QRect(125, 100, 100, 80)
    assert cells.rect(5) == QRect(240, 100, 100, 80)


def test_a_single_row_stands_at_the_left() -> None:
    assert layout(count=2).rect(1) == QRect(120, 10, 100, 80)


def test_a_view_narrower_than_a_cell_has_one_column() -> None:
    assert layout(view_width=40).columns == 1


def test_nothing_has_no_height_and_no_cells() -> None:
    assert layout(count=0).height == 0
    assert list(layout(count=0).indices_in(QRect(0, 0, 999, 999))) == []


@given(layouts)
def test_cells_do_not_overlap_and_lie_within_the_height(cells: CellLayout) -> None:
    rects = [cells.rect(index) for index in range(cells.count)]
    assert all(rect.top() >= 0 and rect.bottom() < cells.height for rect in rects)
    assert not any(a.intersects(b) for i, a in enumerate(rects) for b in rects[i + 1 : i + 12])


@given(layouts, st.integers(-20, 420), st.integers(-20, 900), st.integers(1, 300), st.integers(1, 300))
def test_a_rectangle_touches_exactly_the_cells_that_it_intersects(
    cells: CellLayout, x: int, y: int, width: int, height: int
) -> None:
    rect = QRect(x, y, width, height)
    expected = [index for index in range(cells.count) if cells.rect(index).intersects(rect)]
    assert list(cells.indices_in(rect)) == expected


@given(layouts, st.integers(0, 59))
def test_a_cell_is_found_at_its_corners(cells: CellLayout, index: int) -> None:
    if index < cells.count:
        rect = cells.rect(index)
        assert cells.index_at(rect.topLeft()) == cells.index_at(rect.bottomRight()) == index


def test_there_is_no_cell_between_cells() -> None:
    assert layout().index_at(QPoint(5, 50)) is None
    assert layout().index_at(QPoint(50, 95)) is None


@pytest.mark.parametrize(
    ("start", "move", "end"),
    [
        (4, "left", 3),
        (3, "left", 2),  # around the end of a row
        (4, "right", 5),
        (9, "right", 9),
        (4, "up", 1),
        (1, "up", 1),
        (4, "down", 7),
        (7, "down", 9),  # nothing below, but there is one more row
        (9, "down", 9),
        (0, "page_down", 6),
        (8, "page_down", 9),
        (8, "page_up", 2),
        (1, "page_up", 0),
        (5, "first", 0),
        (5, "last", 9),
    ],
)
def test_the_keyboard_moves(start: int, move: Move, end: int) -> None:
    assert layout().moved(start, move) == end
