"""An engine process whose jobs write real files in no time: for tests of what is kept when processes are killed.

The server is the real one; only the jobs are drawn with a pen instead of a diffusion model.
"""

import base64
import io
import json
import sys
import time
from collections.abc import Generator
from pathlib import Path

import msgspec
import numpy as np
from PIL import Image
from safetensors.numpy import save_file

from engine.data.files import safe_name, write_atomically
from engine.data.images import read_photo, save_png
from engine.geometry import Box
from engine.protocol import (
    BoxesProposed,
    EmbeddingWritten,
    Event,
    GenerateJob,
    Job,
    LearnJob,
    LossMeasured,
    PreviewJob,
    PreviewReady,
    Progress,
    SampleWritten,
    ScatterJob,
    Started,
    StripWritten,
)
from engine.server import serve_stdio

Events = Generator[Event, None, None]
_STEP_S = 0.005


def run(job: Job) -> Events:
    """What `engine.tasks.run` is replaced by."""
    match job:
        case LearnJob():
            yield from _learn(job)
        case GenerateJob():
            yield from _generate(job)
        case PreviewJob():
            yield from _preview(job)
        case ScatterJob():
            yield from _scatter(job)
        case _:
            raise TypeError(f"the quick engine knows no {type(job).__name__}")


def _learn(job: LearnJob, steps: int = 40) -> Events:
    name = f"{safe_name(job.anomaly)}-quick"
    project = Path(job.project)
    yield Started(title=f"Learning {job.anomaly}")
    for step in range(1, steps + 1):
        time.sleep(_STEP_S)
        yield Progress(
            step=step, total=steps, stage="Learning", loss=1 / step, eta_s=(steps - step) * _STEP_S
        )
        if step % 10 == 0:
            picture = np.full((64, 64, 3), 3 * step, np.uint8)
            strip = f"runs/{name}/strip/{step:06d}.png"
            save_png(project / strip, picture)
            yield StripWritten(step=step, image=strip)
            yield LossMeasured(step=step, loss=1 / step)
    path = f"embeddings/{safe_name(job.anomaly)}/{name}.safetensors"
    record = {"anomaly": job.anomaly, "name": name, "backbone": "embedded", "provenance": {"steps": steps}}
    with write_atomically(project / path) as temporary:
        save_file({"vectors": np.zeros((2, 8), np.float32)}, temporary, {"anogen": json.dumps(record)})
    yield EmbeddingWritten(anomaly=job.anomaly, name=name, path=path, backbone="embedded", steps=steps)


def _generate(job: GenerateJob) -> Events:
    run_name = f"quick-{job.settings.seed}"
    yield Started(title=f"Generating {job.anomaly}")
    for index in range(job.settings.count):
        placement = job.placements[index % len(job.placements)]
        boxes = placement.boxes or (Box(center_x=32, center_y=32, width=16, height=16),)
        time.sleep(_STEP_S)
        yield Progress(step=index, total=job.settings.count, stage="Generating")
        yield _sample(job, run_name, index, placement.photo, boxes)


def _sample(job: GenerateJob, run_name: str, index: int, photo: str, boxes: tuple[Box, ...]) -> SampleWritten:
    project = Path(job.project)
    picture = read_photo(project / photo).copy()
    mask = np.zeros(picture.shape[:2], bool)
    for box in boxes:
        left, top, right, bottom = (max(0, round(edge)) for edge in box.bounds())
        mask[top:bottom, left:right] = True
    picture[mask] = (index * 40) % 256
    seed = (job.settings.seed or 0) + index
    stem = f"samples/{safe_name(job.anomaly)}/{run_name}/{index:05d}-{Path(photo).stem}"
    record = {
        "anomaly": job.anomaly,
        "photo": photo,
        "seed": seed,
        "embedding": job.embedding,
        "boxes": msgspec.to_builtins(boxes),
    }
    save_png(project / f"{stem}_mask.png", mask)
    save_png(project / f"{stem}.png", picture, {"anogen": json.dumps(record)})
    return SampleWritten(
        photo=photo, image=f"{stem}.png", mask=f"{stem}_mask.png", seed=seed, boxes=boxes,
        anomaly=job.anomaly, embedding=job.embedding,
    )  # fmt: skip


def _preview(job: PreviewJob) -> Events:
    left, top, right, bottom = job.box.bounds()
    buffer = io.BytesIO()
    Image.new("RGB", (max(1, round(right - left)), max(1, round(bottom - top))), "red").save(buffer, "JPEG")
    time.sleep(_STEP_S)
    yield PreviewReady(jpeg_base64=base64.b64encode(buffer.getvalue()).decode(), photo=job.photo, step=1)


def _scatter(job: ScatterJob) -> Events:
    photo = read_photo(Path(job.project) / job.photo)
    rng = np.random.default_rng(job.seed)
    height, width = photo.shape[:2]
    boxes = tuple(
        Box(center_x=float(rng.uniform(10, width - 10)), center_y=float(rng.uniform(10, height - 10)),
            width=12.0, height=8.0, angle_deg=float(rng.uniform(-90, 90)))
        for _ in range(job.count)
    )  # fmt: skip
    yield BoxesProposed(photo=job.photo, boxes=boxes)


if __name__ == "__main__":
    sys.setswitchinterval(0.001)
    serve_stdio(run, describe=lambda: "a pen")
