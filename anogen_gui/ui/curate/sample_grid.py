"""The grid of samples, bound to a `CurateModel`."""

from PySide6.QtWidgets import QWidget

from anogen_gui.model.curate import CurateModel, Selection
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.thumbnails import Thumbnails, Wanted
from anogen_gui.ui.curate.cells import SampleCells
from anogen_gui.ui.grid import ThumbnailGrid
from anogen_gui.ui.icons import Icons


class SampleGrid(ThumbnailGrid):
    """Shows what is visible in the model, and tells it what is chosen; the model may choose something else."""

    def __init__(
        self, icons: Icons, thumbnails: Thumbnails, side: int, parent: QWidget | None = None
    ) -> None:
        self.cells = SampleCells(icons, thumbnails)
        super().__init__(self.cells, icons, side, parent)
        self._model: CurateModel | None = None
        self._follows_model = False
        self.setAccessibleName("Samples")
        thumbnails.made.connect(self._show_made)
        self.selection.changed.connect(self._choose)
        self.selection.current_changed.connect(self._choose)

    def bind(self, model: CurateModel | None, project: ProjectModel | None) -> None:
        """Show the samples of this model from now on; it goes when its project does."""
        self._model = model
        self.cells.show_project(project)
        if model is not None and project is not None:
            model.visible_changed.connect(self._show_visible)
            model.selection_changed.connect(self._show_selection)
            model.updated.connect(self._show_updated)
            project.anomalies.changed.connect(self.paint_anew)
        self._show_visible()
        self._show_selection()

    def show_close_up(self, is_wanted: bool) -> None:
        """Show the surroundings of the boxes, or the whole samples."""
        self.cells.shows_close_up = is_wanted
        self.viewport().update()

    def _show_visible(self) -> None:
        self._follows_model = True
        self.set_ids(self._model.visible if self._model is not None else ())
        self._follows_model = False

    def _show_selection(self) -> None:
        """Take over what the model has chosen, unless it was chosen here."""
        wanted = self._model.selection if self._model is not None else Selection()
        if wanted.chosen == frozenset(self.selection.selected) and wanted.current == self.selection.current:
            return
        self._follows_model = True
        self.selection.select(wanted.chosen)
        if wanted.current is not None and wanted.current != self.selection.current:
            self.selection.move_to(wanted.current)
        self._follows_model = False
        self.show_id(wanted.current)

    def _choose(self) -> None:
        if self._model is not None and not self._follows_model:
            chosen = frozenset(each for each in self.selection.selected if isinstance(each, int))
            current = self.selection.current
            self._model.select(Selection(current if isinstance(current, int) else None, chosen))

    def _show_updated(self, sample_ids: tuple[int, ...]) -> None:
        self.update_ids(set(sample_ids).intersection(self.seen_ids()))

    def _show_made(self, wanted: Wanted) -> None:
        self.update_ids(self.cells.pictures.waiting_for(wanted))

    def paint_anew(self) -> None:
        """Forget how the samples looked."""
        self.cells.pictures.forget()
        self.viewport().update()
