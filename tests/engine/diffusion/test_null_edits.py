"""Null edits: the autoencoder's texture in boxes, and nothing else."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from engine.data.images import read_photo, read_png_record, save_png
from engine.data.null_edit import NullEdit
from engine.diffusion import null_edits as module
from engine.diffusion.backbone import load_backbone
from engine.diffusion.compositing import inside_box
from engine.diffusion.null_edits import STAGE, edited, null_edits
from engine.errors import EngineError
from engine.geometry import Box, Window
from engine.protocol import Event, Progress, TrainJob
from tests.engine.diffusion.ready_project import ROTATED, UPRIGHT, pixels, write_photos
from tests.engine.diffusion.tiny_backbones import build


@pytest.fixture(scope="module")
def backbone_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backbones") / "embedded"
    build("embedded", folder)
    return folder


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "COUNT", 5)


def begin(project: Path, backbone: Path | str, photos: int = 2) -> TrainJob:
    return TrainJob(
        project=str(project), goods=tuple(write_photos(project, photos)), autoencoder=str(backbone)
    )


def made(job: TrainJob) -> tuple[list[Event], tuple[NullEdit, ...]]:
    """What was told on the way, and the null edits."""
    events, told = null_edits(job), list[Event]()
    while True:
        try:
            told.append(next(events))
        except StopIteration as end:
            return told, end.value


def inside(boxes: tuple[Box, ...], photo: np.ndarray) -> np.ndarray:
    window = Window(0, 0, photo.shape[1], photo.shape[0])
    return np.any([inside_box(box, window) for box in boxes], axis=0)


def test_pixels_outside_the_boxes_are_the_photos_own_and_those_inside_the_autoencoders(
    backbone_folder: Path,
) -> None:
    photo, boxes = pixels(3), (UPRIGHT, ROTATED)
    edit = edited(photo, boxes, load_backbone(str(backbone_folder)))
    changed, box = (edit != photo).any(axis=2), inside(boxes, photo)
    assert not changed[~box].any()
    assert changed[box].mean() > 0.9  # a tiny autoencoder of random weights keeps nothing
    assert np.array_equal(photo, pixels(3)), "the photo itself was written to"


def test_a_grey_photo_stays_grey(backbone_folder: Path) -> None:
    grey = np.repeat(pixels(3).mean(2, keepdims=True).astype(np.uint8), 3, axis=2)
    edit = edited(grey, (UPRIGHT,), load_backbone(str(backbone_folder)))
    assert (edit != grey).any()
    assert (edit == edit[..., :1]).all()


def test_photos_take_turns_and_each_file_says_where_its_boxes_are(
    tmp_path: Path, backbone_folder: Path
) -> None:
    job = begin(tmp_path, backbone_folder)
    told, edits = made(job)
    assert [event.step for event in told if isinstance(event, Progress) and event.stage == STAGE] == [
        1, 2, 3, 4, 5,
    ]  # fmt: skip
    assert [edit.photo for edit in edits] == [job.goods[index % 2] for index in range(5)]
    places = set()
    for edit in edits:
        photo, image = read_photo(tmp_path / edit.photo), read_photo(tmp_path / edit.image)
        record = read_png_record(tmp_path / edit.image, "anogen")
        boxes = msgspec.convert(record["boxes"], tuple[Box, ...])
        changed = (photo != image).any(axis=2)
        assert changed.any()
        assert not changed[~inside(boxes, photo)].any()
        places.add(boxes)
    assert len(places) == 5  # boxes are random, each edit has its own


def test_they_are_made_once_for_the_same_backbone_and_photos(tmp_path: Path, backbone_folder: Path) -> None:
    job = begin(tmp_path, backbone_folder)
    _, edits = made(job)
    before = [(tmp_path / edit.image).read_bytes() for edit in edits]
    (tmp_path / edits[2].image).unlink()  # as after a kill
    told, again = made(job)
    assert (len(told), again) == (1, edits)
    assert [(tmp_path / edit.image).read_bytes() for edit in again] == before
    assert made(job) == ([], edits)
    save_png(tmp_path / job.goods[0], pixels(9))
    told, others = made(job)
    assert len(told) == 5
    assert {edit.image for edit in others}.isdisjoint(edit.image for edit in edits)


def test_photos_that_cannot_be_read_are_left_out(tmp_path: Path, backbone_folder: Path) -> None:
    job = begin(tmp_path, backbone_folder)
    (tmp_path / job.goods[0]).write_text("no photo")
    _, edits = made(job)
    assert {edit.photo for edit in edits} == {job.goods[1]}


def test_a_backbone_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(EngineError):
        made(begin(tmp_path, "nobody/nothing"))
