"""Anomaly classes, support photos, embeddings."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.anomalies import Anomalies
from anogen_gui.model.history import History
from engine.errors import EngineError
from engine.project import Project
from tests.engine.project.product import run_import, write_embedding, write_mask, write_photo


@pytest.fixture
def history(qtbot: QtBot) -> History:
    return History()


@pytest.fixture
def anomalies(product: Project, history: History) -> Anomalies:
    return Anomalies(product, history)


def names(anomalies: Anomalies) -> list[str]:
    return [anomaly.name for anomaly in anomalies.all()]


def test_a_class_is_added_and_taken_back(anomalies: Anomalies, history: History, qtbot: QtBot) -> None:
    with qtbot.waitSignal(anomalies.changed):
        assert anomalies.add(" dent ")
    assert names(anomalies) == ["crack", "dent"]
    dent = anomalies.get("Dent")
    assert dent is not None
    assert dent.digit == 2
    assert anomalies.with_digit(2) == dent
    assert history.stack.undoText() == "Add class “dent”"
    history.stack.undo()
    assert names(anomalies) == ["crack"]


def test_a_class_that_is_there_is_not_added_and_so_not_removed_by_undo(
    anomalies: Anomalies, history: History, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(history.failed) as failed:
        assert not anomalies.add("Crack")
    assert "already" in failed.args[0]
    assert history.stack.count() == 0


def test_a_class_in_use_is_not_removed(anomalies: Anomalies, history: History, qtbot: QtBot) -> None:
    with qtbot.waitSignal(history.failed) as failed:
        assert not anomalies.remove("crack")
    assert "4 photos" in failed.args[0]


def test_a_removed_class_comes_back_as_it_was(anomalies: Anomalies, history: History) -> None:
    anomalies.add("dent")
    anomalies.set_color("dent", "#123456")
    anomalies.set_digit("dent", 7)
    assert anomalies.remove("dent")
    assert names(anomalies) == ["crack"]
    history.stack.undo()
    dent = anomalies.get("dent")
    assert dent is not None
    assert (dent.color, dent.digit) == ("#123456", 7)


def test_a_renamed_class_is_told_of_once_all_can_be_read(
    product: Project, anomalies: Anomalies, history: History, qtbot: QtBot
) -> None:
    told: list[str] = []
    anomalies.renamed.connect(lambda: told.append(product.find_photo("test/crack/000").anomaly))
    assert anomalies.rename("crack", "break ")
    assert names(anomalies) == ["break"]
    history.stack.undo()
    assert names(anomalies) == ["crack"]
    assert told == ["break", "crack"]


def test_colours_and_keys_change_and_come_back(anomalies: Anomalies, history: History) -> None:
    anomalies.add("dent")
    anomalies.set_digit("dent", 1)  # crack's: they change places
    crack, dent = anomalies.all()
    assert (crack.digit, dent.digit) == (2, 1)
    history.stack.undo()
    crack, dent = anomalies.all()
    assert (crack.digit, dent.digit) == (1, 2)
    anomalies.set_color("crack", "#abcdef")
    assert anomalies.all()[0].color == "#abcdef"
    history.stack.undo()
    assert anomalies.all()[0].color == crack.color


def test_chosen_test_photos_become_bad_and_that_is_told(
    product: Project, anomalies: Anomalies, qtbot: QtBot
) -> None:
    photos = product.photos("test", "crack")[:2]
    with qtbot.waitSignals([anomalies.changed, anomalies.roles_changed]):
        assert anomalies.set_supports("crack", photos) == []
    assert [photo.role for photo in anomalies.supports("crack")] == ["bad", "bad"]
    with qtbot.waitSignal(anomalies.changed), qtbot.assertNotEmitted(anomalies.roles_changed):
        anomalies.set_supports("crack", list(anomalies.supports("crack"))[:1])


def test_a_test_photo_that_looks_like_a_support_leaves_the_tests(
    tmp_path: Path, product: Project, anomalies: Anomalies, qtbot: QtBot
) -> None:
    twin = write_photo(tmp_path / "twin.bmp", seed=200)
    run_import(product, twin, role="test", anomaly="crack", masks=write_mask(tmp_path / "twin_mask.png"))
    with qtbot.waitSignal(anomalies.roles_changed):
        warnings = anomalies.set_supports("crack", product.photos("test", "crack")[:1])
    assert len(warnings) == 1
    assert "left the tests" in warnings[0]
    assert product.find_photo("twin").role == "bad"


def test_supports_of_another_class_are_refused(product: Project, anomalies: Anomalies) -> None:
    anomalies.add("dent")
    with pytest.raises(EngineError, match="shows 'crack'"):
        anomalies.set_supports("dent", product.photos("test", "crack"))


def test_the_embedding_in_use_is_the_chosen_or_the_newest(
    product: Project, anomalies: Anomalies, history: History, qtbot: QtBot
) -> None:
    for name in ("first", "second"):
        product.record(write_embedding(product.folder, name=name))
    with qtbot.waitSignal(anomalies.embeddings_changed):
        anomalies.reload()
    first, second = anomalies.embeddings("crack")
    assert anomalies.embedding_in_use("crack") == second
    assert anomalies.use_embedding(first)
    assert anomalies.embedding_in_use("crack") == first
    history.stack.undo()
    assert anomalies.embedding_in_use("crack") == second
    (product.folder / second.path).unlink()
    assert anomalies.embeddings("crack") == (first,)
    assert anomalies.embedding_in_use("dent") is None
