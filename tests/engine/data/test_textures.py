from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.data import textures
from engine.data.textures import ProceduralTextures, TextureFolder, TextureSource
from engine.errors import EngineError


def save(path: Path, height: int, width: int, colour: tuple[int, int, int]) -> None:
    """Write a picture of one colour whose left quarter is black."""
    pixels = np.full((height, width, 3), colour, np.uint8)
    pixels[:, : width // 4] = 0
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Laid out as DTD: a folder a word."""
    save(tmp_path / "banded" / "banded_0001.png", 60, 90, (200, 30, 30))
    save(tmp_path / "dotted" / "dotted_0001.jpg", 90, 60, (30, 30, 200))
    (tmp_path / "labels.txt").write_text("banded dotted")
    return tmp_path


@pytest.fixture
def unaugmented(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textures, "augment", lambda rng, texture: texture)


@pytest.mark.parametrize("size", [16, 64, 101])
def test_both_sources_give_the_size_and_follow_from_the_seed(folder: Path, size: int) -> None:
    sources: list[TextureSource] = [ProceduralTextures(), TextureFolder(folder)]
    for source in sources:
        first, again, other = (source.draw(np.random.default_rng(seed), size) for seed in (7, 7, 8))
        assert first.shape == (size, size, 3)
        assert first.dtype == np.uint8
        np.testing.assert_array_equal(first, again)
        assert (first != other).any()


def test_textures_are_augmented(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textures, "augment", lambda rng, texture: np.full_like(texture, 77))
    for source in (ProceduralTextures(), TextureFolder(folder)):
        assert (source.draw(np.random.default_rng(0), 32) == 77).all()


# --- procedural textures ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("unaugmented")
def test_procedural_textures_vary_in_brightness_colour_and_grain() -> None:
    rng = np.random.default_rng(0)
    drawn = np.stack([ProceduralTextures().draw(rng, 64) for _ in range(120)]).astype(float)
    brightness = drawn.mean(axis=(1, 2, 3))
    assert np.percentile(brightness, 90) - np.percentile(brightness, 10) > 80
    colourful = np.ptp(drawn.mean(axis=(1, 2)), axis=1)
    assert np.percentile(colourful, 10) < 10
    assert np.percentile(colourful, 90) > 50
    grain = np.abs(np.diff(drawn.mean(axis=3), axis=2)).mean(axis=(1, 2))
    assert np.percentile(grain, 90) > 4 * np.percentile(grain, 10)
    assert (drawn.std(axis=(1, 2)).max(axis=1) > 2).mean() > 0.97


def test_a_mixture_lies_between_its_parts() -> None:
    first, second = np.full((32, 32, 3), 40, np.uint8), np.full((32, 32, 3), 200, np.uint8)
    mixed = [textures._mixed(np.random.default_rng(seed), first, second) for seed in range(10)]
    assert all(each.min() >= 40 and each.max() <= 200 and each.std() > 5 for each in mixed)


# --- a folder --------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("unaugmented")
def test_every_image_of_the_folder_and_below_is_drawn(folder: Path) -> None:
    source = TextureFolder(folder)
    assert len(source) == 2
    rng = np.random.default_rng(0)
    reds = [source.draw(rng, 32)[16, 31, 0] > 100 for _ in range(40)]
    assert 8 < sum(reds) < 32


@pytest.mark.usefixtures("unaugmented")
def test_squares_are_cut_at_random_and_not_squeezed(tmp_path: Path) -> None:
    save(tmp_path / "wide.png", 40, 160, (200, 200, 200))  # the left 40 columns are black
    source, rng = TextureFolder(tmp_path), np.random.default_rng(0)
    black = [int((source.draw(rng, 40) < 100).all(axis=(0, 2)).sum()) for _ in range(60)]
    assert min(black) == 0
    assert max(black) > 20
    assert any(0 < columns < 40 for columns in black)


@pytest.mark.usefixtures("unaugmented")
@pytest.mark.parametrize("size", [20, 200])
def test_images_are_fitted_to_the_size(tmp_path: Path, size: int) -> None:
    save(tmp_path / "square.png", 80, 80, (250, 120, 10))
    drawn = TextureFolder(tmp_path).draw(np.random.default_rng(0), size)
    assert (drawn[:, size // 2 :] == (250, 120, 10)).all()
    assert (drawn[:, : size // 5] < 20).all()


def test_a_folder_without_images_is_refused_with_a_hint(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("no image")
    (tmp_path / ".hidden.png").write_bytes(b"")
    with pytest.raises(EngineError) as refused:
        TextureFolder(tmp_path)
    assert refused.value.message == f"The folder {tmp_path} holds no textures."
    assert "procedural textures" in refused.value.hint


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"There is no folder .*nowhere"):
        TextureFolder(tmp_path / "nowhere")


def test_an_unreadable_image_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"no image at all")
    source = TextureFolder(tmp_path)
    with pytest.raises(EngineError, match=r"broken\.jpg is not an image"):
        source.draw(np.random.default_rng(0), 32)
