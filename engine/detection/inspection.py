"""The job *inspect*: anomaly maps and scores of photos, as pictures, as numbers, as a table."""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np

from engine.colour_scale import overlay
from engine.data.files import safe_name, write_atomically
from engine.data.images import read_photo, save_png
from engine.detection.calibration import read_threshold
from engine.detection.heatmaps import raw_levels
from engine.detection.maps import write_map
from engine.detection.photos import to_input, to_tensor
from engine.detection.trained import Network, load_network
from engine.errors import EngineError, StopAndKeep
from engine.protocol import Event, FileRefused, FileWritten, InspectJob, Progress, Started

SCORES = "scores.csv"
_COLUMNS = ("file", "score", "verdict", "heatmap", "map")


def inspect(job: InspectJob) -> Iterator[Event]:
    """Look for anomalies on photos.

    Yields: Started; for each photo PhotoInspected or FileRefused, and Progress; where a folder is given, FileWritten:
        each photo's heatmap, at the end the scores of all as CSV.
    Raises:
        EngineError: the run has no detector; there are no files, or none of them can be used; the disk is full.
    """
    if not job.files:
        raise EngineError("There are no photos to inspect.", "Name photos, or a folder of them.")
    network = load_network(Path(job.project), job.run)
    yield Started(title=f"Inspecting {len(job.files)} file{'s' * (len(job.files) != 1)} with {job.run}")
    project, rows = Path(job.project), list[tuple[str, ...]]()
    verdict_of = _judge(job)
    names = _names(job.files)
    inspected = 0
    refusal: EngineError | None = None
    with suppress(StopAndKeep):
        for place, (file, name) in enumerate(zip(job.files, names, strict=True)):
            try:
                photo = read_photo(project / file)
            except EngineError as error:
                refusal = error
                yield FileRefused(path=file, reason=str(error))
            else:
                found, score = look_at(network, photo)
                inspected += 1
                yield write_map(project, job.run, file, found, score)
                if job.out:
                    written = _write_pictures(Path(job.out), name, photo, found)
                    rows.append((file, f"{score:.6f}", verdict_of(score), *written))
                    yield FileWritten(path=str(Path(job.out) / written[0]), what=f"score {score:.6f}")
            yield Progress(step=place + 1, total=len(job.files), stage="inspecting")
    if refusal is not None and not inspected:
        raise refusal
    if job.out:
        scores = Path(job.out) / SCORES
        _write_scores(scores, rows)
        yield FileWritten(path=str(scores), what=f"scores of {len(rows)} photo{'s' * (len(rows) != 1)}")


def look_at(network: Network, photo: np.ndarray) -> tuple[np.ndarray, float]:
    """The map of a photo (H, W, 3) uint8, (S, S) float32 in [0, 1] at the detector's size, and its score."""
    maps, scores = network.infer(to_input(to_tensor(photo, network.side))[None])
    return maps[0].numpy().clip(0, 1), float(scores[0])


def _write_pictures(out: Path, name: str, photo: np.ndarray, found: np.ndarray) -> tuple[str, str]:
    """Write the heatmap of a photo and its raw map, both at the photo's size; their names."""
    height, width = photo.shape[:2]
    grown = cv2.resize(found, (width, height), interpolation=cv2.INTER_LINEAR)
    heatmap, raw = f"{name}_heatmap.png", f"{name}_map.png"
    save_png(out / heatmap, overlay(photo, grown))
    save_png(out / raw, raw_levels(grown))
    return heatmap, raw


def _judge(job: InspectJob) -> Callable[[float], str]:
    """Says OK, look again or NG of a score; '' where neither a person nor good photos held out say what is much."""
    reject_above = job.reject_above
    if reject_above is None:
        calibrated = read_threshold(Path(job.project), job.run)
        reject_above = calibrated.value if calibrated else None
    if reject_above is None:
        return lambda _score: ""
    look_again_above = reject_above if job.look_again_above is None else job.look_again_above
    return lambda score: "NG" if score > reject_above else "look again" if score > look_again_above else "OK"


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
