"""The grid of inspected photos, bound to an `Inspecting`."""

from collections.abc import Iterable

from PySide6.QtWidgets import QWidget

from anogen_gui.model.inspected import InspectedPhoto
from anogen_gui.model.inspecting import Inspecting
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.thumbnails import Thumbnails, Wanted
from anogen_gui.ui.grid import ThumbnailGrid
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect.inspected_cells import InspectedCells

_SIDE = 160


class InspectedGrid(ThumbnailGrid):
    """Shows what is visible in the model, and tells it which photo is current."""

    def __init__(self, icons: Icons, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        self.cells = InspectedCells(icons, thumbnails)
        super().__init__(self.cells, icons, _SIDE, parent)
        self._model: Inspecting | None = None
        self._follows_model = False
        self.setAccessibleName("Inspected photos")
        thumbnails.made.connect(self._show_made)
        self.selection.current_changed.connect(self._choose)

    def bind(self, model: Inspecting | None, project: ProjectModel | None) -> None:
        """Show the photos of this model from now on; it goes when its project does."""
        self._model = model
        self.cells.show_photos(model, project)
        if model is not None and project is not None:
            model.visible_changed.connect(self._show_visible)
            model.photos_changed.connect(self._show_changed)
            model.bands_changed.connect(lambda _bands: self.viewport().update())
            model.current_changed.connect(self._show_current)
            project.anomalies.changed.connect(self.paint_anew)
        self._show_visible()

    @property
    def targets(self) -> tuple[str, ...]:
        """What is done to several photos at once is done to these: the selected ones, else the current one."""
        chosen = tuple(each for each in self.selection.selected if isinstance(each, str))
        current = self.selection.current
        return chosen or ((current,) if isinstance(current, str) else ())

    def paint_anew(self) -> None:
        """Forget how the photos looked."""
        self.cells.pictures.forget()
        self.viewport().update()

    def _show_visible(self) -> None:
        self._follows_model = True
        self.set_ids(self._model.visible if self._model is not None else ())
        self._follows_model = False
        self._show_current(self._model.current if self._model is not None else None)

    def _show_current(self, photo: InspectedPhoto | None) -> None:
        path = photo.photo if photo is not None else None
        if path is None or path == self.selection.current or self.selection.index_of(path) is None:
            return
        self._follows_model = True
        if self.selection.count > 1:
            self.selection.move_to(path)
        else:
            self.selection.select_only(path)
        self._follows_model = False
        self.show_id(path)

    def _choose(self) -> None:
        current = self.selection.current
        if self._model is not None and not self._follows_model and isinstance(current, str):
            self._model.go_to(current)

    def _show_changed(self, paths: Iterable[str]) -> None:
        self.update_ids(set(paths).intersection(self.seen_ids()))

    def _show_made(self, wanted: Wanted) -> None:
        self.update_ids(self.cells.pictures.waiting_for(wanted))
