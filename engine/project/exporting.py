"""Export: the samples that were accepted, in the layouts that trainers read.

    mvtec   train/good: the project's good photos; test/good: its normal test photos; test/<anomaly>: the
            samples; ground_truth/<anomaly>/<sample>_mask.png: their masks, 0 and 255.
    coco    images/, annotations.json: one annotation an anomaly, with its box and its mask as run lengths.
    yolo    images/{train,val}/, labels/{train,val}/, data.yaml: one line an anomaly, class and box.

An export is made beside its target and renamed when it is whole: a half one is never found there.
"""

import contextlib
import itertools
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from engine.data.files import safe_name, write_error
from engine.errors import EngineError
from engine.project import coco, mvtec, yolo
from engine.project.exported import ExportedSample
from engine.project.project import Project
from engine.protocol import Event, FileWritten, Warned

ExportFormat = Literal["mvtec", "coco", "yolo"]


def export_samples(
    project: Project, format: ExportFormat, out: Path, include_all: bool = False
) -> Iterator[Event]:
    """Write the accepted samples, or all of them, to the folder `out`.

    Yields:
        Progress; Warned for each sample that is gone or damaged; at the end FileWritten (absolute path).
    Raises:
        EngineError: unknown format; `out` is not empty or cannot be written to; there is nothing to export.
    """
    writers = {"mvtec": mvtec.write, "coco": coco.write, "yolo": yolo.write}
    if format not in writers:
        raise EngineError(f"'{format}' is no export format.", f"Use one of: {', '.join(writers)}.")
    samples, warnings = _chosen(project, include_all)
    out = Path(out).expanduser().resolve()
    with _made_beside(out) as folder:
        yield from warnings
        yield from writers[format](project, samples, folder)
    count = len(samples)
    yield FileWritten(path=str(out), what=f"{format} export of {count} sample{'s' * (count != 1)}")


def _chosen(project: Project, include_all: bool) -> tuple[list[ExportedSample], list[Warned]]:
    """The samples to export, each with a name of its own, and a warning for each that is gone."""
    rows = project.samples(verdict=None if include_all else "accepted")
    if not rows:
        if include_all or not project.samples():
            raise EngineError("There are no samples to export.", "Generate some with `anogen generate`.")
        raise EngineError("No sample is accepted yet.", "Accept some, or export all of them with `--all`.")
    samples: list[ExportedSample] = []
    warnings: list[Warned] = []
    taken: set[str] = set()
    for row in rows:
        image, mask = project.folder / row.path, project.folder / row.mask
        if not (image.is_file() and mask.is_file()):
            warnings.append(Warned(message=f"The sample {image} was deleted and is left out."))
            continue
        name = _free_name(f"{safe_name(row.anomaly)}-{image.stem}", taken)
        taken.add(name.lower())
        samples.append(ExportedSample(name, row, image, mask))
    if not samples:
        raise EngineError("The files of all samples were deleted.", "Generate them again.")
    return samples, warnings


def _free_name(name: str, taken: set[str]) -> str:
    names = itertools.chain([name], (f"{name}-{number}" for number in itertools.count(2)))
    return next(free for free in names if free.lower() not in taken)


@contextmanager
def _made_beside(out: Path) -> Iterator[Path]:
    """A new folder beside `out` that becomes `out` at the end, and is removed after an error."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise EngineError(f"{out} is not empty.", "Choose a new folder for the export.")
    unfinished = out.with_name(f".{out.name}-{uuid.uuid4().hex[:8]}")
    try:
        unfinished.mkdir(parents=True)
        yield unfinished
        with contextlib.suppress(FileNotFoundError):
            out.rmdir()
        os.replace(unfinished, out)
    except OSError as error:
        raise write_error(out, error) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
