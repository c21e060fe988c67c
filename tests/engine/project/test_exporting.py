import contextlib
import errno
import io
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import yaml
from pycocotools.coco import COCO

from engine.data.images import read_mask, read_photo
from engine.errors import EngineError
from engine.geometry import Box
from engine.project import Project
from engine.project.coco import run_lengths
from engine.project.exporting import ExportFormat, export_samples
from engine.protocol import Event, FileWritten, Progress, Warned
from tests.engine.project.product import HEIGHT, WIDTH, write_sample

TURNED = Box(center_x=30, center_y=25, width=16, height=6, angle_deg=45)


def two_anomalies() -> np.ndarray:
    """A straight one, and a turned one in two pieces."""
    mask = np.zeros((HEIGHT, WIDTH), dtype=bool)
    mask[10:20, 2:9] = True
    mask[22:25, 24:29] = True
    mask[26:29, 32:36] = True
    return mask


@pytest.fixture
def generated(product: Project) -> Project:
    """Seven samples on the four good photos; all accepted but the last."""
    straight = Box(center_x=5, center_y=15, width=8, height=10)
    for number in range(5):
        photo = f"photos/good/00{number % 4}.png"
        product.record(write_sample(product.folder, f"00{number % 4}-{number}", photo=photo))
    product.record(
        write_sample(product.folder, "000-0", run="run2", boxes=(straight, TURNED), mask=two_anomalies())
    )
    product.record(write_sample(product.folder, "odd", anomaly="big dent", photo="photos/good/002.png"))
    for sample in product.samples()[:-1]:
        product.set_verdict(sample.id, "accepted")
    return product


def export(project: Project, format: ExportFormat, out: Path, include_all: bool = False) -> list[Event]:
    return list(export_samples(project, format, out, include_all))


def files_in(folder: Path) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())


def test_mvtec_layout(generated: Project, tmp_path: Path) -> None:
    out = tmp_path / "out"
    events = export(generated, "mvtec", out, include_all=True)
    names = [f"crack-00{number % 4}-{number}" for number in range(5)] + ["crack-000-0-2"]
    assert files_in(out) == sorted(
        [f"train/good/00{number}.png" for number in range(4)]
        + ["test/good/100.png", "test/good/101.png"]
        + [f"test/crack/{name}.png" for name in names]
        + [f"ground_truth/crack/{name}_mask.png" for name in names]
        + ["test/big_dent/big_dent-odd.png", "ground_truth/big_dent/big_dent-odd_mask.png"]
    )
    sample = generated.samples()[5]
    assert (out / "test/crack/crack-000-0-2.png").read_bytes() == (
        generated.folder / sample.path
    ).read_bytes()
    assert events[-1] == FileWritten(path=str(out), what="mvtec export of 7 samples")
    assert [event for event in events if isinstance(event, Progress)][-1].step == 20


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # in pycocotools
def test_coco_is_read_by_its_own_reader(generated: Project, tmp_path: Path) -> None:
    export(generated, "coco", tmp_path / "out", include_all=True)
    with contextlib.redirect_stdout(io.StringIO()):
        data = COCO(str(tmp_path / "out" / "annotations.json"))
    assert [category["name"] for category in data.loadCats(data.getCatIds())] == ["big dent", "crack"]
    assert len(data.getImgIds()) == 7
    by_path = {sample.path: sample for sample in generated.samples()}
    assert len(by_path) == 7
    for image in data.loadImgs(data.getImgIds()):
        photo = read_photo(tmp_path / "out" / "images" / image["file_name"])
        assert photo.shape == (image["height"], image["width"], 3)
        annotations = data.loadAnns(data.getAnnIds(imgIds=image["id"]))
        masks = [data.annToMask(annotation).astype(bool) for annotation in annotations]
        is_double = image["file_name"] == "crack-000-0-2.png"
        assert len(masks) == (2 if is_double else 1)
        if is_double:
            np.testing.assert_array_equal(masks[0] | masks[1], two_anomalies())
        for annotation, mask in zip(annotations, masks, strict=True):
            rows, columns = np.nonzero(mask)
            left, top, width, height = annotation["bbox"]
            assert (left, top) == (columns.min(), rows.min())
            assert (left + width, top + height) == (columns.max() + 1, rows.max() + 1)
            assert annotation["area"] == mask.sum()


def test_run_lengths_by_hand() -> None:
    assert run_lengths(np.array([[False, True], [True, True], [False, False]])) == [1, 1, 1, 2, 1]
    assert run_lengths(np.array([[True, True], [False, True]])) == [0, 1, 1, 2]
    assert run_lengths(np.zeros((2, 3), dtype=bool)) == [6]


def test_yolo_layout_and_lines(generated: Project, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(generated, "yolo", out)
    lines = (out / "labels" / "train" / "crack-000-0-2.txt").read_text().splitlines()
    (first, second) = (line.split() for line in lines)
    assert [first[0], second[0]] == ["0", "0"]
    expected = [5.5 / WIDTH, 15 / HEIGHT, 7 / WIDTH, 10 / HEIGHT]
    np.testing.assert_allclose([float(number) for number in first[1:]], expected, atol=1e-6)
    expected = [30 / WIDTH, 25.5 / HEIGHT, 12 / WIDTH, 7 / HEIGHT]
    np.testing.assert_allclose([float(number) for number in second[1:]], expected, atol=1e-6)
    images = {Path(name).with_suffix("").name for name in files_in(out / "images")}
    labels = {Path(name).with_suffix("").name for name in files_in(out / "labels")}
    assert images == labels
    assert len(images) == 6
    described = (out / "data.yaml").read_text()
    assert yaml.safe_load(described) == {
        "train": "images/train",
        "val": "images/train",
        "names": {0: "crack"},
    }
    assert "too few photos" in described


def test_yolo_keeps_the_samples_of_a_photo_on_one_side(product: Project, tmp_path: Path) -> None:
    for number in range(12):
        product.record(write_sample(product.folder, f"s{number}", photo=f"photos/good/{number % 6}.png"))
    export(product, "yolo", tmp_path / "out", include_all=True)
    train, val = (files_in(tmp_path / "out" / "images" / part) for part in ("train", "val"))
    assert val == ["crack-s10.png", "crack-s4.png"]
    assert len(train) == 10
    assert "val: images/val\n" in (tmp_path / "out" / "data.yaml").read_text()


@pytest.mark.parametrize("format", ["mvtec", "coco", "yolo"])
def test_only_accepted_samples_unless_all_are_asked_for(
    generated: Project, tmp_path: Path, format: ExportFormat
) -> None:
    export(generated, format, tmp_path / "some")
    export(generated, format, tmp_path / "all", include_all=True)
    assert not any("dent" in name for name in files_in(tmp_path / "some"))
    assert any("dent" in name for name in files_in(tmp_path / "all"))


def test_what_cannot_be_exported(product: Project, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="no samples to export") as caught:
        export(product, "coco", tmp_path / "out")
    assert "anogen generate" in caught.value.hint
    product.record(write_sample(product.folder, "a"))
    with pytest.raises(EngineError, match="No sample is accepted yet") as caught:
        export(product, "coco", tmp_path / "out")
    assert "--all" in caught.value.hint
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    with pytest.raises(EngineError, match="full is not empty"):
        export(product, "coco", tmp_path / "full", include_all=True)
    with pytest.raises(EngineError, match="'voc' is no export format"):
        export(product, "voc", tmp_path / "out", include_all=True)  # type: ignore[arg-type]
    (product.folder / product.samples()[0].path).unlink()
    with pytest.raises(EngineError, match="were deleted"):
        export(product, "coco", tmp_path / "out", include_all=True)
    assert not (tmp_path / "out").exists()


def test_a_deleted_sample_is_left_out_and_told(generated: Project, tmp_path: Path) -> None:
    gone = generated.folder / generated.samples()[1].path
    gone.unlink()
    events = export(generated, "coco", tmp_path / "out")
    assert [event.message for event in events if isinstance(event, Warned)] == [
        f"The sample {gone} was deleted and is left out."
    ]
    assert len(json.loads((tmp_path / "out" / "annotations.json").read_text())["images"]) == 5


def test_a_full_disk_is_told_and_leaves_nothing_behind(
    generated: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", refuse)
    with pytest.raises(EngineError, match="disk is full"):
        export(generated, "mvtec", tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert list(tmp_path.glob(".out*")) == []


def test_names_are_unique_whatever_the_stems(product: Project, tmp_path: Path) -> None:
    for run, stem in (("one", "a"), ("one", "a-2"), ("two", "a"), ("three", "A")):
        product.record(write_sample(product.folder, stem, run=run))
    export(product, "coco", tmp_path / "out", include_all=True)
    names = files_in(tmp_path / "out" / "images")
    assert names == ["crack-A-4.png", "crack-a-2.png", "crack-a-3.png", "crack-a.png"]


@pytest.mark.parametrize("format", ["coco", "yolo"])
def test_a_damaged_sample_is_left_out_and_told(
    generated: Project, tmp_path: Path, format: ExportFormat
) -> None:
    mask = generated.folder / generated.samples()[2].mask
    mask.write_bytes(mask.read_bytes()[:60])
    (warned,) = (event for event in export(generated, format, tmp_path / "out") if isinstance(event, Warned))
    assert str(mask) in warned.message
    assert len(files_in(tmp_path / "out" / "images")) == 5


def test_an_export_that_is_stopped_leaves_nothing_behind(generated: Project, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    events = export_samples(generated, "coco", tmp_path / "out")
    next(event for event in events if isinstance(event, Progress))
    events.close()  # type: ignore[attr-defined]
    assert list(tmp_path.glob(".out*")) == []
    assert list((tmp_path / "out").iterdir()) == []
    export(generated, "coco", tmp_path / "out")


def test_exported_masks_are_those_of_the_samples(generated: Project, tmp_path: Path) -> None:
    export(generated, "mvtec", tmp_path / "out")
    sample = generated.samples()[5]
    path = tmp_path / "out/ground_truth/crack/crack-000-0-2_mask.png"
    size = generated.photos()[0].size
    np.testing.assert_array_equal(read_mask(path, size, Path(sample.path)), two_anomalies())
