"""Two trainings side by side: whether the second is better, figure by figure, and in words."""

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QProgressBar, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from anogen_gui.model.training_state import FIGURES, ComparedFigure, Comparison
from anogen_gui.model.wording import count_of
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import (
    Badge,
    Card,
    ElidedLabel,
    EmptyState,
    QuietButton,
    SectionLabel,
    TextLabel,
    with_key,
)
from anogen_gui.ui.palettes import space
from anogen_gui.ui.train.interval_bar import IntervalBar
from anogen_gui.ui.train.words import CONCLUSIONS, figure_title, settings_words, signed, verdict_words

_ROUND = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
_HEADS = ("", "Before", "After", "Difference", "Interval around 0", "Conclusion")


class CompareView(Card):
    """What comparing two trainings found, or the button that compares them.

    Signals:
        compare_requested()
    """

    compare_requested = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__("Comparison", parent)
        self._pair = ElidedLabel(role="dim")
        self._verdict = TextLabel(role="title", wrap=True)
        self._badge = Badge(icons, "")
        self._about = TextLabel(role="small", wrap=True)
        self.compare = QuietButton(
            "Compare again", icons, "mdi6.restart", with_key("Measure both again", "C")
        )
        self.empty = EmptyState(icons, "mdi6.compare", "", "", "Compare", "mdi6.compare")
        self.busy = QProgressBar()
        self.rows = [_FigureRow(name, icons) for name in FIGURES]
        self._places = QStackedWidget()
        self._lay_out()
        self.compare.clicked.connect(lambda: self.compare_requested.emit())
        self.empty.action_requested.connect(lambda: self.compare_requested.emit())

    def show_comparison(self, comparison: Comparison) -> None:
        """Show two trainings."""
        first, second = comparison.first, comparison.second
        self._pair.setText(
            f"Before: {first.name} ({settings_words(first)})   →   after: {second.name} ({settings_words(second)})"
        )
        self.busy.setVisible(comparison.is_running)
        self.compare.setVisible(bool(comparison.figures))
        self.compare.setEnabled(not comparison.is_running)
        self._places.setCurrentIndex(1 if comparison.figures else 0)
        if comparison.figures:
            self._show_figures(comparison)
        elif comparison.is_running:
            self.empty.show_texts(
                "They are being compared", "Both look at all test photos; this takes a while."
            )
        elif comparison.reason:
            self.empty.show_texts("They cannot be compared yet", comparison.reason)
        else:
            self.empty.show_texts(
                "Did it help?",
                "Both detectors look at the same test photos, and each figure is told with its interval: "
                "helped, no measurable change, or hurt.",
                "Compare",
            )

    @property
    def verdict(self) -> str:
        """The conclusion in a sentence; '' where they were not compared."""
        return self._verdict.text() if self._places.currentIndex() == 1 else ""

    def _show_figures(self, comparison: Comparison) -> None:
        text, tone = verdict_words(comparison)
        self._verdict.setText(text)
        self._badge.show_state(
            {"good": "Helped", "bad": "Hurt", "warn": "Mixed"}.get(tone, "No change"), tone
        )
        about = f"Measured on {count_of(comparison.photos, 'real test photo')} that nothing was learned from."
        if comparison.origins:
            left_out = count_of(comparison.origins, "test photo")
            about += f" {left_out} left out: samples were made for what was missed there."
        self._about.setText(
            f"{about} The interval says where the difference lies in 95 of 100 drawings of these photos; another seed"
            " is not in it."
        )
        known = {figure.name: figure for figure in comparison.figures}
        reach = reach_of(comparison.figures)
        for row in self.rows:
            row.show_figure(known.get(row.name), reach)

    def _lay_out(self) -> None:
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.busy.setAccessibleName("Comparing")
        self.add_action(self._badge)
        self.add_action(self.compare)
        grid = QGridLayout()
        grid.setHorizontalSpacing(space(4))
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(4, 1)
        for column, head in enumerate(_HEADS):
            side = Qt.AlignmentFlag.AlignRight if 0 < column < 4 else Qt.AlignmentFlag.AlignLeft
            grid.addWidget(SectionLabel(head), 0, column, side)
        for place, row in enumerate(self.rows, 1):
            row.add_to(grid, place)
        content = QWidget()
        column_layout = QVBoxLayout(content)
        column_layout.setContentsMargins(0, 0, space(2), 0)
        column_layout.setSpacing(space(3))
        column_layout.addWidget(self._verdict)
        column_layout.addLayout(grid)
        column_layout.addWidget(self._about)
        column_layout.addStretch()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        self._places.addWidget(self.empty)
        self._places.addWidget(scroll)
        self.add(self._pair)
        self.add(self.busy)
        self.add(self._places, 1)


class _FigureRow:
    """The widgets of one figure in the grid."""

    def __init__(self, name: str, icons: Icons) -> None:
        self.name = name
        self._title = TextLabel(figure_title(name), "strong")
        self._before, self._after, self.difference = TextLabel(), TextLabel(), TextLabel(role="strong")
        self._bar = IntervalBar(icons)
        self.conclusion = Badge(icons, "")

    def add_to(self, grid: QGridLayout, place: int) -> None:
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        grid.addWidget(self._title, place, 0)
        for column, label in enumerate((self._before, self._after, self.difference), 1):
            grid.addWidget(label, place, column, right)
        grid.addWidget(self._bar, place, 4)
        grid.addWidget(self.conclusion, place, 5)

    def show_figure(self, figure: ComparedFigure | None, reach: float) -> None:
        """One that could not be measured, for want of masks, is not shown."""
        for widget in (self._title, self._before, self._after, self.difference, self._bar, self.conclusion):
            widget.setVisible(figure is not None)
        if figure is None:
            return
        text, tone, icon = CONCLUSIONS[figure.conclusion]
        self._before.setText(f"{figure.before:.3f}")
        self._after.setText(f"{figure.after:.3f}")
        self.difference.setText(signed(figure.difference))
        self.conclusion.show_state(text.capitalize(), tone, icon)
        self._bar.show_interval(figure.difference, figure.low, figure.high, reach, tone)
        told = f"{signed(figure.difference)}, interval {signed(figure.low)} to {signed(figure.high)}"
        self._bar.setToolTip(told)
        self._bar.setAccessibleName(f"{self.name}: {told}, {text}")


def reach_of(figures: tuple[ComparedFigure, ...]) -> float:
    """A round number that no interval exceeds."""
    bounds = [abs(bound) for each in figures for bound in (each.difference, each.low, each.high)]
    most = max((bound for bound in bounds if not math.isnan(bound)), default=1.0)
    return next((number for number in _ROUND if number >= most), most)
