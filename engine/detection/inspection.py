"""The job *inspect*: anomaly maps and scores of photos, as pictures, as numbers, as a table."""

import csv
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from engine.colour_scale import overlay
from engine.data.files import safe_name, write_atomically
from engine.data.images import read_photo, save_png
from engine.detection.ahead import work_ahead
from engine.detection.calibration import read_threshold
from engine.detection.maps import raw_levels, write_map
from engine.detection.photos import to_input, to_tensor
from engine.detection.trained import Network, load_network
from engine.errors import EngineError, StopAndKeep
from engine.protocol import Event, FileRefused, FileWritten, InspectJob, Progress, Started

SCORES = "scores.csv"
_WRITERS = 2  # compressing two pictures of a photo takes longer than looking at it
_COLUMNS = ("file", "score", "verdict", "heatmap", "map")


@dataclass(frozen=True)
class _Seen:
    """A photo that the detector looked at; `photo` is None where no pictures are asked for."""

    file: str
    name: str
    photo: np.ndarray | None
    anomaly_map: np.ndarray
    score: float


@dataclass(frozen=True)
class _Written:
    """What is to be told of a photo, and its row of the table; none where no pictures are asked for."""

    told: tuple[Event, ...]
    row: tuple[str, ...] = ()


def inspect(job: InspectJob) -> Iterator[Event]:
    """Look for anomalies on photos, one at a time: the next is read and the last is written meanwhile.

    Yields: Started; for each photo PhotoInspected or FileRefused, and Progress; where a folder is given, FileWritten:
        each photo's heatmap, at the end the scores of all as CSV.
    Raises:
        EngineError: the run has no detector; there are no files, or none of them can be used; the disk is full.
    """
    if not job.files:
        raise EngineError("There are no photos to inspect.", "Name photos, or a folder of them.")
    network = load_network(Path(job.project), job.run)
    yield Started(title=f"Inspecting {len(job.files)} file{'s' * (len(job.files) != 1)} with {job.run}")
    rows = list[tuple[str, ...]]()
    inspected = 0
    refusal: EngineError | None = None
    with suppress(StopAndKeep), closing(_results(job, network)) as results:
        for place, (file, result) in enumerate(zip(job.files, results, strict=True)):
            if isinstance(result, EngineError):
                refusal = result
                yield FileRefused(path=file, reason=str(result))
            else:
                inspected += 1
                rows += [result.row] if result.row else []
                yield from result.told
            yield Progress(step=place + 1, total=len(job.files), stage="inspecting")
    if refusal is not None and not inspected:
        raise refusal
    if job.out:
        scores = Path(job.out) / SCORES
        _write_scores(scores, rows)
        yield FileWritten(path=str(scores), what=f"scores of {len(rows)} photo{'s' * (len(rows) != 1)}")


def _results(job: InspectJob, network: Network) -> Generator[_Written | EngineError, None, None]:
    """For each file what was written of it, or why it cannot be read; each kind of work goes on in a thread."""
    project, verdict_of = Path(job.project), _judge(job)

    def read(file: str) -> np.ndarray | EngineError:
        try:
            return read_photo(project / file)
        except EngineError as error:
            return error

    def look(file: str, name: str, photo: np.ndarray | EngineError) -> _Seen | EngineError:
        if isinstance(photo, EngineError):
            return photo
        maps, scores = network.infer(to_input(to_tensor(photo, network.side))[None])
        kept = photo if job.out else None  # photos are large
        return _Seen(file, name, kept, maps[0].numpy().clip(0, 1), float(scores[0]))

    def write(seen: _Seen | EngineError) -> _Written | EngineError:
        if isinstance(seen, EngineError):
            return seen
        told = write_map(project, job.run, seen.file, seen.anomaly_map, seen.score)
        if seen.photo is None:
            return _Written((told,))
        score = f"{seen.score:.6f}"
        pictures = _write_pictures(Path(job.out), seen.name, seen.photo, seen.anomaly_map)
        heatmap = FileWritten(path=str(Path(job.out) / pictures[0]), what=f"score {score}")
        return _Written((told, heatmap), (seen.file, score, verdict_of(seen.score), *pictures))

    with closing(work_ahead(read, job.files)) as photos:
        seen = map(look, job.files, _names(job.files), photos)
        yield from work_ahead(write, seen, _WRITERS)


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
    names: dict[str, str] = {}  # by the name without capitals
    for file in files:
        stem, number = safe_name(Path(file).stem), 2
        name = stem
        while name.lower() in names:
            name, number = f"{stem}-{number}", number + 1
        names[name.lower()] = name
    return list(names.values())


def _write_scores(path: Path, rows: Sequence[tuple[str, ...]]) -> None:
    with write_atomically(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        writer.writerows(rows)
