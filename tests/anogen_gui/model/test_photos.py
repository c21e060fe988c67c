"""Photos and the changes that people make to them."""

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.history import History
from anogen_gui.model.mask_files import MaskFiles
from anogen_gui.model.packed_mask import PackedMask
from anogen_gui.model.photos import Photos
from engine.errors import EngineError
from engine.project import Project
from tests.engine.project.product import HEIGHT, WIDTH, run_import, write_mask, write_photo

GOOD, CRACK, TEST = "photos/good/000.png", "photos/test/crack/000.png", "photos/test/100.png"


@pytest.fixture
def history(qtbot: QtBot) -> History:
    return History()


@pytest.fixture
def photos(product: Project, history: History) -> Iterator[Photos]:
    photos = Photos(product, history)
    yield photos
    photos.close()


def painted(left: int) -> np.ndarray:
    mask = np.zeros((HEIGHT, WIDTH), dtype=bool)
    mask[5:9, left : left + 4] = True
    return mask


def saved_mask(project: Project, path: str) -> np.ndarray | None:
    return project.mask(project.find_photo(path))


def role(photos: Photos, path: str) -> tuple[str, str]:
    photo = photos.get(path)
    assert photo is not None
    return photo.role, photo.anomaly


def test_all_photos_are_known_by_path_role_and_class(photos: Photos) -> None:
    assert len(photos.all()) == 10
    assert [photo.name for photo in photos.of_role("good")] == ["000", "001", "002", "003"]
    assert len(photos.of_role("test")) == 6
    assert len(photos.of_role("test", "crack")) == 4
    assert photos.get("photos/good/none.png") is None


def test_a_role_is_given_and_taken_back(product: Project, photos: Photos, history: History) -> None:
    assert photos.set_role([CRACK], "bad")
    assert role(photos, CRACK) == ("bad", "crack")
    assert product.find_photo(CRACK).role == "bad"
    assert history.stack.undoText() == "Mark 1 photo as bad"
    history.stack.undo()
    assert role(photos, CRACK) == ("test", "crack")


def test_photos_that_become_good_show_nothing(photos: Photos, history: History) -> None:
    photos.set_role([CRACK], "good")
    assert role(photos, CRACK) == ("good", "")
    history.stack.undo()
    assert role(photos, CRACK) == ("test", "crack")


def test_photos_become_bad_ones_of_a_class(photos: Photos, history: History) -> None:
    photos.set_role([GOOD, "photos/good/001.png"], "bad", "crack")
    assert role(photos, GOOD) == ("bad", "crack")
    assert history.stack.undoText() == "Mark 2 photos as bad “crack”"
    history.stack.undo()
    assert role(photos, GOOD) == ("good", "")


def test_a_label_makes_good_photos_bad_and_leaves_tests_tests(photos: Photos, history: History) -> None:
    photos.set_anomaly([GOOD, TEST], "crack")
    assert role(photos, GOOD) == ("bad", "crack")
    assert role(photos, TEST) == ("test", "crack")
    history.stack.undo()
    assert role(photos, TEST) == ("test", "")


def test_what_changes_nothing_is_no_step(photos: Photos, history: History, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(photos.changed):
        assert photos.set_role([GOOD], "good")
        assert photos.set_anomaly([CRACK], "crack")
        assert photos.set_mask(GOOD, None)
    assert history.stack.count() == 0


def test_all_or_none_change_their_role(
    tmp_path: Path, product: Project, photos: Photos, history: History, qtbot: QtBot
) -> None:
    """A photo that shows the same as a bad one can be no test photo."""
    run_import(product, write_photo(tmp_path / "twin.bmp", seed=200), role="good")
    photos.reload()
    photos.set_role([CRACK], "bad")
    with qtbot.waitSignal(history.failed) as failed:
        assert not photos.set_role(["photos/good/001.png", "photos/good/twin.bmp"], "test")
    assert "can never be a test photo" in failed.args[0]
    assert role(photos, "photos/good/001.png") == ("good", "")
    assert history.stack.count() == 1


def test_a_mask_is_there_at_once_and_soon_on_the_disk(
    product: Project, photos: Photos, history: History, qtbot: QtBot
) -> None:
    photos.set_anomaly([GOOD], "crack")
    with qtbot.waitSignal(photos.changed), qtbot.waitSignal(photos.mask_changed) as told:
        assert photos.set_mask(GOOD, painted(5), "Brush stroke")
        mask = photos.mask(GOOD)
        assert mask is not None
        assert (mask == painted(5)).all()
    assert told.args == [GOOD]
    photo = photos.get(GOOD)
    assert photo is not None
    assert photo.mask
    saved = saved_mask(product, GOOD)
    assert saved is not None
    assert (saved == painted(5)).all()
    assert history.stack.undoText() == "Brush stroke"


def test_masks_are_taken_back_one_after_the_other(
    product: Project, photos: Photos, history: History, qtbot: QtBot
) -> None:
    before = photos.mask(CRACK)
    photos.set_mask(CRACK, painted(5))
    photos.set_mask(CRACK, painted(20))
    history.stack.undo()
    mask = photos.mask(CRACK)
    assert mask is not None
    assert (mask == painted(5)).all()
    history.stack.undo()
    photos.close()
    assert before is not None
    saved = saved_mask(product, CRACK)
    assert saved is not None
    assert (saved == before).all()


def test_an_empty_mask_removes_the_mask(product: Project, photos: Photos, qtbot: QtBot) -> None:
    with qtbot.waitSignal(photos.changed):
        photos.set_mask(CRACK, np.zeros((HEIGHT, WIDTH), bool))
    photo = photos.get(CRACK)
    assert photo is not None
    assert photo.mask == ""
    assert photos.mask(CRACK) is None
    assert saved_mask(product, CRACK) is None


def test_a_good_photo_takes_no_mask(photos: Photos, history: History, qtbot: QtBot) -> None:
    with qtbot.waitSignal(history.failed) as failed:
        assert not photos.set_mask(GOOD, painted(5))
    assert failed.args == ["'000' shows no anomaly.", "Give it an anomaly class first."]
    assert photos.mask(GOOD) is None


def test_a_damaged_mask_is_said_and_can_be_painted_over(product: Project, photos: Photos) -> None:
    photo = photos.get(CRACK)
    assert photo is not None
    (product.folder / photo.mask).write_bytes(b"damaged")
    with pytest.raises(EngineError, match="is not an image"):
        photos.mask(CRACK)
    assert photos.set_mask(CRACK, painted(5))
    photos.close()
    saved = saved_mask(product, CRACK)
    assert saved is not None
    assert (saved == painted(5)).all()


def test_a_mask_that_cannot_be_written_is_said(
    product: Project, photos: Photos, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise EngineError("The disk is full.", "Make room.")

    monkeypatch.setattr(Project, "set_mask", fail)
    with qtbot.waitSignal(photos.failed) as failed:
        photos.set_mask(CRACK, painted(5))
    assert failed.args == ["The disk is full.", "Make room."]


def test_of_many_strokes_only_the_latest_waits_to_be_written(
    product: Project, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_write, written = threading.Event(), []
    real = Project.set_mask

    def slow(self: Project, photo: object, mask: np.ndarray) -> None:
        may_write.wait(10)
        written.append(int(mask.nonzero()[1].min()))
        real(self, photo, mask)  # type: ignore[arg-type]

    monkeypatch.setattr(Project, "set_mask", slow)
    files, photo = MaskFiles(product), product.find_photo(CRACK)
    for left in range(1, 20):
        files.save(photo, PackedMask.pack(painted(left)))
    may_write.set()
    files.close()
    assert written[-1] == 19
    assert len(written) <= 2


def test_imported_photos_are_added_in_order(
    tmp_path: Path, product: Project, photos: Photos, qtbot: QtBot
) -> None:
    run_import(product, write_photo(tmp_path / "0000.png", seed=77), role="good")
    with qtbot.waitSignal(photos.changed):
        photos.add(product.photos())
    paths = [photo.path for photo in photos.all()]
    assert "photos/good/0000.png" in paths
    assert paths == sorted(paths)
    with qtbot.assertNotEmitted(photos.changed):
        photos.add(product.photos())


def test_a_photo_changed_meanwhile_is_not_set_back_by_what_was_read_before(
    product: Project, photos: Photos
) -> None:
    read_before = product.photos()
    photos.set_role([CRACK], "bad")
    photos.add(read_before)
    assert role(photos, CRACK) == ("bad", "crack")


def test_a_mask_is_fetched_in_the_background(
    photos: Photos, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with qtbot.waitSignal(photos.mask_fetched) as fetched:
        photos.fetch_mask(CRACK)
    assert fetched.args == [CRACK]
    monkeypatch.setattr(Project, "mask", None)  # not read again
    assert photos.mask(CRACK) is not None
    with qtbot.waitSignal(photos.mask_fetched):
        photos.fetch_mask(CRACK)


def test_a_mask_that_is_fetched_is_not_older_than_the_one_being_written(photos: Photos, qtbot: QtBot) -> None:
    with qtbot.waitSignal(photos.mask_fetched):
        photos.fetch_mask(CRACK)
        photos.set_mask(CRACK, painted(20))
    mask = photos.mask(CRACK)
    assert mask is not None
    assert (mask == painted(20)).all()


def test_fetching_tells_also_of_no_mask_and_of_a_damaged_one(
    product: Project, photos: Photos, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(photos.mask_fetched):
        photos.fetch_mask(GOOD)
    assert photos.mask(GOOD) is None
    photo = photos.get(CRACK)
    assert photo is not None
    (product.folder / photo.mask).write_bytes(b"damaged")
    with qtbot.waitSignal(photos.mask_fetched):
        photos.fetch_mask(CRACK)
    with pytest.raises(EngineError):
        photos.mask(CRACK)


def test_a_mask_from_a_file_has_to_fit(tmp_path: Path, photos: Photos) -> None:
    mask = photos.read_mask(CRACK, write_mask(tmp_path / "mask.png"))
    assert mask.shape == (HEIGHT, WIDTH)
    with pytest.raises(EngineError, match=r"small\.png is 40×30 pixels, its photo .*000\.png"):
        photos.read_mask(CRACK, write_mask(tmp_path / "small.png", width=40, height=30))
