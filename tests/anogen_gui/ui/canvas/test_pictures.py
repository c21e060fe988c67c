"""Photos decoded in the background."""

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from anogen_gui.ui.canvas.pictures import Pictures


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill(0xFF336699)
    files = [tmp_path / f"{number}.png" for number in range(5)]
    for file in files:
        image.save(str(file))
    return files


def test_a_wanted_photo_can_be_had_when_it_is_loaded(
    qtbot: QtBot, pictures: Pictures, files: list[Path]
) -> None:
    assert pictures.get(files[0]) is None
    with qtbot.waitSignal(pictures.loaded) as loaded:
        pictures.want([files[0]], by="me")
    assert loaded.args == [files[0]]
    picture = pictures.get(files[0])
    assert picture is not None
    assert picture.size.width == 300


def test_all_that_is_wanted_is_loaded_once(qtbot: QtBot, pictures: Pictures, files: list[Path]) -> None:
    loaded: list[Path] = []
    pictures.loaded.connect(loaded.append)
    pictures.want(files, by="me")
    pictures.want(files[:2], by="another")
    qtbot.waitUntil(lambda: all(pictures.get(file) is not None for file in files[:2]))
    pictures.close()
    assert len(loaded) == len(set(loaded))


def test_what_is_no_longer_wanted_is_not_loaded(qtbot: QtBot, pictures: Pictures, files: list[Path]) -> None:
    pictures.want(files, by="me")
    pictures.want([files[4]], by="me")
    qtbot.waitUntil(lambda: pictures.get(files[4]) is not None)
    pictures.close()
    assert pictures.get(files[3]) is None


def test_an_unreadable_file_is_loaded_as_a_null_picture(
    qtbot: QtBot, pictures: Pictures, tmp_path: Path
) -> None:
    with qtbot.waitSignal(pictures.loaded):
        pictures.want([tmp_path / "missing.png"], by="me")
    picture = pictures.get(tmp_path / "missing.png")
    assert picture is not None
    assert picture.is_null


def test_memory_is_limited_and_the_last_ones_stay(qtbot: QtBot, files: list[Path]) -> None:
    pictures = Pictures(memory_bytes=700_000)  # two of 300 × 200 × 4 bytes, with their copies
    for file in files:
        with qtbot.waitSignal(pictures.loaded):
            pictures.want([file], by="me")
    assert [pictures.get(file) is not None for file in files] == [False, False, False, True, True]
    pictures.close()


def test_a_changed_file_is_read_anew(qtbot: QtBot, pictures: Pictures, files: list[Path]) -> None:
    with qtbot.waitSignal(pictures.loaded):
        pictures.want([files[0]], by="me")
    QImage(10, 10, QImage.Format.Format_RGB32).save(str(files[0]))
    pictures.forget(files[0])
    assert pictures.get(files[0]) is None
    with qtbot.waitSignal(pictures.loaded):
        pictures.want([files[0]], by="me")
    picture = pictures.get(files[0])
    assert picture is not None
    assert picture.size.width == 10
