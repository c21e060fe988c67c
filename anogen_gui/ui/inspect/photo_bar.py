"""The bar under the picture: what the detector says of the photo, what is true, and what a person says."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from anogen_gui.ui.icons import IconLabel, Icons
from anogen_gui.ui.inspect.opinion_buttons import OpinionButtons
from anogen_gui.ui.inspect.verdict_words import BANDS, score_words, truth_words
from anogen_gui.ui.kit import ElidedLabel, Panel, SectionLabel, Separator, TextLabel
from anogen_gui.ui.theme import space
from engine.reporting.facts import Band

_LEAST_NAME_WIDTH = 92


@dataclass(frozen=True)
class PhotoFacts:
    """What there is to say of a photo.

    Attributes:
        score: the image score, 0 … 1; None: the detector has not looked at it.
        truth: is it anomalous? None: nobody knows.
        anomaly: its class, where it is known.
        place: where it is among the photos, such as "3 of 40".
    """

    name: str
    score: float | None = None
    verdict: Band | None = None
    truth: bool | None = None
    anomaly: str = ""
    opinion: bool | None = None
    place: str = ""


class PhotoBar(Panel):
    """Shows the facts of one photo.

    Signals:
        opinion_chosen(opinion): see OpinionButtons.
    """

    opinion_chosen = Signal(object)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = IconLabel(icons, "mdi6.help-circle-outline", "text_dim", icons.theme.icon_large)
        self._verdict = TextLabel("", "heading")
        self._score = TextLabel("", "display")
        self._truth = TextLabel("", "title")
        self._name = ElidedLabel("", "strong", Qt.TextElideMode.ElideMiddle)
        self._name.setMinimumWidth(_LEAST_NAME_WIDTH)
        self._place = TextLabel("", "dim")
        self.opinion = OpinionButtons(icons)
        self.opinion.opinion_chosen.connect(self.opinion_chosen)
        self._said = _titled("You say", self.opinion)
        self._lay_out()

    def show_facts(self, facts: PhotoFacts | None) -> None:
        """None: no photo is chosen."""
        facts = facts or PhotoFacts("")
        self._name.setText(facts.name)
        self._place.setText(facts.place)
        self._score.setText("–" if facts.score is None else score_words(facts.score))
        if facts.verdict is None:
            self._verdict.setText("Not looked at")
            self._icon.show_icon("mdi6.help-circle-outline", "text_dim")
        else:
            words = BANDS[facts.verdict]
            self._verdict.setText(words.word)
            self._icon.show_icon(words.icon, words.tone)
        self._truth.setText(truth_words(facts.truth, facts.anomaly))
        self.opinion.show_opinion(facts.opinion)
        self.opinion.setEnabled(bool(facts.name))

    def set_asks(self, asks: bool) -> None:
        """Can a person say something here?"""
        self._said.setVisible(asks)

    def _lay_out(self) -> None:
        verdict = QHBoxLayout()
        verdict.setSpacing(space(3))
        verdict.addWidget(self._icon)
        verdict.addWidget(_titled("The detector says", self._verdict))
        row = QHBoxLayout(self)
        row.setContentsMargins(space(3), space(3), space(3), space(3))
        row.setSpacing(space(3))
        row.addLayout(verdict)
        for part in (_titled("Score", self._score), _titled("In truth", self._truth)):
            row.addWidget(Separator(Qt.Orientation.Vertical))
            row.addWidget(part)
        row.addWidget(Separator(Qt.Orientation.Vertical))
        row.addWidget(_titled("Photo", self._name, self._place), 1)
        row.addWidget(self._said)


def _titled(title: str, *widgets: QWidget) -> QWidget:
    """Widgets below their title."""
    part = QWidget()
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    column.addWidget(SectionLabel(title))
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch()
    return part
