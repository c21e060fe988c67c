"""Export as a YOLO detection data set."""

import json
from collections.abc import Iterator
from pathlib import Path

from engine.data.files import write_atomically
from engine.errors import EngineError
from engine.project.exported import EXPORTING, ExportedSample, category_names, copy_into, left_out
from engine.project.instances import Instance
from engine.project.project import Project
from engine.protocol import Event, Progress

_VAL_EVERY = 5


def write(project: Project, samples: list[ExportedSample], out: Path) -> Iterator[Event]:
    """Write images/, labels/ and data.yaml into `out`.

    Every fifth photo's samples are for validation: those on the same photo stay on one side, so that no
    background is in both. With fewer than five photos, all are for training, and data.yaml says so.
    """
    categories = category_names(samples)
    held_out = set(sorted({sample.row.photo for sample in samples})[_VAL_EVERY - 1 :: _VAL_EVERY])
    for step, sample in enumerate(samples, start=1):
        yield Progress(step=step, total=len(samples), stage=EXPORTING)
        category = categories.index(sample.row.anomaly)
        try:
            lines = [label_line(category, instance) for instance in sample.instances()]
        except EngineError as error:
            yield left_out(error)
            continue
        part = "val" if sample.row.photo in held_out else "train"
        copy_into(sample.image, out / "images" / part / f"{sample.name}.png")
        _write_text(out / "labels" / part / f"{sample.name}.txt", "".join(lines))
    _write_text(out / "data.yaml", _describe(categories, has_val=bool(held_out)))


def label_line(category: int, instance: Instance) -> str:
    """Class, centre x, centre y, width, height; the last four as parts of the sample's sides."""
    window, size = instance.window, instance.size
    center_x, center_y = (window.left + window.right) / 2, (window.top + window.bottom) / 2
    across = f"{center_x / size.width:.6f} {center_y / size.height:.6f}"
    return f"{category} {across} {window.width / size.width:.6f} {window.height / size.height:.6f}\n"


def _describe(categories: list[str], has_val: bool) -> str:
    lines = ["train: images/train"]
    if has_val:
        lines.append("val: images/val")
    else:
        lines += ["# too few photos to hold some out: replace this by real photos", "val: images/train"]
    lines.append("names:")
    lines += [f"  {number}: {json.dumps(name, ensure_ascii=False)}" for number, name in enumerate(categories)]
    return "\n".join(lines) + "\n"


def _write_text(path: Path, text: str) -> None:
    with write_atomically(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
