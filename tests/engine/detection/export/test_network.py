"""Preparation of photos as matrices, against what the detectors themselves look at."""

import cv2
import numpy as np
import pytest
import torch

from engine.detection.export.network import resized, weights
from engine.detection.photos import at_side

SHRUNK = [(100, 130, 64), (65, 300, 64), (128, 128, 64), (256, 256, 64), (777, 500, 96)]
GROWN = [(40, 50, 64), (64, 90, 64), (50, 90, 64), (20, 200, 64)]


def photo(height: int, width: int) -> np.ndarray:
    noise = np.random.default_rng(height).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return cv2.GaussianBlur(noise, (0, 0), 1)


@pytest.mark.parametrize(("height", "width", "side"), SHRUNK + GROWN)
def test_photos_are_resized_as_they_are_for_the_detector(height: int, width: int, side: int) -> None:
    pixels = photo(height, width)
    found = resized(torch.from_numpy(pixels)[None], side)[0].permute(1, 2, 0).numpy()
    off = np.abs(found - at_side(pixels, side).astype(np.float32))
    assert off.max() <= 1  # of 255: what lies half-way may be rounded either way
    assert (off > 0).mean() < 0.001


def test_a_photo_of_the_right_size_stays_as_it_is() -> None:
    pixels = photo(64, 64)
    assert np.array_equal(resized(torch.from_numpy(pixels)[None], 64)[0].permute(1, 2, 0).numpy(), pixels)


@pytest.mark.parametrize("shrinks", [True, False])
def test_weights_of_three_pixels_for_two(shrinks: bool) -> None:
    found = weights(torch.arange(3.0), 2, torch.tensor(shrinks))
    assert found.sum(1).tolist() == pytest.approx([1, 1])
    if shrinks:
        assert found[0].tolist() == pytest.approx([2 / 3, 1 / 3, 0])
    else:  # Keys' cubic at 0.25: −0.1055, 0.8789, 0.2617, −0.0352; the pixel before the first is the first
        assert found[0].tolist() == pytest.approx([0.7734375, 0.26171875, -0.03515625])
