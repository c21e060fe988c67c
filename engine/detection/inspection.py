"""The job *inspect*: anomaly maps and scores of photos, as pictures, as numbers, as a table."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np

from engine.colour_scale import overlay
from engine.data.files import safe_name, write_atomically
from engine.data.images import read_photo, save_png
from engine.detection.heatmaps import raw_levels
from engine.detection.photos import to_input, to_tensor
from engine.detection.trained import Network, load_network
from engine.errors import EngineError, StopAndKeep
from engine.protocol import Event, FileRefused, FileWritten, InspectJob, Progress, Started

SCORES = "scores.csv"
_COLUMNS = ("file", "score", "heatmap", "map")


def inspect(job: InspectJob) -> Iterator[Event]:
    """Look for anomalies on photos.

    Yields: Started; for each photo FileWritten (its heatmap) or FileRefused, and Progress; FileWritten, the scores of
        all as CSV.
    Raises:
        EngineError: the run has no detector; there are no files, or none of them can be used; the disk is full.
    """
    if not job.files:
        raise EngineError("There are no photos to inspect.", "Name photos, or a folder of them.")
    network = load_network(Path(job.project), job.run)
    yield Started(title=f"Inspecting {len(job.files)} file{'s' * (len(job.files) != 1)} with {job.run}")
    out, rows = Path(job.out), list[tuple[str, ...]]()
    names = _names(job.files)
    refusal: EngineError | None = None
    with suppress(StopAndKeep):
        for place, (file, name) in enumerate(zip(job.files, names, strict=True)):
            try:
                photo = read_photo(Path(file))
            except EngineError as error:
                refusal = error
                yield FileRefused(path=file, reason=str(error))
            else:
                rows.append(_inspect(network, photo, file, out, name))
                yield FileWritten(path=str(out / rows[-1][2]), what=f"score {rows[-1][1]}")
            yield Progress(step=place + 1, total=len(job.files), stage="inspecting")
    if refusal is not None and not rows:
        raise refusal
    _write_scores(out / SCORES, rows)
    yield FileWritten(path=str(out / SCORES), what=f"scores of {len(rows)} photo{'s' * (len(rows) != 1)}")


def anomaly_map(network: Network, photo: np.ndarray) -> tuple[np.ndarray, float]:
    """The map of a photo (H, W, 3) uint8, (H, W) float32 in [0, 1] at its own size, and its score."""
    maps, scores = network.infer(to_input(to_tensor(photo, network.side))[None])
    height, width = photo.shape[:2]
    grown = cv2.resize(maps[0].numpy(), (width, height), interpolation=cv2.INTER_LINEAR)
    return grown.clip(0, 1), float(scores[0])


def _inspect(network: Network, photo: np.ndarray, file: str, out: Path, name: str) -> tuple[str, ...]:
    """Write heatmap and raw map of a photo; its row of the table."""
    found, score = anomaly_map(network, photo)
    heatmap, raw = f"{name}_heatmap.png", f"{name}_map.png"
    save_png(out / heatmap, overlay(photo, found))
    save_png(out / raw, raw_levels(found))
    return file, f"{score:.6f}", heatmap, raw


def _names(files: Sequence[str]) -> list[str]:
    """A name for what is written of each file: its own, with a number where two are alike."""
    names: list[str] = []
    for file in files:
        stem, number = safe_name(Path(file).stem), 2
        name = stem
        while name.lower() in {other.lower() for other in names}:
            name, number = f"{stem}-{number}", number + 1
        names.append(name)
    return names


def _write_scores(path: Path, rows: Sequence[tuple[str, ...]]) -> None:
    with write_atomically(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        writer.writerows(rows)
