"""What is read from files in the background."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Timer

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.read_files import ReadFiles


class Words(ReadFiles[str]):
    """The text in files; `read_on` is cleared to hold the one that is being read."""

    def __init__(self) -> None:
        super().__init__(self._text)
        self.read_on = Event()
        self.read_on.set()

    def _text(self, file: Path) -> str:
        self.read_on.wait()
        return file.read_text() if file.exists() else "none"


@pytest.fixture
def words(qtbot: QtBot) -> Iterator[Words]:
    words = Words()
    yield words
    words.read_on.set()
    words.close()


def test_a_file_is_read_once(words: Words, tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "a.txt"
    file.write_text("one")
    with qtbot.waitSignal(words.found) as told:
        assert words.get(file) is None
        assert words.get(file) is None
    assert told.args == [file]
    with qtbot.assertNotEmitted(words.found, wait=50):
        assert words.get(file) == "one"


def test_one_that_was_written_again_or_came_at_last_is_read_anew(
    words: Words, tmp_path: Path, qtbot: QtBot
) -> None:
    file = tmp_path / "a.txt"
    for text in ("none", "a first text", "a second one"):
        if text != "none":
            file.write_text(text)
        with qtbot.waitSignal(words.found):
            assert words.get(file) is None
        assert words.get(file) == text


def test_what_was_given_up_at_closing_can_be_asked_for_again(
    words: Words, tmp_path: Path, qtbot: QtBot
) -> None:
    words.read_on.clear()
    words.get(tmp_path / "a.txt")
    words.get(tmp_path / "b.txt")
    Timer(0.1, words.read_on.set).start()  # the first one ends while closing waits for it
    words.close()
    with qtbot.waitSignal(words.found, check_params_cb=lambda file: file.name == "b.txt"):
        assert words.get(tmp_path / "b.txt") is None
