"""The page Train: what is trained next, how the chosen training goes, and all trainings with their figures."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.model.training import TrainingModel
from anogen_gui.model.training_state import Training
from anogen_gui.model.wording import count_of
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.keys import add_key
from anogen_gui.ui.kit import Card, EmptyState
from anogen_gui.ui.notices import Notice
from anogen_gui.ui.palettes import space
from anogen_gui.ui.train.compare_view import CompareView
from anogen_gui.ui.train.run_bar import RunBar
from anogen_gui.ui.train.run_table import RunTable
from anogen_gui.ui.train.run_view import RunView
from anogen_gui.ui.train.settings_card import TRAIN_KEY, SettingsCard

_TOP, _TABLE = 460, 250  # heights at first, logical pixels
_NO_PHOTOS = (
    "There are no good photos yet",
    "A detector learns what is normal from photos of good parts, and what is not from samples that you accepted.",
    "Go to Photos",
)
_NOTHING = (
    "No training yet",
    "Train once with samples and once without, with the same seed: comparing the two shows whether the samples help.",
)


class TrainPage(QWidget):
    """Shows the trainings of a project.

    Signals:
        page_requested(key): go to another page.
        noticed(notice): something was done that can be undone.
        item_requested(page, place): look at a thing on its page, such as photos with the detector of a run.
    """

    page_requested = Signal(str)
    noticed = Signal(object)
    item_requested = Signal(str, str)

    def __init__(self, icons: Icons, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._project: ProjectModel | None = None
        self.model: TrainingModel | None = None
        self.settings = SettingsCard(icons)
        self.run = RunView(icons, thumbnails)
        self.comparison = CompareView(icons)
        self.no_run = EmptyState(icons, "mdi6.chart-line", *_NOTHING)
        self.no_photos = EmptyState(icons, "mdi6.chart-line", *_NO_PHOTOS, action_icon="mdi6.image-outline")
        self.bar = RunBar(icons)
        self.table = RunTable(icons)
        self._table_part = Card()
        self._right = QStackedWidget()
        self._places = QStackedWidget()
        self._body = QWidget()
        self._lay_out()
        self._add_keys()
        self._connect()
        self.show_project(None)

    def show_project(self, project: ProjectModel | None) -> None:
        """Show another project, or none: it is about to close."""
        if self.model is not None:
            self.model.close()
            self.model.deleteLater()
        self._project = project
        self.model = TrainingModel(project, self) if project is not None else None
        if self.model is None:
            return
        self.model.trainings_changed.connect(self._show_trainings)
        self.model.chosen_changed.connect(self._show_chosen)
        self.model.looked_changed.connect(self._show_looked)
        self.model.comparison_changed.connect(self._show_looked)
        self.model.material_changed.connect(self._show_material)
        self.model.note_changed.connect(self._show_note)
        self.model.picture_changed.connect(self._thumbnails.forget)
        self.settings.show_settings(self.model.initial_settings())
        self._show_material()
        self._show_trainings()
        self._show_looked()
        self._show_note()

    def show_item(self, run: str) -> None:
        """Look at the training whose run has this name."""
        if self.model is not None:
            self.model.choose([each.run.id for each in self.model.trainings() if each.run.name == run])

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        self._show_material()

    # --- what is shown

    def _show_trainings(self) -> None:
        assert self.model is not None
        trainings = self.model.trainings()
        self.table.show_trainings(trainings)
        self._table_part.setVisible(bool(trainings))
        self.settings.show_waiting(self.model.waiting)
        self._show_chosen()

    def _show_chosen(self) -> None:
        assert self.model is not None
        chosen = self.model.chosen
        self.table.choose([training.id for training in chosen])
        self.bar.show_chosen(chosen, len(self.model.trainings()))
        self._show_place()

    def _show_looked(self) -> None:
        assert self.model is not None
        assert self._project is not None
        if self.model.looked is not None:
            self.run.show_looked(self._project.folder, self.model.looked)
        if self.model.comparison is not None:
            self.comparison.show_comparison(self.model.comparison)
        self._show_place()

    def _show_place(self) -> None:
        """The training that is looked at, two side by side, or what to do where there is none."""
        assert self.model is not None
        has_trainings = bool(self.model.trainings())
        is_empty = not has_trainings and not self.settings.has_photos
        self._places.setCurrentWidget(self.no_photos if is_empty else self._body)
        start = self.table if has_trainings else self.settings.form.field("detector")
        self.setFocusProxy(self.no_photos.button if is_empty else start)
        place: QWidget = self.no_run
        if self.model.comparison is not None:
            place = self.comparison
        elif self.model.looked is not None:
            place = self.run
        elif has_trainings:
            self.no_run.show_texts(
                "Choose a training",
                "Choose one in the table to look at it, or two to compare them.",
            )
        else:
            self.no_run.show_texts(*_NOTHING)
        self._right.setCurrentWidget(place)

    def _show_material(self) -> None:
        """What there is to learn from; what changes while another page is shown is looked at later."""
        if self.model is None or not self.isVisible():
            return
        self.settings.show_material(self.model.material())
        self._show_place()

    def _show_note(self) -> None:
        assert self.model is not None
        self.settings.show_note(self.model.note, self.model.offers_again)

    # --- what people do

    def _chosen_ids(self) -> list[int]:
        return [training.id for training in self.model.chosen] if self.model is not None else []

    def measure(self) -> None:
        """Measure the chosen detectors on the test photos."""
        if self.model is not None:
            self.model.measure(self._chosen_ids())

    def compare(self) -> None:
        """Compare the two that are chosen."""
        if self.model is not None:
            self.model.compare()

    def inspect(self) -> None:
        """Look at photos with the chosen detector, on the page Inspect."""
        looked = self.model.looked if self.model is not None else None
        if looked is not None and looked.training.has_detector:
            self.item_requested.emit("inspect", looked.training.run.name)

    def go_on(self) -> None:
        """Go on with the chosen training, where it was cut off."""
        looked = self.model.looked if self.model is not None else None
        if self.model is not None and looked is not None and looked.training.can_go_on:
            self.model.go_on(looked.training.id)

    def delete(self) -> None:
        """Take the chosen trainings off the list, and offer to bring them back."""
        chosen = [each for each in self.model.chosen if each.number is None] if self.model is not None else []
        if self.model is not None and self.model.delete([each.id for each in chosen]):
            self.noticed.emit(_deleted(chosen, self.model))

    def _start(self, again: bool = False) -> None:
        if self.model is not None and self.settings.train.isEnabled():
            self.model.train(self.settings.settings(), again)

    def _on(self, act: Callable[..., object]) -> Callable[..., None]:
        """What does `act` with the model that there is, and with what a signal tells."""

        def do(*told: object) -> None:
            if self.model is not None:
                act(self.model, *told)

        return do

    # --- made once

    def _add_keys(self) -> None:
        add_key(self._body, TRAIN_KEY, self._start)
        add_key(self._body, "G", self.go_on)
        add_key(self._body, "I", self.inspect)
        add_key(self._body, "M", self.measure)
        add_key(self._body, "C", self.compare)
        add_key(self._body, "F2", self.table.edit_text)
        add_key(self.table, "Delete", self.delete)

    def _connect(self) -> None:
        self.no_photos.action_requested.connect(lambda: self.page_requested.emit("photos"))
        self.settings.train_requested.connect(self._start)
        self.settings.again_requested.connect(lambda: self._start(again=True))
        self.settings.all_toggled.connect(self._on(TrainingModel.take_all))
        self.settings.resume_requested.connect(self._on(TrainingModel.resume_queue))
        self.settings.note_dismissed.connect(self._on(TrainingModel.dismiss_note))
        self.run.go_on_requested.connect(self.go_on)
        self.run.inspect_requested.connect(self.inspect)
        self.run.progress.keep_requested.connect(self._on(TrainingModel.stop_and_keep))
        self.run.progress.cancel_requested.connect(self._on(TrainingModel.cancel))
        self.run.progress.resume_requested.connect(self._on(TrainingModel.resume_queue))
        self.comparison.compare_requested.connect(self.compare)
        self.bar.measure_requested.connect(self.measure)
        self.bar.compare_requested.connect(self.compare)
        self.bar.edit_requested.connect(self.table.edit_text)
        self.bar.delete_requested.connect(self.delete)
        self.table.chosen_changed.connect(self._on(TrainingModel.choose))
        self.table.described.connect(self._on(TrainingModel.describe))

    def _lay_out(self) -> None:
        for place in (self.run, self.comparison, self.no_run):
            self._right.addWidget(place)
        top = QWidget()
        row = QHBoxLayout(top)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(3))
        row.addWidget(self.settings)
        row.addWidget(self._right, 1)
        self._table_part.add(self.bar)
        self._table_part.add(self.table, 1)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(space(3))
        splitter.addWidget(top)
        splitter.addWidget(self._table_part)
        splitter.setSizes([_TOP, _TABLE])
        splitter.setStretchFactor(0, 2)
        splitter.setStretchFactor(1, 1)
        body = QVBoxLayout(self._body)
        body.setContentsMargins(space(4), space(4), space(4), space(4))
        body.addWidget(splitter)
        self._places.addWidget(self._body)
        self._places.addWidget(self.no_photos)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._places)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)


def _deleted(trainings: list[Training], model: TrainingModel) -> Notice:
    what = (
        f"“{trainings[0].name}” is" if len(trainings) == 1 else f"{count_of(len(trainings), 'training')} are"
    )
    return Notice(
        f"{what} deleted.",
        "The files go when the project is next opened.",
        action="Undo",
        act=model.undo_delete,
    )
