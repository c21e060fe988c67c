"""The photos of the open project, and the changes that people make to them."""

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from anogen_gui.model.history import History
from anogen_gui.model.mask_files import MaskFiles
from anogen_gui.model.packed_mask import PackedMask
from anogen_gui.model.wording import count_of
from engine.errors import EngineError
from engine.project import Photo, Project, Role
from engine.project.roles import RoleChange

if TYPE_CHECKING:
    import numpy as np


class Photos(QObject):
    """All photos by path, kept in memory; changes go through the history into the catalogue.

    Signals:
        changed(): photos came, went, or have another role, anomaly class or mask.
        removal_changed(): photos were removed or are back, with all that is on them; `changed` is told, too.
        mask_changed(path): the mask of one photo was painted anew, or removed; it is on the disk soon after.
        mask_saved(path): it is on the disk.
        mask_fetched(path): `mask` gives the mask of this photo at once, or raises.
        failed(message, hint): a mask could not be written.
    """

    changed = Signal()
    removal_changed = Signal()
    mask_changed = Signal(str)
    mask_saved = Signal(str)
    mask_fetched = Signal(str)
    failed = Signal(str, str)

    def __init__(self, project: Project, history: History, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project, self._history = project, history
        self._by_path: dict[str, Photo] = {}
        self._is_closed = False
        self._masks: dict[str, PackedMask | None] = {}  # those that were looked at or painted
        self._files = MaskFiles(project, self)
        self._files.saved.connect(self._reread)
        self._files.failed.connect(self.failed)
        self._files.fetched.connect(self._take_mask)
        self.reload()

    def reload(self) -> None:
        """Read the catalogue again."""
        self._files.close()
        self._masks.clear()
        self._show({photo.path: photo for photo in self._project.photos()})

    def add(self, photos: Iterable[Photo]) -> None:
        """Take in those that are not known yet: they were just imported."""
        new = {photo.path: photo for photo in photos if photo.path not in self._by_path}
        if new:
            self._show(dict(sorted((self._by_path | new).items())))

    def close(self) -> None:
        """Wait until all masks are written; the project is not read after that."""
        self._files.close()
        self._is_closed = True

    def all(self) -> tuple[Photo, ...]:
        return tuple(self._by_path.values())

    def of_role(self, role: Role, anomaly: str | None = None) -> tuple[Photo, ...]:
        """The photos of a role, and of an anomaly class where one is given, by path."""
        return tuple(photo for photo in self.all() if photo.role == role and anomaly in (None, photo.anomaly))

    def get(self, path: str) -> Photo | None:
        return self._by_path.get(path)

    def mask(self, path: str) -> "np.ndarray | None":
        """The mask of a photo, (H, W) bool, true on the anomaly; None where there is none.

        Raises:
            EngineError: its file is damaged or of another size.
        """
        packed = self.packed_mask(path)
        return packed.unpack() if packed is not None else None

    def packed_mask(self, path: str) -> PackedMask | None:
        """The same as it is kept for the history. Raises EngineError like `mask`."""
        if path not in self._masks:
            mask = self._project.mask(self._by_path[path]) if path in self._by_path else None
            self._masks[path] = PackedMask.pack(mask) if mask is not None else None
        return self._masks[path]

    def fetch_mask(self, path: str) -> None:
        """Read the mask of a photo in the background; `mask_fetched` follows, also where there is none."""
        photo = self._by_path.get(path)
        if path in self._masks or photo is None or not photo.mask:
            self.mask_fetched.emit(path)
        else:
            self._files.fetch(photo)

    def read_mask(self, path: str, file: Path) -> "np.ndarray":
        """A mask for a photo from any file, (H, W) bool; `set_mask` keeps it.

        Raises:
            EngineError: it cannot be read, is all black, or, naming both files, is of another size.
        """
        return self._project.read_mask(self._by_path[path], file)

    def set_mask(self, path: str, mask: "np.ndarray | None", name: str = "Paint mask") -> bool:
        """Keep a mask, (H, W) bool at the photo's size, or remove it; one named step."""
        former = None
        with contextlib.suppress(EngineError):  # a damaged one cannot come back
            former = self.packed_mask(path)
        wanted = PackedMask.pack(mask) if mask is not None and mask.any() else None
        if wanted == former and not (wanted is None and self._by_path[path].mask):
            return True
        return self._history.do(
            name, lambda: self._put_mask(path, wanted), lambda: self._put_mask(path, former)
        )

    def set_role(self, paths: Sequence[str], role: Role, anomaly: str | None = None) -> bool:
        """Make photos good, bad or test photos, of an anomaly class where one is given; one named step."""
        name = f"Mark {count_of(len(paths), 'photo')} as {role}" + (f" “{anomaly}”" if anomaly else "")
        return self._set_roles(name, {path: (role, anomaly) for path in paths})

    def set_anomaly(self, paths: Sequence[str], anomaly: str) -> bool:
        """Say which anomaly photos show: good ones become bad, test photos stay tests; one named step."""
        roles = {path: self._by_path[path].role for path in paths}
        return self._set_roles(
            f"Label {count_of(len(paths), 'photo')} “{anomaly}”",
            {path: (role if role != "good" else "bad", anomaly) for path, role in roles.items()},
        )

    def remove(self, paths: Sequence[str]) -> bool:
        """Take photos out of the project, with all that is on them; one named step."""
        photos = [self._by_path[path] for path in paths]
        return bool(photos) and self._history.do(
            f"Remove {count_of(len(photos), 'photo')}",
            lambda: self._put_removed(photos, True),
            lambda: self._put_removed(photos, False),
        )

    # --- what the steps do

    def _put_removed(self, photos: Sequence[Photo], is_removed: bool) -> None:
        photos = self._project.set_removed(photos, is_removed)
        gone = {photo.path for photo in photos}
        left = {path: photo for path, photo in self._by_path.items() if path not in gone}
        back = {} if is_removed else {photo.path: photo for photo in photos}
        self._by_path = dict(sorted((left | back).items()))
        self.removal_changed.emit()
        self.changed.emit()

    def _put_mask(self, path: str, mask: PackedMask | None) -> None:
        photo = self._by_path[path]
        if mask is not None and not photo.anomaly:
            raise EngineError(f"'{photo.name}' shows no anomaly.", "Give it an anomaly class first.")
        self._masks[path] = mask
        self._files.save(photo, mask)
        self.mask_changed.emit(path)

    def _set_roles(self, name: str, wanted: Mapping[str, tuple[Role, str | None]]) -> bool:
        former = {path: (self._by_path[path].role, self._by_path[path].anomaly) for path in wanted}
        if all(
            role == former[path][0] and anomaly in (None, former[path][1])
            for path, (role, anomaly) in wanted.items()
        ):
            return True
        return self._history.do(name, lambda: self._put_roles(wanted), lambda: self._put_roles(former))

    def _put_roles(self, wanted: Mapping[str, tuple[Role, str | None]]) -> None:
        changes: list[RoleChange] = [
            (self._by_path[path], role, anomaly) for path, (role, anomaly) in wanted.items()
        ]
        self._show(self._by_path | {photo.path: photo for photo in self._project.set_roles(changes)})

    def _take_mask(self, path: str, mask: PackedMask | None) -> None:
        if mask is not None:
            self._masks.setdefault(path, mask)
        self.mask_fetched.emit(path)

    def _reread(self, path: str) -> None:
        """Take in what the catalogue says of one photo now that its mask is written."""
        photo = self._by_path.get(path)
        if photo is not None and not self._is_closed:
            peers = self._project.photos(photo.role, photo.anomaly)
            self._show(self._by_path | {peer.path: peer for peer in peers if peer.path == path})
            self.mask_saved.emit(path)

    def _show(self, by_path: dict[str, Photo]) -> None:
        if by_path != self._by_path:
            self._by_path = by_path
            self.changed.emit()
