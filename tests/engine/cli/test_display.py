"""What a person and what a program sees of the same events."""

import io
import json
from pathlib import Path

import pytest

from engine.cli.display import JsonDisplay, TextDisplay, shown_path
from engine.protocol import (
    EmbeddingWritten,
    Event,
    FileRefused,
    Finished,
    Measured,
    PhotoImported,
    PreviewReady,
    Progress,
    SampleWritten,
    Started,
    StripWritten,
    Warned,
)

SAMPLE = SampleWritten(
    photo="photos/good/1.png",
    image="samples/c/r/0.png",
    mask="samples/c/r/0_mask.png",
    seed=5,
    boxes=(),
    embedding="embeddings/c/c-1.safetensors",
)


def text(events: list[Event], root: Path) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    display = TextDisplay(out, err)
    for event in events:
        display.show(event, root)
    return out.getvalue(), err.getvalue()


class Pipe(io.RawIOBase):
    def __init__(self) -> None:
        self.taken = b""

    def write(self, data) -> int:  # type: ignore[no-untyped-def, override]
        self.taken += bytes(data)
        return len(data)


def lines(events: list[Event], root: Path) -> list[dict]:  # type: ignore[type-arg]
    pipe = Pipe()
    display = JsonDisplay(pipe)  # type: ignore[arg-type]
    for event in events:
        display.show(event, root)
    return [json.loads(line) for line in pipe.taken.splitlines()]


def test_paths_open_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert shown_path("photos/1.png", tmp_path / "P") == "../P/photos/1.png"
    assert shown_path("photos/1.png", tmp_path / "here" / "P") == "P/photos/1.png"
    assert shown_path(str(tmp_path / "out"), tmp_path / "P") == "../out"


def test_a_sample_as_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shown = lines([SAMPLE, Finished(outcome="done")], tmp_path / "P")
    assert shown[0]["event"] == "SampleWritten"
    assert [shown[0][name] for name in ("photo", "image", "mask", "embedding")] == [
        "P/photos/good/1.png",
        "P/samples/c/r/0.png",
        "P/samples/c/r/0_mask.png",
        "P/embeddings/c/c-1.safetensors",
    ]
    assert (shown[0]["seed"], shown[0]["flags"]) == (5, [])
    assert shown[1]["event"] == "Finished"


def test_pictures_for_a_window_are_no_json_lines(tmp_path: Path) -> None:
    assert lines([PreviewReady(jpeg_base64="abc")], tmp_path) == []


def test_json_progress_is_throttled_and_ends_at_the_end(tmp_path: Path) -> None:
    events: list[Event] = [Progress(step=step, total=1000) for step in range(1, 1001)]
    shown = lines([*events, Finished(outcome="done")], tmp_path)
    assert len(shown) < 100
    assert shown[-2]["step"] == 1000


def test_an_import_is_summed_up_and_refusals_are_listed_with_reasons(tmp_path: Path) -> None:
    events: list[Event] = [PhotoImported(name=str(n), role="good") for n in range(3)]
    events += [PhotoImported(name="b", role="bad", anomaly="crack", already=True)]
    events += [
        FileRefused(path=str(tmp_path / "x.png"), reason="x.png is no photo."),
        Finished(outcome="done"),
    ]
    out, err = text(events, tmp_path)
    assert out.splitlines() == ["1 bad photo of “crack” already there", "3 good photos imported"]
    assert "1 file could not be used:" in err
    assert "x.png is no photo." in err


def test_what_is_refused_again_and_again_is_listed_once(tmp_path: Path) -> None:
    refused = FileRefused(path="x.png", reason="x.png is cut off.")
    _, err = text([refused, refused, Finished(outcome="done")], tmp_path)
    assert "1 file could not be used:" in err
    assert err.count("x.png is cut off.") == 1


def test_the_only_refusal_is_not_told_twice(tmp_path: Path) -> None:
    events = [
        FileRefused(path="x.png", reason="x.png is cut off. Copy it again."),
        Finished(outcome="failed", message="x.png is cut off.", hint="Copy it again."),
    ]
    _, err = text(events, tmp_path)
    assert err == "Error: x.png is cut off.\nCopy it again.\n"


def test_samples_are_summed_up_with_their_flags(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    flagged = SampleWritten(
        photo="p",
        image="samples/c/r/1.png",
        mask="m",
        seed=1,
        boxes=(),
        flags=("nothing_changed",),
        reused=True,
    )
    out, _ = text([SAMPLE, flagged, Finished(outcome="done")], tmp_path / "P")
    assert out == "2 samples in P/samples/c/r (1 of them were there already, 1 flagged “nothing changed”)\n"


def test_figures_are_a_table(tmp_path: Path) -> None:
    events = [
        Measured(name="size", value=26.0241, unit="MB"),
        Measured(name="kernel distance", value=0.0182, deviation=0.0411),
        Finished(outcome="done"),
    ]
    out, _ = text(events, tmp_path)
    assert out.splitlines() == [
        "size             26.024 MB",
        "kernel distance   0.018 ± 0.041",
    ]


def test_a_failure_is_a_sentence_and_a_hint_on_stderr(tmp_path: Path) -> None:
    finished = Finished(outcome="failed", message="It is broken.", hint="Mend it.", details="Traceback …")
    out, err = text([finished], tmp_path)
    assert out == ""
    assert err == "Error: It is broken.\nMend it.\n"


def test_one_is_no_plural(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    events: list[Event] = [
        StripWritten(step=1, image="runs/r/000001.png"),
        EmbeddingWritten(anomaly="c", name="c-1", path="e", backbone="b", steps=1),
    ]
    out, err = text(events, tmp_path)
    assert out == "Embedding “c-1” (1 step): e\n"
    assert err == "Strip after 1 step: runs/r/000001.png\n"


def test_what_a_job_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    events: list[Event] = [
        Started(title="Learning", resumed_from=75),
        Warned(message="A photo is gone."),
        EmbeddingWritten(anomaly="c", name="c-1", path="embeddings/c/c-1.safetensors", backbone="b", steps=9),
        Finished(outcome="cancelled", message="Cancelled."),
    ]
    out, err = text(events, tmp_path / "P")
    assert out.splitlines() == [
        "Learning (going on from step 75)",
        "Embedding “c-1” (9 steps): P/embeddings/c/c-1.safetensors",
    ]
    assert err.splitlines() == ["Note: A photo is gone.", "Cancelled."]
