"""Smoothing, ranges and ticks."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anogen_gui.ui.course.curves import (
    Axis,
    lowest,
    nearest,
    smoothed,
    thinned,
    tick_texts,
    value_axis,
)

losses = st.floats(min_value=1e-5, max_value=1e3)
POINTS = [(1.0, 4.0), (2.0, 2.0), (4.0, 1.0)]


def test_the_smoothed_line_by_hand() -> None:
    half = math.log(2)  # a span with which a point one step away counts half
    first, second, third = smoothed(POINTS, 1 / half)
    assert first == (1.0, 4.0)
    assert second == (2.0, pytest.approx((0.5 * 4 + 2) / 1.5))
    assert third == (4.0, pytest.approx((0.125 * 4 + 0.25 * 2 + 1) / 1.375))


@given(st.lists(losses, min_size=1, max_size=50), st.floats(min_value=0.5, max_value=100))
def test_the_smoothed_line_stays_within_the_points(values: list[float], span: float) -> None:
    found = [y for _, y in smoothed(list(enumerate(values)), span)]
    assert min(values) * (1 - 1e-9) <= min(found)
    assert max(found) <= max(values) * (1 + 1e-9)


def test_nothing_is_smoothed_to_nothing() -> None:
    assert smoothed([], 5) == []
    assert lowest([]) is None
    assert nearest([], 3) is None


def test_the_best_and_the_nearest_point() -> None:
    assert lowest([*POINTS, (5.0, 1.0)]) == (4.0, 1.0)
    assert nearest(POINTS, 2.9) == (2.0, 2.0)
    assert nearest(POINTS, 100) == (4.0, 1.0)


def test_thinning_keeps_both_ends() -> None:
    points = [(float(step), 0.0) for step in range(1000)]
    found = thinned(points, 11)
    assert len(found) == 11
    assert (found[0], found[-1]) == (points[0], points[-1])
    assert thinned(POINTS, 3) == POINTS


def test_positions_on_axes() -> None:
    assert Axis(10, 20).position(15) == 0.5
    log = Axis(0.01, 1, is_log=True)
    assert log.position(0.1) == pytest.approx(0.5)
    assert log.position(0) < 0
    assert log.value(0.5) == pytest.approx(0.1)


@given(losses, losses, st.booleans(), st.integers(min_value=2, max_value=12))
def test_ticks_are_on_the_axis_and_rise(a: float, b: float, is_log: bool, most: int) -> None:
    low, high = sorted((a, b))
    axis = Axis(low, high * 1.1, is_log)
    ticks = axis.ticks(most)
    assert len(ticks) <= most
    assert ticks == sorted(set(ticks))
    assert all(axis.low * (1 - 1e-9) <= tick <= axis.high * (1 + 1e-9) for tick in ticks)


@pytest.mark.parametrize(
    ("axis", "most", "ticks"),
    [
        (Axis(0, 500), 6, [0, 100, 200, 300, 400, 500]),
        (Axis(0, 500), 5, [0, 200, 400]),
        (Axis(0.04, 0.26), 5, [0.05, 0.1, 0.15, 0.2, 0.25]),
        (Axis(0.04, 0.6, is_log=True), 8, [0.05, 0.1, 0.2, 0.5]),
        (Axis(0.001, 1000, is_log=True), 4, [0.001, 0.1, 10, 1000]),
        (Axis(1.0, 1.3, is_log=True), 4, [1.0, 1.1, 1.2, 1.3]),
    ],
)
def test_ticks_by_hand(axis: Axis, most: int, ticks: list[float]) -> None:
    assert axis.ticks(most) == pytest.approx(ticks)


def test_tick_texts_are_short() -> None:
    assert tick_texts([0, 0.05, 0.1, 0.30000000000000004, 1200.0]) == ["0", "0.05", "0.1", "0.3", "1200"]
    assert tick_texts([0, 0.00002, 0.00004]) == ["0", "2e-05", "4e-05"]
    assert tick_texts([]) == []


def test_outliers_of_the_raw_points_do_not_squeeze_the_line() -> None:
    raw = [0.5 + index / 1000 for index in range(100)] + [90.0]
    axis = value_axis(raw, [0.55], is_log=False)
    assert axis.high < 1
    assert value_axis(raw, [0.55, 7.0], is_log=False).high > 7


def test_what_hardly_changes_looks_flat() -> None:
    axis = value_axis([], [1.000, 1.001], is_log=False)
    assert axis.position(1.001) - axis.position(1.0) < 0.05
    log = value_axis([], [1.000, 1.001], is_log=True)
    assert log.position(1.001) - log.position(1.0) < 0.05


@given(st.lists(losses, max_size=30), st.lists(losses, max_size=30), st.booleans())
def test_the_axis_holds_the_lines(raw: list[float], lines: list[float], is_log: bool) -> None:
    axis = value_axis(raw, lines, is_log)
    assert axis.high > axis.low
    assert all(0 < axis.position(value) < 1 for value in lines)


def test_losses_of_zero_have_no_place_on_a_logarithmic_axis() -> None:
    assert value_axis([0.0], [0.0], is_log=True).low > 0
    assert value_axis([0.0, 0.5], [0.2], is_log=True).low > 0.1
