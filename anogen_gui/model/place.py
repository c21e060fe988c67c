"""What the page Place works on: a photo, the class that is drawn, the chosen boxes, and what is done to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Literal

from PySide6.QtCore import QObject, Signal

from anogen_gui.model.boxes import NewBox
from anogen_gui.model.more_like_this import MissedPlan
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.wording import count_of
from engine.geometry import Box
from engine.project import AnomalyClass, Photo, PlacedBox

PhotoFilter = Literal["all", "with boxes", "without boxes"]
_PASTED_PX = 12.0


@dataclass(frozen=True)
class PlaceState:
    """What is chosen: the photo by its path, the anomaly class by its name, boxes by their numbers ('', (): none)."""

    photo: str = ""
    anomaly: str = ""
    selected: frozenset[int] = frozenset()
    photo_filter: PhotoFilter = "all"


@dataclass(frozen=True)
class CopiedBox:
    """A box on the clipboard, and the photo that it was copied from."""

    new: NewBox
    photo: str

    def moved(self, dx: float, dy: float) -> NewBox:
        return self.new._replace(box=self.new.box.moved(dx, dy))


class PlaceModel(QObject):
    """Knows no widget: pages show its state and call what it does. Every change is one undoable step.

    Signals:
        state_changed(state)
        photos_changed(): the list of photos, or how many boxes are on them.
        boxes_changed(): the boxes on the photo that is shown.
        told(sentence): something was done elsewhere than on the photo that is shown.
    """

    state_changed = Signal(object)
    photos_changed = Signal()
    boxes_changed = Signal()
    told = Signal(str)

    def __init__(self, project: ProjectModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project = project
        self.state = PlaceState()
        self._copied: tuple[CopiedBox, ...] = ()
        project.photos.changed.connect(self._take_photos)
        project.anomalies.changed.connect(self._take_anomalies)
        project.boxes.changed.connect(self._take_boxes)
        project.boxes.counted.connect(self.photos_changed)
        project.more_like_this.changed.connect(self._take_plan)
        self._take_anomalies()
        self._take_photos()
        self._take_plan(project.more_like_this.plan)

    # --- photos

    def photos(self) -> tuple[Photo, ...]:
        """The good photos that the filter lets through, by path."""
        goods = self.project.photos.of_role("good")
        if self.state.photo_filter == "all":
            return goods
        counts = self.project.boxes.counts()
        wants_boxes = self.state.photo_filter == "with boxes"
        return tuple(photo for photo in goods if bool(counts[photo.path]) == wants_boxes)

    @property
    def photo(self) -> Photo | None:
        return self.project.photos.get(self.state.photo)

    def show_photo(self, path: str) -> None:
        """Show a photo; the selection is of boxes on the former one, and goes. A removed one is only told of."""
        if path and self.project.photos.get(path) is None:
            name = PurePosixPath(path).stem
            self.told.emit(f"“{name}” was removed from the project; samples of it are on the page Curate.")
        elif path != self.state.photo:
            self._update(photo=path, selected=frozenset())
            self.boxes_changed.emit()

    def step_photo(self, step: int) -> None:
        """Show the next photo, or (−1) the one before; at the end it stays."""
        paths = [photo.path for photo in self.photos()]
        if not paths:
            return
        at = paths.index(self.state.photo) if self.state.photo in paths else -1
        self.show_photo(paths[min(max(0, at + step), len(paths) - 1)])

    def neighbors(self) -> tuple[str, ...]:
        """The photos that may be wanted next, the likeliest first."""
        paths = [photo.path for photo in self.photos()]
        if self.state.photo not in paths:
            return tuple(paths[:1])
        at = paths.index(self.state.photo)
        return tuple(paths[at + 1 : at + 2] + paths[max(0, at - 1) : at])

    def photos_from_here(self, count: int) -> tuple[Photo, ...]:
        """The photo that is shown and those after it, from the first on again after the last; `count` at most."""
        photos = self.photos()
        paths = [photo.path for photo in photos]
        at = paths.index(self.state.photo) if self.state.photo in paths else 0
        return (photos[at:] + photos[:at])[:count]

    def set_photo_filter(self, photo_filter: PhotoFilter) -> None:
        self._update(photo_filter=photo_filter)
        self.photos_changed.emit()

    # --- the class

    @property
    def anomaly(self) -> AnomalyClass | None:
        return self.project.anomalies.get(self.state.anomaly) if self.state.anomaly else None

    def use_anomaly(self, name: str) -> None:
        """Boxes that are drawn from now on are of this class."""
        if self.project.anomalies.get(name) is not None:
            self._update(anomaly=name)

    def use_digit(self, digit: int) -> bool:
        """The class of this digit key; False where no class has it."""
        anomaly = self.project.anomalies.with_digit(digit)
        if anomaly is not None:
            self.use_anomaly(anomaly.name)
        return anomaly is not None

    # --- boxes

    def boxes(self) -> tuple[PlacedBox, ...]:
        """The boxes on the photo that is shown."""
        return self.project.boxes.on(self.state.photo)

    def selected(self) -> tuple[PlacedBox, ...]:
        return tuple(placed for placed in self.boxes() if placed.id in self.state.selected)

    def select(self, box_ids: Iterable[int]) -> None:
        self._update(selected=frozenset(box_ids) & {placed.id for placed in self.boxes()})

    def draw(self, box: Box) -> bool:
        """Place a box of the class in use on the photo that is shown, and choose it."""
        if self.photo is None or self.anomaly is None:
            return False
        made = self.project.boxes.add(self.photo.id, self.anomaly.name, [box], f"Draw “{self.anomaly.name}”")
        self.select(made)
        return bool(made)

    def move(self, boxes: Mapping[int, Box], name: str = "Move box") -> bool:
        return self.project.boxes.change(boxes, name)

    def remove(self, box_ids: Iterable[int]) -> bool:
        return self.project.boxes.remove(box_ids)

    def lock(self, box_ids: Iterable[int], is_locked: bool) -> bool:
        return self.project.boxes.lock(box_ids, is_locked)

    def label(self, anomaly: str) -> bool:
        """The chosen boxes are of this class."""
        return self.project.boxes.set_anomaly(self.state.selected, anomaly)

    def label_digit(self, digit: int) -> bool:
        """They are of the class of this digit key; False where no class has it."""
        anomaly = self.project.anomalies.with_digit(digit)
        return anomaly is not None and self.label(anomaly.name)

    def duplicate(self, boxes: Mapping[int, Box]) -> bool:
        """Place copies of boxes: where they are to be, by the number of the box that each is a copy of."""
        if self.photo is None:
            return False
        placed = [
            NewBox(each.anomaly, boxes[each.id], each.origin) for each in self.boxes() if each.id in boxes
        ]
        name = "Duplicate box" if len(placed) == 1 else f"Duplicate {len(placed)} boxes"
        made = self.project.boxes.add_to_photos({self.photo.id: placed}, name)
        self.select(made)
        return bool(made)

    # --- copying

    def copy(self, box_ids: Iterable[int]) -> None:
        """Put boxes of this photo on the clipboard."""
        wanted = set(box_ids)
        self._copied = tuple(
            CopiedBox(NewBox(placed.anomaly, placed.box, placed.origin), placed.photo)
            for placed in self.boxes()
            if placed.id in wanted
        )

    def paste(self) -> bool:
        """Place what was copied; on the photo that it is from, beside the originals."""
        if self.photo is None or not self._copied:
            return False
        dx, dy = self._paste_shift(self.photo)
        placed = [copied.moved(dx, dy) for copied in self._copied]
        name = "Paste box" if len(placed) == 1 else f"Paste {len(placed)} boxes"
        made = self.project.boxes.add_to_photos({self.photo.id: placed}, name)
        self.select(made)
        return bool(made)

    def _paste_shift(self, photo: Photo) -> tuple[float, float]:
        """So far beside its original that both are seen, towards where there is more room; elsewhere not at all."""
        first = self._copied[0]
        if first.photo != photo.path:
            return 0.0, 0.0
        box = first.new.box
        right, down = box.center_x < photo.width / 2, box.center_y < photo.height / 2
        return (_PASTED_PX if right else -_PASTED_PX), (_PASTED_PX if down else -_PASTED_PX)

    def copy_to_next(self, count: int = 1) -> int:
        """Place the chosen boxes, or all, on the next `count` photos, at the same places; on how many it did."""
        paths = [photo.path for photo in self.photos()]
        at = paths.index(self.state.photo) + 1 if self.state.photo in paths else 0
        return self.copy_to(paths[at : at + count])

    def copy_to(self, paths: Sequence[str]) -> int:
        """Place the chosen boxes, or all, on these photos as one step; boxes that would not fit are left out."""
        sources = self.selected() or self.boxes()
        targets = [
            photo for path in paths if (photo := self.project.photos.get(path)) and path != self.state.photo
        ]
        placed = {
            photo.id: [
                NewBox(source.anomaly, source.box, source.origin)
                for source in sources
                if _fits(source.box, photo)
            ]
            for photo in targets
        }
        placed = {photo_id: boxes for photo_id, boxes in placed.items() if boxes}
        what = count_of(len(sources), "box")
        where = count_of(len(placed), "photo")
        if not placed or not self.project.boxes.add_to_photos(placed, f"Copy {what} to {where}"):
            return 0
        if len(targets) == 1:
            self.told.emit(f"Copied {what} to {PurePosixPath(targets[0].path).name}.")
        else:
            self.told.emit(f"Copied {what} to {where}.")
        return len(placed)

    # --- following the project

    def _take_photos(self) -> None:
        if self.photo is None or self.photo.role != "good":
            goods = self.project.photos.of_role("good")
            self.show_photo(goods[0].path if goods else "")
        self.photos_changed.emit()

    def _take_anomalies(self) -> None:
        if self.anomaly is None:
            every = self.project.anomalies.all()
            self._update(anomaly=every[0].name if every else "")
        self.boxes_changed.emit()  # their colours and names

    def _take_plan(self, plan: MissedPlan | None) -> None:
        if plan is not None:
            self.use_anomaly(plan.anomaly)

    def _take_boxes(self, photo: str) -> None:
        if photo == self.state.photo:
            self.select(self.state.selected)
            self.boxes_changed.emit()

    def _update(self, **changes: object) -> None:
        state = replace(self.state, **changes)  # type: ignore[arg-type]
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)


def _fits(box: Box, photo: Photo) -> bool:
    """Does at least a part of the box lie on the photo, and is it no larger than it?"""
    left, top, right, bottom = box.bounds()
    is_inside = right > 2 and bottom > 2 and left < photo.width - 2 and top < photo.height - 2
    return is_inside and right - left <= photo.width and bottom - top <= photo.height
