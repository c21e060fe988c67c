"""Where the cells of a grid lie: row by row, as many side by side as the width has room for."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from PySide6.QtCore import QPoint, QRect

Move = Literal["left", "right", "up", "down", "page_up", "page_down", "first", "last"]


@dataclass(frozen=True)
class CellLayout:
    """The places of `count` cells of one size in a view of `view_width`, `view_height`; all in logical pixels.

    Places are measured from the upper left corner of the whole grid. Cells stand `gap` from the edges and at least
    `gap` apart; what is left of the width goes between the columns.
    """

    count: int
    cell_width: int
    cell_height: int
    view_width: int
    view_height: int
    gap: int

    @cached_property
    def columns(self) -> int:
        return max(1, (self.view_width - self.gap) // (self.cell_width + self.gap))

    @cached_property
    def rows(self) -> int:
        return -(-self.count // self.columns)

    @cached_property
    def height(self) -> int:
        """Of the whole grid."""
        return self.rows * (self.cell_height + self.gap) + self.gap if self.count else 0

    def rect(self, index: int) -> QRect:
        row, column = divmod(index, self.columns)
        return QRect(
            self._left(column),
            self.gap + row * (self.cell_height + self.gap),
            self.cell_width,
            self.cell_height,
        )

    def index_at(self, point: QPoint) -> int | None:
        """The cell at a point; None between the cells and outside."""
        return next(self.indices_in(QRect(point.x(), point.y(), 1, 1)), None)

    def indices_in(self, rect: QRect) -> Iterator[int]:
        """The cells that a rectangle touches, in their order."""
        if not self.count or not rect.isValid():
            return
        pitch = self.cell_height + self.gap
        first_row = max(0, (rect.top() - self.gap) // pitch)
        last_row = min(self.rows - 1, (rect.bottom() - self.gap) // pitch)
        columns = [column for column in range(self.columns) if self._touches(column, rect)]
        for row in range(first_row, last_row + 1):
            if rect.top() > self.gap + row * pitch + self.cell_height - 1:
                continue  # only the gap below this row
            for column in columns:
                index = row * self.columns + column
                if index < self.count:
                    yield index

    def moved(self, index: int, move: Move) -> int:
        """The cell that a movement of the keyboard leads to; the same one where there is no other."""
        page = max(1, self.view_height // (self.cell_height + self.gap)) * self.columns
        steps: dict[Move, int] = {
            "left": -1,
            "right": 1,
            "up": -self.columns,
            "down": self.columns,
            "page_up": -page,
            "page_down": page,
            "first": -self.count,
            "last": self.count,
        }
        wanted = index + steps[move]
        if move == "up" and wanted < 0:
            return index
        if move == "down" and wanted >= self.count:
            is_in_last_row = index // self.columns == self.rows - 1
            return index if is_in_last_row else self.count - 1
        return min(max(wanted, 0), self.count - 1)

    def _left(self, column: int) -> int:
        spare = self.view_width - self.gap - self.columns * (self.cell_width + self.gap)
        if self.rows <= 1 or self.columns == 1 or spare < 0:  # a single row stands together at the left
            spare = 0
        return (
            self.gap
            + column * (self.cell_width + self.gap)
            + round(column * spare / max(1, self.columns - 1))
        )

    def _touches(self, column: int, rect: QRect) -> bool:
        left = self._left(column)
        return rect.right() >= left and rect.left() < left + self.cell_width
