import itertools
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import tasks
from engine.data.images import save_png
from engine.diffusion.placement import shared_area
from engine.diffusion.scattering import with_settings
from engine.errors import EngineError
from engine.geometry import DEFAULT_BOX_RANGE, Box, BoxRange, Size, check_boxes
from engine.protocol import BoxesProposed, Progress, ScatterJob, ScatterSettings
from tests.engine.diffusion.ready_project import EMBEDDING, write_embedding
from tests.engine.diffusion.test_foreground import disc
from tests.engine.diffusion.tiny_backbones import build

PHOTO = "photos/good/disc.png"
LEARNED = BoxRange(width=(0.1, 0.2), height=(0.05, 0.08), angle_deg=(20.0, 50.0), on_part=0.6)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a photo of a disc, 320×240."""
    save_png(tmp_path / PHOTO, disc(200, 20))
    return tmp_path


def proposed(project: Path, **fields: Any) -> BoxesProposed:
    *course, event = tasks.run(ScatterJob(project=str(project), photo=PHOTO, **fields))
    assert all(isinstance(each, Progress) for each in course)
    assert isinstance(event, BoxesProposed)
    return event


def test_boxes_are_proposed_as_the_embedding_was_learned(project: Path) -> None:
    write_embedding(project, build("embedded", project / "backbone"), LEARNED)
    event = proposed(project, embedding=EMBEDDING, count=12)
    assert (event.photo, event.box_range, len(event.boxes)) == (PHOTO, LEARNED, 12)
    check_boxes(event.boxes, Size(320, 240), PHOTO)
    assert all(20 <= box.angle_deg <= 50 for box in event.boxes)
    assert all(0.05 * 320 - 0.1 <= box.height <= 0.08 * 320 + 0.1 for box in event.boxes)


def test_without_an_embedding_the_default_range_is_used(project: Path) -> None:
    event = proposed(project, count=3)
    assert event.box_range == DEFAULT_BOX_RANGE
    assert {box.angle_deg for box in event.boxes} == {0}


def test_the_backbone_is_not_needed(project: Path) -> None:
    write_embedding(project, build("embedded", project / "backbone"), LEARNED)
    (project / "backbone" / "unet" / "config.json").unlink()
    assert proposed(project, embedding=EMBEDDING).box_range == LEARNED


def test_the_seed_decides_and_boxes_that_are_there_are_kept_free(project: Path) -> None:
    first = proposed(project, seed=3).boxes
    assert proposed(project, seed=3).boxes == first
    assert proposed(project, seed=4).boxes != first
    second = proposed(project, seed=3, others=first).boxes
    assert max(shared_area(one, other) for one in first for other in second) == 0


def test_settings_take_the_place_of_what_was_learned() -> None:
    settings = ScatterSettings(width_to=40, height_from=10, height_to=12, angle_from=60, on_part=90)
    assert with_settings(LEARNED, settings) == BoxRange(
        width=(0.1, 0.4),
        height=(0.1, 0.12),
        angle_deg=(50.0, 60.0),  # the least was beyond the greatest
        on_part=pytest.approx(0.9),
    )
    assert with_settings(LEARNED, ScatterSettings()) == LEARNED


def test_where_the_anomaly_lies_in_the_part_stays_as_it_was_learned(project: Path) -> None:
    at_the_rim = BoxRange(width=(0.1, 0.2), height=(0.1, 0.2), depth=(0.0, 0.05))
    assert with_settings(at_the_rim, ScatterSettings(width_to=15)).depth == (0.0, 0.05)


def test_what_cannot_be_read_is_told(project: Path) -> None:
    with pytest.raises(EngineError, match="There is no embedding"):
        proposed(project, embedding="embeddings/crack/none.safetensors")
    (project / PHOTO).unlink()
    with pytest.raises(EngineError, match="does not exist"):
        proposed(project)


def test_a_photo_that_was_changed_is_read_again(project: Path) -> None:
    before = proposed(project, seed=1).boxes
    save_png(project / PHOTO, np.roll(disc(200, 20), 60, axis=1))
    assert proposed(project, seed=1).boxes != before
    assert isinstance(before[0], Box)


def test_boxes_lie_near_the_places_that_are_told_in_turn(project: Path) -> None:
    left, right = (0.4, 0.5), (0.6, 0.55)
    boxes = proposed(
        project, count=6, around=(left, right), settings=ScatterSettings(width_to=6, height_to=6)
    ).boxes
    for place, box in enumerate(boxes):
        x, y = (left, right)[place % 2]
        assert math.dist((box.center_x, box.center_y), (x * 320, y * 240)) < 0.2 * 320
        other_x, other_y = (right, left)[place % 2]
        near = math.dist((box.center_x, box.center_y), (x * 320, y * 240))
        assert near < math.dist((box.center_x, box.center_y), (other_x * 320, other_y * 240))
    assert max(shared_area(a, b) for a, b in itertools.combinations(boxes, 2)) == 0


def test_a_place_beside_the_part_leads_to_the_nearest_of_it(project: Path) -> None:
    """The disc's centre is at (160, 120): what is nearest to the corner lies up left of it."""
    (box,) = proposed(project, count=1, around=((0.0, 0.0),)).boxes
    assert box.center_x < 160
    assert box.center_y < 120
