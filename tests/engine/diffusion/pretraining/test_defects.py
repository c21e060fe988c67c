"""What tells one kind of defect from another: depth, displaced sides, bare places, hairlines along the grain."""

from dataclasses import replace

import numpy as np
import pytest

from engine.diffusion.pretraining.bristles import bent_bristles, missing_part
from engine.diffusion.pretraining.colours import plain
from engine.diffusion.pretraining.cracks import crack, split
from engine.diffusion.pretraining.lamps import direction_of, draw_light
from engine.diffusion.pretraining.lighting import Light, Surface, photograph
from engine.diffusion.pretraining.marks import Place, fractal_line
from engine.diffusion.pretraining.pits import blowhole, hole
from engine.diffusion.pretraining.sets import brush_head, pellets

SIZE = 128
MIDDLE = Place(64.0, 64.0, 50.0)


def flat(**differences: object) -> Surface:
    albedo = plain(np.array([0.6, 0.6, 0.6], np.float32), SIZE)
    return replace(Surface(albedo, np.zeros((SIZE, SIZE), np.float32), 0.0, "grey"), **differences)


def light_from_left() -> Light:
    light = draw_light(np.random.default_rng(0), SIZE)
    camera = replace(light.camera, sensor_noise=np.zeros((SIZE, SIZE, 3), np.float32), jpeg_quality=None)
    even = np.ones((SIZE, SIZE), np.float32)
    direction = direction_of(np.pi, 0.7)
    return replace(light, direction=direction, ambient=0.3, illumination=even, camera=camera, is_twin=False)


@pytest.mark.parametrize("build", [hole, blowhole])
def test_a_pit_is_lit_on_the_side_away_from_the_lamp(build) -> None:
    gains = []
    for seed in range(12):
        defect = build(np.random.default_rng(seed), flat(), MIDDLE)
        grey = photograph(defect.surface, light_from_left()).mean(axis=2)
        columns = np.flatnonzero((defect.mask > 0.5).any(axis=0))
        middle = columns.mean()
        inside = defect.mask > 0.5
        left, right = inside.copy(), inside.copy()
        left[:, int(middle) :] = right[:, : int(middle)] = False
        gains.append(grey[right].mean() - grey[left].mean())
    assert np.median(gains) > 3


def test_a_split_pushes_its_sides_apart_and_leaves_the_rest() -> None:
    ys, xs = np.mgrid[:SIZE, :SIZE].astype(np.float32)
    ramp = flat(albedo=np.repeat((0.1 + xs / 200)[..., None], 3, axis=2).astype(np.float32))
    defect = split(np.random.default_rng(3), ramp, MIDDLE)
    moved = np.abs(defect.surface.albedo - ramp.albedo).max(axis=2) > 0.005
    assert moved[defect.mask > 0.9].mean() > 0.8
    assert (moved & (defect.mask < 0.9)).sum() > 50
    assert not moved[np.hypot(xs - 64, ys - 64) > 50].any()


def test_cracks_follow_the_grain_more_often_than_not() -> None:
    surface, along = flat(grain=0.0), 0
    for seed in range(40):
        ys, xs = np.nonzero(crack(np.random.default_rng(seed), surface, MIDDLE).mask > 0.3)
        along += np.ptp(xs) > 2 * np.ptp(ys)
    assert along > 24


@pytest.mark.parametrize("build", [brush_head, pellets])
def test_a_missing_part_bares_the_ground(build) -> None:
    surface = build(np.random.default_rng(2), SIZE)
    elements = surface.elements
    defect = missing_part(np.random.default_rng(0), surface, MIDDLE)
    where = defect.mask > 0.99
    height = defect.surface.height[where] - elements.height[where]
    assert where.sum() > 20
    assert height.max() <= 1e-4
    assert np.array_equal(defect.surface.albedo[defect.mask == 0], surface.albedo[defect.mask == 0])


def test_bent_bristles_reach_beyond_their_tufts() -> None:
    surface = brush_head(np.random.default_rng(2), SIZE)
    defect = bent_bristles(np.random.default_rng(1), surface, MIDDLE)
    ys, xs = np.nonzero(defect.mask > 0.3)
    assert max(np.ptp(xs), np.ptp(ys)) > 2 * surface.elements.radius


def test_what_is_set_with_nothing_misses_nothing() -> None:
    with pytest.raises(ValueError, match="not set with elements"):
        missing_part(np.random.default_rng(0), flat(), MIDDLE)


def test_a_jagged_line_keeps_its_ends_and_turns_between_them() -> None:
    ends = np.array([[10, 10], [90, 30]], np.float32)
    line = fractal_line(np.random.default_rng(0), ends, 0.15)
    assert np.array_equal(line[[0, -1]], ends)
    headings = np.unwrap(np.arctan2(*np.diff(line, axis=0).T[::-1]))
    assert np.abs(np.diff(headings)).max() > 0.3
