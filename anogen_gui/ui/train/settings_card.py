"""The form of a training: detector, recipe and preset, what it will learn from, and the button that starts it."""

import msgspec
from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from anogen_gui.model.learning_state import Note
from anogen_gui.model.training_plan import Material, material_words, refusal
from anogen_gui.model.wording import count_of
from anogen_gui.ui.course.notice import Notice
from anogen_gui.ui.icons import IconLabel, Icons
from anogen_gui.ui.kit import (
    Button,
    Card,
    Fold,
    PrimaryButton,
    QuietButton,
    SettingsForm,
    SwitchField,
    TextLabel,
    with_key,
)
from anogen_gui.ui.kit.form import Choices
from anogen_gui.ui.palettes import space
from anogen_gui.ui.train.folder_field import FolderField
from engine.protocol import DETECTOR_NAMES, TrainSettings

TRAIN_KEY = "Ctrl+Return"
_WIDTH = 336
_LEAST_HEIGHT = 120  # of the form, where it is scrolled
_SHOWN = ("detector", "recipe", "preset")
_MORE = ("seed", "steps", "batch_size", "side", "profile", "heatmaps_every", "checkpoint_every")
_CHOICES: dict[str, Choices] = {
    "detector": list(DETECTOR_NAMES.items()),
    "recipe": [("anogen", "AnoGen"), ("baseline", "Baseline")],
    "preset": [("light", "Light"), ("paper", "Paper")],
    "profile": [("product", "Product"), ("paper-code", "Paper’s code")],
}
_WAITING = {
    "waits": "It waits for its turn in the queue.",
    "held": "It waits: the queue is paused.",
    "starts": "The engine starts…",
}


class SettingsCard(Card):
    """What is to be trained next.

    Signals:
        train_requested(), again_requested(): the latter from the first step.
        all_toggled(takes_all): learn from samples without a verdict, too.
        resume_requested(): let the paused queue go on.
        note_dismissed()
    """

    train_requested = Signal()
    again_requested = Signal()
    all_toggled = Signal(bool)
    resume_requested = Signal()
    note_dismissed = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__("New training", parent)
        self._material = Material()
        self.form: SettingsForm[TrainSettings] = SettingsForm(
            TrainSettings(), icons, _SHOWN, choices={name: _CHOICES[name] for name in _SHOWN}
        )
        self.more: SettingsForm[TrainSettings] = SettingsForm(
            TrainSettings(), icons, _MORE, choices={"profile": _CHOICES["profile"]}
        )
        self.teacher = FolderField(icons, "Teacher: a ResNet-18", "No folder yet")
        self.textures = FolderField(icons, "Textures to paste from", "Drawn by the studio")
        self.takes_all = SwitchField("Take samples without a verdict, too")
        self._words = TextLabel(role="dim", wrap=True)
        self._refusal = _Refusal(icons)
        self.train = PrimaryButton("Train", icons, "mdi6.play")
        self.again = QuietButton(
            "Train again", icons, "mdi6.restart", "From the first step, whatever is there"
        )
        self._waiting = TextLabel(role="dim", wrap=True)
        self.resume = Button("Resume the queue", icons, "mdi6.play", "Let the jobs that wait have their turn")
        self.note = Notice(icons)
        self._teacher_part = _labelled("Teacher", self.teacher)
        self._more_fold = Fold(icons, "More settings")
        self.setFixedWidth(_WIDTH)
        self._lay_out(icons)
        self._connect()
        self._show()

    def settings(self) -> TrainSettings:
        """As the form says."""
        front = {name: getattr(self.form.value(), name) for name in _SHOWN}
        return msgspec.structs.replace(
            self.more.value(), textures=self.textures.value, teacher=self.teacher.value, **front
        )

    def show_settings(self, settings: TrainSettings) -> None:
        """Fill the form."""
        self.form.set_value(settings)
        self.more.set_value(settings)
        self.textures.set_value(settings.textures)
        self.teacher.set_value(settings.teacher)
        self._show()

    def show_material(self, material: Material) -> None:
        """What there is to learn from."""
        self._material = material
        self.takes_all.set_value(material.takes_all)
        self._show()

    def show_waiting(self, waiting: str) -> None:
        """What a training does that was put into the queue and has never run: see TrainingModel."""
        self._waiting.setText(_WAITING.get(waiting, ""))
        self._waiting.setVisible(bool(waiting))
        self.resume.setVisible(waiting == "held")

    def show_note(self, note: Note | None, offers_again: bool) -> None:
        """Tell what came of the last request; `offers_again`: it can be trained again from the first step."""
        self.again.setVisible(offers_again)
        self.note.show_note(note)

    @property
    def has_photos(self) -> bool:
        """Are there good photos to learn from?"""
        return self._material.goods > 0

    @property
    def words(self) -> str:
        """What it will learn from."""
        return self._words.text()

    @property
    def reason(self) -> str:
        """Why nothing can be trained; '' where it can."""
        return self._refusal.message

    def _show(self) -> None:
        settings, material = self.settings(), self._material
        self._teacher_part.setVisible(settings.detector == "destseg")
        has_undecided = settings.recipe == "anogen" and material.undecided > 0
        self.takes_all.setVisible(has_undecided)
        self.takes_all.setText(f"Take {count_of(material.undecided, 'sample')} without a verdict, too")
        self._words.setText(f"Learns from {material_words(material, settings)}.")
        refused = refusal(material, settings)
        self._refusal.show_note(refused)
        self.train.setEnabled(refused is None)
        tip = "Put the training into the queue" if refused is None else refused.message
        self.train.setToolTip(with_key(tip, TRAIN_KEY))

    def _connect(self) -> None:
        for field in (self.form, self.more, self.textures, self.teacher):
            field.value_changed.connect(lambda _value: self._show())
        self.takes_all.value_changed.connect(lambda is_on: self.all_toggled.emit(is_on))
        self.train.clicked.connect(lambda: self.train_requested.emit())
        self.again.clicked.connect(lambda: self.again_requested.emit())
        self.resume.clicked.connect(lambda: self.resume_requested.emit())
        self.note.dismissed.connect(lambda: self.note_dismissed.emit())

    def _lay_out(self, icons: Icons) -> None:
        self._more_fold.body.addWidget(_labelled("Textures", self.textures))
        self._more_fold.body.addWidget(self.more)
        scrolled = QWidget()
        column = QVBoxLayout(scrolled)
        column.setContentsMargins(0, 0, space(2), 0)
        column.setSpacing(space(3))
        for widget in (self.form, self._teacher_part, self.takes_all, self._more_fold):
            column.addWidget(widget)
        column.addStretch()
        self.add(_Scrolled(scrolled))
        self.add(self._words)
        for widget in (self._refusal, self.note, self._waiting):
            self.add(widget)
        self.body.addLayout(_row(self.train, self.again, self.resume))
        self.body.addStretch()


class _Scrolled(QScrollArea):
    """As high as what is in it, and scrolled where there is less room."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._content = content
        self.setWidget(content)
        content.installEventFilter(self)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's names from here on
        return self._content.sizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(0, min(_LEAST_HEIGHT, self.sizeHint().height()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


class _Refusal(QWidget):
    """An icon, why something cannot be done, and what to do."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._message, self._hint = TextLabel(wrap=True), TextLabel(role="dim", wrap=True)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._message)
        texts.addWidget(self._hint)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(2))
        row.addWidget(IconLabel(icons, "mdi6.alert-outline", "warn"), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        self.hide()

    @property
    def message(self) -> str:
        return "" if self.isHidden() else self._message.text()

    def show_note(self, note: Note | None) -> None:
        if note is not None:
            self._message.setText(note.message)
            self._hint.setText(note.hint)
        self.setVisible(note is not None)


def _labelled(text: str, field: FolderField) -> QWidget:
    """A folder takes all of the width, below its name."""
    holder = QWidget()
    label = TextLabel(text)
    label.setBuddy(field.line)
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(space(1))
    column.addWidget(label)
    column.addWidget(field)
    return holder


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(space(2))
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch()
    return row
