"""The facts of a report, from the project: its catalogue, the run's folder, and the job that made the detector."""

import datetime
from collections.abc import Iterable, Sequence

from engine.errors import EngineError
from engine.project import Project
from engine.project.detecting import find_training, not_counted, photos_to_measure_on
from engine.project.planning import Warn, ignore
from engine.project.rows import Inspection, RunRow, SampleRow
from engine.protocol import DETECTOR_FILE, EVALUATION_FILE, InspectedPhoto, TrainJob
from engine.reporting.bands import bands_of, held_out_scores
from engine.reporting.facts import (
    Bands,
    Example,
    Figure,
    KeptOut,
    Learned,
    Opinions,
    Report,
    Result,
)
from engine.reporting.figures import is_newer, read_evaluation
from engine.reporting.kinds import is_anomalous, kind_of
from engine.reporting.provenance import settings_of
from engine.reporting.scores import Scores
from engine.reporting.selection import spread
from engine.version import software

_EXAMPLES = 4


def gather(project: Project, reference: str, warn: Warn = ignore) -> Report:
    """What there is to tell of the detector of a run, which `reference` names, or begins.

    Raises:
        EngineError: no such run; it has no detector; there are no test photos; it has not looked at any of them.
    """
    row = _trained(project, reference)
    assert isinstance(row.job, TrainJob)
    measured = photos_to_measure_on(project, warn)
    to_measure = f"`anogen evaluate {project.folder} {row.name}` does that."
    inspections = project.inspections(row.name)
    bands = bands_of(row, held_out_scores(row, inspections))
    fair = {each.photo for each in measured if each.is_fair}
    results = _results(project, row.job, inspections, measured, bands)
    tests = [each for each in results if each.kind == "test"]
    if not tests:
        raise EngineError(f"The detector {row.name} has not looked at the test photos yet.", to_measure)
    classes = {each.anomaly for each in tests}
    samples = _samples(project, row.job)
    return Report(
        product=project.name,
        run=row.name,
        title=row.title or row.name,
        note=row.note,
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="minutes"),
        bands=bands,
        results=tuple(results),
        outcomes=_scores(tests).outcomes(bands) if bands else None,
        not_inspected=len(fair - {each.photo for each in results}),
        figures=_figures(project, row),
        to_measure=to_measure,
        kept_out=tuple(KeptOut(each.photo, _why_kept_out(each)) for each in measured if not each.is_fair),
        learned=_learned(project, row.job, samples),
        opinions=_opinions(tests),
        untested=tuple(each.name for each in project.anomalies() if each.name not in classes),
        settings=settings_of(project, row, row.job, bands, tests, samples),
        software=software(),
    )


def _trained(project: Project, reference: str) -> RunRow:
    """The run that is meant. Raises EngineError where there is none, or its training has not ended."""
    run = find_training(project, reference)
    if not (project.folder / "runs" / run.name / DETECTOR_FILE).is_file():
        raise EngineError(
            f"The run “{run.name}” has no trained detector.",
            "Start its training again; it goes on where it was.",
        )
    return run


# --- photos --------------------------------------------------------------------------------------------


def _results(
    project: Project,
    job: TrainJob,
    inspections: Iterable[Inspection],
    measured: Iterable[InspectedPhoto],
    bands: Bands | None,
) -> list[Result]:
    """Every photo that was looked at, the most anomalous first; of those `measured` on, the fair ones count."""
    photos = {photo.path: photo for photo in project.photos()}
    opinions, held_out = project.opinions(), set(job.held_out)
    left_out = {each.photo for each in measured if not each.is_fair}
    missing = photos.keys() - {each.photo for each in measured}
    results = []
    for each in inspections:
        photo = photos.get(each.photo)
        results.append(
            Result(
                photo=each.photo,
                picture=project.folder / each.photo,
                map=project.folder / each.map,
                kind=kind_of(each.photo, photo, held_out, left_out, missing),
                is_anomalous=is_anomalous(photo) if photo else None,
                anomaly=photo.anomaly if photo else "",
                mask=project.folder / photo.mask if photo and photo.mask else None,
                score=each.score,
                band=bands.of(each.score) if bands else None,
                opinion=opinions.get(each.photo),
            )
        )
    return sorted(results, key=lambda result: (-result.score, result.photo))


def _scores(tests: Iterable[Result]) -> Scores:
    return Scores.of_photos((each.score, bool(each.is_anomalous)) for each in tests)


def _why_kept_out(photo: InspectedPhoto) -> str:
    """Why a photo that could be a test photo does not count."""
    if photo.is_support:
        return "a support photo: an anomaly embedding was learned from it"
    return "samples were made for the anomaly that was missed on it"


def _opinions(tests: Iterable[Result]) -> Opinions:
    given = [each for each in tests if each.opinion is not None]
    return Opinions(
        photos=len(given),
        unlike_truth=tuple(each.name for each in given if each.opinion != each.is_anomalous),
        unlike_detector=tuple(each.name for each in given if each.band == ("ok" if each.opinion else "ng")),
    )


# --- figures, and what was learned from ----------------------------------------------------------------


def _figures(project: Project, row: RunRow) -> tuple[Figure, ...] | None:
    """The figures without photos that do not count; None where the detector was not measured so."""
    folder = project.folder / "runs" / row.name
    file = folder / EVALUATION_FILE
    if not is_newer(file, folder / DETECTOR_FILE):
        return None
    return read_evaluation(file).figures_without(not_counted(project, project.runs())) or None


def _samples(project: Project, job: TrainJob) -> list[SampleRow]:
    """Those that the detector learned from and that the project still knows."""
    known = {row.path: row for row in project.samples()}
    return [known[each.image] for each in job.samples if each.image in known]


def _learned(project: Project, job: TrainJob, there: Sequence[SampleRow]) -> Learned:
    """What the job says that was learned from, and what people think of those samples by now."""
    counts = [(verdict, sum(row.verdict == verdict for row in there)) for verdict in _VERDICTS]
    present = [row for row in there if not row.is_missing]
    return Learned(
        goods=len(job.goods),
        held_out=len(job.held_out),
        samples=len(job.samples),
        verdicts=tuple((verdict, count) for verdict, count in counts if count),
        gone=len(job.samples) - len(present),
        examples=tuple(_example(project, row) for row in spread(present, _EXAMPLES)),  # of every class
    )


_VERDICTS = ("accepted", "undecided", "rejected")


def _example(project: Project, row: SampleRow) -> Example:
    return Example(project.folder / row.path, row.anomaly, row.verdict)
