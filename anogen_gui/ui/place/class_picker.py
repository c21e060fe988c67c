"""The class that is drawn: one row a class, with its digit key, its colour, and the embedding that draws it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from anogen_gui.model.place import PlaceModel
from anogen_gui.ui.class_tag import ClassTag
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.keys import set_tab_order
from anogen_gui.ui.kit import QuietButton, TextLabel, with_key
from anogen_gui.ui.theme import space


class ClassPicker(QWidget):
    """Chooses the class of new boxes.

    Signals:
        learn_requested(): the class in use has no embedding yet.
    """

    learn_requested = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._model: PlaceModel | None = None
        self._group = QButtonGroup(self)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(space(1))
        self._embedding = TextLabel(role="small", wrap=True)
        self.learn = QuietButton("Learn an embedding", icons, "mdi6.school-outline")
        self.learn.clicked.connect(self.learn_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(2))
        column.addLayout(self._rows)
        column.addWidget(self._embedding)
        column.addWidget(self.learn, 0, Qt.AlignmentFlag.AlignLeft)

    def bind(self, model: PlaceModel | None) -> None:
        """Choose for this model from now on; it goes when its project does."""
        self._model = model
        if model is not None:
            model.state_changed.connect(self._show_chosen)
            model.project.anomalies.changed.connect(self._show_classes)
            model.project.anomalies.embeddings_changed.connect(self._show_chosen)
        self._show_classes()

    def _show_classes(self) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            row = item.widget()
            if row is not None:
                row.hide()
                row.deleteLater()
        for button in self._group.buttons():
            self._group.removeButton(button)
        for anomaly in self._model.project.anomalies.all() if self._model else ():
            row = QWidget()
            button = QRadioButton()
            key = str(anomaly.digit) if anomaly.digit is not None else ""
            button.setAccessibleName(f"Draw {anomaly.name}")
            button.setToolTip(with_key(f"Draw “{anomaly.name}”", key) if key else f"Draw “{anomaly.name}”")
            button.clicked.connect(lambda _checked, name=anomaly.name: self._use(name))
            button.setProperty("anomaly", anomaly.name)
            tag = ClassTag(self._icons)
            tag.show_class(anomaly.name, anomaly)
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(space(2))
            line.addWidget(button)
            line.addWidget(tag, 1)
            self._group.addButton(button)
            self._rows.addWidget(row)
        set_tab_order([self.learn, *self._group.buttons()])  # where the picker is in the order of the page …
        set_tab_order([*self._group.buttons(), self.learn])  # … and there, from above to below
        self._show_chosen()

    def _use(self, name: str) -> None:
        if self._model is not None:
            self._model.use_anomaly(name)

    def _show_chosen(self, _state: object = None) -> None:
        anomaly = self._model.anomaly if self._model is not None else None
        for button in self._group.buttons():
            button.setChecked(anomaly is not None and button.property("anomaly") == anomaly.name)
        row = None
        if self._model is not None and anomaly is not None:
            row = self._model.project.anomalies.embedding_in_use(anomaly.name)
        if anomaly is None:
            self._embedding.setText("There is no anomaly class yet: add one on the page Photos.")
        elif row is None:
            self._embedding.setText(
                "No embedding yet: boxes can be drawn, and generated in once it is learned."
            )
        else:
            self._embedding.setText(f"Drawn by {row.name}, {row.steps} steps")
        self.learn.setVisible(anomaly is not None and row is None)
