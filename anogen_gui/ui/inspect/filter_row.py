"""The row above the grid: which photos are seen, and in which order."""

from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from anogen_gui.model.inspected import Show, Sorting
from anogen_gui.model.inspecting import Inspecting
from anogen_gui.ui.curate.choice_box import ChoiceBox
from anogen_gui.ui.keys import add_key
from anogen_gui.ui.kit import FlowLayout, SegmentedControl

_SHOWN: tuple[tuple[Show, str], ...] = (
    ("all", "All"),
    ("missed", "Missed"),
    ("false_alarm", "False alarms"),
    ("look_again", "Look again"),
    ("new", "New"),
    ("no_opinion", "No opinion"),
)
_APART: tuple[tuple[Show, str], ...] = (("held_out", "Held out"), ("kept_out", "Kept out"))
_SORTINGS: tuple[tuple[Sorting, str], ...] = (
    ("highest", "Highest score first"),
    ("lowest", "Lowest score first"),
    ("nearest", "Most doubtful first"),
    ("name", "By name"),
)


class FilterRow(QWidget):
    """Tabs with their numbers, photos that do not count, anomaly class, order.

    Args:
        grid: where digits choose a tab.
    """

    def __init__(self, grid: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: Inspecting | None = None
        self._classes: tuple[str, ...] | None = None  # that are offered
        self.tabs = SegmentedControl([*_SHOWN, *_APART], name="Show")
        self.tabs.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.anomaly = ChoiceBox("Anomaly class")
        self.sorting = ChoiceBox("Order")
        self.sorting.show_choices(_SORTINGS, "highest")
        flow = FlowLayout()
        for widget in (self.tabs, self.anomaly, self.sorting):
            flow.addWidget(widget)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(flow, 1)
        for place, (show, _) in enumerate(_SHOWN):
            add_key(grid, str(place + 1), partial(self.tabs.set_value, show))
        self.tabs.value_changed.connect(self._choose)
        self.anomaly.currentIndexChanged.connect(self._choose_class)
        self.sorting.currentIndexChanged.connect(self._sort)

    def bind(self, model: Inspecting | None) -> None:
        """Show and change the filter of this model from now on; it goes when its project does."""
        self._model = model
        if model is not None:
            model.filter_changed.connect(self._show_filter)
            model.photos_changed.connect(lambda _paths: self.show_counts())
            self._show_filter()
            self.show_counts()

    def show_counts(self) -> None:
        """Write how many photos each choice has, and offer the classes that there are."""
        assert self._model is not None
        counts, chosen = self._model.counts(), self._model.filter.show
        for show, word in (*_SHOWN, *_APART):
            self.tabs.set_text(show, f"{word}  {counts[show]}")
        for show, _ in _APART:
            self.tabs.set_offered(show, bool(counts[show]) or show == chosen)
        classes = self._model.classes()
        if classes != self._classes:
            self._classes = classes
            choices = [(None, "Any class"), *((name, name) for name in classes)]
            self.anomaly.show_choices(choices, self._model.filter.anomaly)
            self.anomaly.setVisible(len(classes) > 1)

    def _show_filter(self) -> None:
        assert self._model is not None
        self.tabs.set_value(self._model.filter.show)
        self.anomaly.show_value(self._model.filter.anomaly)
        self.sorting.show_value(self._model.sorting)

    def _choose(self, show: Show) -> None:
        if self._model is not None:
            self._model.set_filter(replace(self._model.filter, show=show))

    def _choose_class(self) -> None:
        if self._model is not None:
            self._model.set_filter(replace(self._model.filter, anomaly=self.anomaly.value))

    def _sort(self) -> None:
        if self._model is not None:
            self._model.set_sorting(self.sorting.value)
