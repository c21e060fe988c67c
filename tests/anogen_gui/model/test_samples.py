"""Samples of the open project, and the undoable changes to them."""

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.history import History
from anogen_gui.model.samples import Samples
from engine.project import Project, Verdict
from tests.anogen_gui.sample_rows import record_sample


@pytest.fixture
def history(qtbot: QtBot) -> History:
    return History()


@pytest.fixture
def ids(product: Project) -> list[int]:
    return [record_sample(product, stem) for stem in ("a", "b", "c")]


@pytest.fixture
def samples(product: Project, history: History, ids: list[int]) -> Samples:
    return Samples(product, history)


def verdicts(samples: Samples, project: Project) -> list[Verdict]:
    """In memory, after a look that the catalogue says the same."""
    remembered = [sample.verdict for sample in samples.all()]
    assert [sample.verdict for sample in project.samples()] == remembered
    return remembered


def test_a_verdict_is_one_step_that_names_its_samples(
    qtbot: QtBot, samples: Samples, history: History, product: Project, ids: list[int]
) -> None:
    with qtbot.waitSignal(samples.judged) as told:
        assert samples.set_verdict(ids[:2], "accepted")
    assert told.args == [(ids[0], ids[1])]
    assert verdicts(samples, product) == ["accepted", "accepted", "undecided"]
    assert history.stack.undoText() == "Accept 2 samples"


def test_undo_gives_each_sample_its_former_verdict(
    samples: Samples, history: History, product: Project, ids: list[int]
) -> None:
    samples.set_verdict(ids[:1], "accepted")
    samples.set_verdict(ids, "rejected")
    history.stack.undo()
    assert verdicts(samples, product) == ["accepted", "undecided", "undecided"]
    history.stack.redo()
    assert verdicts(samples, product) == ["rejected"] * 3


def test_the_verdict_that_samples_have_is_no_step(samples: Samples, history: History, ids: list[int]) -> None:
    assert samples.set_verdict(ids, "undecided")
    assert not history.stack.count()


@pytest.mark.parametrize(
    ("count", "stars", "name"),
    [
        (1, 1, "Give 1 sample 1 star"),
        (2, 4, "Give 2 samples 4 stars"),
        (3, 0, "Take the stars from 3 samples"),
    ],
)
def test_stars_are_a_step_with_a_name(
    samples: Samples, history: History, product: Project, ids: list[int], count: int, stars: int, name: str
) -> None:
    samples.set_stars(ids, 5)
    samples.set_stars(ids[:count], stars)
    assert history.stack.undoText() == name
    assert [sample.stars for sample in product.samples()] == [stars] * count + [5] * (3 - count)
    history.stack.undo()
    assert [sample.stars for sample in samples.all()] == [5, 5, 5]


def test_a_change_that_fails_leaves_all_as_it_was(
    qtbot: QtBot, samples: Samples, history: History, product: Project, ids: list[int]
) -> None:
    product.catalogue.change("DELETE FROM sample WHERE id = ?", (ids[2],))
    with qtbot.waitSignal(history.failed) as told:
        assert not samples.set_verdict(ids, "accepted")
    assert told.args is not None
    assert f"no sample number {ids[2]}" in told.args[0]
    assert [sample.verdict for sample in samples.all()] == ["undecided"] * 3
    assert [sample.verdict for sample in product.samples()] == ["undecided"] * 2
    assert not history.stack.count()


def test_a_sample_that_a_job_has_written_is_taken_in(
    qtbot: QtBot, samples: Samples, product: Project
) -> None:
    number = record_sample(product, "d")
    with qtbot.waitSignal(samples.added) as told:
        samples.refresh("samples/crack/run1/d.png")
    assert told.args == [(number,)]
    assert samples.get(number) is not None


def test_a_sample_that_is_written_again_is_no_new_one(
    qtbot: QtBot, samples: Samples, product: Project, ids: list[int]
) -> None:
    record_sample(product, "a", seed=99)
    with qtbot.assertNotEmitted(samples.added), qtbot.waitSignal(samples.rewritten) as told:
        samples.refresh("samples/crack/run1/a.png")
    assert told.args == [(ids[0],)]
    assert [sample.seed for sample in samples.all()] == [99, 7, 7]


def test_a_path_without_a_sample_changes_nothing(qtbot: QtBot, samples: Samples) -> None:
    with qtbot.assertNotEmitted(samples.added), qtbot.assertNotEmitted(samples.rewritten):
        samples.refresh("samples/crack/run1/nothing.png")


def test_reading_again_finds_what_others_have_written(
    qtbot: QtBot, samples: Samples, product: Project
) -> None:
    number = record_sample(product, "d")
    with qtbot.waitSignal(samples.reset):
        samples.reload()
    assert [sample.id for sample in samples.all()][-1] == number
