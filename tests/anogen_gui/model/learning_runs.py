"""What learning leaves on the disk, and what it tells: for tests of the page Learn and of its models."""

import json
import os
import struct
from collections.abc import Sequence
from pathlib import Path

import msgspec

from engine.data.images import save_png
from engine.project import Project
from engine.project.planning import plan_learn
from engine.protocol import (
    EmbeddingWritten,
    Event,
    Finished,
    LearnJob,
    LearnSettings,
    LossMeasured,
    Progress,
    Started,
    StripWritten,
)
from tests.engine.project.product import pixels, write_embedding

RUN = "crack-0123456789ab"


def choose_supports(project: Project, count: int = 3) -> None:
    """Make the first photos of 'crack' its support photos."""
    project.set_supports("crack", project.photos(anomaly="crack")[:count])


def learn_job(project: Project, settings: LearnSettings | None = None) -> LearnJob:
    return plan_learn(project, "crack", settings=settings)


def strip_event(folder: Path, step: int, run: str = RUN) -> StripWritten:
    """Write a column of the strip and the state of its step; the event that tells of it."""
    path = f"runs/{run}/strip/{step:06d}.png"
    save_png(folder / path, pixels(step))
    state = folder / f"runs/{run}/steps/{step:06d}.safetensors"
    state.parent.mkdir(parents=True, exist_ok=True)
    state.touch()
    return StripWritten(step=step, image=path)


def learning_events(folder: Path, steps: int = 60, total: int = 100) -> list[Event]:
    """Preparing, then `steps` steps with an evaluation and a column every 20."""
    events: list[Event] = [Started(title="Learning"), Progress(step=8, total=8, stage="preparing")]
    for step in range(1, steps + 1):
        events.append(
            Progress(step=step, total=total, stage="learning", eta_s=float(total - step), loss=1 / step)
        )
        if step % 20 == 0:
            events.append(LossMeasured(step=step, loss=2 / step))
            events.append(strip_event(folder, step))
    return events


def embedding_event(folder: Path, name: str = RUN, steps: int = 60) -> EmbeddingWritten:
    return write_embedding(folder, "crack", name, steps)


def write_run(
    project: Project,
    job: LearnJob,
    run: str = RUN,
    strip: Sequence[int] = (20, 40),
    outcome: str = "done",
    checkpoint: int = 0,
) -> None:
    """A run as it lies in the project after its job has ended, with everything that the catalogue knows of it."""
    folder = project.folder / "runs" / run
    project.record(Started(title="Learning"), job)
    for step in strip:
        project.record(strip_event(project.folder, step, run), job)
    (folder / "job.json").write_bytes(msgspec.json.encode(job))
    lines = [json.dumps({"step": step, "evaluation_loss": 2 / step}) for step in strip]
    (folder / "metrics.jsonl").write_text("\n".join([*lines, '{"step": 9']))  # cut off in the last line
    if checkpoint:
        write_checkpoint(folder, checkpoint)
    if outcome == "done":
        project.record(embedding_event(project.folder, run, max(strip)), job)
    if outcome != "interrupted":
        project.record(Finished(outcome=outcome, message="It ended."), job)  # type: ignore[arg-type]


def write_checkpoint(folder: Path, step: int) -> None:
    """A safetensors file that says how far the run got."""
    progressed = json.dumps({"step": step, "evaluations": [[10, 0.5]]})
    header = json.dumps({"__metadata__": {"anogen": progressed}}).encode()
    (folder / "checkpoint.safetensors").write_bytes(struct.pack("<Q", len(header)) + header)


def make_newer(file: Path, than: Path) -> None:
    """Date a file one second after another one."""
    moment = than.stat().st_mtime + 1
    os.utime(file, (moment, moment))
