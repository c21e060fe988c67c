"""Zooming and panning, for photos and views of any size."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anogen_gui.ui.canvas.viewport import MARGIN, MOST_ZOOM, Viewport, next_zoom
from engine.geometry import Size

lengths = st.floats(1, 4000)
places = st.floats(-3000, 3000)


@st.composite
def viewports(draw: st.DrawFn) -> Viewport:
    photo = Size(draw(st.integers(16, 12000)), draw(st.integers(16, 12000)))
    ratio = draw(st.sampled_from([1.0, 1.25, 1.5, 2.0, 3.0]))
    start = Viewport(photo, draw(lengths), draw(lengths), ratio=ratio).fitted()
    return start.zoomed(draw(st.floats(0.001, 100)), draw(places), draw(places))


@given(viewports(), places, places)
def test_a_point_of_the_view_and_its_point_of_the_photo_belong_together(
    viewport: Viewport, x: float, y: float
) -> None:
    assert viewport.to_view(*viewport.to_photo(x, y)) == pytest.approx((x, y), abs=1e-6)


@given(viewports(), st.floats(0.001, 100), places, places)
def test_zooming_keeps_the_point_under_the_cursor(
    viewport: Viewport, zoom: float, x: float, y: float
) -> None:
    zoomed = viewport.zoomed(zoom, x, y)
    assert zoomed.to_view(*viewport.to_photo(x, y)) == pytest.approx((x, y), abs=1e-6)


@given(viewports(), st.floats(0.001, 100), places, places)
def test_zooming_there_and_back_changes_nothing(viewport: Viewport, zoom: float, x: float, y: float) -> None:
    back = viewport.zoomed(zoom, x, y).zoomed(viewport.zoom, x, y)
    assert (back.scale, back.left, back.top) == pytest.approx(
        (viewport.scale, viewport.left, viewport.top), rel=1e-6, abs=1e-3
    )


@given(viewports(), st.floats(0.0001, 1000))
def test_zoom_stays_within_its_limits(viewport: Viewport, zoom: float) -> None:
    zoomed = viewport.zoomed(zoom, 10, 10)
    assert viewport.least_zoom * (1 - 1e-9) <= zoomed.zoom <= MOST_ZOOM * (1 + 1e-9)


@given(viewports())
def test_a_fitted_photo_lies_in_the_middle_and_inside(viewport: Viewport) -> None:
    fitted = viewport.fitted()
    left, top = fitted.to_view(0, 0)
    right, bottom = fitted.to_view(fitted.photo.width, fitted.photo.height)
    assert (left + right, top + bottom) == pytest.approx((fitted.width, fitted.height), abs=1e-6)
    assert right - left <= max(1, fitted.width - 2 * MARGIN) + 1e-6
    assert bottom - top <= max(1, fitted.height - 2 * MARGIN) + 1e-6


@given(viewports(), st.floats(-1e5, 1e5), st.floats(-1e5, 1e5))
def test_the_photo_is_never_panned_out_of_sight(viewport: Viewport, dx: float, dy: float) -> None:
    panned = viewport.panned(dx, dy)
    left, top, right, bottom = panned.visible()
    assert right > left
    assert bottom > top


@given(viewports(), lengths, lengths, st.sampled_from([1.0, 1.5, 2.0]))
def test_a_view_that_is_resized_shows_the_same_in_its_middle(
    viewport: Viewport, width: float, height: float, ratio: float
) -> None:
    resized = viewport.resized(width, height, ratio)
    assert resized.to_photo(*resized.center) == pytest.approx(
        viewport.to_photo(*viewport.center), rel=1e-6, abs=1e-6
    )
    assert resized.zoom == pytest.approx(viewport.zoom)


@given(viewports())
def test_snapping_moves_by_at_most_half_a_device_pixel(viewport: Viewport) -> None:
    snapped = viewport.snapped()
    assert abs(snapped.left - viewport.left) * viewport.ratio <= 0.5 + 1e-6
    assert (snapped.left * viewport.ratio) == pytest.approx(round(snapped.left * viewport.ratio), abs=1e-6)


@given(viewports(), places, places)
def test_what_is_revealed_is_seen(viewport: Viewport, x: float, y: float) -> None:
    room_x, room_y = viewport.width - 2 * MARGIN, viewport.height - 2 * MARGIN
    right, bottom = x + max(0, room_x) / 2 / viewport.scale, y + max(0, room_y) / 2 / viewport.scale
    shown = viewport.revealing(x, y, right, bottom)
    if room_x > 0 and room_y > 0:
        assert min(shown.to_view(x, y)) >= MARGIN - 1e-6
        assert shown.to_view(right, bottom)[0] <= viewport.width - MARGIN + 1e-6
        assert shown.to_view(right, bottom)[1] <= viewport.height - MARGIN + 1e-6


def test_what_is_seen_is_counted_in_whole_pixels() -> None:
    viewport = Viewport(Size(1000, 800), width=100, height=50, scale=2.0, left=-21.0, top=10.0)
    assert viewport.visible() == (10, 0, 61, 20)


def test_the_ladder_of_zooms_passes_100_percent_and_400_percent() -> None:
    rungs = [0.3]
    while rungs[-1] < 5:
        rungs.append(next_zoom(rungs[-1], 1))
    assert 1.0 in rungs
    assert 4.0 in rungs
    assert next_zoom(1.0, -2) == 0.5
    assert next_zoom(1.1, -1) == 1.0


@given(st.floats(0.01, 60))
def test_a_rung_up_enlarges_and_a_rung_down_reduces(zoom: float) -> None:
    assert zoom < next_zoom(zoom, 1) <= zoom * math.sqrt(2) * (1 + 1e-6)
    assert zoom > next_zoom(zoom, -1) >= zoom / math.sqrt(2) * (1 - 1e-6)
