"""Samples for tests of the window: rows without files, and samples of a project with pictures."""

from collections.abc import Sequence
from typing import Any

import msgspec

from engine.geometry import Box
from engine.project import Project, SampleRow
from engine.protocol import SampleFlag, SampleWritten
from tests.engine.project.product import write_sample

BOX = Box(center_x=18, center_y=15, width=12, height=10)


def sample_row(id: int, **fields: Any) -> SampleRow:
    """A sample that no project knows."""
    row = SampleRow(
        id=id,
        path=f"samples/crack/run/{id:06}.png",
        mask=f"samples/crack/run/{id:06}_mask.png",
        photo="photos/good/000.png",
        anomaly="crack",
        embedding="embeddings/crack/first.safetensors",
        run="run",
        seed=id,
        boxes=(BOX,),
        flags=(),
        verdict="undecided",
        stars=0,
        created=f"2026-01-01T10:{id % 60:02}:00+00:00",
        is_missing=False,
    )
    return msgspec.structs.replace(row, **fields)


def record_sample(project: Project, stem: str, anomaly: str = "crack", **fields: Any) -> int:
    """Enter a sample into the catalogue, without files; its number."""
    path = f"samples/{anomaly}/run1/{stem}.png"
    event = SampleWritten(
        photo="photos/good/000.png",
        image=path,
        mask=path.replace(".png", "_mask.png"),
        seed=7,
        boxes=(BOX,),
        anomaly=anomaly,
        embedding=f"embeddings/{anomaly}/first.safetensors",
    )
    project.record(msgspec.structs.replace(event, **fields))
    return number_of(project, path)


def record_pictures(
    project: Project, stems: Sequence[str], flags: tuple[SampleFlag, ...] = (), **options: Any
) -> list[int]:
    """Enter samples whose pictures are there, each with these flags; their numbers."""
    numbers = []
    for stem in stems:
        event = write_sample(project.folder, stem, **options)
        project.record(msgspec.structs.replace(event, flags=flags))
        numbers.append(number_of(project, event.image))
    return numbers


def number_of(project: Project, path: str) -> int:
    sample = project.sample_at(path)
    assert sample is not None
    return sample.id
