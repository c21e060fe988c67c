"""Learning with an engine that is played; catalogue, queue and files are real ones."""

from collections.abc import Callable

import pytest

from engine.project import Project
from engine.protocol import (
    LearnJob,
    LearnSettings,
    Outcome,
    Progress,
    Started,
)
from tests.anogen_gui.model.learning.world import SETTINGS, World
from tests.anogen_gui.model.learning_runs import (
    RUN,
    choose_supports,
    learn_job,
    learning_events,
    make_newer,
    write_run,
)


def test_an_error_is_told_with_its_hint_and_without_commands(world: World) -> None:
    world.learn()
    world.engine.finish("failed", "The disk is full.", "Make room.", "Traceback")
    course = world.state.course
    assert (course.state, course.message, course.hint, course.details) == (
        "failed", "The disk is full.", "Make room.", "Traceback",
    )  # fmt: skip


@pytest.mark.parametrize("outcome", ["cancelled", "failed"])
def test_a_run_that_ended_before_its_first_step_gives_way_to_the_earlier_one(
    make_world: Callable[[], World], product: Project, outcome: Outcome
) -> None:
    choose_supports(product)
    write_run(product, learn_job(product, SETTINGS))
    world = make_world()
    earlier = world.state.course
    world.model.start_over("crack", LearnSettings(steps=7))
    world.engine.play(Started(title="Learn"), Progress(step=3, total=96, stage="preparing"))
    assert world.state.course.run == ""
    if outcome == "cancelled":
        world.model.cancel("crack")
    world.engine.finish(outcome, "It is over.")
    assert world.state.course == earlier
    assert (world.state.note is not None) == (outcome == "failed")
    assert make_world().state.course == earlier  # also when it is looked at anew


def test_an_error_before_the_first_step_leaves_the_earlier_run(
    make_world: Callable[[], World], product: Project
) -> None:
    choose_supports(product)
    write_run(product, learn_job(product, SETTINGS))
    world = make_world()
    world.model.learn("crack", LearnSettings(backbone="nowhere"))
    world.engine.finish("failed", "There is no backbone.", "See `anogen gc`.")
    assert world.state.course.run == RUN
    assert world.state.note is not None
    assert (world.state.note.message, world.state.note.hint) == ("There is no backbone.", "")
    assert world.state.note.is_problem
    world.model.dismiss_note("crack")
    assert world.state.note is None


def test_a_crash_of_the_engine_is_an_interruption(world: World) -> None:
    world.engine.describe()
    world.model.learn("crack", SETTINGS)
    world.engine.play(*learning_events(world.folder))
    world.engine.crash()
    assert world.state.course.state == "interrupted"
    assert world.state.job is None


@pytest.mark.parametrize(("outcome", "state"), [("done", "done"), ("cancelled", "cancelled")])
def test_after_a_restart_the_last_run_is_there_again(
    make_world: Callable[[], World], product: Project, outcome: str, state: str
) -> None:
    choose_supports(product)
    write_run(product, learn_job(product, SETTINGS), outcome=outcome)
    course = make_world().state.course
    assert (course.run, course.state, course.learned, course.total) == (RUN, state, 40, 100)
    assert [step for step, _ in course.evaluations] == [20, 40]
    assert [column.step for column in course.strip] == [20, 40]


def test_an_interrupted_run_goes_on_with_the_same_job(
    make_world: Callable[[], World], product: Project
) -> None:
    choose_supports(product)
    asked_for = learn_job(product, SETTINGS)
    write_run(product, asked_for, outcome="interrupted", checkpoint=25)
    world = make_world()
    assert world.state.course.state == "interrupted"
    world.model.learn("crack", SETTINGS)
    assert world.engine.last_job == asked_for
    world.engine.play(Started(title="Learning", resumed_from=25))
    course = world.state.course
    assert (course.state, course.learned, course.resumed_from) == ("running", 25, 25)
    assert [column.step for column in course.strip] == [20]


def test_a_job_that_was_cut_off_is_tried_again_and_not_made_twice(world: World) -> None:
    world.engine.describe()
    world.model.learn("crack", SETTINGS)
    world.engine.play(*learning_events(world.folder))
    job = world.engine.last_job
    assert isinstance(job, LearnJob)
    write_run(world.project.project, job, outcome="interrupted", checkpoint=25)
    world.engine.crash()
    world.model.learn("crack", SETTINGS)
    assert len(world.project.queue.jobs()) == 1
    assert world.engine.last_job == job
    assert len(world.engine.submitted) == 2


def test_starting_over_learns_anew(make_world: Callable[[], World], product: Project) -> None:
    choose_supports(product)
    write_run(product, learn_job(product, SETTINGS), outcome="interrupted", checkpoint=25)
    world = make_world()
    world.model.start_over("crack", SETTINGS)
    job = world.engine.last_job
    assert isinstance(job, LearnJob)
    assert job.again


def test_a_finished_run_is_learned_again(make_world: Callable[[], World], product: Project) -> None:
    choose_supports(product)
    write_run(product, learn_job(product, SETTINGS))
    world = make_world()
    world.model.learn("crack", SETTINGS)
    job = world.engine.last_job
    assert isinstance(job, LearnJob)
    assert job.again


def test_a_mask_that_was_painted_anew_makes_a_run_outdated(
    make_world: Callable[[], World], product: Project
) -> None:
    choose_supports(product)
    job = learn_job(product, SETTINGS)
    write_run(product, job, outcome="interrupted", checkpoint=25)
    make_newer(product.folder / job.supports[0].mask, product.folder / "runs" / RUN / "job.json")
    world = make_world()
    assert world.state.runs[0].is_outdated
    world.model.learn("crack", SETTINGS)
    assert world.engine.last_job == job  # planned anew: nothing of the checkpoint can be used


def test_another_run_can_be_looked_at(make_world: Callable[[], World], product: Project) -> None:
    choose_supports(product)
    write_run(product, learn_job(product, SETTINGS), "crack-first", (10,))
    write_run(product, learn_job(product, LearnSettings(steps=7)), "crack-second", (5,))
    world = make_world()
    assert world.state.course.run == "crack-second"
    world.model.show_run("crack", "crack-first")
    assert [column.step for column in world.state.course.strip] == [10]
