"""The job *preview*: rough pictures on the way, a good one in the end, each where it belongs."""

import base64
import io
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from PIL import Image

from engine.data.images import read_photo
from engine.diffusion.live import preview
from engine.errors import EngineError
from engine.geometry import Box, Size, box_window
from engine.protocol import Event, PreviewJob, PreviewReady, Progress
from tests.engine.diffusion.ready_project import EMBEDDING, ROTATED, pixels, write_embedding, write_photos
from tests.engine.diffusion.tiny_backbones import build

FIRST = "photos/good/000.png"


@pytest.fixture(scope="module")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("embedded", tmp_path_factory.mktemp("backbone"))


@pytest.fixture
def project(backbone: Path, tmp_path: Path) -> Path:
    write_photos(tmp_path / "P")
    write_embedding(tmp_path / "P", backbone)
    return tmp_path / "P"


def files_of(project: Path) -> set[Path]:
    return {path for path in project.rglob("*") if path.is_file()}


def preview_job(project: Path, box: Box = ROTATED, **changes: Any) -> PreviewJob:
    return PreviewJob(project=str(project), embedding=EMBEDDING, photo=FIRST, box=box, steps=3, **changes)


def pictures_of(events: Iterable[Event]) -> list[np.ndarray]:
    shown = [event for event in events if isinstance(event, PreviewReady)]
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(event.jpeg_base64)))) for event in shown]


def picture_of(events: Iterable[Event]) -> np.ndarray:
    return pictures_of(events)[-1]


def test_a_preview_shows_the_box_and_writes_nothing(project: Path) -> None:
    before = files_of(project)
    events = list(preview(preview_job(project)))
    assert files_of(project) == before
    assert [event.step for event in events if isinstance(event, Progress)] == [1, 2, 3]
    picture = picture_of(events)
    left, top, right, bottom = (round(edge) for edge in ROTATED.bounds())
    height, width = bottom - top, right - left
    factor = 256 // (width + 2)
    assert picture.shape[0] == pytest.approx(height * factor, abs=2 * factor)
    assert picture.shape[1] == pytest.approx(width * factor, abs=2 * factor)
    photo = Image.fromarray(read_photo(project / FIRST)[top:bottom, left:right])
    corner = np.asarray(photo.resize(picture.shape[1::-1]))[:12, :12].astype(int)
    assert np.abs(picture[:12, :12] - corner).mean() < 25  # beside the rotated box, the photo itself


def test_a_preview_follows_its_seed_and_box(project: Path) -> None:
    first = picture_of(preview(preview_job(project)))
    again = picture_of(preview(preview_job(project)))
    other = picture_of(preview(preview_job(project, seed=5)))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_a_preview_of_a_large_box_is_as_large_as_a_screen_needs(project: Path) -> None:
    write_photos(project, 1, width=1400, height=1100)
    box = Box(center_x=700, center_y=550, width=1200, height=900)
    assert picture_of(preview(preview_job(project, box))).shape == (384, 512, 3)


def test_a_preview_sees_that_the_photo_was_changed(project: Path) -> None:
    before = picture_of(preview(preview_job(project)))
    Image.fromarray(255 - pixels(0)).save(project / FIRST)
    os.utime(project / FIRST, ns=(1, 1))
    assert (picture_of(preview(preview_job(project))) != before).any()


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"box": Box(center_x=900, center_y=5, width=9, height=9)}, "lies outside the photo"),
        ({"photo": "photos/good/none.png"}, "does not exist"),
        ({"embedding": "embeddings/crack/none.safetensors"}, "There is no embedding"),
    ],
)
def test_a_preview_that_cannot_be_gets_a_sentence(
    project: Path, changes: dict[str, Any], problem: str
) -> None:
    job = msgspec.structs.replace(preview_job(project), **changes)
    with pytest.raises(EngineError, match=problem):
        list(preview(job))


def test_rough_pictures_come_before_the_good_one(project: Path) -> None:
    events = list(preview(msgspec.structs.replace(preview_job(project), steps=6)))
    shown = [event for event in events if isinstance(event, PreviewReady)]
    assert [event.step for event in shown] == [2, 3, 4, 5, 6]
    assert events[-1] is shown[-1]
    assert {(event.photo, event.box) for event in shown} == {(FIRST, ROTATED)}
    pictures = pictures_of(events)
    assert len({picture.shape for picture in pictures}) == 1
    assert (pictures[0] != pictures[-1]).any()
    photo = read_photo(project / FIRST)[box_window(ROTATED, Size(104, 72)).slices()]
    rough = np.asarray(Image.fromarray(pictures[0]).resize(photo.shape[1::-1], Image.Resampling.BOX))
    assert np.abs(rough[:3, :3].astype(int) - photo[:3, :3]).mean() < 25  # beside the box, the photo itself


def test_a_preview_of_one_step_is_shown_once(project: Path) -> None:
    assert len(pictures_of(preview(msgspec.structs.replace(preview_job(project), steps=1)))) == 1
