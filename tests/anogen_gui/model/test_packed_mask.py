"""Masks in memory."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def test_an_empty_mask_has_nothing_painted() -> None:
    assert PackedMask.empty(7, 13) == PackedMask.pack(np.zeros((7, 13), bool))


def test_equal_masks_differ_nowhere() -> None:
    mask = PackedMask.pack(np.random.default_rng(0).random((9, 21)) > 0.5)
    assert mask.difference(mask) is None


@given(st.integers(1, 12), st.integers(1, 40), st.integers(0, 99))
def test_a_mask_with_its_difference_is_the_other(height: int, width: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    before, after = np.zeros((height, width), bool), np.zeros((height, width), bool)
    after[random.integers(height), random.integers(width)] = True
    before[random.integers(height), random.integers(width)] = True
    found = PackedMask.pack(before).difference(PackedMask.pack(after))
    if found is not None:
        left, top, pixels = found
        before[top : top + pixels.shape[0], left : left + pixels.shape[1]] = pixels
    assert (before == after).all()


def test_a_small_difference_is_a_small_rectangle() -> None:
    before = np.zeros((300, 400), bool)
    after = before.copy()
    after[100:110, 203:210] = True
    found = PackedMask.pack(before).difference(PackedMask.pack(after))
    assert found is not None
    left, top, pixels = found
    assert (left, top, pixels.shape) == (200, 100, (10, 16))


def test_a_large_mask_takes_little_room() -> None:
    mask = np.zeros((3000, 4000), bool)
    mask[1000:1400, 2000:2600] = True
    assert len(PackedMask.pack(mask).bits) < 50_000
