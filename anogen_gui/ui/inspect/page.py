"""The page Inspect: what a detector says of photos, what it misses, and from which score on it rejects."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from anogen_gui.model.inspected import ResultFilter, Show
from anogen_gui.model.inspecting import Inspecting
from anogen_gui.model.mask_outline import MaskOutlines
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect.anomaly_maps import AnomalyMaps
from anogen_gui.ui.inspect.drop_veil import DropVeil
from anogen_gui.ui.inspect.filter_row import FilterRow
from anogen_gui.ui.inspect.footer import InspectFooter
from anogen_gui.ui.inspect.further import Further
from anogen_gui.ui.inspect.header import InspectHeader
from anogen_gui.ui.inspect.inspected_grid import InspectedGrid
from anogen_gui.ui.inspect.looking_bar import LookingBar
from anogen_gui.ui.inspect.loupe import InspectLoupe
from anogen_gui.ui.inspect.photo_actions import PhotoActions
from anogen_gui.ui.inspect.threshold_panel import ThresholdPanel
from anogen_gui.ui.keys import add_key
from anogen_gui.ui.kit import EmptyState, ScrollPanel
from anogen_gui.ui.photos.sources import dragged_files
from anogen_gui.ui.theme import ThemeModel, space

_GRID_MARGIN = 10  # with the margins inside of the grid, its pictures stand below the title
_PANEL_WIDTH = 348
_ROOM = 1160  # that the large picture and the panel need side by side
_LEAST = 480
_NO_RUN = (
    "No detector yet",
    "Train one on the page Train; here you see what it finds, and set from which score on it rejects.",
    "Train a detector",
)
_NOTHING = (
    "The detector has not looked at photos yet",
    "Let it look at the test photos of the project, or drop new photos here.",
    "Look at test photos",
)
_NO_MATCH: dict[Show, tuple[str, str]] = {
    "all": ("No photo matches the filter", "Look at all of them again."),
    "missed": ("Nothing is missed", "No test photo with an anomaly passes as OK at this threshold."),
    "false_alarm": ("There are no false alarms", "No good test photo is rejected at this threshold."),
    "look_again": ("There is nothing to look at again", "Scores between the two lines are shown here."),
    "new": ("No new photos yet", "Drop photos or a folder here; they stay where they are."),
    "no_opinion": ("You have spoken of all photos", "What you said is kept, apart from the detector."),
    "held_out": ("No photos are held out", "Look at all others again."),
    "kept_out": ("No photos are kept out", "Look at all others again."),
}


class InspectPage(QWidget):
    """Shows what the detectors of a project say. Files and folders of new photos can be dropped anywhere on it.

    Signals:
        page_requested(key): go to another page.
        item_requested(page, place): look at a thing, such as a photo by its path, on its page.
        noticed(notice): a `Notice` that a person should see.
    """

    page_requested = Signal(str)
    item_requested = Signal(str, str)
    noticed = Signal(object)

    def __init__(
        self,
        theme_model: ThemeModel,
        icons: Icons,
        thumbnails: Thumbnails,
        pictures: Pictures,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.model: Inspecting | None = None
        self._maps, self._outlines = AnomalyMaps(self), MaskOutlines(self)
        self.header = InspectHeader(icons)
        self.looking_bar = LookingBar(icons)
        self.grid = InspectedGrid(icons, thumbnails)
        self.filter_row = FilterRow(self.grid)
        self.loupe = InspectLoupe(theme_model, icons, pictures, self._maps, self._outlines)
        self.footer = InspectFooter(icons)
        self.threshold = ThresholdPanel(icons)
        self.further = Further(icons, thumbnails)
        self.no_run = EmptyState(icons, "mdi6.magnify-scan", *_NO_RUN, action_icon="mdi6.chart-line")
        self.nothing = EmptyState(icons, "mdi6.magnify-scan", *_NOTHING, action_icon="mdi6.magnify-scan")
        self.no_match = EmptyState(icons, "mdi6.filter-off-outline", *_NO_MATCH["all"], "Show all")
        self.panel = ScrollPanel(_PANEL_WIDTH)
        self._wants_panel: bool | None = None
        self._places, self._pages = QStackedWidget(), QStackedWidget()
        self._body = QWidget()
        self.on_photos = PhotoActions(icons, self.grid, self._body)
        self.veil = DropVeil(icons, self)
        self._lay_out()
        self._connect()
        self.show_project(None)

    def show_project(self, project: ProjectModel | None) -> None:
        """Show the results in this project; None: there is none, or it is about to close."""
        former = self.model
        for source in (former, self._maps, self._outlines):
            if source is not None:
                source.close()
        self.model = Inspecting(project, self) if project is not None else None
        for part in (self.grid, self.loupe, self.further, self.on_photos):
            part.bind(self.model, project)
        for bound in (self.filter_row, self.footer, self.threshold):
            bound.bind(self.model)
        self.looking_bar.bind(self.model.looking if self.model is not None else None)
        if self.model is not None:
            self.model.runs_changed.connect(self._show_runs)
            self.model.run_changed.connect(self._show_runs)
            self.model.photos_changed.connect(lambda _paths: self._show_place())
            self.model.visible_changed.connect(self._show_place)
            self.model.looking.changed.connect(lambda _state: self._show_place())
        if former is not None:
            former.deleteLater()
        self.show_loupe(False)
        self._show_runs()

    def show_item(self, run: str) -> None:
        """Look at what the detector of the run of this name says."""
        if self.model is not None:
            self.model.reload()
            self.model.choose_run(run)

    @property
    def is_loupe_open(self) -> bool:
        return self._places.currentWidget() is self.loupe

    def show_loupe(self, is_wanted: bool) -> None:
        """Look at the current photo alone, or at all of them."""
        self._show_place(is_wanted and self.model is not None and self.model.current is not None)
        (self.loupe if self.is_loupe_open else self.grid).setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        if self.model is not None:
            self.model.reload()

    def toggle_panel(self) -> None:
        """Show the panel at the right, or hide it, from now on, however much room there is."""
        self._wants_panel = self.panel.isHidden()
        self._show_panel()

    # --- drag and drop

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's names from here on
        if dragged_files(event.mimeData()) and self.model is not None and self.model.run is not None:
            self.veil.open()
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802
        self.veil.hide()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        self.veil.hide()
        event.acceptProposedAction()
        self.on_photos.look_at(dragged_files(event.mimeData()))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        self.veil.setGeometry(self.rect())
        self._show_panel()

    # --- what is shown

    def _show_runs(self) -> None:
        if self.model is not None:
            self.header.show_runs(self.model.runs, self.model.run)
        self._show_place()

    def _show_place(self, loupe: bool | None = None) -> None:
        """Grid, large picture, or what to do where there is nothing to see; `loupe` None: the one that is open."""
        model = self.model
        is_open = self.is_loupe_open if loupe is None else loupe
        has_photos = model is not None and model.has_photos
        place: QWidget = self.grid
        if not has_photos:
            place = self.nothing
        elif model is not None and model.current is not None and is_open:
            place = self.loupe
        elif model is not None and not model.visible:
            place = self._say_why_none(model.filter)
        self.nothing.button.setEnabled(model is not None and not model.looking.state.is_busy)
        self._places.setCurrentWidget(place)
        self._pages.setCurrentWidget(self._body if model is not None and model.run else self.no_run)
        self.filter_row.setVisible(has_photos and place is not self.loupe)
        self._show_panel()
        self.setFocusProxy(place.button if isinstance(place, EmptyState) else place)

    def _say_why_none(self, wanted: ResultFilter) -> EmptyState:
        """Nothing like that; or nothing at all but what does not count, such as photos held out."""
        if wanted == ResultFilter():
            return self.nothing
        self.no_match.show_texts(*_NO_MATCH[wanted.show], "Show all")
        return self.no_match

    def _show_panel(self) -> None:
        """Unless a person has said so, it gives way to the large picture where there is not room for both."""
        has_room = not self.is_loupe_open or self.width() >= _ROOM
        self.panel.setVisible(has_room if self._wants_panel is None else self._wants_panel)

    # --- made once

    def _connect(self) -> None:
        header, bar, actions = self.header, self.looking_bar, self.on_photos
        self.no_run.action_requested.connect(lambda: self.page_requested.emit("train"))
        self.nothing.action_requested.connect(actions.look_at_tests)
        self.no_match.action_requested.connect(actions.show_all)
        header.run_chosen.connect(self.show_item)
        header.files_requested.connect(actions.ask_for_files)
        header.folder_requested.connect(actions.ask_for_folder)
        header.tests_requested.connect(actions.look_at_tests)
        header.report_requested.connect(actions.report)
        bar.problems_requested.connect(actions.show_problems)
        bar.resume_requested.connect(actions.resume_queue)
        actions.page_requested.connect(self.page_requested)
        actions.noticed.connect(self.noticed)
        add_key(self._body, "I", self.toggle_panel)
        self.grid.activated.connect(lambda _id: self.show_loupe(True))
        self.grid.selection_changed.connect(lambda: self.footer.show_chosen(self.grid.targets))
        self.loupe.closed.connect(lambda: self.show_loupe(False))
        self.footer.more_requested.connect(actions.ask_for_more)
        self.further.item_requested.connect(self.item_requested)

    def _lay_out(self) -> None:
        for place in (self.grid, self.loupe, self.no_match, self.nothing):
            self._places.addWidget(place)
        self._places.setMinimumWidth(_LEAST)  # not what the large picture needs: the panel gives way to it
        left = QVBoxLayout()
        left.setContentsMargins(0, 0, space(3), 0)
        left.setSpacing(space(2))
        left.addWidget(self._places, 1)
        left.addWidget(self.footer)
        middle = QHBoxLayout()
        middle.setContentsMargins(_GRID_MARGIN, 0, 0, 0)
        middle.setSpacing(0)
        middle.addLayout(left, 1)
        middle.addWidget(self.panel)
        self.panel.column.addWidget(self.threshold)
        self.panel.column.addWidget(self.further)
        work = QVBoxLayout(self._body)
        work.setContentsMargins(0, space(4), 0, 0)
        work.setSpacing(space(3))
        for widget in (self.header, self.filter_row, self.looking_bar):
            row = QHBoxLayout()
            row.setContentsMargins(space(5), 0, space(5), 0)
            row.addWidget(widget)
            work.addLayout(row)
        work.addLayout(middle, 1)
        for page in (self.no_run, self._body):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
