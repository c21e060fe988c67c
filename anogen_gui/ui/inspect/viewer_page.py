"""What a detector found, for those who only look: photos by verdict, and the one that is chosen, large."""

from collections import Counter

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from anogen_gui.model.mask_outline import MaskOutlines
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.thumbnails import Thumbnails, Wanted
from anogen_gui.model.viewing import Viewing
from anogen_gui.model.wording import in_window
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.curate.choice_box import ChoiceBox
from anogen_gui.ui.grid import ThumbnailGrid
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect.anomaly_maps import AnomalyMaps
from anogen_gui.ui.inspect.band_buttons import BandButtons
from anogen_gui.ui.inspect.heat_pane import HeatFiles, HeatPane
from anogen_gui.ui.inspect.photo_bar import PhotoFacts
from anogen_gui.ui.inspect.result_cells import ResultCells
from anogen_gui.ui.kit import EmptyState
from anogen_gui.ui.theme import ThemeModel, space
from engine.reporting.facts import Band, Result

_GRID_WIDTH, _SIDE = 216, 160


class ViewerPage(QWidget):
    """Shows the results of one detector of a project; nothing on it changes the project."""

    def __init__(
        self,
        theme_model: ThemeModel,
        icons: Icons,
        thumbnails: Thumbnails,
        pictures: Pictures,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.viewing: Viewing | None = None
        self._results: dict[str, Result] = {}
        self._maps, self._outlines = AnomalyMaps(self), MaskOutlines(self)
        self.detectors = ChoiceBox("Detector")
        self.bands = BandButtons(icons)
        self.cells = ResultCells(icons, thumbnails)
        self.grid = ThumbnailGrid(self.cells, icons, _SIDE)
        self.grid.setAccessibleName("Photos")
        self.grid.setFixedWidth(_GRID_WIDTH)
        self.pane = HeatPane(theme_model, icons, pictures, self._maps, self._outlines)
        self.pane.set_asks(False)
        self.pane.bar.back.hide()
        self.nothing = EmptyState(icons, "mdi6.magnify-scan", "", "")
        self._places = QStackedWidget()
        self._body = QWidget()
        self._lay_out()
        thumbnails.made.connect(self._show_made)
        self.detectors.activated.connect(lambda _index: self._choose_detector())
        self.bands.band_chosen.connect(lambda _band: self._show_photos())
        self.grid.selection.current_changed.connect(lambda _id: self._show_current())
        self.pane.stepped.connect(self._step)
        for action in (self.pane.view.fit_action, self.pane.view.actual_action):
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self.addAction(action)
        self.setFocusProxy(self.grid)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """The keys of the picture and of the photos work wherever on the page the keyboard is."""
        for part in (self.pane, self.grid):
            event.accept()
            part.keyPressEvent(event)
            if event.isAccepted():
                return

    def show_project(self, project: ProjectModel | None) -> None:
        """Show what the newest detector of this project found; None: it is about to close."""
        for source in (self.viewing, self._maps, self._outlines):
            if source is not None:
                source.close()
        if self.viewing is not None:
            self.viewing.deleteLater()
        self.viewing = None
        self._take_results(())
        self._say("Reading the results…", "")
        if project is not None:
            self.viewing = Viewing(project.project, self)
            self.viewing.detectors_changed.connect(self._show_detectors)
            self.viewing.report_changed.connect(self._show_report)
            self.viewing.failed.connect(lambda message, hint: self._say(message, in_window(hint)))
            self.viewing.look_at()

    # --- what was read

    def _show_detectors(self) -> None:
        assert self.viewing is not None
        found = self.viewing.detectors or ()
        chosen = self.detectors.value
        choices = [(each.run, each.title) for each in found]
        self.detectors.show_choices(choices, chosen or (found[0].run if found else None))
        self.detectors.setVisible(len(found) > 1)
        if not found:
            self._say(
                "No results yet", "They appear here when a detector has looked at photos of this project."
            )

    def _show_report(self) -> None:
        report = self.viewing.report if self.viewing is not None else None
        if report is None:
            return
        self.pane.show_bands(report.bands)
        counted = (
            each for each in report.results if each.kind in ("test", "new")
        )  # nothing was learned from those
        self._take_results(tuple(counted))
        self._places.setCurrentWidget(self._body)
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_results(self, results: tuple[Result, ...]) -> None:
        self._results = {each.photo: each for each in results}
        self.cells.show_results(self._results)
        counts: Counter[Band | None] = Counter(each.band for each in results if each.band is not None)
        counts[None] = len(results)
        self.bands.show_counts(counts)
        self._show_photos()

    def _say(self, title: str, text: str) -> None:
        self.nothing.show_texts(title, text)
        self._places.setCurrentWidget(self.nothing)

    # --- which photo

    def _choose_detector(self) -> None:
        if self.viewing is not None:
            self.viewing.look_at(self.detectors.value)

    def _show_photos(self) -> None:
        band, selection = self.bands.band, self.grid.selection
        shown = [photo for photo, each in self._results.items() if band in (None, each.band)]
        self.grid.set_ids(shown)
        if shown and selection.current is None:
            selection.select_only(shown[0])
        elif shown:
            selection.select_only(selection.current)
        self.grid.show_id(selection.current)
        self._show_current()

    def _step(self, step: int) -> None:
        selection = self.grid.selection
        index = selection.current_index
        if index is not None and 0 <= index + step < len(selection.ids):
            selection.select_only(selection.ids[index + step])
            self.grid.show_id(selection.current)

    def _show_current(self) -> None:
        selection = self.grid.selection
        index, result = selection.current_index, self._results.get(str(selection.current))
        if index is None or result is None:
            self.pane.show_photo(None, None)
            return
        place = f"{index + 1} of {len(selection.ids)}"
        facts = PhotoFacts(
            result.name, result.score, result.band, result.is_anomalous, result.anomaly, place=place
        )
        self.pane.show_photo(_files(result), facts)
        near = [place for place in (index + 1, index - 1) if 0 <= place < len(selection.ids)]
        self.pane.prefetch([_files(self._results[str(selection.ids[place])]) for place in near])

    def _show_made(self, wanted: Wanted) -> None:
        self.grid.update_ids(self.cells.pictures.waiting_for(wanted))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(space(3))
        head.addWidget(self.bands)
        head.addStretch()
        head.addWidget(self.detectors)
        middle = QHBoxLayout()
        middle.setSpacing(space(3))
        middle.addWidget(self.grid)
        middle.addWidget(self.pane, 1)
        body = QVBoxLayout(self._body)
        body.setContentsMargins(space(4), 0, space(4), space(4))
        body.setSpacing(space(3))
        body.addLayout(head)
        body.addLayout(middle, 1)
        self._places.addWidget(self.nothing)
        self._places.addWidget(self._body)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._places)


def _files(result: Result) -> HeatFiles:
    return HeatFiles(result.picture, result.map, result.mask)
