"""The loupe: one sample, large, compared with the photo that it was generated on."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from anogen_gui.model.close_up import close_up_of
from anogen_gui.model.curate import CurateModel
from anogen_gui.model.mask_outline import MaskOutlines
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.ui.canvas.loupe_keys import KeyActions, do_key, letter_key, loupe_keys
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.curate.compare_view import CompareView
from anogen_gui.ui.curate.loupe_bar import MODES, LoupeBar
from anogen_gui.ui.icons import Icons
from engine.geometry import Window
from engine.project import SampleRow

_MARGIN = 14  # the picture stands where those of the grid stand
_SPLIT_STEP, _FINE_SPLIT_STEP = 0.05, 0.01


class Loupe(QWidget):
    """Shows the current sample of a `CurateModel`; `bar` is its tools, to be put where there is room for them.

    Left and Right go to other samples; while the split line is shown they move it, and Up and Down go to other samples.

    Signals:
        closed(): a person wants the grid again.
    """

    closed = Signal()

    def __init__(
        self, icons: Icons, pictures: Pictures, outlines: MaskOutlines, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._pictures, self._outlines = pictures, outlines
        self._model: CurateModel | None = None
        self._project: ProjectModel | None = None
        self._shows_close_up = False
        self.view = CompareView(icons)
        self.bar = LoupeBar(icons)
        self.setFocusProxy(self.view)
        self.view.setAccessibleName("Sample")
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, 0, 0, 0)
        column.addWidget(self.view)
        self._keys = self._key_actions()
        self._connect()

    def bind(self, model: CurateModel | None, project: ProjectModel | None) -> None:
        """Show the samples of this model from now on; it goes when its project does."""
        self._model, self._project = model, project
        if model is not None:
            model.selection_changed.connect(self.show_current)
        else:
            self.view.show_pictures(None, None)

    def show_close_up(self, is_wanted: bool) -> None:
        """Bring the surroundings of the boxes into sight, of this and each further sample, or the whole photo."""
        self._shows_close_up = is_wanted
        self.view.frame(self._window())

    def show_current(self) -> None:
        """Show the current sample, and have those decoded that are likely to come next."""
        if not self.isVisible() or self._model is None:
            return
        self._want()
        self._show_pictures()
        self._show_marks()
        if self._shows_close_up:
            self.view.frame(self._window())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's names
        if not self._move_split(event):
            do_key(event, self._keys)

    def showEvent(self, event: object) -> None:  # noqa: N802
        self.show_current()

    # --- keys

    def _key_actions(self) -> KeyActions:
        return {
            **loupe_keys(self.view, self._move, self.closed.emit),
            **{letter_key(letter): partial(self.bar.mode.set_value, mode) for mode, _, letter, _ in MODES},
            Qt.Key.Key_Home: lambda: self._move_to_end(0),
            Qt.Key.Key_End: lambda: self._move_to_end(-1),
            Qt.Key.Key_M: self.bar.next_outline,
        }

    def _move_split(self, event: QKeyEvent) -> bool:
        direction = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if self.view.mode != "slider" or direction is None:
            return False
        is_fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self.view.move_split(direction * (_FINE_SPLIT_STEP if is_fine else _SPLIT_STEP))
        return True

    def _move(self, step: int) -> None:
        if self._model is not None:
            self._model.move(step)

    def _move_to_end(self, place: int) -> None:
        if self._model is not None and self._model.visible:
            self._model.go_to(place)

    # --- pictures

    def _connect(self) -> None:
        self._pictures.loaded.connect(self._take_picture)
        self._outlines.found.connect(self._take_outline)
        self.bar.closed.connect(self.closed)
        self.bar.mode_chosen.connect(self.view.set_mode)
        self.bar.outline_chosen.connect(self._show_marks)
        self.bar.fit_requested.connect(self.view.fit)
        self.bar.full_size_requested.connect(lambda: self.view.zoom_to(1.0))
        self.view.zoom_changed.connect(self.bar.show_zoom)
        self.view.dismissed.connect(self.closed)

    def _want(self) -> None:
        assert self._model is not None
        samples = [self._current(), *(self._model.sample(near) for near in self._model.neighbours())]
        files = [file for sample in samples if sample is not None for file in self._files(sample)]
        self._pictures.want(list(dict.fromkeys(files)), by=self)

    def _show_pictures(self) -> None:
        sample = self._current()
        if sample is None:
            self.view.show_pictures(None, None)
        else:
            self.view.show_pictures(*(self._pictures.get(file) for file in self._files(sample)))

    def _show_marks(self) -> None:
        sample, outline = self._current(), self.bar.outline.value
        lines = None
        if sample is not None and outline == "mask":
            lines = self._outlines.get(self._file(sample.mask))
        self.view.show_marks(sample.boxes if sample is not None else (), lines or (), outline)

    def _take_picture(self, file: Path) -> None:
        sample = self._current()
        if self.isVisible() and sample is not None and file in self._files(sample):
            self._show_pictures()

    def _take_outline(self, file: Path) -> None:
        sample = self._current()
        if self.isVisible() and sample is not None and file == self._file(sample.mask):
            self._show_marks()

    def _current(self) -> SampleRow | None:
        return self._model.current if self._model is not None else None

    def _files(self, sample: SampleRow) -> tuple[Path, Path]:
        """The sample's picture and its photo."""
        return self._file(sample.path), self._file(sample.photo)

    def _file(self, path: str) -> Path:
        assert self._project is not None
        return self._project.file(path)

    def _window(self) -> Window | None:
        """What is brought into sight of the current sample; None: all of it."""
        sample = self._current()
        if not self._shows_close_up or sample is None or self._project is None:
            return None
        return close_up_of(self._project, sample)
