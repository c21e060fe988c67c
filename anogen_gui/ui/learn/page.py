"""The page Learn: a card for each anomaly class."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from anogen_gui.model.learning import LearningModel
from anogen_gui.model.learning_state import LearnState
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.ui.icons import IconLabel, Icons
from anogen_gui.ui.kit import EmptyState, Panel, PrimaryButton, TextLabel, open_dialog
from anogen_gui.ui.learn.class_card import ClassCard, centered, initial_settings
from anogen_gui.ui.learn.import_dialog import FILE_FILTER, ImportDialog
from anogen_gui.ui.palettes import space
from engine.project import EmbeddingRow
from engine.protocol import LearnSettings

_PLOT_SHARE, _LEAST_PLOT, _MOST_PLOT = 0.28, 190, 380  # of the page's height
_NO_CLASS = (
    "There is no anomaly class yet",
    "Import bad photos, say which anomaly they show, and paint its mask on about three of them: "
    "an embedding is learned from these.",
    "Go to Photos",
)


class LearnPage(QWidget):
    """Shows what can be learned, is being learned and was learned in a project.

    Args:
        backbone: what new embeddings are learned on, unless a class was learned on another one.

    Signals:
        page_requested(key): go to another page.
    """

    page_requested = Signal(str)

    def __init__(
        self,
        icons: Icons,
        thumbnails: Thumbnails,
        backbone: str = LearnSettings().backbone,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icons, self._thumbnails, self._backbone = icons, thumbnails, backbone
        self._project: ProjectModel | None = None
        self.model: LearningModel | None = None
        self._cards: dict[int, ClassCard] = {}
        self.empty = EmptyState(icons, "mdi6.school-outline", *_NO_CLASS, action_icon="mdi6.image-outline")
        self.empty.action_requested.connect(lambda: self.page_requested.emit("photos"))
        self.next_step = NextStepBar(icons)
        self.next_step.place.clicked.connect(lambda: self.page_requested.emit("place"))
        self._list = QVBoxLayout()
        self._stack = QStackedWidget()
        self._scroll = QScrollArea()
        self._lay_out()
        self.show_project(None)

    def show_project(self, project: ProjectModel | None) -> None:
        """Show another project, or none."""
        self._forget()
        self._project = project
        if project is not None:
            self.model = LearningModel(project, self)
            self.model.classes_changed.connect(self._show_classes)
            self.model.changed.connect(self._show_class)
            self.model.picture_changed.connect(self._thumbnails.forget)
            project.photos.mask_saved.connect(self._forget_mask)
        self._show_classes()

    def cards(self) -> tuple[ClassCard, ...]:
        return tuple(self._cards.values())

    def card(self, anomaly: str) -> ClassCard | None:
        """The card of the class of this name."""
        state = self.model.state(anomaly) if self.model is not None else None
        return self._cards.get(state.anomaly.id) if state is not None else None

    def show_item(self, anomaly: str) -> None:
        """Bring the card of the class of this name into view."""
        card = self.card(anomaly)
        if card is not None:
            self._scroll.ensureWidgetVisible(card)

    def import_file(self, anomaly: str, file: Path) -> ImportDialog | None:
        """Ask for what is to be known of an embedding's file, and bring it in when the dialog is accepted."""
        model = self.model
        if model is None:
            return None
        names = [state.anomaly.name for state in model.states()]
        dialog = ImportDialog(self._icons, file, names, anomaly, self._known_backbones(), self)
        dialog.accepted.connect(lambda: model.jobs.bring_in(dialog.anomaly, file, dialog.backbone))
        open_dialog(dialog)
        return dialog

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        for card in self.cards():
            card.run.set_plot_height(self._plot_height())

    def _plot_height(self) -> int:
        return round(max(_LEAST_PLOT, min(_MOST_PLOT, _PLOT_SHARE * self.height())))

    def _forget(self) -> None:
        """Let go of the project that was shown."""
        if self._project is not None and self.model is not None:
            self._project.photos.mask_saved.disconnect(self._forget_mask)
            self.model.close()
            self.model.deleteLater()
        self.model = None
        for number in tuple(self._cards):
            self._remove_card(number)

    # --- cards

    def _show_classes(self) -> None:
        """A card for each class that there is, in their order."""
        states = self.model.states() if self.model is not None else ()
        for number in set(self._cards) - {state.anomaly.id for state in states}:
            self._remove_card(number)
        for place, state in enumerate(states):
            if state.anomaly.id not in self._cards:
                self._cards[state.anomaly.id] = self._make_card(state)
            self._list.insertWidget(place, self._cards[state.anomaly.id])
            self._show_class(state.anomaly.name)
        self._stack.setCurrentIndex(1 if states else 0)
        if states:
            self.setTabOrder(self.cards()[-1].run.use, self.next_step.place)
        self._show_next()

    def _show_class(self, anomaly: str) -> None:
        state = self.model.state(anomaly) if self.model is not None else None
        card = self._cards.get(state.anomaly.id) if state is not None else None
        if self._project is not None and state is not None and card is not None:
            card.show_state(self._project.folder, state)
            self._show_next()

    def _show_next(self) -> None:
        states = self.model.states() if self.model is not None else ()
        self.next_step.show_ready([state.anomaly.name for state in states if state.in_use is not None])

    def _make_card(self, state: LearnState) -> ClassCard:
        assert self.model is not None
        model, number = self.model, state.anomaly.id
        card = ClassCard(self._icons, self._thumbnails, initial_settings(state, self._backbone))
        card.offer_backbones(self._known_backbones())

        def name() -> str:
            """What the class is called now."""
            return next(known.anomaly.name for known in model.states() if known.anomaly.id == number)

        card.run.set_plot_height(self._plot_height())
        card.learn_requested.connect(lambda settings: model.learn(name(), settings))
        card.start_over_requested.connect(lambda settings: model.start_over(name(), settings))
        card.import_requested.connect(lambda: self._choose_file(name()))
        card.photos_requested.connect(lambda: self.page_requested.emit("photos"))
        card.supports.support_toggled.connect(lambda path, on: model.choose_support(name(), path, on))
        card.note.dismissed.connect(lambda: model.dismiss_note(name()))
        card.embeddings.embedding_chosen.connect(model.use_embedding)
        card.embeddings.export_wanted.connect(self._choose_target)
        card.run.run_chosen.connect(lambda run: model.show_run(name(), run))
        card.run.step_used.connect(lambda step: model.use_step(name(), step))
        card.run.progress.keep_requested.connect(lambda: model.stop_and_keep(name()))
        card.run.progress.cancel_requested.connect(lambda: model.cancel(name()))
        card.run.progress.resume_requested.connect(model.resume_queue)
        return card

    def _remove_card(self, number: int) -> None:
        card = self._cards.pop(number)
        self._list.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _forget_mask(self, path: str) -> None:
        """A mask was painted anew: its small picture is an old one."""
        photo = self._project.photos.get(path) if self._project is not None else None
        if self._project is None or photo is None or not photo.mask:
            return
        self._thumbnails.forget(self._project.file(photo.mask))
        for card in self.cards():
            card.supports.refresh(path)

    # --- files

    def _choose_file(self, anomaly: str) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Import embedding", "", FILE_FILTER)
        if chosen:
            self.import_file(anomaly, Path(chosen))

    def _choose_target(self, row: EmbeddingRow) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, "Export embedding", f"{row.name}.safetensors", "Textual inversion (*.safetensors)"
        )
        if chosen and self.model is not None:
            self.model.jobs.export(row, Path(chosen).with_suffix(".safetensors"))

    def _known_backbones(self) -> list[str]:
        """The usual one, and those that embeddings of the project belong to."""
        rows = self._project.anomalies.embeddings() if self._project is not None else ()
        return list(dict.fromkeys([self._backbone, "embedded", *(row.backbone for row in rows)]))

    def _lay_out(self) -> None:
        self._list.setSpacing(space(4))
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addLayout(self._list)
        column.addStretch()
        content = QWidget()
        content.setLayout(column)
        column.setContentsMargins(space(5), space(4), space(5), space(5))
        scroll = self._scroll
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(content)
        self._stack.addWidget(centered(self.empty))
        self._stack.addWidget(scroll)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._stack, 1)
        outer.addWidget(self.next_step)


class NextStepBar(Panel):
    """At the bottom of the page, once there is an embedding: what to do with it."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = TextLabel(wrap=True)
        self.place = PrimaryButton("Place boxes", icons, "mdi6.vector-square")
        self.place.setToolTip("Draw boxes on good photos, where the anomaly could really occur")
        row = QHBoxLayout(self)
        row.setContentsMargins(space(5), space(3), space(5), space(3))
        row.setSpacing(space(3))
        row.addWidget(IconLabel(icons, "mdi6.check-circle-outline", "good"))
        row.addWidget(self._text, 1)
        row.addWidget(self.place)

    def show_ready(self, anomalies: list[str]) -> None:
        """Name the classes that can be generated; without any the bar is hidden."""
        self.setVisible(bool(anomalies))
        named = ", ".join(f"“{name}”" for name in anomalies[:4]) + " and more" * (len(anomalies) > 4)
        self._text.setText(f"{named} can be generated now. Next: place boxes where it could really occur.")
