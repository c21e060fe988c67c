"""Questions that are answered in the background."""

from collections.abc import Iterator
from threading import Event

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.reading import Reading
from engine.errors import EngineError
from engine.project import Project


@pytest.fixture
def reading(project: Project, qtbot: QtBot) -> Iterator[Reading]:
    reading = Reading(project)
    yield reading
    reading.close()


def test_a_question_is_answered_by_a_twin(reading: Reading, project: Project, qtbot: QtBot) -> None:
    asked: list[Project] = []

    def ask(twin: Project) -> str:
        asked.append(twin)
        return twin.folder.name

    with qtbot.waitSignal(reading.answered) as answered:
        reading.ask(ask)
    assert answered.args == ["P"]
    assert asked[0] is not project
    qtbot.waitUntil(lambda: not reading.is_busy)


def test_only_the_latest_question_is_answered(reading: Reading, qtbot: QtBot) -> None:
    go_on = Event()
    answers: list[object] = []
    reading.answered.connect(answers.append)
    reading.ask(lambda _project: go_on.wait(5))
    reading.ask(lambda _project: "second")
    with qtbot.waitSignal(reading.answered):
        reading.ask(lambda _project: "third")
        go_on.set()
    assert answers == ["third"]


def test_nothing_is_an_answer_too(reading: Reading, qtbot: QtBot) -> None:
    with qtbot.waitSignal(reading.answered) as answered:
        reading.ask(lambda _project: None)
    assert answered.args == [None]


def test_what_goes_wrong_is_told_and_the_next_question_is_answered(reading: Reading, qtbot: QtBot) -> None:
    def fail(_project: Project) -> None:
        raise EngineError("It is gone.", "Import it again.")

    with qtbot.waitSignal(reading.failed) as failed:
        reading.ask(fail)
    assert failed.args == ["It is gone.", "Import it again."]
    with qtbot.waitSignal(reading.answered) as answered:
        reading.ask(lambda _project: 1)
    assert answered.args == [1]


def test_after_closing_nothing_is_told(project: Project, qtbot: QtBot) -> None:
    reading = Reading(project)
    with qtbot.assertNotEmitted(reading.answered, wait=50):
        reading.ask(lambda _project: 1)
        reading.ask(lambda _project: 2)
        reading.close()
