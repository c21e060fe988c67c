"""The job *preview*: rough pictures on the way, a good one in the end, each where it belongs."""

import base64
import io
import itertools
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import torch
from PIL import Image

from engine.breathing import breathing
from engine.data.images import read_photo
from engine.diffusion.adaptation import Adaptation, AdaptationConfig
from engine.diffusion.backbone import load_backbone
from engine.diffusion.inversion import Inversion, InversionConfig
from engine.diffusion.live import preview
from engine.errors import EngineError
from engine.geometry import Box, Size, box_window
from engine.protocol import Event, PreviewJob, PreviewReady, Progress
from tests.engine.diffusion.ready_project import (
    EMBEDDING,
    ROTATED,
    UPRIGHT,
    pixels,
    write_embedding,
    write_photos,
)
from tests.engine.diffusion.small_product import anomalous_views, normal_views
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
    assert [event.step for event in events if isinstance(event, Progress)] == [0, 1, 2, 3]
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


def test_the_last_drawing_is_carried_along_with_its_box_before_anything_is_drawn(project: Path) -> None:
    """A drawing of the same box, moved, shows at once what comes; the box itself is drawn as if it were the first."""
    good = picture_of(preview(preview_job(project, UPRIGHT)))
    moved = list(preview(preview_job(project, UPRIGHT.moved(8, 4))))
    first = next(event for event in moved if not isinstance(event, Progress))
    assert isinstance(first, PreviewReady)
    assert (first.step, first.box) == (0, UPRIGHT.moved(8, 4))
    carried, drawn = picture_of([first]).astype(int), picture_of(moved)
    photo = read_photo(project / FIRST)[box_window(UPRIGHT.moved(8, 4), Size(104, 72)).slices()]
    size = carried.shape[1::-1]
    grown = np.asarray(Image.fromarray(photo).resize(size, Image.Resampling.BICUBIC)).astype(int)
    middle = (slice(60, 120), slice(80, 160))
    assert carried.shape == drawn.shape
    assert np.abs(carried - good)[middle].mean() < 0.5 * np.abs(grown - good)[middle].mean()
    shown = [event.step for event in moved if isinstance(event, PreviewReady)]
    assert shown == [0, 3]  # no worse ones between
    fresh = picture_of(preview(preview_job(project, UPRIGHT.moved(8, 4), seed=9)))
    assert (fresh != drawn).any()
    np.testing.assert_array_equal(picture_of(preview(preview_job(project, UPRIGHT.moved(8, 4)))), drawn)


@pytest.mark.parametrize(
    "changes", [{"seed": 4}, {"box": UPRIGHT.scaled(0.4)}, {"photo": "photos/good/001.png"}]
)
def test_what_would_be_drawn_otherwise_is_not_carried(project: Path, changes: dict[str, Any]) -> None:
    picture_of(preview(preview_job(project, UPRIGHT)))
    job = msgspec.structs.replace(preview_job(project, UPRIGHT), **changes)
    assert all(event.step > 0 for event in preview(job) if isinstance(event, PreviewReady))


def test_a_preview_of_one_step_is_shown_once(project: Path) -> None:
    assert len(pictures_of(preview(msgspec.structs.replace(preview_job(project), steps=1)))) == 1


@pytest.mark.parametrize("adapts", [False, True])
def test_what_is_learned_is_the_same_to_the_bit_when_previews_are_drawn_within_its_steps(
    project: Path, backbone: Path, adapts: bool
) -> None:
    """Three steps, and a step of a preview at every fifteenth breathing place, forward and backward."""
    alone, losses = learned(backbone, adapts)
    drawing = Drawing(project)
    with breathing(drawing):
        disturbed, losses_disturbed = learned(backbone, adapts)
    assert drawing.pictures > 1
    assert losses_disturbed == losses
    assert disturbed.keys() == alone.keys()
    assert all(torch.equal(disturbed[name], tensor) for name, tensor in alone.items())


class Drawing:
    """Takes a step of a preview at every fifteenth breathing place, one preview after the other."""

    def __init__(self, project: Path) -> None:
        self.pictures = self._places = 0
        self._jobs = (preview_job(project, ROTATED, seed=seed) for seed in itertools.count())
        self._events = preview(next(self._jobs))

    def is_due(self) -> bool:
        self._places += 1
        return self._places % 15 == 0

    def take(self) -> None:
        event = next(self._events, None)
        if event is None:
            self._events = preview(next(self._jobs))
        self.pictures += isinstance(event, PreviewReady)


def learned(backbone: Path, adapts: bool) -> tuple[dict[str, torch.Tensor], list[float]]:
    """The state after three steps of stage 1, and their losses and the last evaluation's."""
    loaded = load_backbone(str(backbone))
    views, start = anomalous_views(loaded, 4), loaded.word_vectors("defect", 2)
    learner: Adaptation | Inversion
    if adapts:
        config = AdaptationConfig("{}", steps=3, batch_size=2)
        learner = Adaptation(loaded, views, normal_views(loaded, 4), start, config)
    else:
        learner = Inversion(loaded, views, start, InversionConfig(("{}",), 5e-3, batch_size=2))
    losses = [learner.advance() for _ in range(3)]
    return {name: tensor.clone() for name, tensor in learner.state().items()}, [*losses, learner.evaluate()]
