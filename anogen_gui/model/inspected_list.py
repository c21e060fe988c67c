"""The photos that the detector of one run has looked at, by path, and the order of their scores."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from anogen_gui.model.inspected import InspectedPhoto
from anogen_gui.model.project_model import ProjectModel
from engine.project import Project, RunRow
from engine.project.detecting import not_counted
from engine.protocol import DETECTOR_FILE, TrainJob
from engine.reporting.kinds import is_anomalous, kind_of
from engine.reporting.scores import Scores


class InspectedList:
    """What the catalogue says, kept in memory.

    Attributes:
        opinions: what people say of photos, by path, whichever detector looked at them.
        scores: of the test photos.
    """

    def __init__(self, project: ProjectModel) -> None:
        self._project = project
        self._by_path: dict[str, InspectedPhoto] = {}
        self._run = ""
        self._held_out: frozenset[str] = frozenset()
        self._left_out: frozenset[str] = frozenset()
        self._missing: frozenset[str] = frozenset()
        self.opinions: dict[str, bool] = project.project.opinions()
        self.scores = Scores()

    def read(self, run: RunRow | None) -> None:
        """Look at another run, or at none."""
        self._run = run.name if run is not None else ""
        self._held_out = frozenset(
            run.job.held_out if run is not None and isinstance(run.job, TrainJob) else ()
        )
        found = self._project.project.inspections(self._run) if self._run else []
        self._read_what_does_not_count()
        self._by_path = {each.photo: self._described(each.photo, each.score, each.map) for each in found}
        self._sort_scores()

    def refresh(self, paths: Iterable[str]) -> None:
        """Take in what the detector says of these photos now."""
        has_tests = False
        for path in paths:
            former = self._by_path.pop(path, None)
            found = self._project.project.inspection(self._run, path)
            if found is not None:
                self._by_path[path] = self._described(path, found.score, found.map)
            for each in (former, self._by_path.get(path)):
                has_tests = has_tests or (each is not None and each.kind == "test")
        if has_tests:
            self._sort_scores()

    def describe_anew(self) -> bool:
        """Photos may be of another role or class, or in the project now; False where nothing has changed."""
        self._read_what_does_not_count()
        described = {
            path: self._described(path, each.score, each.map) for path, each in self._by_path.items()
        }
        if described == self._by_path:
            return False
        self._by_path = described
        self._sort_scores()
        return True

    def set_opinions(self, opinions: Mapping[str, bool | None]) -> None:
        """Note what people say of photos; it is in the catalogue already."""
        for path, opinion in opinions.items():
            self.opinions.pop(path, None)
            if opinion is not None:
                self.opinions[path] = opinion
            if path in self._by_path:
                self._by_path[path] = replace(self._by_path[path], opinion=opinion)

    def all(self) -> tuple[InspectedPhoto, ...]:
        return tuple(self._by_path.values())

    def get(self, path: str) -> InspectedPhoto | None:
        return self._by_path.get(path)

    def held_out_scores(self) -> list[float]:
        """Of the good photos that the threshold is calibrated with."""
        return [photo.score for photo in self._by_path.values() if photo.kind == "held_out"]

    # --- what is known of a photo

    def _described(self, path: str, score: float, map_path: str) -> InspectedPhoto:
        row, opinion = self._project.photos.get(path), self.opinions.get(path)
        kind = kind_of(path, row, self._held_out, self._left_out, self._missing)
        if row is None:
            return InspectedPhoto(path, score, map_path, kind, None, opinion)
        truth = is_anomalous(row)
        return InspectedPhoto(path, score, map_path, kind, truth, opinion, row.anomaly, row.mask, row)

    def _read_what_does_not_count(self) -> None:
        project = self._project.project
        self._left_out = not_counted(project, project.runs())
        self._missing = frozenset(photo.path for photo in self._project.photos.all() if photo.is_missing)

    def _sort_scores(self) -> None:
        tests = (photo for photo in self._by_path.values() if photo.kind == "test")
        self.scores = Scores.of_photos((photo.score, bool(photo.truth)) for photo in tests)


def list_detectors(project: Project) -> tuple[RunRow, ...]:
    """The trainings that have a detector, the newest first."""
    return tuple(
        run
        for run in reversed(project.runs())
        if isinstance(run.job, TrainJob)
        and run.name
        and (project.folder / "runs" / run.name / DETECTOR_FILE).is_file()
    )
