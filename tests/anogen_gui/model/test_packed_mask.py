"""Masks in memory."""

import numpy as np
import pytest

from anogen_gui.model.packed_mask import PackedMask


@pytest.mark.parametrize("size", [(1, 1), (7, 13), (40, 48)])
def test_a_mask_comes_back_as_it_was(size: tuple[int, int]) -> None:
    mask = np.random.default_rng(0).random(size) > 0.5
    unpacked = PackedMask.pack(mask).unpack()
    assert unpacked.dtype == bool
    assert unpacked.shape == size
    assert (unpacked == mask).all()


def test_equal_masks_are_equal_packed() -> None:
    one, other = np.zeros((9, 9), bool), np.zeros((9, 9), bool)
    assert PackedMask.pack(one) == PackedMask.pack(other)
    other[3, 4] = True
    assert PackedMask.pack(one) != PackedMask.pack(other)


def test_a_large_mask_takes_little_room() -> None:
    mask = np.zeros((3000, 4000), bool)
    mask[1000:1400, 2000:2600] = True
    assert len(PackedMask.pack(mask).bits) < 50_000
