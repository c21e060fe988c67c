"""The demo product's folder: layout, masks, determinism."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.diffusion.pretraining.demo_product import ANOMALY, PHOTO_SIZE, write_demo_product


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo")
    write_demo_product(path, seed=3, normals=2, test_normals=1, bad=2)
    return path


def pixels(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path))


def test_layout(folder: Path) -> None:
    files = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.png"))
    assert files == sorted(
        ["train/good/000.png", "train/good/001.png", "test/good/000.png"]
        + [f"test/{ANOMALY}/00{index}.png" for index in range(2)]
        + [f"ground_truth/{ANOMALY}/00{index}_mask.png" for index in range(2)]
    )


def test_photos_are_rgb_and_differ(folder: Path) -> None:
    photos = [pixels(path) for path in sorted((folder / "train" / "good").iterdir())]
    assert all(photo.shape == (PHOTO_SIZE, PHOTO_SIZE, 3) for photo in photos)
    assert not np.array_equal(*photos)


def test_masks_are_binary_and_mark_a_defect_of_plausible_size(folder: Path) -> None:
    for path in (folder / "ground_truth" / ANOMALY).iterdir():
        mask = pixels(path)
        assert mask.shape == (PHOTO_SIZE, PHOTO_SIZE)
        assert set(np.unique(mask)) == {0, 255}
        assert 0.0005 < (mask == 255).mean() < 0.1


def test_same_seed_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_demo_product(tmp_path, seed=3, normals=2, test_normals=1, bad=2)
    for path in folder.rglob("*.png"):
        assert path.read_bytes() == (tmp_path / path.relative_to(folder)).read_bytes()
