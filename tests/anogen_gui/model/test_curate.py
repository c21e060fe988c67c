"""Which samples are seen while they are judged, and what judging does."""

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.curate import CurateModel, Selection
from anogen_gui.model.history import History
from anogen_gui.model.sample_filter import SampleFilter
from anogen_gui.model.samples import Samples
from anogen_gui.model.tally import VerdictCounts, Waiting
from engine.project import Project
from tests.anogen_gui.sample_rows import record_sample


@pytest.fixture
def history(qtbot: QtBot) -> History:
    return History()


@pytest.fixture
def ids(product: Project) -> list[int]:
    return [record_sample(product, f"{number}", "crack" if number % 2 else "burnt") for number in range(6)]


@pytest.fixture
def samples(product: Project, history: History, ids: list[int]) -> Samples:
    return Samples(product, history)


@pytest.fixture
def model(samples: Samples) -> CurateModel:
    """Six undecided samples, the oldest first; the first one is current."""
    model = CurateModel(samples)
    model.set_sorting("oldest")
    model.go_to(0)
    return model


def current(model: CurateModel) -> int | None:
    return model.selection.current


def come(samples: Samples, project: Project, stem: str, anomaly: str = "crack") -> int:
    """A job writes a sample."""
    number = record_sample(project, stem, anomaly)
    samples.refresh(f"samples/{anomaly}/run1/{stem}.png")
    return number


def test_at_first_all_are_seen_and_the_newest_is_current(samples: Samples, ids: list[int]) -> None:
    model = CurateModel(samples)
    assert model.visible == tuple(reversed(ids))
    assert model.selection == Selection.only(ids[-1])
    assert model.counts == VerdictCounts(undecided=6)


def test_without_samples_there_is_nothing_to_judge(product: Project, history: History) -> None:
    model = CurateModel(Samples(product, history))
    model.judge("accepted")
    model.star(3)
    model.move(1)
    assert (model.is_empty, model.visible, model.current, model.targets) == (True, (), None, ())
    assert not history.stack.count()


# --- judging


def test_a_verdict_goes_on_to_the_next_undecided_sample(model: CurateModel, ids: list[int]) -> None:
    model.judge("accepted")
    assert current(model) == ids[1]
    model.go_to(0)
    model.judge("rejected")
    assert model.selection == Selection.only(ids[1])
    assert model.counts == VerdictCounts(rejected=1, undecided=5)


def test_judged_samples_are_passed_over(model: CurateModel, samples: Samples, ids: list[int]) -> None:
    samples.set_verdict(ids[1:3], "accepted")
    model.go_to(0)
    model.judge("accepted")
    assert current(model) == ids[3]


def test_after_the_last_one_it_goes_on_with_those_that_were_left_out(
    model: CurateModel, ids: list[int]
) -> None:
    model.go_to(5)
    model.judge("accepted")
    assert current(model) == ids[0]


def test_when_all_are_judged_the_last_one_stays(model: CurateModel, ids: list[int]) -> None:
    for _ in ids:
        model.judge("accepted")
    assert current(model) == ids[-1]
    assert model.next_undecided() is None


def test_leaving_a_sample_undecided_goes_on_too(model: CurateModel, ids: list[int]) -> None:
    model.judge("undecided")
    assert current(model) == ids[1]


def test_going_on_can_be_switched_off(model: CurateModel, ids: list[int]) -> None:
    model.advances = False
    model.judge("accepted")
    assert current(model) == ids[0]


def test_stars_stay_with_their_sample(model: CurateModel, ids: list[int]) -> None:
    model.star(4)
    assert current(model) == ids[0]
    assert model.current is not None
    assert model.current.stars == 4


def test_all_chosen_samples_are_judged_in_one_step(
    model: CurateModel, samples: Samples, history: History, ids: list[int]
) -> None:
    model.select(Selection(ids[2], frozenset(ids[1:4])))
    model.judge("rejected")
    assert [sample.verdict == "rejected" for sample in samples.all()] == [
        False,
        True,
        True,
        True,
        False,
        False,
    ]
    assert model.selection == Selection(ids[2], frozenset(ids[1:4]))
    assert history.stack.undoText() == "Reject 3 samples"


def test_with_none_chosen_the_current_one_is_judged(
    model: CurateModel, samples: Samples, ids: list[int]
) -> None:
    model.select(Selection(ids[3]))
    model.judge("accepted")
    assert [sample.id for sample in samples.all() if sample.verdict == "accepted"] == [ids[3]]


def test_undo_shows_the_sample_whose_verdict_it_took_back(
    model: CurateModel, history: History, ids: list[int]
) -> None:
    model.judge("accepted")
    model.judge("accepted")
    history.stack.undo()
    assert current(model) == ids[1]
    assert model.counts == VerdictCounts(accepted=1, undecided=5)
    model.go_to(5)
    history.stack.redo()
    assert current(model) == ids[1]


def test_what_is_judged_is_told(qtbot: QtBot, model: CurateModel, ids: list[int]) -> None:
    with qtbot.waitSignals([model.updated, model.counts_changed]):
        model.judge("accepted")


# --- what is seen


def test_a_judged_sample_stays_in_its_place(model: CurateModel, ids: list[int]) -> None:
    model.set_filter(SampleFilter(verdict="undecided"))
    model.go_to(1)
    model.judge("accepted")
    assert model.visible == tuple(ids)
    assert model.waiting == Waiting(left=1)
    model.refresh()
    assert model.visible == (ids[0], *ids[2:])
    assert model.waiting == Waiting()
    assert current(model) == ids[2]


def test_undo_brings_back_what_had_left(model: CurateModel, history: History, ids: list[int]) -> None:
    model.set_filter(SampleFilter(verdict="undecided"))
    model.judge("accepted")
    model.refresh()
    history.stack.undo()
    assert model.waiting == Waiting(came=1)
    model.refresh()
    assert model.visible == tuple(ids)


def test_undo_is_seen_where_nothing_was_left_to_see(
    model: CurateModel, history: History, ids: list[int]
) -> None:
    model.set_filter(SampleFilter(verdict="undecided"))
    for _ in ids:
        model.judge("accepted")
    model.refresh()
    assert model.visible == ()
    history.stack.undo()
    assert model.visible == (ids[-1],)
    assert current(model) == ids[-1]


def test_new_samples_wait_where_they_would_move_others(
    model: CurateModel, samples: Samples, product: Project, ids: list[int]
) -> None:
    model.set_sorting("newest")
    model.go_to(2)
    number = come(samples, product, "new")
    assert model.visible == tuple(reversed(ids))
    assert (model.waiting, model.counts.total) == (Waiting(came=1), 7)
    model.refresh()
    assert model.visible == (number, *reversed(ids))
    assert current(model) == ids[3]


def test_new_samples_come_at_the_end_where_that_is_their_place(
    model: CurateModel, samples: Samples, product: Project, ids: list[int]
) -> None:
    model.go_to(2)
    number = come(samples, product, "new")
    assert model.visible == (*ids, number)
    assert (model.waiting, current(model)) == (Waiting(), ids[2])


def test_the_first_sample_is_shown_at_once(product: Project, history: History) -> None:
    samples = Samples(product, history)
    model = CurateModel(samples)
    number = come(samples, product, "new")
    assert (model.visible, current(model), model.is_empty) == ((number,), number, False)


def test_new_samples_that_do_not_match_are_not_waited_for(
    model: CurateModel, samples: Samples, product: Project
) -> None:
    model.set_filter(SampleFilter(anomaly="burnt"))
    model.set_sorting("newest")
    come(samples, product, "new", "crack")
    assert model.waiting == Waiting()
    assert model.counts == VerdictCounts(undecided=3)


def test_a_sample_that_is_written_again_moves_nothing(
    qtbot: QtBot, model: CurateModel, samples: Samples, product: Project, ids: list[int]
) -> None:
    with qtbot.assertNotEmitted(model.selection_changed), qtbot.waitSignal(model.updated) as told:
        come(samples, product, "4", "burnt")
    assert told.args == [(ids[4],)]


def test_a_sample_that_is_written_again_is_counted_as_it_is_now(
    model: CurateModel, samples: Samples, product: Project
) -> None:
    record_sample(product, "4", "burnt", flags=("near_duplicate",))
    samples.refresh("samples/burnt/run1/4.png")
    assert model.counts == VerdictCounts(undecided=6, flagged=1)


def test_the_current_sample_stays_current_under_another_filter(model: CurateModel, ids: list[int]) -> None:
    model.go_to(3)
    model.set_filter(SampleFilter(anomaly="crack"))
    assert model.visible == (ids[1], ids[3], ids[5])
    assert current(model) == ids[3]


def test_one_that_is_no_longer_seen_gives_way_to_the_next(model: CurateModel, ids: list[int]) -> None:
    model.go_to(2)
    model.set_filter(SampleFilter(anomaly="crack"))
    assert current(model) == ids[3]


def test_where_none_is_left_it_begins_anew(model: CurateModel, ids: list[int]) -> None:
    model.set_filter(SampleFilter(anomaly="crack"))
    model.go_to(2)
    model.set_filter(SampleFilter(anomaly="burnt"))
    assert current(model) == ids[0]


def test_a_filter_that_nothing_matches_leaves_nothing_chosen(model: CurateModel, ids: list[int]) -> None:
    model.set_filter(SampleFilter(verdict="accepted"))
    assert (model.visible, model.selection) == ((), Selection())
    model.set_filter(SampleFilter())
    assert current(model) == ids[0]


def test_those_that_are_chosen_stay_so_where_they_are_seen(model: CurateModel, ids: list[int]) -> None:
    model.select(Selection(ids[1], frozenset(ids[:4])))
    model.set_filter(SampleFilter(anomaly="crack"))
    assert model.selection == Selection(ids[1], frozenset((ids[1], ids[3])))


def test_what_is_chosen_is_always_visible(qtbot: QtBot, model: CurateModel, ids: list[int]) -> None:
    seen: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
    model.visible_changed.connect(lambda: seen.append((model.visible, model.targets)))
    model.set_filter(SampleFilter(anomaly="crack"))
    assert seen == [((ids[1], ids[3], ids[5]), (ids[1],))]


def test_the_same_filter_again_tells_nothing(qtbot: QtBot, model: CurateModel) -> None:
    with qtbot.assertNotEmitted(model.filter_changed), qtbot.assertNotEmitted(model.visible_changed):
        model.set_filter(SampleFilter())
        model.set_sorting("oldest")


# --- moving


def test_moving_ends_at_both_ends(model: CurateModel, ids: list[int]) -> None:
    model.move(-1)
    assert current(model) == ids[0]
    model.move(1)
    assert current(model) == ids[1]
    model.go_to(-1)
    model.move(1)
    assert current(model) == ids[5]


def test_the_likeliest_next_samples_are_known(model: CurateModel, samples: Samples, ids: list[int]) -> None:
    samples.set_verdict(ids[3:5], "accepted")
    model.go_to(2)
    assert model.neighbours() == (ids[5], ids[3], ids[1])
    model.advances = False
    assert model.neighbours() == (ids[3], ids[1])
