import numpy as np
import pytest

from engine.diffusion.pretraining.boxes import draw_box


@pytest.mark.parametrize("seed", range(20))
def test_a_box_holds_its_defect_and_some_room(seed: int):
    rng = np.random.default_rng(seed)
    mask = np.zeros((128, 128), np.uint8)
    top, left = rng.integers(20, 80, 2)
    mask[top : top + 20, left : left + 12] = 1
    box = draw_box(mask, rng)
    assert set(np.unique(box)) == {0, 1}
    assert not (mask & ~box & 1).any()
    assert mask.sum() < box.sum() < 40 * mask.sum()


def test_boxes_are_not_all_the_same_and_some_are_rotated():
    mask = np.zeros((128, 128), np.uint8)
    mask[50:70, 50:80] = 1
    rng = np.random.default_rng(0)
    boxes = [draw_box(mask, rng) for _ in range(40)]
    areas = {int(box.sum()) for box in boxes}
    upright = [box for box in boxes if len({tuple(row) for row in box}) == 2]
    assert len(areas) > 20
    assert 20 < len(upright) < 40


def test_a_defect_at_the_edge_has_a_box_within_the_picture():
    mask = np.zeros((128, 128), np.uint8)
    mask[0:3, 125:128] = 1
    for seed in range(10):
        assert draw_box(mask, np.random.default_rng(seed)).sum() >= 9
