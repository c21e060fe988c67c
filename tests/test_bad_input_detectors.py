"""Bad input for detectors through the command line: one clear sentence, and nothing that was there is lost.

Tested elsewhere: no normals, no samples and none accepted, photos that cannot be inspected in
`engine/cli/test_detector_commands.py`; the same and more in jobs in `engine/detection/training/test_refusals.py`.
"""

import math
from pathlib import Path

import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from engine.data import files
from engine.data.tensors import save_tensors
from engine.detection import draem, training
from engine.detection.trainer import Trainer
from tests.conftest import Anogen, Result
from tests.engine.project.product import pixels, write_photo
from tests.test_bad_input import assert_refused, contents, fill_disk, metadata_of

TRAIN = (
    *("train", "P", "--recipe", "baseline", "--steps", "6", "--side", "32"),
    *("--batch-size", "4", "--heatmaps-every", "3", "--checkpoint-every", "2"),
)


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(draem._WIDTHS, "light", (2, 2))
    monkeypatch.setitem(draem._WIDTHS, "paper", (4, 4))
    monkeypatch.setattr(training, "_EVALUATE_EVERY", 2)


def detector(project: Path) -> Path:
    """The only one there is."""
    (found,) = (project / "runs").glob("*/detector.safetensors")
    return found


def weights(project: Path) -> dict[str, torch.Tensor]:
    return load_file(detector(project))


def assert_same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> None:
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)


def trained(anogen: Anogen) -> Result:
    result = anogen(*TRAIN)
    assert result.code == 0, result.err
    return result


# --- photos ----------------------------------------------------------------------------------------------


def write_modes(folder: Path) -> list[Path]:
    """Photos as cameras and programs leave them, each of its own size."""
    folder.mkdir()
    written = []
    for number, mode in enumerate(("1", "L", "LA", "P", "RGBA", "CMYK", "I;16")):
        image = Image.fromarray(pixels(300 + number, width=50 + number))
        if mode == "I;16":
            image = Image.fromarray(pixels(300 + number, width=50 + number)[..., 0].astype("uint16") * 257)
        else:
            image = image.convert(mode)
        written.append(folder / f"{number}.{'tif' if mode == 'CMYK' else 'png'}")
        image.save(written[-1])
    return written


def test_photos_of_every_mode_and_size_are_welcome(anogen: Anogen, product: Path) -> None:
    photos = write_modes(product.parent / "modes")
    assert anogen("import", "P", "modes", "--role", "good").code == 0
    result = trained(anogen)
    assert f"on {4 + len(photos)} good photos" in result.out
    assert "The good photos are of 8 sizes; all become 32×32 pixels." in result.err
    assert "could not be used" not in result.err
    result = anogen("inspect", "P", "draem", "modes", "--out", "maps")
    assert result.code == 0, result.err
    for photo in photos:
        with Image.open(photo) as before, Image.open(f"maps/{photo.stem}_heatmap.png") as heatmap:
            assert heatmap.size == before.size


def test_one_photo_is_enough_and_told(anogen: Anogen, tmp_path: Path) -> None:
    anogen("new", "P")
    write_photo(tmp_path / "only.png", 1)
    anogen("import", "P", "only.png", "--role", "good")
    assert "There is one good photo only" in trained(anogen).err


def test_photos_of_which_none_can_be_read(anogen: Anogen, product: Path) -> None:
    for photo in (product / "photos" / "good").iterdir():
        photo.write_text("no photo")
    assert_refused(anogen(*TRAIN), "is not an image that can be read")
    assert not (product / "runs").exists() or not list((product / "runs").rglob("*.safetensors"))


def test_folders_without_images(anogen: Anogen, product: Path, tmp_path: Path) -> None:
    trained(anogen)
    before, kept = contents(product), weights(product)
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "notes.txt").write_text("no photo")
    assert_refused(anogen(*TRAIN, "--seed", "1", "--textures", "texts"), "texts holds no textures")
    assert_refused(anogen(*TRAIN, "--seed", "1", "--textures", "nowhere"), "There is no folder", "nowhere")
    assert_refused(
        anogen("inspect", "P", "draem", "texts", "--out", "maps"), "There are no photos in", "texts"
    )
    assert_refused(anogen("import", "P", "texts"), "texts")
    assert contents(product) == before
    assert_same(weights(product), kept)


def test_masks_that_are_all_empty(anogen: Anogen, product: Path) -> None:
    trained(anogen)
    for mask in (product / "masks").rglob("*.png"):
        with Image.open(mask) as image:
            size = image.size
        Image.new("L", size).save(mask)
    before = contents(product)
    result = anogen("evaluate", "P", "draem", "--resamples", "10")
    assert_refused(result, "There are no test photos with an anomaly")
    assert "is all black" in result.err
    assert contents(product) == before
    assert not list(product.rglob("evaluation.json"))


# --- a training that cannot go on --------------------------------------------------------------------------


def test_a_loss_that_is_no_number_keeps_the_last_good_checkpoint(
    anogen: Anogen, product: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    advance = Trainer.advance
    monkeypatch.setattr(Trainer, "advance", lambda self: advance(self) if self.step < 5 else math.nan)
    result = anogen(*TRAIN)
    assert_refused(result, "has come apart: its loss is no number any more")
    assert "The detector after 4 steps is kept" in result.err
    assert all(torch.isfinite(each).all() for each in weights(product).values())
    assert anogen("inspect", "P", "draem", "source/test/good", "--out", "maps").code == 0


def test_a_disk_that_is_full_at_any_time_loses_nothing(
    anogen: Anogen, product: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever file it is that finds no room: the training that is started again ends with the same weights."""
    trained(anogen)
    expected, before = weights(product), contents(product)
    stages = []
    for room in range(40):
        with monkeypatch.context() as patch:
            fill_disk(patch, room)
            result = anogen(*TRAIN, "--again")
        if result.code == 0:
            break
        assert_refused(result, "The disk is full")
        assert not list(product.rglob(f"{files.TEMPORARY_PREFIX}*"))
        again = trained(anogen)
        stages.append("from step" in again.out or "trained already" in again.err)
        assert_same(weights(product), expected)
    assert contents(product) == before
    assert len(stages) >= 5  # a job, losses, checkpoints, heatmaps, the detector
    assert any(stages)


def test_weights_of_another_preset(anogen: Anogen, product: Path) -> None:
    trained(anogen)
    light = detector(product)
    header = metadata_of(light)
    kept = light.parent.rename(product.parent / "kept")
    assert anogen(*TRAIN, "--preset", "paper").code == 0
    tensors = weights(product)
    kept.rename(light.parent)
    save_tensors(light, tensors, header)
    for words in (("evaluate", "P"), ("inspect", "P")):
        name = light.parent.name
        further = ("source/test/good", "--out", "maps") if words[0] == "inspect" else ()
        assert_refused(anogen(*words, name, *further), "are not those of a detector draem of preset light")
    assert not (product.parent / "maps").exists()
