"""Lines around what is above a level."""

import numpy as np
import pytest
from PySide6.QtCore import QLineF, QPointF

from anogen_gui.ui.inspect.contour import contour, joined


def _length(lines: tuple[QLineF, ...]) -> float:
    return sum(line.length() for line in lines)


def test_there_is_no_line_where_nothing_is_above() -> None:
    assert contour(np.zeros((8, 8)), 0.5) == ()


def test_a_disc_has_a_round_line_around_it() -> None:
    y, x = np.mgrid[0:64, 0:64]
    values = 30 - np.hypot(x + 0.5 - 32, y + 0.5 - 32)  # 10 at a distance of 20 from the middle
    lines = contour(values, 10.0)
    assert _length(lines) == pytest.approx(2 * np.pi * 20, rel=0.01)
    distances = [np.hypot(line.x1() - 32, line.y1() - 32) for line in lines]
    assert min(distances) == pytest.approx(20, abs=0.1)
    assert max(distances) == pytest.approx(20, abs=0.1)
    (ring,) = joined(lines)
    assert ring.isClosed()


def test_what_reaches_the_edge_is_closed_there() -> None:
    values = np.zeros((6, 6))
    values[:, :3] = 1.0
    (ring,) = joined(contour(values, 0.5))
    assert ring.isClosed()
    assert ring.boundingRect().left() == pytest.approx(0, abs=0.5)
    assert ring.boundingRect().right() == pytest.approx(3.0)


def test_two_spots_have_a_line_each_also_where_they_touch_at_a_corner() -> None:
    values = np.zeros((12, 12))
    values[2:4, 2:4] = values[4:6, 4:6] = values[9, 9] = 1.0
    rings = joined(contour(values, 0.5))
    assert len(rings) == 3
    assert all(ring.isClosed() for ring in rings)


def test_lines_are_joined_in_any_order_and_direction() -> None:
    corners = [QPointF(0, 0), QPointF(5, 0), QPointF(5, 5), QPointF(0, 5)]
    sides = [QLineF(corners[0], corners[1]), QLineF(corners[3], corners[2])]
    sides += [QLineF(corners[1], corners[2]), QLineF(corners[0], corners[3])]
    (ring,) = joined(sides)
    assert ring.isClosed()
    assert len(ring) == 5
    assert len(joined(sides[:2])) == 2
