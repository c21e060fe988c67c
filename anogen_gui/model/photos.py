"""The photos of the open project, and the changes that people make to them."""

from collections.abc import Iterable, Sequence

import numpy as np
from PySide6.QtCore import QObject, Signal

from anogen_gui.model.history import History
from engine.project import Photo, Project, Role


class Photos(QObject):
    """All photos by path, kept in memory; changes go through the history into the catalogue.

    Signals:
        changed(): photos came, went, or have another role, anomaly class or mask.
        mask_changed(path): the mask of one photo was painted anew, or removed.
    """

    changed = Signal()
    mask_changed = Signal(str)

    def __init__(self, project: Project, history: History, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project, self._history = project, history
        self._by_path: dict[str, Photo] = {}
        self.reload()

    def reload(self) -> None:
        """Read the catalogue again."""
        by_path = {photo.path: photo for photo in self._project.photos()}
        if by_path != self._by_path:
            self._by_path = by_path
            self.changed.emit()

    def all(self) -> tuple[Photo, ...]:
        return tuple(self._by_path.values())

    def of_role(self, role: Role, anomaly: str | None = None) -> tuple[Photo, ...]:
        """The photos of a role, and of an anomaly class where one is given, by path."""
        return tuple(photo for photo in self.all() if photo.role == role and anomaly in (None, photo.anomaly))

    def get(self, path: str) -> Photo | None:
        return self._by_path.get(path)

    def mask(self, path: str) -> np.ndarray | None:
        """The mask of a photo, (H, W) bool, true on the anomaly; None where there is none."""
        photo = self.get(path)
        return self._project.mask(photo) if photo is not None and photo.mask else None

    def set_mask(self, path: str, mask: np.ndarray | None, name: str = "Paint mask") -> bool:
        """Keep a mask, (H, W) bool at the photo's size, or remove it; one named step."""
        former = self.mask(path)
        return self._history.do(
            name, lambda: self._put_mask(path, mask), lambda: self._put_mask(path, former)
        )

    def set_role(self, paths: Sequence[str], role: Role, anomaly: str = "") -> bool:
        """Make photos good, bad (of an anomaly class) or test photos; one named step."""
        former = {path: (self._by_path[path].role, self._by_path[path].anomaly) for path in paths}
        wanted = dict.fromkeys(paths, (role, anomaly))
        return self._history.do(
            f"Mark {_photos(paths)} as {role}",
            lambda: self._put_roles(wanted),
            lambda: self._put_roles(former),
        )

    def set_anomaly(self, paths: Sequence[str], anomaly: str) -> bool:
        """Say which anomaly photos show; one named step."""
        former = {path: (self._by_path[path].role, self._by_path[path].anomaly) for path in paths}
        wanted = {path: (role if role != "good" else "bad", anomaly) for path, (role, _) in former.items()}
        return self._history.do(
            f"Label {_photos(paths)} “{anomaly}”",
            lambda: self._put_roles(wanted),
            lambda: self._put_roles(former),
        )

    def _put_mask(self, path: str, mask: np.ndarray | None) -> None:
        photo = self._by_path[path]
        if mask is None or not mask.any():
            self._project.clear_mask(photo)
        else:
            self._project.set_mask(photo, mask)
        self.reload()
        self.mask_changed.emit(path)

    def _put_roles(self, wanted: dict[str, tuple[Role, str]]) -> None:
        try:
            with self._project.catalogue.transaction():
                for path, (role, anomaly) in wanted.items():
                    self._project.set_role(self._by_path[path], role, anomaly)
        finally:
            self.reload()


def _photos(paths: Iterable[str]) -> str:
    count = len(list(paths))
    return "1 photo" if count == 1 else f"{count} photos"
