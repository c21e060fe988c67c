"""`anogen backbone evaluate`, with a tiny backbone: the table of figures, and the judgement on a small product."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from engine.data.images import read_photo, save_png
from engine.diffusion import learning
from engine.diffusion.judging import close_ups, rivals, telling_apart
from tests.conftest import Anogen, Result
from tests.engine.diffusion.small_product import crack, cracked_photo, good_photo
from tests.engine.diffusion.tiny_backbones import build


@pytest.fixture
def backbone(tmp_path: Path) -> Path:
    return build("embedded", tmp_path / "tiny", size_px=32)


@pytest.fixture
def product(tmp_path: Path) -> Path:
    """Good photos and cracked ones in MVTec layout."""
    folder = tmp_path / "discs"
    for seed in range(3):
        save_png(folder / "train" / "good" / f"{seed:03}.png", good_photo(seed))
    for seed in range(8):
        save_png(folder / "test" / "crack" / f"{seed:03}.png", cracked_photo(seed))
        save_png(folder / "ground_truth" / "crack" / f"{seed:03}_mask.png", crack(seed))
    return folder


@pytest.fixture(autouse=True)
def _own_features(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No ResNet, wherever the tests run."""
    monkeypatch.setenv("ANOGEN_DATA", str(tmp_path))


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(close_ups, "SIDE", 64)
    monkeypatch.setattr(rivals, "_TEXTURE_PX", 64)
    monkeypatch.setattr(telling_apart, "_ROUNDS", 1)
    monkeypatch.setattr(learning, "_ANOMALY_VIEWS", 8)
    monkeypatch.setattr(learning, "_NORMAL_VIEWS", 8)


def figures(result: Result) -> dict[str, float]:
    return {line["name"]: line["value"] for line in result.lines if line["event"] == "Measured"}


def test_one_table_on_renders_and_photos(anogen: Anogen, backbone: Path, product: Path) -> None:
    result = anogen("backbone", "evaluate", backbone, "--data", product, "--surfaces", 3, "--json")
    assert result.code == 0, result.err
    measured = figures(result)
    size = sum(path.stat().st_size for path in backbone.rglob("*.safetensors")) / 1e6
    assert measured["size"] == pytest.approx(size, rel=0.3)
    assert -1 <= measured["autoencoder, held-out renders: SSIM"] <= 1
    assert measured["autoencoder, photos: PSNR"] > 0
    assert [f"denoising loss in the box, t = {t}" in measured for t in (100, 300, 500, 700, 900)] == [
        True
    ] * 5
    assert "error of x₀ on the defect, t = 900, the partner's: more by" in measured
    assert "kernel distance, guidance 1.5, own encoder's features" in measured
    assert measured["a sample, guidance 3, one candidate"] > 0
    assert all(np.isfinite(list(measured.values())))


def test_the_table_is_aligned(anogen: Anogen, backbone: Path) -> None:
    result = anogen("backbone", "evaluate", backbone, "--surfaces", 2)
    assert result.code == 0, result.err
    title, *rows = result.out.splitlines()
    assert title.startswith("Evaluating the backbone")
    assert len({row.index(".", row.rindex("  ")) for row in rows}) == 1


def test_the_same_backbone_gives_the_same_figures(anogen: Anogen, backbone: Path) -> None:
    words = ("backbone", "evaluate", backbone, "--surfaces", 2, "--json")
    first, second = (figures(anogen(*words)) for _ in range(2))
    first.pop("a sample, guidance 3, one candidate")
    second.pop("a sample, guidance 3, one candidate")
    assert first == second


def judged(anogen: Anogen, backbone: Path, product: Path) -> Result:
    return anogen(
        *("backbone", "evaluate", backbone, "--data", product, "--anomaly", "crack"),
        *("--support", "000", "001", "--out", "judged", "--count", 3, "--steps", 2, "--json"),
    )


def test_the_judgement_on_photos_goes_on_where_it_was(
    anogen: Anogen, backbone: Path, product: Path, tmp_path: Path
) -> None:
    result = judged(anogen, backbone, product)
    assert result.code == 0, result.err
    measured = figures(result)
    made = ("Perlin texture", "CutPaste", "Perlin texture in their boxes", "CutPaste in their boxes")
    for rival in ("samples before adaptation", "samples", *made):
        assert np.isfinite(measured[f"kernel distance to real: {rival}"])
        assert 0 <= measured[f"told from real (0.5: guessed): {rival}"] <= 1
    for row in ("samples", "real, held out"):
        assert 0 <= measured[f"nearest support, smallest: {row}"] <= measured[f"nearest support, mean: {row}"]
    assert read_photo(tmp_path / "judged" / "discs-crack.png").shape[1] > 1000

    again = judged(anogen, backbone, product)
    assert figures(again) == measured
    written = [line for line in again.lines if line["event"] == "SampleWritten"]
    assert [line["reused"] for line in written] == [True] * 6
    assert not any(line.get("stage") == "learning" for line in again.lines)


def test_supports_are_never_held_out(anogen: Anogen, backbone: Path, product: Path) -> None:
    for seed in range(4, 8):  # two are left beside the supports: too few to judge by
        (product / "test" / "crack" / f"{seed:03}.png").unlink()
        (product / "ground_truth" / "crack" / f"{seed:03}_mask.png").unlink()
    result = judged(anogen, backbone, product)
    assert result.code == 1
    assert "there are 2 photos of “crack” with a mask" in result.lines[-1]["message"]
    assert not list(
        (product.parent / "judged" / "discs-crack" / "runs").iterdir()
    )  # told before it is learned


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--anomaly", "crack"], "needs real photos and a place"),
        (["--data", "nowhere"], "There is no folder"),
        (["--features", "nowhere"], "There is no folder"),
    ],
)
def test_what_cannot_be_evaluated(anogen: Anogen, backbone: Path, words: list[str], message: str) -> None:
    result = anogen("backbone", "evaluate", backbone, *words)
    assert result.code == 1
    assert message in result.err


def test_features_that_are_none(anogen: Anogen, backbone: Path, product: Path) -> None:
    result = anogen("backbone", "evaluate", backbone, "--features", product)
    assert result.code == 1
    assert "There is no ResNet in" in result.err


def test_a_folder_without_photos(anogen: Anogen, backbone: Path, product: Path) -> None:
    shutil.rmtree(product / "train")
    shutil.rmtree(product / "test")
    result = anogen("backbone", "evaluate", backbone, "--data", product)
    assert result.code == 1
    assert "There are no photos in" in result.err
