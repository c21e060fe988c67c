"""What leads on from the results: where the detector comes from, and where its gaps are."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from anogen_gui.model.inspected import is_shown
from anogen_gui.model.inspecting import Inspecting
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect.coverage_dialog import CoverageDialog
from anogen_gui.ui.inspect.lineage_panel import LineagePanel
from anogen_gui.ui.kit import Button, Fold, open_dialog
from anogen_gui.ui.theme import space


class Further(QWidget):
    """Stands below the threshold; the lineage is read while its fold is open.

    Signals:
        item_requested(page, place): look at a thing on its page.
    """

    item_requested = Signal(str, str)

    def __init__(self, icons: Icons, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons, self._thumbnails = icons, thumbnails
        self._model: Inspecting | None = None
        self._project: ProjectModel | None = None
        self._asked = ("", "")
        self.coverage = Button("Coverage…", icons, "mdi6.map-marker-radius-outline")
        self.coverage.setToolTip("Where real anomalies and boxes lie on the part, and which were missed")
        self.fold = Fold(icons, "Lineage")
        self.lineage = LineagePanel(icons, thumbnails)
        self.fold.body.addWidget(self.lineage)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(3))
        column.addWidget(self.coverage, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.fold)
        self.coverage.clicked.connect(self.show_coverage)
        self.fold.toggled.connect(lambda _is_open: self._read())
        self.lineage.item_requested.connect(self.item_requested)

    def bind(self, model: Inspecting | None, project: ProjectModel | None) -> None:
        """Follow this model; both go when their project does."""
        self._model, self._project, self._asked = model, project, ("", "")
        self.lineage.show_project(project)
        if model is not None:
            model.run_changed.connect(self._read)
            model.current_changed.connect(lambda _photo: self._read())
            self._read()

    def show_coverage(self) -> None:
        """Show where things of a class lie: of the photo that is looked at, or of the first one."""
        model, project = self._model, self._project
        if model is None or project is None:
            return
        missed = [photo.photo for photo in model.photos() if is_shown(photo, "missed", model.bands)]
        anomaly = model.current.anomaly if model.current is not None else ""
        told = missed if model.bands is not None else None
        open_dialog(CoverageDialog(self._icons, self._thumbnails, project, anomaly, told, self))

    def _read(self) -> None:
        """What came of the support photo that is looked at, or where the detector comes from."""
        model = self._model
        if model is None or model.run is None or not self.fold.is_open:
            return
        photo = model.current
        support = photo.photo if photo is not None and photo.kind == "kept_out" else ""
        if (model.run.name, support) != self._asked:
            self._asked = (model.run.name, support)
            self.lineage.ask(model.run.name, support)
