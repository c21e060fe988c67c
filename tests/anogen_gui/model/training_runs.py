"""What training leaves on the disk, and what it tells: for tests of the page Train and of its models."""

import json
import struct
from collections.abc import Sequence
from pathlib import Path

import msgspec

from engine.data.images import save_png
from engine.project import Project, RunRow
from engine.project.detecting import plan_train
from engine.protocol import (
    Event,
    FileWritten,
    Finished,
    LossMeasured,
    Outcome,
    Progress,
    Started,
    StripWritten,
    TrainJob,
    TrainSettings,
)
from tests.engine.project.product import pixels

FIGURES = {"image AUROC": 0.9, "image AP": 0.8, "image F1": 0.7, "pixel AUROC": 0.85, "pixel AP": 0.5}


def train_job(project: Project, **settings: object) -> TrainJob:
    """The training job of these settings, with all samples."""
    return plan_train(project, msgspec.convert(settings, TrainSettings), takes_all=True)


def heatmap_event(folder: Path, step: int, run: str) -> StripWritten:
    """Write heatmaps of two photos; the event that tells of them."""
    path = f"runs/{run}/heatmaps/{step:06d}.png"
    save_png(folder / path, pixels(step, width=64, height=64))
    return StripWritten(step=step, image=path)


def training_events(folder: Path, run: str, steps: int = 50, total: int = 100) -> list[Event]:
    """Preparing, then `steps` steps with an evaluation and heatmaps every 25."""
    events: list[Event] = [Started(title="Training"), Progress(step=4, total=4, stage="preparing")]
    for step in range(1, steps + 1):
        events.append(
            Progress(step=step, total=total, stage="training", eta_s=float(total - step), loss=2 / step)
        )
        if step % 25 == 0:
            events.append(LossMeasured(step=step, loss=1 / step))
            events.append(heatmap_event(folder, step, run))
    return events


def detector_event(folder: Path, run: str, steps: int = 100) -> FileWritten:
    """Write a file with the header of a detector; the event that tells of it."""
    path = f"runs/{run}/detector.safetensors"
    write_header(folder / path, {"settings": {}, "steps": steps})
    return FileWritten(path=path, what="detector")


def write_header(file: Path, told: dict[str, object]) -> None:
    """A safetensors file without tensors that says this of itself."""
    header = json.dumps({"__metadata__": {"anogen": json.dumps(told)}}).encode()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(struct.pack("<Q", len(header)) + header)


def write_training(
    project: Project, job: TrainJob, run: str, steps: int = 50, outcome: Outcome | None = "done"
) -> RunRow:
    """A training as it lies in the project after it has ended, or (None) was cut off with a checkpoint."""
    for event in training_events(project.folder, run, steps):
        project.record(event, job)
    folder = project.folder / "runs" / run
    evaluated = (step for step in range(25, steps + 1, 25))
    lines = [json.dumps({"step": step, "evaluation_loss": 1 / step}) for step in evaluated]
    (folder / "metrics.jsonl").write_text("\n".join([*lines, '{"step": 9']))
    if outcome in ("done", "kept"):
        project.record(detector_event(project.folder, run, steps), job)
    else:
        write_header(folder / "checkpoint.safetensors", {"step": steps, "evaluations": []})
    if outcome is not None:
        project.record(Finished(outcome=outcome, message="It ended."), job)
    return next(row for row in project.runs() if row.name == run)


def write_figures(project: Project, run: str, more: float = 0.0, photos: Sequence[str] = ()) -> None:
    """An evaluation of a run on `photos`; each figure is larger by `more` than usual, on all photos larger still."""
    figures = [
        {"name": f"{name}, {group}", "value": value + more + extra, "interval": [value - 0.1, value + 0.05]}
        for group, extra in (("all test", 0.04), ("supports excluded", 0.0))
        for name, value in FIGURES.items()
    ]
    file = project.folder / "runs" / run / "evaluation.json"
    told = [{"photo": photo, "is_support": False, "is_origin": False} for photo in photos]
    file.write_text(json.dumps({"figures": figures, "photos": told}))


def write_comparison(project: Project, first: str, second: str, more: float = 0.1) -> None:
    """How two runs compare: every figure is larger by `more`."""
    conclusion = "helped" if more > 0 else "hurt" if more < 0 else "no measurable change"
    figures = [
        {
            "name": name,
            "before": value,
            "after": value + more,
            "difference": more,
            "interval": [more - 0.05, more + 0.05],
            "conclusion": conclusion,
        }
        for name, value in FIGURES.items()
    ]
    file = project.folder / "runs" / second / f"compared-{first}.json"
    file.write_text(json.dumps({"figures": figures, "photos": 20}))
