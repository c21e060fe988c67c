"""Rivals as close-ups: on the part, and in the boxes of samples."""

from pathlib import Path

import numpy as np
import pytest

from engine.data.images import save_png
from engine.diffusion.judging.close_ups import SIDE, close_up
from engine.diffusion.judging.rivals import Rival, draw_in_boxes, draw_on_parts, draw_patch, draw_perlin
from engine.geometry import Box
from tests.engine.diffusion.small_product import good_photo

BOX = Box(center_x=80, center_y=60, width=40, height=20)


@pytest.fixture
def goods(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{seed}.png" for seed in range(2)]
    for seed, path in enumerate(paths):
        save_png(path, good_photo(seed, 160, 120))
    return paths


@pytest.mark.parametrize("rival", [draw_perlin, draw_patch])
def test_as_many_as_asked_for_and_the_same_ones_again(goods: list[Path], rival: Rival) -> None:
    first, again = ([each.image for each in draw_on_parts(goods, rival, 3, seed=5)] for _ in range(2))
    assert [image.shape for image in first] == [(SIDE, SIDE, 3)] * 3
    assert all((a == b).all() for a, b in zip(first, again, strict=True))
    assert not (first[0] == first[2]).all()  # the same photo, another anomaly


@pytest.mark.parametrize("rival", [draw_perlin, draw_patch])
def test_in_a_box_nothing_changes_around_it(goods: list[Path], rival: Rival) -> None:
    (shown,) = draw_in_boxes([(goods[0], BOX)], rival, seed=1)
    plain = close_up(good_photo(0, 160, 120), BOX)
    assert (shown.box == plain.box).all()
    changed = (shown.image != plain.image).any(2)
    ys, xs = np.nonzero(shown.box)
    margin = 6  # of interpolation
    outside = np.ones_like(changed)
    outside[ys.min() - margin : ys.max() + margin, xs.min() - margin : xs.max() + margin] = False
    assert changed[shown.box].any()
    assert not changed[outside].any()
