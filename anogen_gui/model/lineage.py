"""Lineage: from a detector back to the support photos that it comes from, and from these to all that came of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from anogen_gui.model.wording import count_of
from engine.errors import EngineError
from engine.project import EmbeddingRow, Photo, Project, RunRow, SampleRow
from engine.project.detecting import learned_origins
from engine.project.records import read_embedding_record
from engine.protocol import LearnJob, TrainJob

StepKind = Literal["detector", "samples", "boxes", "embedding", "supports", "origins"]
PageKey = Literal["photos", "learn", "place", "curate", "train"]


@dataclass(frozen=True)
class LineageItem:
    """A thing in a step: its name, the picture that shows it ('' for none), and where it can be looked at.

    `page` and `place` say which page shows it, and what that page calls it: a photo's or sample's path, a run's name,
    an embedding's anomaly class.
    """

    title: str
    picture: str
    page: PageKey
    place: str


@dataclass(frozen=True)
class LineageStep:
    """Things of one kind, in their order; `further` are other detectors that come from them, too."""

    kind: StepKind
    title: str
    text: str = ""
    items: tuple[LineageItem, ...] = ()
    further: tuple[LineageItem, ...] = ()


@dataclass(frozen=True)
class KeptOut:
    """Photos that are never scored, or not where it counts, and why: a sentence."""

    reason: str
    photos: tuple[str, ...]


@dataclass(frozen=True)
class Lineage:
    """The steps from a detector to its support photos, or, beginning with a photo, the other way round."""

    title: str
    steps: tuple[LineageStep, ...]
    kept_out: tuple[KeptOut, ...] = ()


def lineage_of_run(project: Project, name: str) -> Lineage | None:
    """Where the detector of a run comes from; None where there is no such training."""
    known = _Known(project)
    run = next((run for run in known.trainings if run.name == name), None)
    if run is None or not isinstance(run.job, TrainJob):
        return None
    samples = known.samples_of(run.job)
    embeddings = known.embeddings_of(samples)
    supports = _unique(photo for row in embeddings for photo in known.supports_of(row))
    steps = [
        _detector_step(run, run.job),
        _samples_step(run.job, samples, known.others(run, known.runs_with_samples(samples))),
        _boxes_step(samples, known),
        _embedding_step(embeddings, samples, known.others(run, known.runs_of_embeddings(embeddings))),
        _supports_step(supports, known, known.others(run, known.runs_of_supports(supports))),
        _origins_step(samples, known),
    ]
    return Lineage(run.title or run.name, tuple(filter(None, steps)), known.kept_out())


def lineage_of_support(project: Project, path: str) -> Lineage | None:
    """What came of a support photo: embeddings, samples, detectors; None where nothing was learned from it."""
    known = _Known(project)
    embeddings = [row for row in known.embeddings if path in {each.path for each in known.supports_of(row)}]
    photo = known.photos.get(path)
    if photo is None or not embeddings:
        return None
    paths = {row.path for row in embeddings}
    samples = [sample for sample in known.samples.values() if sample.embedding in paths]
    detectors = known.runs_of_embeddings(embeddings)
    steps = [
        _supports_step([photo], known, ()),
        _embedding_step(embeddings, samples, ()),
        LineageStep(
            "samples",
            count_of(len(samples), "sample"),
            f"{sum(sample.verdict == 'accepted' for sample in samples)} of them accepted.",
            tuple(map(_sample_item, samples)),
        ),
        LineageStep(
            "detector",
            count_of(len(detectors), "detector"),
            "They learned from samples of this photo's anomaly; it is never scored by them."
            if detectors
            else "No detector has learned from them yet.",
            tuple(map(_run_item, detectors)),
        ),
    ]
    return Lineage(photo.name, tuple(filter(None, steps)), known.kept_out())


class _Known:
    """What the catalogue knows, read once."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.runs = project.runs()
        self.trainings = [run for run in self.runs if isinstance(run.job, TrainJob) and run.name]
        self.samples = {sample.path: sample for sample in project.samples()}
        self.embeddings = project.embeddings()
        self.photos = {photo.path: photo for photo in project.photos() + project.removed_photos()}
        self._by_hash = {photo.sha256: photo for photo in self.photos.values()}
        self._supports: dict[str, list[Photo]] = {}

    def samples_of(self, job: TrainJob) -> list[SampleRow]:
        """Those that are still in the catalogue."""
        return [self.samples[each.image] for each in job.samples if each.image in self.samples]

    def embeddings_of(self, samples: Sequence[SampleRow]) -> list[EmbeddingRow]:
        paths = {sample.embedding for sample in samples}
        return [row for row in self.embeddings if row.path in paths]

    def supports_of(self, row: EmbeddingRow) -> list[Photo]:
        """As the embedding's file says, or else the run that learned it."""
        if row.path not in self._supports:
            self._supports[row.path] = self._read_supports(row)
        return self._supports[row.path]

    def _read_supports(self, row: EmbeddingRow) -> list[Photo]:
        try:
            record = read_embedding_record(self.project.folder / row.path)
        except EngineError:  # it was deleted
            record = None
        told = record.provenance.supports if record is not None else ()
        found = [self._by_hash[each.sha256] for each in told if each.sha256 in self._by_hash]
        if found:
            return found
        jobs = [run.job for run in self.runs if run.name == row.name and isinstance(run.job, LearnJob)]
        paths = [support.photo for job in jobs for support in job.supports]
        return [self.photos[path] for path in paths if path in self.photos]

    def runs_with_samples(self, samples: Sequence[SampleRow]) -> list[RunRow]:
        paths = {sample.path for sample in samples}
        return [run for run in self.trainings if paths & _images(run)]

    def runs_of_embeddings(self, embeddings: Sequence[EmbeddingRow]) -> list[RunRow]:
        paths = {row.path for row in embeddings}
        return self.runs_with_samples([each for each in self.samples.values() if each.embedding in paths])

    def runs_of_supports(self, supports: Sequence[Photo]) -> list[RunRow]:
        paths = {photo.path for photo in supports}
        return self.runs_of_embeddings(
            [row for row in self.embeddings if paths & {photo.path for photo in self.supports_of(row)}]
        )

    def tell_removed(self, paths: Iterable[str]) -> str:
        """Such as " 2 of them were removed from the project."; '' for none."""
        count = sum(path in self.photos and self.photos[path].is_removed for path in paths)
        verb = "was" if count == 1 else "were"
        return f" {count} of them {verb} removed from the project." if count else ""

    def others(self, run: RunRow, runs: Iterable[RunRow]) -> tuple[LineageItem, ...]:
        return tuple(_run_item(each) for each in runs if each.id != run.id)

    def kept_out(self) -> tuple[KeptOut, ...]:
        """The leak guard: from which photos something was learned, and what that means for them."""
        supports = _unique(
            photo
            for anomaly in self.project.anomalies()
            for photo in self.project.chosen_supports(anomaly.name)
        )
        chosen = {photo.path for photo in supports}
        there = {path: photo for path, photo in self.photos.items() if not photo.is_removed}
        others = [photo for photo in there.values() if photo.role == "bad" and photo.path not in chosen]
        origins = [there[path] for path in sorted(learned_origins(self.runs)) if path in there]
        groups = (
            ("Support photos: an embedding is learned from them, so they are no tests.", supports),
            (
                "Bad photos: they were supports, look like one, or may become one, so they are no tests.",
                others,
            ),
            (
                "Samples were made for what was missed on these tests, so the figures that count are told"
                " without them.",
                origins,
            ),
        )
        return tuple(
            KeptOut(reason, tuple(photo.path for photo in photos)) for reason, photos in groups if photos
        )


# --- the steps


def _detector_step(run: RunRow, job: TrainJob) -> LineageStep:
    settings = job.settings
    text = f"{settings.detector}, {settings.recipe}, {settings.preset}; learned from"
    text += f" {count_of(len(job.goods), 'good photo')} and {count_of(len(job.samples), 'sample')}."
    return LineageStep("detector", "Detector", text, (_run_item(run),))


def _samples_step(
    job: TrainJob, samples: Sequence[SampleRow], further: tuple[LineageItem, ...]
) -> LineageStep:
    if not job.samples:
        text = "It learned from pasted anomalies alone: there is no embedding and no support behind it."
        return LineageStep("samples", "No samples", text)
    gone = len(job.samples) - len(samples)
    text = f"{count_of(gone, 'sample')} more, which the project does not have any more." if gone else ""
    items = tuple(map(_sample_item, samples))
    return LineageStep("samples", count_of(len(samples), "sample"), text, items, further)


def _boxes_step(samples: Sequence[SampleRow], known: _Known) -> LineageStep | None:
    if not samples:
        return None
    photos = tuple(dict.fromkeys(sample.photo for sample in samples))
    count = sum(len(sample.boxes) for sample in samples)
    items = tuple(LineageItem(_stem(path), path, "place", path) for path in photos)
    text = f"On {count_of(len(photos), 'photo')} of good parts.{known.tell_removed(photos)}"
    return LineageStep("boxes", count_of(count, "box"), text, items)


def _embedding_step(
    embeddings: Sequence[EmbeddingRow], samples: Sequence[SampleRow], further: tuple[LineageItem, ...]
) -> LineageStep | None:
    if not samples and not embeddings:
        return None
    if not embeddings:
        return LineageStep("embedding", "No embedding", "The project does not have it any more.")
    text = " ".join(
        f"“{row.anomaly}”: {count_of(row.steps, 'step')} on {PurePosixPath(row.backbone).name}."
        for row in embeddings
    )
    items = tuple(LineageItem(row.name, "", "learn", row.anomaly) for row in embeddings)
    return LineageStep("embedding", count_of(len(embeddings), "embedding"), text, items, further)


def _supports_step(
    supports: Sequence[Photo], known: _Known, further: tuple[LineageItem, ...]
) -> LineageStep | None:
    if not supports:
        return None
    text = "Real anomalies, each with its mask. They are never scored."
    text += known.tell_removed(photo.path for photo in supports)
    return LineageStep(
        "supports",
        count_of(len(supports), "support photo"),
        text,
        tuple(LineageItem(photo.name, photo.path, "photos", photo.path) for photo in supports),
        further,
    )


def _origins_step(samples: Sequence[SampleRow], known: _Known) -> LineageStep | None:
    origins = tuple(dict.fromkeys(sample.origin for sample in samples if sample.origin))
    if not origins:
        return None
    count = sum(bool(sample.origin) for sample in samples)
    text = f"{count_of(count, 'sample')} made for what an earlier detector missed there."
    text += known.tell_removed(origins)
    items = tuple(LineageItem(_stem(path), path, "photos", path) for path in origins)
    return LineageStep("origins", count_of(len(origins), "missed photo"), text, items)


def _run_item(run: RunRow) -> LineageItem:
    return LineageItem(run.title or run.name, "", "train", run.name)


def _sample_item(sample: SampleRow) -> LineageItem:
    return LineageItem(_stem(sample.path), sample.path, "curate", sample.path)


def _images(run: RunRow) -> set[str]:
    return {sample.image for sample in run.job.samples} if isinstance(run.job, TrainJob) else set()


def _stem(path: str) -> str:
    return PurePosixPath(path).stem


def _unique(photos: Iterable[Photo]) -> list[Photo]:
    return list({photo.path: photo for photo in photos}.values())
