"""Jobs that compute nothing, for tests of what runs jobs: one for each way in which a job can behave.

`run` finds the behaviour by the anomaly class of a job. Run as a program, this is an engine process with
these jobs.
"""

import os
import sys
import time
from collections.abc import Generator
from pathlib import Path

from engine.breathing import breathe
from engine.errors import EngineError, StopAndKeep
from engine.protocol import (
    BoxesProposed,
    EmbeddingWritten,
    Event,
    Finished,
    LearnJob,
    PreviewJob,
    PreviewReady,
    Progress,
    ScatterJob,
    Started,
)

Events = Generator[Event, None, None]


def job(behaviour: str, project: str = "/nowhere") -> LearnJob:
    """A job that behaves so."""
    return LearnJob(project=project, anomaly=behaviour, supports=())


def run(job: LearnJob | PreviewJob | ScatterJob) -> Events:
    """What `engine.tasks.run` is replaced by."""
    match job:
        case PreviewJob():
            yield from preview(job)
        case ScatterJob():
            yield from scatter(job)
        case _:
            yield from BEHAVIOURS[job.anomaly](job)


def steps(job: LearnJob) -> Events:
    """Five steps, then done."""
    yield Started(title="steps")
    for step in range(1, 6):
        yield Progress(step=step, total=5, stage="learning")


def endless(job: LearnJob) -> Events:
    """Steps without end, each of 10 ms; leaves a note in the project's folder when it is closed."""
    try:
        yield Started(title="endless")
        step = 0
        while True:
            time.sleep(0.01)
            step += 1
            yield Progress(step=step, total=1_000_000)
    finally:
        if Path(job.project).is_dir():
            (Path(job.project) / "cleaned-up").touch()


def keeping(job: LearnJob) -> Events:
    """Endless, but saves when it is asked to stop and keep."""
    try:
        yield from endless(job)
    except StopAndKeep:
        yield Progress(step=99, total=99, stage="saving")
    yield EmbeddingWritten(anomaly=job.anomaly, name="kept", path="embeddings/kept", backbone="b", steps=9)


def refusing(job: LearnJob) -> Events:
    yield Started(title="refusing")
    raise EngineError("photo.png is no photo.", "Choose another one.")


def breaking(job: LearnJob) -> Events:
    yield Started(title="breaking")
    raise ZeroDivisionError("a bug")


def printing(job: LearnJob) -> Events:
    """Prints in every way that there is where nothing may be printed."""
    yield Started(title="printing")
    print("a stray print")
    os.write(1, b"a stray write\n")
    sys.stdout.flush()
    os.system("echo a stray child")


def hanging(job: LearnJob) -> Events:
    yield Started(title="hanging")
    print("hangs now", file=sys.stderr, flush=True)
    time.sleep(60)


def breathing(job: LearnJob) -> Events:
    """One long step with many breathing places, then done."""
    yield Started(title="breathing")
    for _ in range(50):
        breathe()
    yield Progress(step=1, total=1, stage="learning")


def finishing(job: LearnJob) -> Events:
    """Says Finished itself, which is not its business."""
    yield Finished(outcome="done")
    yield Progress(step=1, total=1)


def preview(job: PreviewJob) -> Events:
    """Five steps, each but the first of which is shown; breaks off at the first where its embedding says so."""
    if job.embedding == "breaking":
        raise ZeroDivisionError("a bug of the preview")
    for step in range(1, 6):
        yield Progress(step=step, total=5, stage="preview")
        if step > 1:
            yield PreviewReady(jpeg_base64="", photo=job.photo, box=job.box, step=step)


def scatter(job: ScatterJob) -> Events:
    yield BoxesProposed(photo=job.photo, boxes=())


BEHAVIOURS = {
    each.__name__: each
    for each in (steps, endless, keeping, refusing, breaking, printing, hanging, breathing, finishing)
}

if __name__ == "__main__":
    from engine.server import serve_stdio

    serve_stdio(run, lambda: "a fake", grace_s=float(sys.argv[1]) if len(sys.argv) > 1 else 8.0)
