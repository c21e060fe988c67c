"""Export as a COCO detection and segmentation data set."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from engine.data.files import write_atomically
from engine.errors import EngineError
from engine.project.exported import EXPORTING, ExportedSample, category_names, copy_into, left_out
from engine.project.instances import Instance
from engine.project.project import Project
from engine.protocol import Event, Progress


def write(project: Project, samples: list[ExportedSample], out: Path) -> Iterator[Event]:
    """Write images/ and annotations.json into `out`."""
    categories = category_names(samples)
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for step, sample in enumerate(samples, start=1):
        yield Progress(step=step, total=len(samples), stage=EXPORTING)
        try:
            size, instances = sample.size, sample.instances()
        except EngineError as error:
            yield left_out(error)
            continue
        copy_into(sample.image, out / "images" / f"{sample.name}.png")
        file_name = f"{sample.name}.png"
        images.append({"id": step, "file_name": file_name, "width": size.width, "height": size.height})
        category = categories.index(sample.row.anomaly) + 1
        for instance in instances:
            annotations.append(_annotation(len(annotations) + 1, step, category, instance))
    content = {
        "info": {"description": f"Generated anomalies from {project.folder.name}", "version": "1.0"},
        "licenses": [],
        "images": images,
        "annotations": annotations,
        "categories": [
            {"id": number, "name": name, "supercategory": "anomaly"}
            for number, name in enumerate(categories, start=1)
        ],
    }
    with write_atomically(out / "annotations.json") as temporary:
        temporary.write_bytes(msgspec.json.encode(content))


def run_lengths(mask: np.ndarray) -> list[int]:
    """COCO's uncompressed run lengths of (H, W) bool: by column, clear and set ones in turn, clear first."""
    flat = mask.ravel(order="F")
    changes = np.flatnonzero(np.diff(flat)) + 1
    lengths = np.diff(np.concatenate([[0], changes, [flat.size]])).tolist()
    return [0, *lengths] if flat.size and flat[0] else lengths


def _annotation(number: int, image: int, category: int, instance: Instance) -> dict[str, Any]:
    window, size = instance.window, instance.size
    return {
        "id": number,
        "image_id": image,
        "category_id": category,
        "bbox": [window.left, window.top, window.width, window.height],
        "area": instance.area,
        "segmentation": {
            "size": [size.height, size.width],
            "counts": run_lengths(instance.whole_mask()),
        },
        "iscrowd": 0,
    }
