"""The table of all trainings: sorted by any column, one or two chosen, name and note edited in place."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from anogen_gui.model.training_state import Training
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit.labels import TONE_ICONS
from anogen_gui.ui.train.run_columns import COLUMNS, NAME, NOTE
from anogen_gui.ui.train.words import state_words

_STATE = 1
_NAME_WIDTH, _NOTE_WIDTH = 180, 200
_ROW_HEIGHT = 34
_PADDING = 28  # beside the text of a cell, both sides together
Index = QModelIndex | QPersistentModelIndex


class RunTable(QTableView):
    """Shows trainings; the order is the table's own.

    Signals:
        chosen_changed(ids): other rows are selected, in the order of the table, the current one first.
        described(id, title, note): a person changed one of them; the other is None.
    """

    chosen_changed = Signal(object)
    described = Signal(int, object, object)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = RunRows(icons, self)
        self._fitted: set[int] = set()
        self._rows.described.connect(self.described)
        self.setModel(self._rows)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSortingEnabled(True)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Trainings")
        self._set_up_headers()
        self.selectionModel().selectionChanged.connect(self._report)

    def show_trainings(self, trainings: Sequence[Training]) -> None:
        """Show these, given the newest first; where they are others than before, none is selected."""
        self._rows.show_trainings(trainings)
        self._fit_columns()

    def choose(self, training_ids: Sequence[int]) -> None:
        """Select the rows of these, without a signal."""
        if training_ids == self.chosen_ids():
            return
        selection = QItemSelection()
        for training_id in training_ids:
            row = self._rows.row_of(training_id)
            if row is not None:
                selection.select(self._rows.index(row, 0), self._rows.index(row, len(COLUMNS) - 1))
        was_blocked = self.selectionModel().blockSignals(True)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().select(selection, flags)
        if training_ids and (row := self._rows.row_of(training_ids[0])) is not None:
            at = self._rows.index(row, NAME)
            self.selectionModel().setCurrentIndex(at, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.scrollTo(at)
        self.selectionModel().blockSignals(was_blocked)
        self.viewport().update()

    def chosen_ids(self) -> list[int]:
        """The selected trainings, the current one first."""
        ids = [self._rows.training_at(index).id for index in self.selectionModel().selectedRows()]
        current = self.currentIndex()
        if current.isValid():
            first = self._rows.training_at(current).id
            ids.sort(key=lambda training_id: training_id != first)
        return ids

    def edit_text(self) -> None:
        """Let the person type a name, or a note where the keyboard is in that column."""
        current = self.currentIndex()
        if current.isValid():
            column = NOTE if current.column() == NOTE else NAME
            self.setCurrentIndex(self._rows.index(current.row(), column))
            self.edit(self.currentIndex())

    def texts(self, column: int) -> list[str]:
        """What a column says, from the top down."""
        return [str(self._rows.index(row, column).data()) for row in range(self._rows.rowCount())]

    def _fit_columns(self) -> None:
        """As wide as their texts; a person may have made a column wider."""
        header, metrics = self.horizontalHeader(), self.fontMetrics()
        for place, column in enumerate(COLUMNS):
            texts = [*column.title.split("\n"), *self.texts(place)]
            widest = max(metrics.horizontalAdvance(text) for text in texts)
            width = widest + _PADDING + (self._rows.icon_width if place == _STATE else 0)
            width = {NAME: _NAME_WIDTH, NOTE: _NOTE_WIDTH}.get(place, width)
            header.resizeSection(place, max(width, header.sectionSize(place) if place in self._fitted else 0))
            self._fitted.add(place)

    def _report(self) -> None:
        self.chosen_changed.emit(self.chosen_ids())

    def _set_up_headers(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setHighlightSections(False)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.DescendingOrder)
        header.setStretchLastSection(True)


class RunRows(QAbstractTableModel):
    """The trainings as rows, in the order that was asked for last: the newest first, or by a column."""

    described = Signal(int, object, object)

    def __init__(self, icons: Icons, parent: QTableView) -> None:
        super().__init__(parent)
        self._icons = icons
        self._newest_first: tuple[Training, ...] = ()
        self._rows: tuple[Training, ...] = ()
        self._column, self._order = -1, Qt.SortOrder.DescendingOrder
        icons.theme_changed.connect(lambda: self._tell_all())

    def show_trainings(self, trainings: Sequence[Training]) -> None:
        """Where the same ones are shown in the same order, only what changed is painted."""
        self._newest_first = tuple(trainings)
        rows = self._sorted()
        if [row.id for row in rows] == [row.id for row in self._rows]:
            self._rows = rows
            self._tell_all()
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    @property
    def icon_width(self) -> int:
        """Of the state's icon, with the gap beside it, in logical pixels."""
        return self._icons.theme.icon_small + 6

    def training_at(self, index: Index) -> Training:
        return self._rows[index.row()]

    def row_of(self, training_id: int) -> int | None:
        return next((place for place, row in enumerate(self._rows) if row.id == training_id), None)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._column, self._order = column, order
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        ids = [self._rows[index.row()].id for index in before]
        self._rows = self._sorted()
        places = {row.id: place for place, row in enumerate(self._rows)}
        after = [self.index(places[each], index.column()) for each, index in zip(ids, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's name and default
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(COLUMNS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        editable = Qt.ItemFlag.ItemIsEditable if index.column() in (NAME, NOTE) else Qt.ItemFlag.NoItemFlags
        return super().flags(index) | editable

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:  # noqa: N802
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column.is_number)
        return {Qt.ItemDataRole.DisplayRole: column.title, Qt.ItemDataRole.ToolTipRole: column.help}.get(
            Qt.ItemDataRole(role)
        )

    def data(self, index: Index, role: int = 0) -> Any:
        training, column = self._rows[index.row()], COLUMNS[index.column()]
        match Qt.ItemDataRole(role):
            case Qt.ItemDataRole.DisplayRole:
                return column.text(training)
            case Qt.ItemDataRole.EditRole:
                return training.run.note if index.column() == NOTE else training.name
            case Qt.ItemDataRole.ToolTipRole:
                return column.tip(training)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column.is_number)
            case Qt.ItemDataRole.DecorationRole if index.column() == _STATE:
                tone = state_words(training)[1]
                return self._icons.icon(TONE_ICONS[tone], "text_dim" if tone == "neutral" else tone)
        return None

    def setData(self, index: Index, value: Any, role: int = 0) -> bool:  # noqa: N802
        training, text = self._rows[index.row()], str(value).strip()
        if role != Qt.ItemDataRole.EditRole:
            return False
        if index.column() == NOTE:
            self.described.emit(training.id, None, text)
        elif text != training.name:
            self.described.emit(training.id, text, None)
        return True

    def _sorted(self) -> tuple[Training, ...]:
        if self._column < 0:
            return self._newest_first
        is_falling = self._order == Qt.SortOrder.DescendingOrder
        return tuple(sorted(self._newest_first, key=COLUMNS[self._column].key, reverse=is_falling))

    def _tell_all(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(COLUMNS) - 1))


def _alignment(is_number: bool) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
