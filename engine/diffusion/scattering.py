"""The job *scatter*: boxes at random places where an anomaly could occur, for a person to look through."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np

from engine.diffusion.at_hand import photo_at
from engine.diffusion.embedding import AnomalyEmbedding
from engine.diffusion.placement import place_one_by_one
from engine.geometry import DEFAULT_BOX_RANGE, Box, BoxRange
from engine.protocol import BoxesProposed, Event, Progress, ScatterJob, ScatterSettings


def scatter(job: ScatterJob) -> Iterator[Event]:
    """Propose boxes on the part, sized and turned as the embedding's supports or the settings say. Writes nothing.

    Where the job says around which places, these decide, and not how deep in the part the supports' anomalies lie.

    Yields: Progress, BoxesProposed.
    Raises:
        EngineError: the photo or the embedding cannot be used.
    """
    project = Path(job.project)
    learned = AnomalyEmbedding.load(project / job.embedding).provenance.box_range if job.embedding else None
    box_range = with_settings(learned or DEFAULT_BOX_RANGE, job.settings)
    rng = np.random.default_rng(job.seed)
    boxes: list[Box] = []
    for box in place_one_by_one(
        photo_at(project / job.photo), job.count, box_range, rng, job.others, job.around
    ):
        boxes.append(box)
        yield Progress(step=len(boxes), total=job.count, stage="boxes")
    yield BoxesProposed(photo=job.photo, boxes=tuple(boxes), box_range=box_range)


def with_settings(box_range: BoxRange, settings: ScatterSettings) -> BoxRange:
    """The range with what a person has set in its place; where one end is beyond the other, they are swapped."""
    percent = settings.on_part
    return msgspec.structs.replace(
        box_range,
        width=_pair(box_range.width, settings.width_from, settings.width_to, 0.01),
        height=_pair(box_range.height, settings.height_from, settings.height_to, 0.01),
        angle_deg=_pair(box_range.angle_deg, settings.angle_from, settings.angle_to, 1.0),
        on_part=box_range.on_part if percent is None else percent * 0.01,
    )


def _pair(
    pair: tuple[float, float], least: float | None, most: float | None, factor: float
) -> tuple[float, float]:
    """`pair` with the ends that are set, times `factor`."""
    ends = [
        learned if chosen is None else chosen * factor
        for learned, chosen in zip(pair, (least, most), strict=True)
    ]
    return min(ends), max(ends)
