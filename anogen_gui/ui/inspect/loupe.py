"""The photo that is looked at, large, bound to an `Inspecting`."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from anogen_gui.model.inspected import InspectedPhoto
from anogen_gui.model.inspecting import Inspecting
from anogen_gui.model.mask_outline import MaskOutlines
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect.anomaly_maps import AnomalyMaps
from anogen_gui.ui.inspect.heat_pane import HeatFiles, HeatPane
from anogen_gui.ui.inspect.photo_bar import PhotoFacts
from anogen_gui.ui.theme import ThemeModel


class InspectLoupe(HeatPane):
    """Shows the current photo of an `Inspecting`, and tells it what a person says of that photo."""

    def __init__(
        self,
        theme_model: ThemeModel,
        icons: Icons,
        pictures: Pictures,
        maps: AnomalyMaps,
        outlines: MaskOutlines,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme_model, icons, pictures, maps, outlines, parent)
        self._model: Inspecting | None = None
        self._project: ProjectModel | None = None
        self._shown: InspectedPhoto | None = None
        self.stepped.connect(self._move)
        self.opinion_chosen.connect(self._say_of_current)

    def bind(self, model: Inspecting | None, project: ProjectModel | None) -> None:
        """Show the photos of this model from now on; it goes when its project does."""
        self._model, self._project = model, project
        if model is not None:
            model.current_changed.connect(self.show_current)
            model.visible_changed.connect(self._show_place)
            model.bands_changed.connect(self._show_bands)
        self._show_bands()
        self.show_current()

    def show_current(self) -> None:
        """Show the current photo, and have those decoded that are likely to come next; nothing while it is not seen."""
        model = self._model
        photo = model.current if model is not None else None
        if model is not None and not self.isVisible():
            return
        former, self._shown = self._shown, photo
        if photo is None:
            self.show_photo(None, None)
            return
        if former is not None and _seen_of(former) == _seen_of(photo):
            self._show_place()
            return
        self.show_photo(self._files(photo), self._facts(photo))
        self.prefetch([self._files(near) for near in self._neighbours()])

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        self.show_current()

    def _move(self, step: int) -> None:
        if self._model is not None:
            self._model.move(step)

    def _say_of_current(self, opinion: bool | None) -> None:
        if self._model is not None and self._model.current is not None:
            self._model.set_opinion([self._model.current.photo], opinion)

    def _show_bands(self) -> None:
        self.show_bands(self._model.bands if self._model is not None else None)
        self._show_place()

    def _show_place(self) -> None:
        """The verdict and the place in the list may be others, of the same photo."""
        if self._shown is not None and self._model is not None and self._model.current is not None:
            self._shown = self._model.current
            self.show_facts(self._facts(self._shown))

    def _facts(self, photo: InspectedPhoto) -> PhotoFacts:
        assert self._model is not None
        place = self._model.place
        return PhotoFacts(
            photo.name,
            photo.score,
            self._model.verdict_of(photo),
            photo.truth,
            photo.anomaly,
            photo.opinion,
            "" if place is None else f"{place + 1} of {len(self._model.visible)}",
        )

    def _files(self, photo: InspectedPhoto) -> HeatFiles:
        assert self._project is not None
        mask = self._project.file(photo.mask) if photo.mask else None
        return HeatFiles(self._project.file(photo.photo), self._project.file(photo.map), mask)

    def _neighbours(self) -> list[InspectedPhoto]:
        """The next photo and the one before, as far as there are such."""
        assert self._model is not None
        place, visible = self._model.place, self._model.visible
        near = (
            []
            if place is None
            else [visible[each] for each in (place + 1, place - 1) if 0 <= each < len(visible)]
        )
        return [photo for photo in map(self._model.photo, near) if photo is not None]


def _seen_of(photo: InspectedPhoto) -> tuple[str, float, str, str]:
    """What the picture is of; with another score it was looked at again, and has another map."""
    return photo.photo, photo.score, photo.map, photo.mask
