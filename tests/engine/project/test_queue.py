import pytest

from engine.errors import EngineError
from engine.project import Project
from engine.protocol import EvaluateRunJob, LearnJob, SupportPhoto
from tests.engine.project.older import make_older


def job(name: str) -> LearnJob:
    return LearnJob(
        project="P", anomaly=name, supports=(SupportPhoto(name="a", photo="a.png", mask="m.png"),)
    )


def order(project: Project) -> str:
    return "".join(each.job.anomaly for each in project.queued() if isinstance(each.job, LearnJob))


def test_jobs_keep_their_order_and_come_back_equal(project: Project) -> None:
    numbers = [project.enqueue(job(name)) for name in "abcd"]
    assert order(project) == "abcd"
    project.move(numbers[3], before=numbers[1])
    assert order(project) == "adbc"
    project.move(numbers[0])
    assert order(project) == "dbca"
    project.move(numbers[2], before=numbers[2])
    project.move(numbers[2], before=numbers[3])
    assert order(project) == "cdba"
    project.close()
    with Project.open(project.folder) as again:
        assert order(again) == "cdba"
        assert again.queued()[0].job == job("c")
        assert not again.queue.is_paused


def test_reordering_never_runs_out_of_room(project: Project) -> None:
    a, b, c = (project.enqueue(job(name)) for name in "abc")
    for _ in range(100):
        project.move(c, before=b)
        project.move(b, before=c)
    assert order(project) == "abc"
    project.move(c, before=a)
    assert order(project) == "cab"


def test_an_unclean_end_interrupts_then_quarantines_and_pauses(project: Project) -> None:
    number, waiting = project.enqueue(job("a")), project.enqueue(job("b"))
    for state in ("interrupted", "quarantined"):
        project.set_state(number, "running")
        project.close()
        project = Project.open(project.folder)
        assert project.queue.get(number).state == state
        assert project.queue.get(waiting).state == "queued"
        assert project.queue.is_paused
        project.queue.resume()
        assert not project.queue.is_paused
    assert project.queue.get(number).attempt == 2
    project.close()


def test_a_job_that_is_cut_off_twice_is_put_in_quarantine(project: Project) -> None:
    number, other = project.enqueue(job("a")), project.enqueue(job("b"))
    for state in ("interrupted", "quarantined"):
        project.set_state(number, "running")
        project.queue.interrupt(number, "The engine ended.")
        found = project.queue.get(number)
        assert (found.state, found.error) == (state, "The engine ended.")
        assert not project.queue.is_paused
        project.set_state(number, "queued")
        assert project.queue.get(number).error == ""
    assert project.queue.get(number).interruptions == 2
    assert project.queue.get(other).state == "queued"
    project.close()


def test_what_was_cut_off_says_so(project: Project) -> None:
    number = project.enqueue(job("a"))
    project.set_state(number, "running")
    project.close()
    with Project.open(project.folder) as again:
        assert again.queue.get(number).error == "The program ended while this job ran."


def test_states_carry_their_error(project: Project) -> None:
    number = project.enqueue(job("a"))
    project.set_state(number, "running")
    project.set_state(number, "failed", "No memory left.")
    found = project.queue.get(number)
    assert (found.state, found.error, found.attempt) == ("failed", "No memory left.", 1)
    assert project.queue.jobs("queued") == []
    assert project.queue.jobs("failed") == [found]
    project.queue.remove(number)
    assert project.queued() == []


def test_what_is_not_in_the_queue(project: Project) -> None:
    number = project.enqueue(job("a"))
    with pytest.raises(EngineError, match="no job number 99"):
        project.set_state(99, "done")
    with pytest.raises(EngineError, match="no job number 99"):
        project.move(number, before=99)
    with pytest.raises(EngineError, match="'lost' is no state"):
        project.set_state(number, "lost")  # type: ignore[arg-type]


def test_an_older_queue_is_understood(project: Project) -> None:
    measuring = EvaluateRunJob(project="P", run="r", photos=(), false_alarm_target=0.05)
    project.enqueue(measuring)
    make_older(project, 5)
    with Project.open(project.folder) as again:
        assert [each.job for each in again.queued()] == [measuring]
