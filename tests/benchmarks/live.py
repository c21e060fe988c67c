"""The live preview against its budget: how long a person waits for the first picture, and for the good one."""

import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.diffusion.backbone import load_backbone
from engine.diffusion.live import preview
from engine.geometry import Box
from engine.protocol import PreviewJob, PreviewReady
from tests.benchmarks.generation import copied, save_embedding
from tests.benchmarks.product import demo_photos, good_photos
from tests.benchmarks.report import Row

Wait = tuple[float, float]
"""Wall and processor seconds."""

FIRST_S, LAST_S = 0.25, 0.5  # a rough picture, and a good one
_STEPS = (4, 6)
_ROUNDS = 8


def measure_live(reference: str) -> list[Row]:
    """The best of some previews of a box that moves: other programs may compute meanwhile."""
    with demo_photos() as photos, TemporaryDirectory() as temporary:
        project = Path(temporary)
        name = copied(good_photos(photos)[0], project)
        embedding = save_embedding(load_backbone(reference), project)
        job = PreviewJob(
            project=str(project),
            embedding=str(embedding.relative_to(project)),
            photo=name,
            box=Box(center_x=150.0, center_y=150.0, width=90.0, height=70.0),
        )
        _waits(job, 0, 2)  # loads
        return [row for steps in _STEPS for row in _measure(job, steps)]


def _measure(job: PreviewJob, steps: int) -> list[Row]:
    rounds = [_waits(job, moved, steps) for moved in range(_ROUNDS)]
    first, last = zip(*rounds, strict=True)
    return [
        _row(f"preview of {steps} steps, first picture, s", FIRST_S, first),
        _row("  last picture, s", LAST_S, last),
    ]


def _waits(job: PreviewJob, moved: int, steps: int) -> tuple[Wait, Wait]:
    """How long until the first picture, and until the last."""
    job = PreviewJob(
        project=job.project,
        embedding=job.embedding,
        photo=job.photo,
        box=job.box.moved(moved, 0),
        seed=moved,  # no earlier drawing that could be shown first
        steps=steps,
    )
    start, start_cpu = time.perf_counter(), time.process_time()
    waits = [
        (time.perf_counter() - start, time.process_time() - start_cpu)
        for event in preview(job)
        if isinstance(event, PreviewReady)
    ]
    return waits[0], waits[-1]


def _row(name: str, budget_s: float, waits: Sequence[Wait]) -> Row:
    wall, cpu = min(wall for wall, _ in waits), min(cpu for _, cpu in waits)
    return Row(name, budget_s, wall, budget_s / wall, 1.0, f"{cpu:.3f} s of the processor")
