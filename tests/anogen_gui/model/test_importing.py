"""Import in the background."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model import importing as importing_module
from anogen_gui.model.importing import Importing, ImportRequest
from engine.project import Project
from tests.engine.project.product import write_mvtec, write_photo


@pytest.fixture
def importing(project: Project, qtbot: QtBot) -> Iterator[Importing]:
    importing = Importing(project)
    yield importing
    importing.close()


def done(importing: Importing) -> bool:
    return not importing.state.is_running


def test_a_folder_is_imported(tmp_path: Path, project: Project, importing: Importing, qtbot: QtBot) -> None:
    importing.start(ImportRequest((write_mvtec(tmp_path / "source"),)))
    assert importing.state.is_running
    qtbot.waitUntil(lambda: done(importing))
    state = importing.state
    assert (state.step, state.total, state.added, state.already) == (10, 10, 10, 0)
    assert (state.refused, state.errors, state.was_cancelled) == ((), (), False)
    assert len(project.photos()) == 10


def test_what_is_there_already_is_counted(tmp_path: Path, importing: Importing, qtbot: QtBot) -> None:
    request = ImportRequest((write_mvtec(tmp_path / "source"),))
    for _ in range(2):
        importing.start(request)
        qtbot.waitUntil(lambda: done(importing))
    assert (importing.state.added, importing.state.already) == (0, 10)


def test_each_file_that_cannot_be_used_is_told_with_its_reason(
    tmp_path: Path, project: Project, importing: Importing, qtbot: QtBot
) -> None:
    source = write_mvtec(tmp_path / "source")
    broken = source / "train" / "good" / "broken.png"
    broken.write_bytes(b"no picture")
    importing.start(ImportRequest((source,)))
    qtbot.waitUntil(lambda: done(importing))
    ((path, reason),) = importing.state.refused
    assert path == str(broken)
    assert "broken.png" in reason
    assert importing.state.added == 10


def test_files_are_what_a_person_says(
    tmp_path: Path, project: Project, importing: Importing, qtbot: QtBot
) -> None:
    files = tuple(write_photo(tmp_path / f"{seed}.png", seed) for seed in (5, 6))
    importing.start(ImportRequest(files, role="bad", anomaly="dent"))
    qtbot.waitUntil(lambda: done(importing))
    assert [(photo.role, photo.anomaly) for photo in project.photos()] == [("bad", "dent")] * 2


def test_a_folder_that_says_nothing_ends_with_a_sentence_for_a_window(
    tmp_path: Path, importing: Importing, qtbot: QtBot
) -> None:
    write_photo(tmp_path / "photos of today" / "1.png", 1)
    importing.start(ImportRequest((tmp_path / "photos of today",)))
    qtbot.waitUntil(lambda: done(importing))
    (error,) = importing.state.errors
    assert "photos of today" in error
    assert "`" not in error  # the engine's hint names an option of the command line
    assert importing.state.error == error


def test_a_second_import_waits_and_what_became_of_both_is_told(
    tmp_path: Path, project: Project, importing: Importing, qtbot: QtBot
) -> None:
    (tmp_path / "broken.png").write_bytes(b"no picture")
    importing.start(ImportRequest((tmp_path / "broken.png",), role="good"))
    importing.start(ImportRequest((tmp_path / "nowhere",), role="good"))
    importing.start(ImportRequest((write_photo(tmp_path / "1.png", 1),), role="good"))
    qtbot.waitUntil(lambda: done(importing))
    state = importing.state
    assert (len(state.refused), len(state.errors), state.added) == (1, 1, 1)


def test_cancel_keeps_what_came(
    tmp_path: Path, project: Project, importing: Importing, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on = threading.Event()
    real = importing_module._import_all

    def slow(project: Project, request: ImportRequest) -> Iterator[object]:
        for number, event in enumerate(real(project, request)):
            yield event
            if number == 3:
                may_go_on.wait(10)

    monkeypatch.setattr(importing_module, "_import_all", slow)
    importing.start(ImportRequest((write_mvtec(tmp_path / "source"),)))
    importing.start(ImportRequest((write_photo(tmp_path / "1.png", 1),), role="good"))
    qtbot.waitUntil(lambda: importing.state.added >= 2)
    importing.cancel()
    may_go_on.set()
    qtbot.waitUntil(lambda: done(importing))
    assert importing.state.was_cancelled
    assert 2 <= len(project.photos()) < 10
    assert all(photo.name != "1" for photo in project.photos())


def test_photos_are_read_meanwhile_but_not_with_each_of_them(
    tmp_path: Path, importing: Importing, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    readings: list[int] = []
    importing.photos_read.connect(lambda photos: readings.append(len(photos)))
    monkeypatch.setattr(importing_module, "_READ_EVERY_S", 1000.0)
    importing.start(ImportRequest((write_mvtec(tmp_path / "source"),)))
    qtbot.waitUntil(lambda: done(importing))
    assert readings == []
    monkeypatch.setattr(importing_module, "_READ_EVERY_S", 0.0)
    importing.start(ImportRequest((write_photo(tmp_path / "1.png", 55),), role="good"))
    qtbot.waitUntil(lambda: done(importing))
    assert readings == [11]


def test_closing_waits_for_the_file_that_is_being_read(
    tmp_path: Path, project: Project, importing: Importing
) -> None:
    importing.start(ImportRequest((write_mvtec(tmp_path / "source"),)))
    importing.close()
    for photo in project.photos():
        assert (project.folder / photo.path).is_file()
