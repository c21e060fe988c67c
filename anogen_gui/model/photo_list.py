"""What the page of photos shows: which photos, how many of each kind, which are supports, and what to do next."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from anogen_gui.model.project_model import ProjectModel
from engine.errors import EngineError
from engine.project import AnomalyClass, Photo, Role

Choice = Callable[[list[str], list[str]], list[str]]  # of the chosen ones and these, which are to be chosen


@dataclass(frozen=True)
class PhotoFilter:
    """Which photos are shown: those of a role, of an anomaly class, with these letters in their names."""

    role: Role | None = None
    anomaly: str | None = None
    text: str = ""

    def shows(self, photo: Photo) -> bool:
        return (
            self.role in (None, photo.role)
            and self.anomaly in (None, photo.anomaly)
            and self.text.lower() in photo.name.lower()
        )


@dataclass(frozen=True)
class PhotoCounts:
    """How many photos there are; `masked` are bad photos with a mask."""

    good: int = 0
    bad: int = 0
    masked: int = 0
    test: int = 0

    @classmethod
    def of(cls, photos: Sequence[Photo]) -> "PhotoCounts":
        roles = [photo.role for photo in photos]
        masked = sum(photo.role == "bad" and bool(photo.mask) for photo in photos)
        return cls(roles.count("good"), roles.count("bad"), masked, roles.count("test"))

    @property
    def total(self) -> int:
        return self.good + self.bad + self.test

    def __str__(self) -> str:
        """Such as "24 good, 9 bad (7 with mask), 6 test"."""
        masked = f" ({self.masked} with mask)" if self.bad else ""
        return f"{self.good} good, {self.bad} bad{masked}, {self.test} test"


@dataclass(frozen=True)
class AnomalyCounts:
    """What there is of an anomaly class; `masked` are its bad photos with a mask."""

    photos: int = 0
    masked: int = 0
    supports: int = 0
    embeddings: int = 0


class PhotoList(QObject):
    """The photos of a project as a person looks at them.

    Attributes:
        project: the open project.
        filter: which photos are shown.
        paths: those, in their order.
        counts: of all photos, shown or not.

    Signals:
        paths_changed(): other photos are shown.
        changed(): something about photos or anomaly classes is another than before, also when `paths` are the same.
        removed(count): so many photos were taken out of the project.
        warned(message): something that a person should know was done beside what was asked for.
        failed(message, hint): nothing was changed.
    """

    paths_changed = Signal()
    changed = Signal()
    removed = Signal(int)
    warned = Signal(str)
    failed = Signal(str, str)

    def __init__(self, project: ProjectModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project = project
        self.filter = PhotoFilter()
        self.paths: tuple[str, ...] = ()
        self.counts = PhotoCounts()
        self._supports: dict[str, tuple[str, ...]] = {}
        self._of_class: Counter[str] = Counter()
        self._masked_of_class: Counter[str] = Counter()
        project.photos.changed.connect(self._read)
        project.anomalies.changed.connect(self._read)
        project.anomalies.embeddings_changed.connect(self.changed)
        self._read()

    # --- what is shown

    def set_filter(self, filter: PhotoFilter) -> None:
        if filter != self.filter:
            self.filter = filter
            self._find()

    def photo(self, path: str) -> Photo | None:
        return self.project.photos.get(path)

    def photos(self, paths: Sequence[str]) -> list[Photo]:
        """The photos at these paths that are still there."""
        found = (self.photo(path) for path in paths)
        return [photo for photo in found if photo is not None]

    def is_support(self, photo: Photo) -> bool:
        """Is an embedding learned from it? Where none was chosen, from all bad photos of the class with a mask."""
        return photo.path in self._supports.get(photo.anomaly, ())

    def anomalies(self) -> tuple[AnomalyClass, ...]:
        return self.project.anomalies.all()

    def counts_of(self, anomaly: str) -> AnomalyCounts:
        return AnomalyCounts(
            photos=self._of_class[anomaly],
            masked=self._masked_of_class[anomaly],
            supports=len(self._supports.get(anomaly, ())),
            embeddings=len(self.project.anomalies.embeddings(anomaly)),
        )

    def neighbor(self, path: str, step: int) -> str | None:
        """The photo that is shown so many places after this one; None beyond the ends."""
        if path not in self.paths:
            return None
        place = self.paths.index(path) + step
        return self.paths[place] if 0 <= place < len(self.paths) else None

    def remove(self, paths: Sequence[str]) -> bool:
        """Take photos out of the project; one named step. False where that failed."""
        is_done = self.project.photos.remove(paths)
        if is_done:
            self.removed.emit(len(paths))
        return is_done

    # --- support photos

    def add_supports(self, paths: Sequence[str]) -> bool:
        """Learn from these too."""
        return self._choose(paths, lambda chosen, these: [*chosen, *(p for p in these if p not in chosen)])

    def choose_supports(self, paths: Sequence[str]) -> bool:
        """Learn from these, and of their classes from no others."""
        return self._choose(paths, lambda _, these: these)

    def drop_supports(self, paths: Sequence[str]) -> bool:
        """Learn from these no more. They stay bad photos: something may have been learned from them."""
        return self._choose(paths, lambda chosen, these: [path for path in chosen if path not in these])

    def _choose(self, paths: Sequence[str], choice: Choice) -> bool:
        """Choose supports anew for each class that the photos at `paths` show; False where that is refused."""
        photos = self.photos(paths)
        try:
            for photo in photos:
                _check_support(photo)
            for anomaly in dict.fromkeys(photo.anomaly for photo in photos):
                chosen = list(self._supports.get(anomaly, ()))
                these = [photo.path for photo in photos if photo.anomaly == anomaly]
                self._set_supports(anomaly, self.photos(choice(chosen, these)))
        except EngineError as error:
            self.failed.emit(error.message, error.hint)
            return False
        return True

    def _set_supports(self, anomaly: str, photos: list[Photo]) -> None:
        if not photos:
            raise EngineError(
                f"“{anomaly}” needs at least one support photo.", "Choose another one first, then drop this."
            )
        tests = [photo.name for photo in photos if photo.role == "test"]
        warnings = self.project.anomalies.set_supports(anomaly, photos)
        if tests:
            verb = "is a bad photo" if len(tests) == 1 else "are bad photos"
            names = ", ".join(f"“{name}”" for name in tests)
            self.warned.emit(f"{names} {verb} now: a support photo is never a test photo.")
        for warning in warnings:
            self.warned.emit(warning)

    # --- following the project

    def _read(self) -> None:
        anomalies, photos = self.project.anomalies, self.project.photos.all()
        self.counts = PhotoCounts.of(photos)
        self._of_class = Counter(photo.anomaly for photo in photos)
        self._masked_of_class = Counter(
            photo.anomaly for photo in photos if photo.mask and photo.role == "bad"
        )
        self._supports = {
            each.name: tuple(photo.path for photo in anomalies.supports(each.name) if photo.mask)
            for each in anomalies.all()
        }
        if self.filter.anomaly is not None and anomalies.get(self.filter.anomaly) is None:
            self.filter = PhotoFilter(self.filter.role, None, self.filter.text)
        self._find()
        self.changed.emit()

    def _find(self) -> None:
        paths = tuple(photo.path for photo in self.project.photos.all() if self.filter.shows(photo))
        if paths != self.paths:
            self.paths = paths
            self.paths_changed.emit()


def _check_support(photo: Photo) -> None:
    """Raises EngineError where an embedding cannot be learned from this photo."""
    if photo.role == "good":
        raise EngineError(f"“{photo.name}” is a good photo.", "Mark it as bad, of an anomaly class, first.")
    if not photo.anomaly:
        raise EngineError(f"“{photo.name}” shows no anomaly.", "Give it an anomaly class with its digit key.")
    if not photo.mask:
        raise EngineError(
            f"“{photo.name}” has no mask yet.", "Open it with Enter and paint where the anomaly is."
        )
