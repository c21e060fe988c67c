"""The bar above the grid: which samples are seen, and in which order."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from anogen_gui.model.curate import CurateModel
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.sample_filter import RunChoice, SampleFilter, Sorting, filter_choices
from anogen_gui.model.tally import VerdictCounts
from anogen_gui.ui.class_tag import paint_class_spot
from anogen_gui.ui.curate.choice_box import ChoiceBox
from anogen_gui.ui.curate.words import FLAG_ICON, FLAGS, VERDICTS, count_of, file_stem, local_time
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Button, FlowLayout, QuietButton, SegmentedControl
from anogen_gui.ui.theme import space
from engine.project import Verdict

_SORTINGS: tuple[tuple[Sorting, str], ...] = (
    ("newest", "Newest first"),
    ("oldest", "Oldest first"),
    ("stars", "Most stars first"),
    ("flagged", "Flagged first"),
    ("anomaly", "By class"),
    ("photo", "By photo"),
)
_STARS = (
    (0, "Any stars"),
    *((stars, f"{count_of(stars, 'star')} or more") for stars in range(1, 5)),
    (5, "5 stars"),
)


class VerdictTabs(SegmentedControl):
    """All samples, or those of one verdict, each with its number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        choices: list[tuple[Verdict | None, str]] = [(None, "All")]
        choices += [(verdict, VERDICTS[verdict].word) for verdict in _VERDICT_ORDER]
        super().__init__(choices, name="Verdict", parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_counts(self, counts: VerdictCounts) -> None:
        for verdict in (None, *_VERDICT_ORDER):
            word = VERDICTS[verdict].word if verdict is not None else "All"
            self._button_at(verdict).setText(f"{word}  {counts.of(verdict)}")


_VERDICT_ORDER: tuple[Verdict, ...] = ("undecided", "accepted", "rejected")


class FilterBar(QWidget):
    """Verdict tabs with counts, flagged ones, sorting; what else there is behind “Filter”."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._model: CurateModel | None = None
        self._project: ProjectModel | None = None
        self.tabs = VerdictTabs()
        self.flagged = Button("Flagged", icons, FLAG_ICON, "Only samples that are suspected of something")
        self.more = Button(
            "Filter", icons, "mdi6.filter-outline", "Filter by class, embedding, run, flag and stars"
        )
        self.sorting = ChoiceBox("Order")
        self.anomaly, self.embedding = ChoiceBox("Anomaly class"), ChoiceBox("Anomaly embedding")
        self.run, self.flag, self.stars = ChoiceBox("Run"), ChoiceBox("Flag"), ChoiceBox("Stars")
        self.origin = ChoiceBox("Made for")
        self.clear = QuietButton("Clear filter", icons, "mdi6.filter-off-outline")
        self._details = QWidget()
        self._lay_out()
        self._connect()

    def bind(self, model: CurateModel | None, project: ProjectModel | None) -> None:
        """Show and change the filter of this model from now on; it goes when its project does."""
        self._model, self._project = model, project
        if model is not None:
            model.filter_changed.connect(self._show_filter)
            model.counts_changed.connect(self._show_counts)
            self.show_choices()
            self._show_filter()
            self._show_counts()

    def show_choices(self) -> None:
        """Offer what there is now."""
        if self._model is None or self._project is None:
            return
        choices, wanted = filter_choices(self._project.samples.all()), self._model.filter
        names = {row.path: row.name for row in self._project.anomalies.embeddings()}
        anomalies = [(name, f"{name} ({count})", self._spot(name)) for name, count in choices.anomalies]
        embeddings = [(path, f"{names.get(path) or file_stem(path)} ({n})") for path, n in choices.embeddings]
        runs = [(each.run, _run_words(each)) for each in choices.runs]
        self.anomaly.show_choices([(None, "Any class"), *anomalies], wanted.anomaly)
        self.embedding.show_choices([(None, "Any embedding"), *embeddings], wanted.embedding)
        self.run.show_choices([(None, "Any run"), *runs], wanted.run)
        origins = [(path, f"Made for {file_stem(path)} ({n})") for path, n in choices.origins]
        self.origin.show_choices([(None, "Made for any photo or none"), *origins], wanted.origin)
        self.origin.setVisible(bool(origins))

    # --- the rest

    def _lay_out(self) -> None:
        self.flagged.setCheckable(True)
        self.more.setCheckable(True)
        self.sorting.show_choices(_SORTINGS, "newest")
        self.flag.show_choices([(None, "Any or no flag"), ("any", "Any flag"), *FLAGS.items()], None)
        self.stars.show_choices(_STARS, 0)
        row = FlowLayout()
        for widget in (self.tabs, self.flagged, self.more, self.sorting):
            row.addWidget(widget)
        flow = FlowLayout(self._details)
        for box in (self.anomaly, self.embedding, self.run, self.origin, self.flag, self.stars):
            flow.addWidget(box)
        flow.addWidget(self.clear)
        self._details.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(2))
        column.addLayout(row)
        column.addWidget(self._details)

    def _connect(self) -> None:
        self.tabs.value_changed.connect(lambda verdict: self._change(verdict=verdict))
        self.flagged.clicked.connect(lambda on: self._change(flag="any" if on else None))
        self.more.toggled.connect(self._show_details)
        self.clear.clicked.connect(self._clear)
        self.sorting.currentIndexChanged.connect(self._sort)
        boxes = {
            "anomaly": self.anomaly, "embedding": self.embedding, "run": self.run, "origin": self.origin,
            "flag": self.flag,
        }  # fmt: skip
        for box in (self.anomaly, self.embedding, self.run, self.origin):
            box.opened.connect(self.show_choices)
        for name, box in (*boxes.items(), ("least_stars", self.stars)):
            box.currentIndexChanged.connect(
                lambda _index, name=name, box=box: self._change(**{name: box.value})
            )

    def _show_details(self, is_wanted: bool) -> None:
        self.show_choices()
        self._details.setVisible(is_wanted)

    def _clear(self) -> None:
        if self._model is not None:
            self._model.set_filter(SampleFilter())

    def _sort(self) -> None:
        if self._model is not None:
            self._model.set_sorting(self.sorting.value)

    def _change(self, **changes: Any) -> None:
        if self._model is not None:
            self._model.set_filter(replace(self._model.filter, **changes))

    def _show_filter(self) -> None:
        assert self._model is not None
        wanted = self._model.filter
        self.tabs.set_value(wanted.verdict)
        self.flagged.setChecked(wanted.flag is not None)
        self.sorting.show_value(self._model.sorting)
        self.anomaly.show_value(wanted.anomaly)
        self.embedding.show_value(wanted.embedding)
        self.run.show_value(wanted.run)
        self.origin.show_value(wanted.origin)
        self.flag.show_value(wanted.flag)
        self.stars.show_value(wanted.least_stars)
        count = wanted.details
        self.more.setText(f"Filter  {count}" if count else "Filter")

    def _show_counts(self) -> None:
        assert self._model is not None
        self.tabs.show_counts(self._model.counts)
        self.flagged.setText(f"Flagged  {self._model.counts.flagged}")

    def _spot(self, anomaly: str) -> QIcon:
        """A class's colour with its digit, for a list."""
        assert self._project is not None
        found = self._project.anomalies.get(anomaly)
        side, ratio = self._icons.theme.icon_small, self.devicePixelRatioF()
        pixmap = QPixmap(QSize(side, side) * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        paint_class_spot(painter, QSize(side, side), found, self._icons)
        painter.end()
        return QIcon(pixmap)


def _run_words(run: RunChoice) -> str:
    return f"{local_time(run.started)} · {run.anomaly} ({run.count})"
