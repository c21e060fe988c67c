"""The threshold of the detector: where it lies among the scores, what it does, and what it is to reach."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from anogen_gui.model.bands import Proposal, for_false_alarms, percent, without_misses
from anogen_gui.model.inspecting import Inspecting
from anogen_gui.model.wording import count_of
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect.outcomes_table import OutcomesTable
from anogen_gui.ui.inspect.score_plot import ScorePlot
from anogen_gui.ui.inspect.target_form import TargetForm
from anogen_gui.ui.keys import add_key
from anogen_gui.ui.kit import Button, IconButton, TextLabel
from anogen_gui.ui.theme import space
from engine.reporting.facts import Bands


class ThresholdPanel(QWidget):
    """Follows an `Inspecting`, and sets its bands."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: Inspecting | None = None
        self.plot = ScorePlot(icons)
        self.log = IconButton(icons, "mdi6.math-log", "Count on a logarithmic scale", "L", checkable=True)
        self.by_hand = Button("Set a threshold by hand", icons, "mdi6.gesture-tap")
        self.outcomes = OutcomesTable()
        self.targets = TargetForm(icons)
        head = QHBoxLayout()
        head.addWidget(TextLabel("Threshold", "title"))
        head.addStretch()
        head.addWidget(self.log)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(3))
        column.addLayout(head)
        for widget in (self.plot, self.by_hand, self.outcomes, self.targets):
            column.addWidget(widget)
        add_key(self, "L", self.log.toggle)
        self.log.toggled.connect(self.plot.show_log)
        self.by_hand.clicked.connect(self.set_by_hand)
        self.plot.bands_tried.connect(self._try)
        self.plot.bands_chosen.connect(self._choose)
        self.targets.rate_requested.connect(self._aim_for_rate)
        self.targets.no_misses_requested.connect(self._aim_for_no_misses)

    def bind(self, model: Inspecting | None) -> None:
        """Show and set the bands of this model from now on; it goes when its project does."""
        self._model = model
        self.targets.say("")
        if model is not None:
            model.photos_changed.connect(lambda _paths: self._show_scores())
            model.bands_changed.connect(self._show_bands)
            model.run_changed.connect(lambda: self.targets.say(""))
            self._show_scores()
            self._show_bands(model.bands)

    def set_by_hand(self) -> None:
        """Put both lines in the middle of the scores, to be dragged."""
        if self._model is not None:
            low, high = self._model.scores.range
            self._model.set_bands(Bands((low + high) / 2, (low + high) / 2))
            self.plot.setFocus()

    # --- what is shown

    def _show_scores(self) -> None:
        assert self._model is not None
        self.plot.show_scores(self._model.scores)
        self._show_outcomes()

    def _show_bands(self, bands: Bands | None) -> None:
        self.plot.show_bands(bands)
        self.by_hand.setVisible(bands is None)
        self.outcomes.setVisible(bands is not None)
        if bands is not None and bands.false_alarm_rate is not None and not self.targets.promise.text():
            basis = count_of(bands.normals, "good photo")
            self.targets.say(
                f"From {basis} held out: about {percent(bands.false_alarm_rate)} false alarms are to be expected."
            )
        self._show_outcomes()

    def _show_outcomes(self) -> None:
        assert self._model is not None
        bands = self._model.bands
        self.outcomes.show_outcomes(self._model.scores.outcomes(bands) if bands is not None else None)

    # --- what people do

    def _try(self, bands: Bands) -> None:
        if self._model is not None:
            self.targets.say("")
            self._model.try_bands(bands)

    def _choose(self, bands: Bands) -> None:
        if self._model is not None:
            self._model.set_bands(bands)

    def _aim_for_rate(self, rate: float) -> None:
        if self._model is not None:
            self._propose(for_false_alarms(self._model.held_out_scores(), rate, self._model.bands))

    def _aim_for_no_misses(self) -> None:
        if self._model is not None:
            self._propose(without_misses(self._model.scores, self._model.bands))

    def _propose(self, proposal: Proposal) -> None:
        assert self._model is not None
        if proposal.bands is not None:
            self._model.set_bands(proposal.bands)
        self.targets.say(proposal.sentence)
