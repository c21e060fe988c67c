"""Small pictures, made in the background and kept."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from anogen_gui.model.thumbnails import Thumbnails, Wanted
from engine.data.images import save_png


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def thumbnails(qtbot: QtBot, cache: Path) -> Iterator[Thumbnails]:
    thumbnails = Thumbnails(cache, threads=1)
    yield thumbnails
    thumbnails.close()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """60×40: black, with its right third white."""
    pixels = np.zeros((40, 60, 3), dtype=np.uint8)
    pixels[:, 40:] = 255
    save_png(tmp_path / "photo.png", pixels)
    return tmp_path / "photo.png"


def made(qtbot: QtBot, thumbnails: Thumbnails, wanted: Wanted) -> QImage:
    with qtbot.waitSignal(thumbnails.made, check_params_cb=lambda told: told == wanted):
        assert thumbnails.get(wanted) is None
    image = thumbnails.get(wanted)
    assert image is not None
    return image


def test_a_picture_follows_that_is_as_large_as_was_wanted(
    qtbot: QtBot, thumbnails: Thumbnails, photo: Path
) -> None:
    image = made(qtbot, thumbnails, Wanted(photo, 30))
    assert (image.width(), image.height()) == (30, 20)
    assert QColor(image.pixel(2, 10)).lightness() < 30
    assert QColor(image.pixel(27, 10)).lightness() > 220


def test_a_crop_shows_only_that_part(qtbot: QtBot, thumbnails: Thumbnails, photo: Path) -> None:
    image = made(qtbot, thumbnails, Wanted(photo, 20, (44, 10, 10, 10)))
    assert (image.width(), image.height()) == (20, 20)
    assert all(QColor(image.pixel(x, 10)).lightness() > 220 for x in range(20))


def test_what_was_made_is_kept_on_disk(
    qtbot: QtBot, thumbnails: Thumbnails, cache: Path, photo: Path
) -> None:
    made(qtbot, thumbnails, Wanted(photo, 30))
    (kept,) = cache.iterdir()
    assert QImage(str(kept)).width() == 30


def test_the_kept_one_is_read_and_not_made_again(
    qtbot: QtBot, thumbnails: Thumbnails, cache: Path, photo: Path
) -> None:
    made(qtbot, thumbnails, Wanted(photo, 30))
    (kept,) = cache.iterdir()
    blue = QImage(30, 20, QImage.Format.Format_RGB32)
    blue.fill(QColor("blue"))
    assert blue.save(str(kept))
    thumbnails.forget(photo)
    assert QColor(made(qtbot, thumbnails, Wanted(photo, 30)).pixel(5, 5)).blue() > 200


def test_a_file_that_changes_is_read_anew(qtbot: QtBot, thumbnails: Thumbnails, photo: Path) -> None:
    made(qtbot, thumbnails, Wanted(photo, 30))
    save_png(photo, np.full((60, 60, 3), 200, dtype=np.uint8))
    thumbnails.forget(photo)
    image = made(qtbot, thumbnails, Wanted(photo, 30))
    assert (image.width(), image.height()) == (30, 30)


@pytest.mark.parametrize("content", [None, b"no picture"])
def test_a_file_that_cannot_be_read_is_made_as_a_null_image(
    qtbot: QtBot, thumbnails: Thumbnails, cache: Path, tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "broken.png").write_bytes(content)
    assert made(qtbot, thumbnails, Wanted(tmp_path / "broken.png", 30)).isNull()
    assert not cache.exists()


def test_a_cache_that_cannot_be_written_to_is_no_obstacle(qtbot: QtBot, tmp_path: Path, photo: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    thumbnails = Thumbnails(tmp_path / "file" / "cache", threads=1)
    assert made(qtbot, thumbnails, Wanted(photo, 30)).width() == 30
    thumbnails.close()


def test_what_is_asked_for_again_meanwhile_is_made_once(
    qtbot: QtBot, thumbnails: Thumbnails, photo: Path
) -> None:
    told: list[Wanted] = []
    thumbnails.made.connect(told.append)
    first, last = Wanted(photo, 30), Wanted(photo, 31)
    for _ in range(20):
        thumbnails.get(first)
    with qtbot.waitSignal(thumbnails.made, check_params_cb=lambda made: made == last):
        thumbnails.get(last)
    qtbot.waitUntil(lambda: thumbnails.get(first) is not None)
    assert sorted(told, key=lambda wanted: wanted.side) == [first, last]
