"""The jobs *evaluate a run* and *compare runs*: how well detectors find the anomalies on test photos."""

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from engine.data.files import write_json
from engine.detection.bootstrap import Comparison, compare, evaluate
from engine.detection.calibration import read_scores, tell_threshold
from engine.detection.looking import Seen, check_measurable, look
from engine.detection.metrics import METRICS
from engine.detection.trained import load_network
from engine.errors import EngineError
from engine.protocol import (
    EVALUATION_FILE,
    CompareRunsJob,
    EvaluateRunJob,
    Event,
    FileWritten,
    InspectedPhoto,
    Measured,
    Started,
    Warned,
)
from engine.reporting.facts import Bands
from engine.reporting.scores import Scores

LABELS = {
    "image_auroc": "image AUROC",
    "image_ap": "image AP",
    "image_f1": "image F1",
    "pixel_auroc": "pixel AUROC",
    "pixel_ap": "pixel AP",
    "pixel_f1": "pixel F1",
    "aupro": "AUPRO",
}


def evaluate_run(job: EvaluateRunJob) -> Iterator[Event]:
    """Measure the detector of a run.

    Yields: Started; Warned where samples were made for test photos; Progress and FileRefused while photos are looked
        at; Measured, each figure with all photos, then with those alone that nothing was learned from (without
        supports and origins); where good photos were held out, the threshold that few of them exceed, and how many
        photos it gets wrong; PhotoInspected; FileWritten, the figures as JSON in the run's folder.
    Raises:
        EngineError: the run has no detector; the photos are all normal or all anomalous; none can be read.
    """
    project = Path(job.project)
    check_measurable(job.photos)
    network = load_network(project, job.run)
    yield Started(title=f"Measuring {job.run} on {len(job.photos)} photos")
    yield from _warn_of_origins(job.photos)
    seen = yield from look(network, project, job.photos, run=job.run)
    check_measurable([each.photo for each in seen])
    figures: list[Measured] = []
    for group, chosen in _groups(seen):
        figures += _figures(chosen, group, job.resamples)
    yield from figures
    scores = read_scores(project, job.run)
    if scores:
        threshold = yield from tell_threshold(scores, job.false_alarm_target)
        yield from _tell_outcomes(seen, threshold.value)
    path = f"runs/{job.run}/{EVALUATION_FILE}"
    _write(project / path, figures, seen)
    yield FileWritten(path=path, what="the figures, and the score of each photo")


def compare_runs(job: CompareRunsJob) -> Iterator[Event]:
    """Measure two detectors on the same real photos, those alone that nothing was learned from.

    Yields: Started; Warned where samples were made for test photos, which are left out; Progress and FileRefused while
        photos are looked at; Measured, for each figure how much larger the second run's is, its unit the conclusion:
        helped, hurt, or no measurable change; FileWritten, the same as JSON in the second run's folder.
    Raises:
        EngineError: a run has no detector; the photos are all normal or all anomalous; the detectors' sizes differ.
    """
    project = Path(job.project)
    photos = tuple(photo for photo in job.photos if photo.is_fair)
    check_measurable(photos)
    first, second = load_network(project, job.first), load_network(project, job.second)
    if first.side != second.side:
        raise EngineError(
            f"{job.first} looks at {first.side} pixels a side and {job.second} at {second.side}.",
            "Figures of pixels can only be compared at one size; train both with the same --side.",
        )
    yield Started(title=f"Comparing {job.second} with {job.first} on {len(photos)} photos")
    yield from _warn_of_origins(job.photos)
    before = yield from look(first, project, photos, 0, 2 * len(photos))
    check_measurable([each.photo for each in before])
    after = yield from look(second, project, photos, len(photos), 2 * len(photos))
    compared = compare([s.summary for s in before], [s.summary for s in after], job.resamples)
    measurable = {name: compared[name] for name in METRICS if not math.isnan(compared[name].difference.value)}
    for name, each in measurable.items():
        found = each.difference
        interval = (found.low, found.high)
        yield Measured(name=LABELS[name], value=found.value, interval=interval, unit=each.conclusion)
    path = f"runs/{job.second}/compared-{job.first}.json"
    origins = sum(photo.is_origin for photo in job.photos)
    _write_comparison(project / path, measurable, len(before), origins)
    yield FileWritten(path=path, what=f"how {job.second} compares with {job.first}")


def _groups(seen: Sequence[Seen]) -> list[tuple[str, list[Seen]]]:
    """All photos, as papers have it, and those that nothing was learned from."""
    others = [each for each in seen if each.photo.is_fair]
    return [("all test", list(seen)), ("supports excluded", others)]


def _warn_of_origins(photos: Sequence[InspectedPhoto]) -> Iterator[Warned]:
    count = sum(photo.is_origin for photo in photos)
    if count:
        which = "1 test photo is" if count == 1 else f"{count} test photos are"
        yield Warned(
            message=f"{which} left out where nothing may be learned from: samples were made for the missed anomalies"
            " there, as large and in the same places."
        )


def _figures(seen: Sequence[Seen], group: str, resamples: int) -> list[Measured]:
    """Every metric that has something to compare: without masks, there are none of pixels."""
    found = evaluate([each.summary for each in seen], resamples)
    return [
        Measured(
            name=f"{LABELS[name]}, {group}",
            value=found[name].value,
            interval=(found[name].low, found[name].high),
        )
        for name in METRICS
        if not math.isnan(found[name].value)
    ]


def _tell_outcomes(seen: Sequence[Seen], threshold: float) -> Iterator[Measured]:
    """Which share of the anomalous photos is missed, and of the good ones a false alarm; of fair photos alone."""
    scores = Scores.of_photos(
        (each.summary.score, each.photo.is_anomalous) for each in seen if each.photo.is_fair
    )
    found = scores.outcomes(Bands(threshold, threshold))
    for name, share in (("missed", found.missed), ("false alarms", found.false_alarms)):
        if share.total:
            yield Measured(
                name=f"{name}, {share.count} of {share.total}",
                value=share.count / share.total,
                interval=(share.low, share.high),
            )


def _write(path: Path, figures: Sequence[Measured], seen: Sequence[Seen]) -> None:
    content = {
        "figures": [{"name": each.name, "value": each.value, "interval": each.interval} for each in figures],
        "photos": [
            {
                "photo": each.photo.photo,
                "score": each.summary.score,
                "is_anomalous": each.photo.is_anomalous,
                "is_support": each.photo.is_support,
                "is_origin": each.photo.is_origin,
            }
            for each in seen
        ],
    }
    write_json(path, content)


def _write_comparison(path: Path, compared: Mapping[str, Comparison], photos: int, origins: int) -> None:
    """Each figure of both runs, their difference with its interval, and what follows from it.

    Of `photos`; `origins` test photos are left out, because samples were made for them.
    """
    figures = [
        {
            "name": LABELS[name],
            "before": each.before,
            "after": each.after,
            "difference": each.difference.value,
            "interval": (each.difference.low, each.difference.high),
            "conclusion": each.conclusion,
        }
        for name, each in compared.items()
    ]
    write_json(path, {"figures": figures, "photos": photos, "origins": origins})
