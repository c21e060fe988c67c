"""The boxes of the open project, and the changes that people make to them."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from anogen_gui.model.history import History
from anogen_gui.model.wording import count_of
from engine.geometry import Box
from engine.project import PlacedBox, Project


class NewBox(NamedTuple):
    """A box that is to be placed; `origin` as in `PlacedBox`."""

    anomaly: str
    box: Box
    origin: str = ""


class Boxes(QObject):
    """All boxes by number, kept in memory; changes go through the history into the catalogue.

    Signals:
        changed(path): the boxes on this photo are others than before.
        counted(): after the last `changed` of a step, on however many photos it was.
    """

    changed = Signal(str)
    counted = Signal()

    def __init__(self, project: Project, history: History, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project, self._history = project, history
        self._by_id = {placed.id: placed for placed in project.boxes()}
        self._by_photo = _by_photo(self._by_id)

    def reload(self) -> None:
        """Read the catalogue again."""
        former, self._by_id = self._by_id, {placed.id: placed for placed in self._project.boxes()}
        self._by_photo = _by_photo(self._by_id)
        differing = set(former.items()) ^ set(self._by_id.items())
        self._tell({placed.photo for _, placed in differing})

    def on(self, photo: str) -> tuple[PlacedBox, ...]:
        """The boxes on the photo at this path, in the order in which they were placed."""
        return self._by_photo.get(photo, ())

    def get(self, box_id: int) -> PlacedBox | None:
        return self._by_id.get(box_id)

    def counts(self) -> Counter[str]:
        """How many boxes there are on each photo, by its path."""
        return Counter({photo: len(placed) for photo, placed in self._by_photo.items()})

    def add(
        self, photo_id: int, anomaly: str, boxes: Sequence[Box], name: str = "Draw box"
    ) -> tuple[int, ...]:
        """Place boxes on one photo; one named step. Their numbers, () where it failed."""
        return self.add_to_photos({photo_id: [NewBox(anomaly, box) for box in boxes]}, name)

    def add_to_photos(
        self, boxes: Mapping[int, Sequence[NewBox]], name: str = "Paste boxes"
    ) -> tuple[int, ...]:
        """Place boxes on photos by their number; one named step."""
        if not any(boxes.values()):
            return ()
        made: list[PlacedBox] = []

        def place() -> None:
            if made:
                self._restore(made)
                return
            with self._project.catalogue.transaction():
                for photo_id, placed in boxes.items():
                    made.extend(self._project.add_box(photo_id, *new) for new in placed)
            self._put(made)

        done = self._history.do(name, place, lambda: self._drop([placed.id for placed in made]))
        return tuple(placed.id for placed in made) if done else ()

    def change(self, boxes: Mapping[int, Box], name: str = "Move box") -> bool:
        """Give boxes another place, size or angle; one named step."""
        former = {box_id: self._by_id[box_id].box for box_id in boxes}
        wanted = dict(boxes)
        if wanted == former:
            return True
        return self._history.do(name, lambda: self._change(wanted), lambda: self._change(former))

    def remove(self, box_ids: Iterable[int], name: str = "") -> bool:
        """Remove boxes; one named step."""
        former = [self._by_id[box_id] for box_id in box_ids if box_id in self._by_id]
        if not former:
            return False
        name = name or ("Remove box" if len(former) == 1 else f"Remove {len(former)} boxes")
        return self._history.do(
            name, lambda: self._drop([placed.id for placed in former]), lambda: self._restore(former)
        )

    def lock(self, box_ids: Iterable[int], is_locked: bool) -> bool:
        """Keep boxes from being moved by accident, or let them be moved again; one named step."""
        former = {box_id: self._by_id[box_id].is_locked for box_id in box_ids if box_id in self._by_id}
        wanted = dict.fromkeys(former, is_locked)
        if wanted == former:
            return True
        name = "Lock" if is_locked else "Unlock"
        name = f"{name} box" if len(wanted) == 1 else f"{name} {len(wanted)} boxes"
        return self._history.do(name, lambda: self._lock(wanted), lambda: self._lock(former))

    def set_anomaly(self, box_ids: Iterable[int], anomaly: str) -> bool:
        """Say of which class boxes are; one named step."""
        former = {box_id: self._by_id[box_id].anomaly for box_id in box_ids if box_id in self._by_id}
        wanted = {box_id: anomaly for box_id, name in former.items() if name != anomaly}
        if not wanted:
            return True
        name = f"Label {'box' if len(wanted) == 1 else count_of(len(wanted), 'box')} “{anomaly}”"
        return self._history.do(name, lambda: self._label(wanted), lambda: self._label(former))

    # --- what the steps do

    def _change(self, boxes: Mapping[int, Box]) -> None:
        with self._project.catalogue.transaction():
            changed = [self._project.change_box(box_id, box) for box_id, box in boxes.items()]
        self._put(changed)

    def _lock(self, locked: Mapping[int, bool]) -> None:
        with self._project.catalogue.transaction():
            changed = [self._project.lock_box(box_id, is_locked) for box_id, is_locked in locked.items()]
        self._put(changed)

    def _label(self, anomalies: Mapping[int, str]) -> None:
        with self._project.catalogue.transaction():
            labeled = [self._project.set_box_anomaly(box_id, name) for box_id, name in anomalies.items()]
        self._put(labeled)

    def _restore(self, placed: Sequence[PlacedBox]) -> None:
        with self._project.catalogue.transaction():
            for each in placed:
                self._project.restore_box(each)
        self._put(placed)

    def _drop(self, box_ids: Sequence[int]) -> None:
        with self._project.catalogue.transaction():
            for box_id in box_ids:
                self._project.remove_box(box_id)
        photos = {self._by_id.pop(box_id).photo for box_id in box_ids}
        self._by_photo = _by_photo(self._by_id)
        self._tell(photos)

    def _put(self, placed: Sequence[PlacedBox]) -> None:
        self._by_id.update((each.id, each) for each in placed)
        self._by_id = dict(sorted(self._by_id.items()))
        self._by_photo = _by_photo(self._by_id)
        self._tell({each.photo for each in placed})

    def _tell(self, photos: Collection[str]) -> None:
        for photo in sorted(photos):
            self.changed.emit(photo)
        if photos:
            self.counted.emit()


def _by_photo(boxes: Mapping[int, PlacedBox]) -> dict[str, tuple[PlacedBox, ...]]:
    """The boxes on each photo, in their order: they are asked for in every cell of the list of photos."""
    found: dict[str, list[PlacedBox]] = {}
    for placed in boxes.values():
        found.setdefault(placed.photo, []).append(placed)
    return {photo: tuple(each) for photo, each in found.items()}
