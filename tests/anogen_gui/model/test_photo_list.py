"""What the page of photos shows."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.photo_list import AnomalyCounts, PhotoCounts, PhotoFilter, PhotoList
from anogen_gui.model.photo_steps import first_without_mask, next_step
from anogen_gui.model.project_model import ProjectModel
from engine.project import Photo, Project
from tests.anogen_gui.scripted_client import ScriptedClient
from tests.engine.project.product import HEIGHT, WIDTH, run_import, write_embedding, write_mask, write_photo

GOOD, TEST = "photos/good/000.png", "photos/test/100.png"
CRACKS = [f"photos/test/crack/00{number}.png" for number in range(4)]


@pytest.fixture
def model(product: Project, qtbot: QtBot) -> Iterator[ProjectModel]:
    model = ProjectModel(product, ScriptedClient())
    yield model
    model.close()


@pytest.fixture
def photos(model: ProjectModel) -> PhotoList:
    return PhotoList(model)


def get(photos: PhotoList, path: str) -> Photo:
    photo = photos.photo(path)
    assert photo is not None
    return photo


def mask() -> np.ndarray:
    mask = np.zeros((HEIGHT, WIDTH), dtype=bool)
    mask[5:9, 5:9] = True
    return mask


def make_bad(model: ProjectModel, paths: list[str]) -> None:
    """Bad photos of the class crack without masks."""
    model.photos.set_anomaly(paths, "crack")


def test_all_photos_are_shown_at_first(photos: PhotoList) -> None:
    assert len(photos.paths) == 10
    assert str(photos.counts) == "4 good, 0 bad, 6 test"
    assert photos.counts.total == 10


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (PhotoFilter(), 10),
        (PhotoFilter(role="good"), 4),
        (PhotoFilter(role="test"), 6),
        (PhotoFilter(anomaly="crack"), 4),
        (PhotoFilter(role="good", anomaly="crack"), 0),
        (PhotoFilter(text="00"), 9),
        (PhotoFilter(text="101"), 1),
    ],
)
def test_photos_are_filtered(photos: PhotoList, qtbot: QtBot, wanted: PhotoFilter, count: int) -> None:
    photos.set_filter(wanted)
    assert len(photos.paths) == count


def test_letters_of_a_name_may_be_large_or_small(tmp_path: Path, model: ProjectModel) -> None:
    run_import(model.project, write_photo(tmp_path / "Scratch_A.png", 77), role="good")
    model.photos.reload()
    photos = PhotoList(model)
    photos.set_filter(PhotoFilter(text="scratch_a"))
    assert photos.paths == ("photos/good/Scratch_A.png",)


def test_a_photo_that_does_not_fit_any_more_leaves(
    model: ProjectModel, photos: PhotoList, qtbot: QtBot
) -> None:
    photos.set_filter(PhotoFilter(role="good"))
    with qtbot.waitSignals([photos.paths_changed, photos.changed]):
        make_bad(model, [GOOD])
    assert GOOD not in photos.paths
    assert str(photos.counts) == "3 good, 1 bad (0 with mask), 6 test"


def test_a_class_that_is_gone_filters_no_more(model: ProjectModel, photos: PhotoList) -> None:
    model.anomalies.add("dent")
    photos.set_filter(PhotoFilter(anomaly="dent", text="0"))
    assert photos.paths == ()
    model.history.stack.undo()
    assert photos.filter == PhotoFilter(text="0")
    assert len(photos.paths) == 10


def test_classes_are_counted(model: ProjectModel, photos: PhotoList) -> None:
    assert photos.counts_of("crack") == AnomalyCounts(photos=4)
    photos.add_supports(CRACKS[:2])
    model.project.record(write_embedding(model.folder))
    model.anomalies.reload()
    assert photos.counts_of("crack") == AnomalyCounts(photos=4, masked=2, supports=2, embeddings=1)
    assert photos.counts == PhotoCounts(good=4, bad=2, masked=2, test=4)


def test_neighbors_are_those_that_are_shown(photos: PhotoList) -> None:
    photos.set_filter(PhotoFilter(anomaly="crack"))
    assert photos.neighbor(CRACKS[1], 1) == CRACKS[2]
    assert photos.neighbor(CRACKS[0], -1) is None
    assert photos.neighbor(CRACKS[3], 1) is None
    assert photos.neighbor(GOOD, 1) is None


def test_a_test_photo_that_becomes_a_support_leaves_the_tests_and_that_is_said(
    photos: PhotoList, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(photos.warned) as warned:
        assert photos.add_supports(CRACKS[:1])
    assert warned.args == ["“000” is a bad photo now: a support photo is never a test photo."]
    assert get(photos, CRACKS[0]).role == "bad"
    assert photos.is_support(get(photos, CRACKS[0]))
    assert not photos.is_support(get(photos, CRACKS[1]))


def test_what_looks_like_a_support_leaves_the_tests_and_that_is_said(
    tmp_path: Path, model: ProjectModel, photos: PhotoList
) -> None:
    twin = write_photo(tmp_path / "twin.bmp", seed=200)
    run_import(
        model.project, twin, role="test", anomaly="crack", masks=write_mask(tmp_path / "twin_mask.png")
    )
    model.photos.reload()
    said: list[str] = []
    photos.warned.connect(said.append)
    photos.add_supports(CRACKS[:1])
    assert len(said) == 2
    assert "left the tests" in said[1]
    assert get(photos, "photos/test/crack/twin.bmp").role == "bad"


def test_supports_are_added_chosen_alone_and_dropped(photos: PhotoList, qtbot: QtBot) -> None:
    photos.add_supports(CRACKS[:2])
    photos.add_supports(CRACKS[1:3])
    assert photos.counts_of("crack").supports == 3
    assert photos.choose_supports(CRACKS[2:])
    assert [photos.is_support(get(photos, path)) for path in CRACKS] == [False, False, True, True]
    assert photos.drop_supports(CRACKS[3:])
    assert [photos.is_support(get(photos, path)) for path in CRACKS] == [False, False, True, False]
    with qtbot.waitSignal(photos.failed) as failed:
        assert not photos.drop_supports(CRACKS[2:3])
    assert "at least one" in failed.args[0]


def test_where_none_was_chosen_all_bad_photos_with_a_mask_are_supports(
    model: ProjectModel, photos: PhotoList
) -> None:
    model.photos.set_role(CRACKS[:3], "bad")
    make_bad(model, [GOOD])
    assert photos.counts_of("crack").supports == 3
    assert not photos.is_support(get(photos, GOOD))
    assert photos.drop_supports(CRACKS[:1])
    assert [photos.is_support(get(photos, path)) for path in CRACKS] == [False, True, True, False]


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        (GOOD, "“000” is a good photo."),
        (TEST, "“100” shows no anomaly."),
        ("photos/good/001.png", "“001” has no mask yet."),
    ],
)
def test_a_photo_that_nothing_can_be_learned_from_is_no_support(
    model: ProjectModel, photos: PhotoList, qtbot: QtBot, path: str, sentence: str
) -> None:
    make_bad(model, ["photos/good/001.png"])
    with qtbot.waitSignal(photos.failed) as failed:
        assert not photos.add_supports([*CRACKS[:1], path])
    assert failed.args[0] == sentence
    assert get(photos, CRACKS[0]).role == "test"


def test_the_next_step_leads_from_photos_to_an_embedding(
    model: ProjectModel, photos: PhotoList, qtbot: QtBot
) -> None:
    step = next_step(photos)
    assert step is not None
    assert step.action == "import"
    make_bad(model, [GOOD])
    step = next_step(photos)
    assert step is not None
    assert step.action == "paint"
    assert first_without_mask(photos) == GOOD
    with qtbot.waitSignal(photos.changed):
        model.photos.set_mask(GOOD, mask())
    step = next_step(photos)
    assert step is not None
    assert step.action == "learn"
    assert "“crack”" in step.text
    assert "1 photo with a mask" in step.text
    assert first_without_mask(photos) is None
    model.project.record(write_embedding(model.folder))
    with qtbot.waitSignal(photos.changed):
        model.anomalies.reload()
    assert next_step(photos) is None


def test_without_photos_the_empty_page_says_what_to_do(project: Project, qtbot: QtBot) -> None:
    model = ProjectModel(project, ScriptedClient())
    assert next_step(PhotoList(model)) is None
    model.close()
