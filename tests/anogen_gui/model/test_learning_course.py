"""The course of a run from its events, and from its folder."""

from pathlib import Path

from anogen_gui.model.learning_course import Course, StripColumn, checkpoint_step, read_course, usable_steps
from engine.protocol import (
    EmbeddingWritten,
    Event,
    FileRefused,
    Finished,
    LossMeasured,
    Progress,
    Started,
    StripWritten,
    Warned,
)
from tests.anogen_gui.model.learning_runs import RUN, strip_event, write_checkpoint


def course(*events: Event, start: Course | None = None) -> Course:
    result = start or Course()
    for event in events:
        result = result.after(event)
    return result


def step(number: int, loss: float | None = None) -> Progress:
    return Progress(step=number, total=100, stage="learning", eta_s=5.0, loss=loss)


def test_progress_losses_and_columns_are_collected() -> None:
    found = course(
        Started(title="Learning"),
        Progress(step=4, total=8, stage="preparing"),
        step(1, 0.5),
        step(2, 0.25),
        LossMeasured(step=2, loss=0.4),
        StripWritten(step=2, image=f"runs/{RUN}/strip/000002.png"),
    )
    assert found.state == "running"
    assert (found.step, found.total, found.stage, found.eta_s, found.learned) == (2, 100, "learning", 5.0, 2)
    assert found.losses == ((1, 0.5), (2, 0.25))
    assert found.evaluations == ((2, 0.4),)
    assert found.strip == (StripColumn(2, f"runs/{RUN}/strip/000002.png"),)
    assert found.run == RUN


def test_what_is_prepared_is_not_learned() -> None:
    found = course(Started(title="Learning"), Progress(step=96, total=96, stage="preparing"))
    assert (found.step, found.learned, found.losses) == (96, 0, ())


def test_going_on_forgets_what_was_measured_after_the_checkpoint() -> None:
    before = course(
        Started(title="Learning"),
        *(step(number, 1 / number) for number in range(1, 5)),
        LossMeasured(step=2, loss=0.4),
        LossMeasured(step=4, loss=0.3),
        StripWritten(step=2, image=f"runs/{RUN}/strip/000002.png"),
        StripWritten(step=4, image=f"runs/{RUN}/strip/000004.png"),
        Finished(outcome="failed", message="No memory."),
    )
    after = course(Started(title="Learning", resumed_from=3), start=before)
    assert after.state == "running"
    assert (after.resumed_from, after.learned, after.run, after.message) == (3, 3, RUN, "")
    assert [at for at, _ in after.losses] == [1, 2, 3]
    assert after.evaluations == ((2, 0.4),)
    assert [column.step for column in after.strip] == [2]


def test_a_fresh_start_shows_nothing_of_another_run() -> None:
    before = Course(run="other", evaluations=((2, 0.4),), strip=(StripColumn(2, "runs/other/strip/2.png"),))
    assert course(Started(title="Learning"), start=before) == Course(state="running")


def test_a_column_that_is_drawn_again_takes_the_place_of_the_other() -> None:
    image = f"runs/{RUN}/strip/000002.png"
    found = course(StripWritten(step=2, image=image), StripWritten(step=2, image=image))
    assert len(found.strip) == 1


def test_warnings_and_the_end_are_told() -> None:
    found = course(
        Started(title="Learning"),
        Warned(message="Careful."),
        FileRefused(path="a.png", reason="a.png is damaged."),
        EmbeddingWritten(anomaly="crack", name=RUN, path="e", backbone="embedded", steps=40),
        Finished(outcome="kept", message="m", hint="h", details="d"),
    )
    assert found.warnings == ("Careful.", "a.png is damaged.")
    assert (found.state, found.message, found.hint, found.details) == ("kept", "m", "h", "d")
    assert (found.run, found.learned, found.eta_s) == (RUN, 40, None)


def test_a_folder_tells_the_course_of_its_run(tmp_path: Path) -> None:
    for number in (25, 50):
        strip_event(tmp_path, number)
    folder = tmp_path / "runs" / RUN
    (folder / "steps" / "000025.safetensors").unlink()
    (folder / "strip" / "notes.png").touch()
    (folder / "metrics.jsonl").write_text(
        '{"step": 10, "evaluation_loss": 0.5}\n{"step": 60, "evaluation_loss": 0.25}\n{"step": 7'
    )
    found = read_course(tmp_path, RUN)
    assert found.evaluations == ((10, 0.5), (60, 0.25))
    assert found.strip == (
        StripColumn(25, f"runs/{RUN}/strip/000025.png", can_be_used=False),
        StripColumn(50, f"runs/{RUN}/strip/000050.png"),
    )
    assert (found.run, found.learned, found.state) == (RUN, 60, "none")
    assert usable_steps(tmp_path, RUN) == {50}


def test_a_run_without_a_folder_has_an_empty_course(tmp_path: Path) -> None:
    found = read_course(tmp_path, "gone")
    assert (found.strip, found.evaluations, found.learned) == ((), (), 0)


def test_the_checkpoint_says_where_it_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "runs" / RUN
    folder.mkdir(parents=True)
    assert checkpoint_step(tmp_path, RUN) == 0
    write_checkpoint(folder, 325)
    assert checkpoint_step(tmp_path, RUN) == 325


def test_a_damaged_checkpoint_is_none(tmp_path: Path) -> None:
    folder = tmp_path / "runs" / RUN
    folder.mkdir(parents=True)
    file = folder / "checkpoint.safetensors"
    for content in (b"", b"short", b"\xff" * 64, (2).to_bytes(8, "little") + b"{}"):
        file.write_bytes(content)
        assert checkpoint_step(tmp_path, RUN) == 0
