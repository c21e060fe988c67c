"""The anomaly classes of the open project, their support photos and their embeddings."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from anogen_gui.model.history import History
from engine.errors import EngineError
from engine.project import AnomalyClass, EmbeddingRow, Photo, Project


class Anomalies(QObject):
    """Anomaly classes by name, kept in memory.

    Signals:
        changed(): a class came or went, or has another name, colour, key, or other support photos.
        renamed(): a class has another name; photos, boxes and samples tell of it by the former one.
        roles_changed(): photos became bad ones, because they are support photos or look like one.
        embeddings_changed(): an embedding came or went, or another one is in use.
    """

    changed = Signal()
    renamed = Signal()
    roles_changed = Signal()
    embeddings_changed = Signal()

    def __init__(self, project: Project, history: History, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project, self._history = project, history
        self._all: tuple[AnomalyClass, ...] = ()
        self._embeddings: tuple[EmbeddingRow, ...] = ()
        self.reload()

    def reload(self) -> None:
        """Read the catalogue again."""
        anomalies, embeddings = tuple(self._project.anomalies()), tuple(self._project.embeddings())
        if anomalies != self._all:
            self._all = anomalies
            self.changed.emit()
        if embeddings != self._embeddings:
            self._embeddings = embeddings
            self.embeddings_changed.emit()

    def all(self) -> tuple[AnomalyClass, ...]:
        return self._all

    def get(self, name: str) -> AnomalyClass | None:
        return next((anomaly for anomaly in self._all if anomaly.name.lower() == name.lower()), None)

    def with_digit(self, digit: int) -> AnomalyClass | None:
        """The class that this digit key chooses."""
        return next((anomaly for anomaly in self._all if anomaly.digit == digit), None)

    def add(self, name: str) -> bool:
        """A new class; one named step."""
        name = name.strip()

        def add() -> None:
            if self.get(name) is not None:
                raise EngineError(f"There is an anomaly class “{name}” already.", "Use another name.")
            self._project.add_anomaly(name)

        return self._do(f"Add class “{name}”", add, lambda: self._project.remove_anomaly(name))

    def remove(self, name: str) -> bool:
        """Remove a class that nothing uses; one named step."""
        former = self.get(name)

        def restore() -> None:
            self._project.add_anomaly(name)
            if former is not None:
                self._project.set_anomaly_color(name, former.color)
                self._project.set_anomaly_digit(name, former.digit)

        return self._do(f"Remove class “{name}”", lambda: self._project.remove_anomaly(name), restore)

    def rename(self, name: str, new_name: str) -> bool:
        """Give a class another name; one named step."""

        def rename(before: str, after: str) -> None:
            self._project.rename_anomaly(before, after)
            self.renamed.emit()

        new_name = new_name.strip()
        return self._do(
            f"Rename “{name}” to “{new_name}”",
            lambda: rename(name, new_name),
            lambda: rename(new_name, name),
        )

    def set_color(self, name: str, color: str) -> bool:
        """`color` is `#rrggbb`; one named step."""
        former = self._project.anomaly(name).color
        return self._do(
            f"Change the colour of “{name}”",
            lambda: self._project.set_anomaly_color(name, color),
            lambda: self._project.set_anomaly_color(name, former),
        )

    def set_digit(self, name: str, digit: int | None) -> bool:
        """Choose the class with this digit key, or none; a class that has it gets this one's. One named step."""
        former = self._project.anomaly(name).digit
        return self._do(
            f"Change the key of “{name}”",
            lambda: self._project.set_anomaly_digit(name, digit),
            lambda: self._project.set_anomaly_digit(name, former),
        )

    def supports(self, name: str) -> tuple[Photo, ...]:
        """The chosen support photos, or all bad photos of the class; also such without a mask."""
        return tuple(self._project.chosen_supports(name))

    def set_supports(self, name: str, photos: Sequence[Photo]) -> list[str]:
        """Choose the support photos; one sentence for each photo that left the tests. No step: it decides anew.

        Raises:
            EngineError: no photo, a mask is missing, or a photo shows something else.
        """
        warnings = self._project.set_supports(name, photos)
        if warnings or any((photo.role, photo.anomaly) != ("bad", name) for photo in photos):
            self.roles_changed.emit()
        self.changed.emit()
        return warnings

    def embeddings(self, anomaly: str | None = None) -> tuple[EmbeddingRow, ...]:
        """All embeddings, or those of a class, the oldest first; only such whose file is there."""
        return tuple(
            row
            for row in self._embeddings
            if anomaly in (None, row.anomaly) and (self._project.folder / row.path).is_file()
        )

    def embedding_in_use(self, anomaly: str) -> EmbeddingRow | None:
        """The embedding that was chosen for a class, else its newest one."""
        rows = self.embeddings(anomaly)
        chosen = self._project.setting(f"embedding:{anomaly}")
        return next((row for row in rows if row.path == chosen), rows[-1] if rows else None)

    def use_embedding(self, row: EmbeddingRow) -> bool:
        """Generate with this embedding from now on; one named step."""
        key, former = f"embedding:{row.anomaly}", self._project.setting(f"embedding:{row.anomaly}")

        def choose(path: str) -> None:
            self._project.set_setting(key, path)
            self.embeddings_changed.emit()

        return self._history.do(f"Use “{row.name}”", lambda: choose(row.path), lambda: choose(former))

    def _do(self, name: str, change: Callable[[], object], restore: Callable[[], object]) -> bool:
        def reloading(action: Callable[[], object]) -> None:
            try:
                action()
            finally:
                self.reload()

        return self._history.do(name, lambda: reloading(change), lambda: reloading(restore))
