"""The canvas bound to the model: boxes in both directions, live pictures and samples laid over the photo."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from anogen_gui.model.live import Live, LivePicture
from anogen_gui.model.place import PlaceModel
from anogen_gui.ui.canvas.box_canvas import BoxCanvas
from anogen_gui.ui.canvas.overlays import Overlay
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.canvas.targets import CanvasBox
from engine.geometry import Box, Size, box_window
from engine.project import SampleRow

_SAMPLE = "sample"


class PlaceCanvas(QObject):
    """Keeps canvas and model in step, and shows what was generated where it belongs.

    Args:
        canvas: shows and edits; knows no model.

    Signals:
        edited(): a person works on the boxes.
    """

    edited = Signal()

    def __init__(self, canvas: BoxCanvas, pictures: Pictures, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.canvas, self._pictures = canvas, pictures
        self._model: PlaceModel | None = None
        self._live: Live | None = None
        self._is_live = False
        self._seed = 0
        self._sample: SampleRow | None = None
        self._live_ids: set[int] = set()
        self._drawings: set[tuple[object, ...]] = set()
        canvas.selection_changed.connect(self._select)
        canvas.box_drawn.connect(self._draw)
        canvas.boxes_moved.connect(self._move)
        canvas.boxes_changing.connect(self._follow_drag)
        canvas.boxes_removed.connect(self._remove)
        canvas.boxes_copied.connect(self._copy)
        canvas.boxes_cut.connect(self._cut)
        canvas.boxes_duplicated.connect(self._duplicate)
        canvas.paste_requested.connect(self._paste)
        canvas.lock_requested.connect(self._lock)
        for edit in (canvas.box_drawn, canvas.boxes_changing, canvas.boxes_removed, canvas.boxes_duplicated):
            edit.connect(lambda _boxes: self.edited.emit())
        pictures.loaded.connect(self._take_picture)

    def bind(self, model: PlaceModel | None, live: Live | None) -> None:
        """Work on this model; both go when their project does."""
        self._model, self._live, self._sample = model, live, None
        self.canvas.clear_overlays()
        if model is not None and live is not None:
            model.state_changed.connect(self._show_state)
            model.boxes_changed.connect(self._show_boxes)
            live.drawn.connect(self._show_live)
        self._show_state()
        self._show_boxes()

    def set_live(self, is_live: bool, seed: int) -> None:
        """Draw the chosen box again whenever it changes, with this seed; or no longer."""
        self._is_live, self._seed = is_live, seed
        if is_live:
            self._ask_for_chosen()
        else:
            self._remove_live(set(self._live_ids))

    def show_sample(self, sample: SampleRow | None) -> None:
        """Lay a sample over its photo, which is shown for it; None: the photo alone."""
        self._sample = sample
        self.canvas.remove_overlay(_SAMPLE)
        if sample is None or self._model is None:
            return
        self._model.show_photo(sample.photo)
        self._remove_live(set(self._live_ids))
        self._pictures.want([self._model.project.file(sample.path)], self)
        self._show_sample_picture()

    def show_drawing(self, photo: str, box: Box | None, jpeg: bytes) -> None:
        """Show what a running job is drawing, if it is on this photo."""
        if self._model is not None and box is not None and photo == self._model.state.photo:
            name = ("drawing", box.center_x, box.center_y)
            self._drawings.add(name)
            self._overlay(name, box, jpeg)

    def clear_drawings(self) -> None:
        """What a job was drawing is finished."""
        for name in self._drawings:
            self.canvas.remove_overlay(name)
        self._drawings.clear()

    # --- from the model

    def _show_state(self, _state: object = None) -> None:
        model = self._model
        if model is None:
            self.canvas.show_photo(None)
            self.canvas.set_boxes(())
            return
        file = model.project.file(model.state.photo) if model.state.photo else None
        if file != self.canvas.file:
            self._live_ids.clear()
            self._drawings.clear()
            if self._sample is not None and self._sample.photo != model.state.photo:
                self._sample = None
            self.canvas.show_photo(file)
            self.canvas.prefetch([model.project.file(path) for path in model.neighbors()])
        self.canvas.set_selection(model.state.selected)
        if model.anomaly is not None:
            self.canvas.set_new_color(model.anomaly.color)

    def _show_boxes(self) -> None:
        boxes = self._model.boxes() if self._model is not None else ()
        self.canvas.set_boxes(self._canvas_box(placed.id) for placed in boxes)
        self._remove_live(self._live_ids - {placed.id for placed in boxes})
        if self._model is not None:
            self.canvas.set_selection(self._model.state.selected)
            self._ask_for_chosen()

    def _canvas_box(self, box_id: int) -> CanvasBox:
        assert self._model is not None
        placed = self._model.project.boxes.get(box_id)
        assert placed is not None
        anomaly = self._model.project.anomalies.get(placed.anomaly)
        digit = str(anomaly.digit) if anomaly is not None and anomaly.digit is not None else ""
        color = anomaly.color if anomaly is not None else "#7f7f7f"
        return CanvasBox(placed.id, placed.box, color, placed.anomaly, digit, placed.is_locked)

    # --- from the canvas

    def _select(self, ids: object) -> None:
        if self._model is not None:
            self._model.select(ids)  # type: ignore[arg-type]
            self._ask_for_chosen()

    def _draw(self, box: Box) -> None:
        if self._model is not None and self._model.draw(box):
            self._ask_for_chosen()

    def _move(self, boxes: Mapping[int, Box], name: str) -> None:
        if self._model is not None:
            self._model.move(boxes, name)

    def _remove(self, ids: object) -> None:
        if self._model is not None:
            self._model.remove(ids)  # type: ignore[arg-type]

    def _copy(self, ids: object) -> None:
        if self._model is not None:
            self._model.copy(ids)  # type: ignore[arg-type]

    def _cut(self, ids: object) -> None:
        self._copy(ids)
        self._remove(ids)

    def _duplicate(self, boxes: Mapping[int, Box]) -> None:
        if self._model is not None:
            self._model.duplicate(boxes)

    def _paste(self) -> None:
        if self._model is not None:
            self._model.paste()

    def _lock(self, ids: object, is_locked: bool) -> None:
        if self._model is not None:
            self._model.lock(ids, is_locked)  # type: ignore[arg-type]

    # --- live

    def _follow_drag(self, boxes: Mapping[int, Box]) -> None:
        if self._is_live and len(boxes) == 1:
            ((box_id, box),) = boxes.items()
            self._ask(box_id, box)

    def _ask_for_chosen(self) -> None:
        chosen = self._model.selected() if self._model is not None else ()
        if self._is_live and len(chosen) == 1:
            self._ask(chosen[0].id, chosen[0].box)

    def _ask(self, box_id: int, box: Box) -> None:
        model, live = self._model, self._live
        placed = model.project.boxes.get(box_id) if model is not None else None
        if model is not None and live is not None and placed is not None:
            live.ask(placed.photo, box_id, placed.anomaly, box, self._seed)

    def _show_live(self, picture: LivePicture) -> None:
        model = self._model
        is_wanted = self._is_live and model is not None and picture.photo == model.state.photo
        if is_wanted and model is not None and model.project.boxes.get(picture.box_id) is not None:
            self._live_ids.add(picture.box_id)
            self._overlay(("live", picture.box_id), picture.box, picture.jpeg)

    def _remove_live(self, box_ids: set[int]) -> None:
        for box_id in box_ids:
            self.canvas.remove_overlay(("live", box_id))
        self._live_ids -= box_ids

    # --- pictures over the photo

    def _overlay(self, name: tuple[object, ...], box: Box, jpeg: bytes) -> None:
        photo = self._model.photo if self._model is not None else None
        image = QImage.fromData(jpeg)
        if photo is None or image.isNull():
            return
        window = box_window(box, Size(photo.width, photo.height))
        place = (window.left, window.top, window.width, window.height)
        if window.width > 0 and window.height > 0:
            self.canvas.show_overlay(name, Overlay(image, place, box))

    def _take_picture(self, file: Path) -> None:
        model, sample = self._model, self._sample
        if model is not None and sample is not None and file == model.project.file(sample.path):
            self._show_sample_picture()

    def _show_sample_picture(self) -> None:
        model, sample = self._model, self._sample
        if model is None or sample is None or sample.photo != model.state.photo:
            return
        picture = self._pictures.get(model.project.file(sample.path))
        if picture is not None and not picture.is_null:
            place = (0.0, 0.0, float(picture.size.width), float(picture.size.height))
            self.canvas.show_overlay(_SAMPLE, Overlay(picture.image, place))
