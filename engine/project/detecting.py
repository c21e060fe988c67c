"""Jobs for detectors from what is in the project: photos and samples to train on, photos to measure on."""

from collections import Counter
from collections.abc import Iterable, Sequence

from engine.errors import EngineError
from engine.project.anomalies import suggestion
from engine.project.planning import Warn, ignore, present
from engine.project.project import Project
from engine.project.rows import Photo, RunRow, SampleRow
from engine.protocol import (
    ExportDetectorJob,
    ExportFormat,
    GeneratedPhoto,
    InspectedPhoto,
    TrainJob,
    TrainSettings,
)

_SHOWN_BAD, _SHOWN_GOOD = 3, 1
_GOODS_TO_HOLD_OUT, _LEAST_HELD_OUT = 20, 4


def plan_train(
    project: Project, settings: TrainSettings, takes_all: bool = False, warn: Warn = ignore
) -> TrainJob:
    """The job that trains a detector on the good photos and the accepted samples, or all that are not rejected.

    Of twenty good photos and more, every tenth is held out for the threshold, but at least four; which, their contents
    decide, so that they stay the same while photos are added. Heatmaps are made of bad photos and a good one, never of
    test photos. `warn` hears of what is left out.

    Raises:
        EngineError: there are samples, but none is accepted.
    """
    goods, held_out = _hold_out(present(project, project.photos("good"), warn))
    samples = [] if settings.recipe == "baseline" else _samples(project, takes_all)
    bad = [photo for photo in project.photos("bad") if not photo.is_missing]
    shown = [*bad[:_SHOWN_BAD], *goods[:_SHOWN_GOOD]]
    return TrainJob(
        project=str(project.folder),
        goods=tuple(photo.path for photo in goods),
        held_out=tuple(photo.path for photo in held_out),
        samples=tuple(
            GeneratedPhoto(
                image=each.path, photo=each.photo, mask=each.mask, boxes=each.boxes, origin=each.origin
            )
            for each in samples
        ),
        shown=tuple(photo.path for photo in shown),
        autoencoder=_autoencoder(project, settings, samples),
        settings=settings,
    )


def held_out_count(goods: int) -> int:
    """How many of so many good photos are held out for the threshold."""
    return max(_LEAST_HELD_OUT, goods // 10) if goods >= _GOODS_TO_HOLD_OUT else 0


def _autoencoder(project: Project, settings: TrainSettings, samples: Sequence[SampleRow]) -> str:
    """The backbone that most samples were drawn by, for null edits; '' where there are to be none, or none is known."""
    if settings.profile == "paper-code":
        return ""
    backbones = {embedding.path: embedding.backbone for embedding in project.embeddings()}
    counted = Counter(backbones[each.embedding] for each in samples if each.embedding in backbones)
    return counted.most_common(1)[0][0] if counted else ""


def _hold_out(goods: Sequence[Photo]) -> tuple[list[Photo], list[Photo]]:
    """Good photos to learn from, and those held out, each in their order."""
    by_content = sorted(goods, key=lambda photo: photo.sha256)
    held_out = {photo.id for photo in by_content[: held_out_count(len(goods))]}
    return (
        [photo for photo in goods if photo.id not in held_out],
        [photo for photo in goods if photo.id in held_out],
    )


def photos_to_measure_on(project: Project, warn: Warn = ignore) -> tuple[InspectedPhoto, ...]:
    """All test photos, and the support photos, which are marked: they were test photos before they were chosen.

    Marked, too, are test photos that a detector's samples were made for, whichever detector of the project it is:
    so the figures of all of them are about the same photos.

    Raises:
        EngineError: there is no test photo.
    """
    tests = present(project, project.photos("test"), warn)
    if not tests:
        raise EngineError(
            "There are no test photos to measure a detector on.",
            "Import photos with and without anomalies that nothing was learned from, as test photos.",
        )
    supports = {
        photo.path: photo
        for anomaly in project.anomalies()
        for photo in project.chosen_supports(anomaly.name)
        if not photo.is_missing
    }
    origins = learned_origins(project.runs())
    return tuple(
        [_measured(photo, is_support=False, is_origin=photo.path in origins) for photo in tests]
        + [_measured(photo, is_support=True) for photo in supports.values()]
    )


def learned_origins(runs: Iterable[RunRow]) -> frozenset[str]:
    """The photos whose missed anomalies samples were made for that a detector learned from."""
    jobs = [run.job for run in runs if isinstance(run.job, TrainJob)]
    return frozenset(sample.origin for job in jobs for sample in job.samples if sample.origin)


def not_counted(project: Project, runs: Iterable[RunRow]) -> frozenset[str]:
    """The photos that no figure may count: something was learned from them, or they were removed."""
    supports = (
        photo.path for anomaly in project.anomalies() for photo in project.chosen_supports(anomaly.name)
    )
    removed = (photo.path for photo in project.removed_photos())
    return learned_origins(runs).union(supports, removed)


def find_training(project: Project, reference: str) -> RunRow:
    """The training that is meant: by its folder's name, or the beginning of it.

    Raises:
        EngineError: none (with the nearest name), or several.
    """
    runs = _trainings(project)
    matches = [run for run in runs if run.name == reference] or [
        run for run in runs if run.name.startswith(reference)
    ]
    if len(matches) == 1:
        return matches[0]
    if not matches:
        names = [run.name for run in runs]
        hint = suggestion(reference, names, "Train a detector first: `anogen train PROJECT`.")
        raise EngineError(f"There is no trained run “{reference}” in this project.", hint)
    raise EngineError(
        f"“{reference}” can mean several runs: {', '.join(run.name for run in matches)}.",
        "Write more of the name.",
    )


def _trainings(project: Project) -> list[RunRow]:
    return [run for run in project.runs() if isinstance(run.job, TrainJob) and run.name]


def _samples(project: Project, takes_all: bool) -> Sequence[SampleRow]:
    there = [sample for sample in project.samples() if not sample.is_missing]
    chosen = [
        sample
        for sample in there
        if sample.verdict == "accepted" or (takes_all and sample.verdict != "rejected")
    ]
    if there and not chosen and not takes_all:
        raise EngineError(
            f"None of the {len(there)} samples is accepted.",
            "Accept some (`anogen verdict`), or take those without a verdict, too: --all.",
        )
    return chosen


def _measured(photo: Photo, is_support: bool, is_origin: bool = False) -> InspectedPhoto:
    return InspectedPhoto(
        photo=photo.path,
        is_anomalous=bool(photo.anomaly or photo.mask),
        mask=photo.mask,
        is_support=is_support,
        is_origin=is_origin,
    )


def plan_export(project: Project, reference: str, out: str, format_: ExportFormat) -> ExportDetectorJob:
    """The job that writes the detector of a run, with its bands, to `out`; it is tried on a good photo.

    Raises:
        EngineError: there is no such run, or no good photo.
    """
    run = find_training(project, reference)
    photo = next((each.path for each in project.photos("good") if not each.is_missing), None)
    if photo is None:
        raise EngineError("There is no good photo to try the exported detector on.", "Import one first.")
    return ExportDetectorJob(
        project=str(project.folder),
        run=run.name,
        out=out,
        photo=photo,
        format=format_,
        look_again_above=run.look_again_above,
        reject_above=run.reject_above,
    )
