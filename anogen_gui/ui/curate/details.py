"""The panel beside grid and loupe: what is thought of the chosen samples, and how the current one was made."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from anogen_gui.model.curate import CurateModel
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.wording import count_of
from anogen_gui.ui.curate.facts import SampleFacts
from anogen_gui.ui.curate.judging import Judging
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import ScrollPanel, Separator, TextLabel

WIDTH = 304


class DetailsPanel(ScrollPanel):
    """Follows a `CurateModel`. It shows what is there; the page does what is asked for.

    Signals:
        verdict_requested(verdict), star_requested(stars)
        show_file_requested(), copy_seed_requested()
    """

    verdict_requested = Signal(str)
    star_requested = Signal(int)
    show_file_requested = Signal()
    copy_seed_requested = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(WIDTH, parent)
        self._model: CurateModel | None = None
        self._project: ProjectModel | None = None
        self._title = TextLabel("", "title")
        self._place = TextLabel("", "dim")
        self.judging = Judging(icons)
        self.advances = QCheckBox("Go on to the next undecided one")
        self.advances.setChecked(True)
        self.advances.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.facts = SampleFacts(icons)
        self._lay_out()
        self._connect()

    def bind(self, model: CurateModel | None, project: ProjectModel | None) -> None:
        """Show the samples of this model from now on; it goes when its project does."""
        self._model, self._project = model, project
        if model is not None:
            model.advances = self.advances.isChecked()
            for signal in (model.selection_changed, model.updated, model.visible_changed):
                signal.connect(self._show)
        self._show()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch()
        head.addWidget(self._place)
        self.column.addLayout(head)
        for widget in (self.judging, self.advances, Separator(), self.facts):
            self.column.addWidget(widget)

    def _connect(self) -> None:
        self.judging.verdict_requested.connect(self.verdict_requested)
        self.judging.star_requested.connect(self.star_requested)
        self.facts.show_file_requested.connect(self.show_file_requested)
        self.facts.copy_seed_requested.connect(self.copy_seed_requested)
        self.advances.toggled.connect(self._set_advances)

    def _set_advances(self, is_on: bool) -> None:
        if self._model is not None:
            self._model.advances = is_on

    def _show(self) -> None:
        model, project = self._model, self._project
        sample = model.current if model is not None else None
        if model is None or project is None or sample is None:
            self._title.setText("No sample is chosen")
            self._place.setText("")
            self.judging.show_samples([])
            self.facts.show_sample(None, None)
            return
        targets = [target for target in map(model.sample, model.targets) if target is not None]
        place = model.place(sample.id)
        self._title.setText("Sample" if len(targets) == 1 else f"{count_of(len(targets), 'sample')} chosen")
        self._place.setText(f"{(place or 0) + 1} of {len(model.visible)}")
        self.judging.show_samples(targets)
        self.facts.show_sample(sample, project)
