"""The page Curate: a labeler keeps what looks real, with the keyboard alone, one sample a second."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from anogen_gui.model.curate import CurateModel, Selection
from anogen_gui.model.mask_outline import MaskOutlines
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.sample_filter import SampleFilter
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.model.wording import count_of
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.curate.details import DetailsPanel
from anogen_gui.ui.curate.export_dialog import ExportDialog
from anogen_gui.ui.curate.filter_bar import FilterBar
from anogen_gui.ui.curate.footer import Footer
from anogen_gui.ui.curate.header import CurateHeader
from anogen_gui.ui.curate.loupe import Loupe
from anogen_gui.ui.curate.sample_actions import SampleActions
from anogen_gui.ui.curate.sample_grid import SampleGrid
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.keys import add_key
from anogen_gui.ui.kit import EmptyState, open_dialog
from anogen_gui.ui.theme import space

_GRID_MARGIN = 10  # with the margins inside of the grid, its pictures stand below the title


class CuratePage(QWidget):
    """Shows the samples of the open project in a grid or a loupe.

    Signals:
        page_requested(key): go to another page.
    """

    page_requested = Signal(str)

    def __init__(
        self, icons: Icons, thumbnails: Thumbnails, pictures: Pictures, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icons, self._thumbnails, self._pictures = icons, thumbnails, pictures
        self._project: ProjectModel | None = None
        self.model: CurateModel | None = None
        self.outlines = MaskOutlines(self)
        self.header = CurateHeader(icons)
        self.filter_bar = FilterBar(icons)
        self.footer = Footer(icons)
        self.grid = SampleGrid(icons, thumbnails, self.header.side)
        self.loupe = Loupe(icons, pictures, self.outlines)
        self.details = DetailsPanel(icons)
        self.no_samples = EmptyState(
            icons, "mdi6.image-multiple-outline", "No samples yet",
            "Place boxes on good photos and generate: the samples appear here as they are made.",
            "Place boxes", "mdi6.vector-square-plus",
        )  # fmt: skip
        self.no_match = EmptyState(icons, "mdi6.filter-off-outline", "", "", "Clear filter")
        self._places = QStackedWidget()
        self._pages = QStackedWidget()
        self._body = QWidget()
        self._on_samples = SampleActions(icons, self._body)
        self._lay_out()
        self._add_keys()
        self._connect()
        self.show_project(None)

    def show_project(self, project: ProjectModel | None) -> None:
        """Show the samples of this project; None: there is none, or it is about to close."""
        former, self._project = self.model, project
        self.model = CurateModel(project.samples, self) if project is not None else None
        self.outlines.close()
        for part in (self.filter_bar, self.grid, self.loupe, self.details, self._on_samples):
            part.bind(self.model, project)
        self.footer.bind(self.model)
        if self.model is not None and project is not None:
            project.samples.rewritten.connect(self._forget_pictures)
            self.model.counts_changed.connect(self._show_counts)
            self.model.visible_changed.connect(self._show_place)
            self._show_counts()
        if former is not None:
            former.deleteLater()
        self.show_loupe(False)

    @property
    def is_loupe_open(self) -> bool:
        return self._places.currentWidget() is self.loupe

    def show_loupe(self, is_wanted: bool) -> None:
        """Look at the current sample alone, or at all of them."""
        if is_wanted and self.model is not None:
            self.model.select(Selection.only(self.model.selection.current))
        self._show_place(is_wanted and self.model is not None and self.model.current is not None)
        (self.loupe if self.is_loupe_open else self.grid).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_item(self, path: str) -> None:
        """Show the sample at this path large, whatever the filter was."""
        sample = self._project.project.sample_at(path) if self._project is not None else None
        if self.model is not None and sample is not None:
            self.model.set_filter(SampleFilter())
            self.model.refresh()
            place = self.model.place(sample.id)
            if place is not None:
                self.model.go_to(place)
                self.show_loupe(True)

    def close_up(self, is_wanted: bool) -> None:
        """Show the surroundings of the boxes, or whole photos."""
        self.header.framing.set_value(is_wanted)
        self.grid.show_close_up(is_wanted)
        self.loupe.show_close_up(is_wanted)

    def export(self) -> None:
        """Ask what to export, and where to."""
        if self._project is not None:
            open_dialog(ExportDialog(self._icons, self._project, self))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        if self.model is not None and not event.spontaneous():
            self.model.refresh()  # nobody is at work here yet

    # --- made once

    def _lay_out(self) -> None:
        for place in (self.grid, self.no_match, self.loupe):
            self._places.addWidget(place)
        middle = QHBoxLayout()
        middle.setContentsMargins(_GRID_MARGIN, 0, 0, 0)
        middle.setSpacing(space(2))
        below = QHBoxLayout()
        below.setContentsMargins(space(4) - 2, 0, 0, 0)
        below.addWidget(self.footer)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self._places, 1)
        left.addLayout(below)
        middle.addLayout(left, 1)
        middle.addWidget(self.details)
        work = QVBoxLayout(self._body)
        work.setContentsMargins(0, space(4), 0, 0)
        work.setSpacing(space(3))
        for widget in (self.header, self.filter_bar, self.loupe.bar):
            row = QHBoxLayout()
            row.setContentsMargins(space(5), 0, space(5), 0)
            row.addWidget(widget)
            work.addLayout(row)
        work.addLayout(middle, 1)
        self._pages.addWidget(self.no_samples)
        self._pages.addWidget(self._body)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _add_keys(self) -> None:
        framing, details = self.header.framing, self.details
        add_key(self._body, "C", lambda: framing.set_value(not framing.value))
        add_key(self._body, "I", lambda: details.setVisible(details.isHidden()))
        add_key(self._body, "F5", self.refresh)
        add_key(self._body, "Ctrl+E", self.export)

    def _connect(self) -> None:
        samples = self._on_samples
        self.no_samples.action_requested.connect(lambda: self.page_requested.emit("place"))
        self.no_match.action_requested.connect(self.clear_filter)
        self.header.close_up_chosen.connect(self.close_up)
        self.header.side_chosen.connect(self.grid.set_side)
        self.header.export_requested.connect(self.export)
        self.grid.side_changed.connect(self.header.show_side)
        self.grid.activated.connect(lambda _id: self.show_loupe(True))
        self.grid.menu_requested.connect(lambda at: samples.show_menu(at, lambda: self.show_loupe(True)))
        self.loupe.closed.connect(lambda: self.show_loupe(False))
        self.details.verdict_requested.connect(samples.judge)
        self.details.star_requested.connect(samples.star)
        self.details.show_file_requested.connect(samples.show_file)
        self.details.copy_seed_requested.connect(samples.copy_seed)

    # --- what is asked for

    def refresh(self) -> None:
        """Look at what matches the filter now."""
        if self.model is not None:
            self.model.refresh()

    def clear_filter(self) -> None:
        if self.model is not None:
            self.model.set_filter(SampleFilter())
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- what is shown

    def _forget_pictures(self, sample_ids: tuple[int, ...]) -> None:
        """Their files were written again."""
        assert self.model is not None
        assert self._project is not None
        for sample in filter(None, map(self.model.sample, sample_ids)):
            for path in (sample.path, sample.mask):
                self._thumbnails.forget(self._project.file(path))
                self._pictures.forget(self._project.file(path))
        self.grid.paint_anew()
        self.loupe.show_current()

    def _show_counts(self) -> None:
        assert self.model is not None
        self.header.progress.show_counts(self.model.counts)
        self._show_place()

    def _show_place(self, loupe: bool | None = None) -> None:
        """Grid, loupe, or what to do where there is nothing to see; `loupe` None: the one that is open."""
        model = self.model
        is_open = self.is_loupe_open if loupe is None else loupe
        has_samples = model is not None and not model.is_empty
        is_open = is_open and model is not None and bool(model.visible)
        place: QWidget = self.loupe if is_open else self.grid
        if has_samples and model is not None and not model.visible:
            self._say_nothing_matches(model)
            place = self.no_match
        self._pages.setCurrentWidget(self._body if has_samples else self.no_samples)
        self._places.setCurrentWidget(place)
        place = place if has_samples else self.no_samples
        self.setFocusProxy(place.button if isinstance(place, EmptyState) else place)
        self.filter_bar.setVisible(not is_open)
        self.loupe.bar.setVisible(is_open)
        self.header.set_loupe(is_open)

    def _say_nothing_matches(self, model: CurateModel) -> None:
        counts = model.counts
        if model.filter == SampleFilter(verdict="undecided") and counts.total:
            self.no_match.show_texts(
                "Everything is judged",
                f"{count_of(counts.accepted, 'sample')} accepted, {counts.rejected} rejected. Export what you keep.",
                "Show all",
            )
        else:
            self.no_match.show_texts(
                "No sample matches the filter", "Choose less, or look at all of them again.", "Clear filter"
            )
