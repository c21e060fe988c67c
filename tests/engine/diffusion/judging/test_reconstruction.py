"""PSNR and SSIM, and what goes through the autoencoder."""

from pathlib import Path

import numpy as np
import pytest

from engine.data.images import save_png
from engine.diffusion.backbone.loading import load_folder
from engine.diffusion.judging.reconstruction import Fidelity, compare, crop_like_generation, reconstruct
from tests.engine.diffusion.small_product import good_photo
from tests.engine.diffusion.tiny_backbones import build


def noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (32, 32, 3), dtype=np.uint8)


def test_a_constant_error_by_hand() -> None:
    image = np.clip(noise(0), 0, 245)
    fidelity = compare(image + np.uint8(10), image)
    assert fidelity.psnr == pytest.approx(20 * np.log10(255 / 10))
    assert 0.9 < fidelity.ssim < 1


def test_the_same_picture_is_perfect_and_another_one_is_not() -> None:
    same, other = compare(noise(0), noise(0)), compare(noise(0), noise(1))
    assert same.ssim == pytest.approx(1)
    assert same.psnr > 100
    assert other.ssim < 0.1
    assert other.psnr < 10


def test_the_mean_of_several() -> None:
    assert Fidelity.mean([Fidelity(20, 0.5), Fidelity(30, 1.0)]) == Fidelity(25, 0.75)


def test_every_picture_goes_through_the_autoencoder(tmp_path: Path) -> None:
    backbone = load_folder(build("embedded", tmp_path), "tiny")
    images = [noise(seed) for seed in range(9)]
    found = list(reconstruct(backbone, images))
    assert len(found) == 9
    assert found[8] == next(reconstruct(backbone, images[8:]))


def test_a_crop_as_stage_2_makes_it(tmp_path: Path) -> None:
    save_png(tmp_path / "photo.png", good_photo(0, 160, 120))
    crop = crop_like_generation(tmp_path / "photo.png", 32, seed=1)
    assert crop.shape == (32, 32, 3)
    assert (crop == crop_like_generation(tmp_path / "photo.png", 32, seed=1)).all()
