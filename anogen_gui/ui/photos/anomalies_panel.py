"""The anomaly classes, at the side of the photos."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from anogen_gui.model.photo_list import PhotoList
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.keys import set_tab_order
from anogen_gui.ui.kit import IconButton, Panel, TextLabel
from anogen_gui.ui.photos.anomaly_menu import anomaly_menu
from anogen_gui.ui.photos.anomaly_row import AnomalyRow
from anogen_gui.ui.photos.words import ABOUT_SUPPORTS
from anogen_gui.ui.theme import space
from engine.project import AnomalyClass

_WIDTH = 264


class AnomaliesPanel(Panel):
    """Classes with their counts; a field for a new one.

    Signals:
        anomaly_chosen(name): show only photos of this class; None: of all.
    """

    anomaly_chosen = Signal(object)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._photos: PhotoList | None = None
        self._shown: tuple[AnomalyClass, ...] = ()
        self.rows: list[AnomalyRow] = []
        self.help = TextLabel("", "small", wrap=True)
        self.new_name = QLineEdit()
        self.new_name.setPlaceholderText("New class, such as scratch")
        self.new_name.setAccessibleName("New anomaly class")
        self.new_name.setAcceptDrops(False)
        self.add_button = IconButton(icons, "mdi6.plus", "Add the class", "Return")
        self._column = QVBoxLayout()
        self._arrange()
        self.new_name.returnPressed.connect(self._add)
        self.add_button.clicked.connect(self._add)

    def bind(self, photos: PhotoList | None) -> None:
        self._photos = photos
        if photos is not None:
            photos.changed.connect(self._show)
            photos.paths_changed.connect(self._show_chosen)
        self._show()

    def _add(self) -> None:
        name = self.new_name.text().strip()
        if self._photos is not None and name and self._photos.project.anomalies.add(name):
            self.new_name.clear()

    def _show(self) -> None:
        """Bring rows and counts up to date; the rows are made anew only when the classes are others."""
        anomalies = self._photos.anomalies() if self._photos is not None else ()
        if anomalies != self._shown:
            self._shown = anomalies
            self._make_rows(anomalies)
        if self._photos is not None:
            for row in self.rows:
                row.show_counts(self._photos.counts_of(row.anomaly.name))
        self.help.setText(
            "Select photos and press a digit to say which class they show."
            if anomalies
            else "A class is one kind of anomaly, such as scratch or dent. Add the first one here."
        )
        self._show_chosen()

    def _show_chosen(self) -> None:
        chosen = self._photos.filter.anomaly if self._photos is not None else None
        for row in self.rows:
            row.set_chosen(row.anomaly.name == chosen)

    def _make_rows(self, anomalies: tuple[AnomalyClass, ...]) -> None:
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [self._row(anomaly) for anomaly in anomalies]
        for place, row in enumerate(self.rows):
            self._column.insertWidget(place, row)
        set_tab_order([self.add_button, *(part for row in self.rows for part in (row, row.menu_button))])

    def _row(self, anomaly: AnomalyClass) -> AnomalyRow:
        row = AnomalyRow(anomaly, self._icons)
        row.clicked.connect(lambda: self._choose(anomaly.name))
        row.renamed.connect(lambda name: self._rename(anomaly.name, name))
        row.menu_requested.connect(lambda position: self._open_menu(row, position))
        return row

    def _choose(self, name: str) -> None:
        is_chosen = self._photos is not None and self._photos.filter.anomaly == name
        self.anomaly_chosen.emit(None if is_chosen else name)

    def _rename(self, name: str, new_name: str) -> None:
        if self._photos is not None:
            self._photos.project.anomalies.rename(name, new_name)

    def _open_menu(self, row: AnomalyRow, position: QPoint) -> None:
        if self._photos is not None:
            menu = anomaly_menu(row.anomaly, self._photos.project.anomalies, self._icons, row.rename, self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(position)

    def _arrange(self) -> None:
        self.setFixedWidth(_WIDTH)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addStretch()
        body = QWidget()
        body.setLayout(self._column)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(body)
        adding = QHBoxLayout()
        adding.setSpacing(space(1))
        adding.addWidget(self.new_name, 1)
        adding.addWidget(self.add_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(space(4), space(4), space(4), space(4))
        column.setSpacing(space(3))
        column.addWidget(TextLabel("Anomaly classes", "title"))
        column.addWidget(self.help)
        column.addLayout(adding)
        column.addWidget(scroll, 1)
        column.addWidget(TextLabel(ABOUT_SUPPORTS, "small", wrap=True))
