"""Generate: on the photo that is shown, or on all photos with boxes."""

import secrets

import msgspec
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from anogen_gui.model.generating import Generating
from anogen_gui.model.place import PlaceModel
from anogen_gui.model.wording import count_of
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import (
    Fold,
    IconButton,
    NumberField,
    PrimaryButton,
    SegmentedControl,
    SettingsForm,
    SwitchField,
    TextLabel,
    with_key,
)
from anogen_gui.ui.theme import space
from engine.protocol import GenerateSettings

_USUAL_COUNT = 4
_SHOWN = ("profile", "candidates", "guidance", "steps")
_SEEDS = 2**31


class GeneratePanel(QWidget):
    """Orders samples; says why where it cannot."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: PlaceModel | None = None
        self._generating: Generating | None = None
        self.scope = SegmentedControl(
            (("this", "This photo"), ("all", "All with boxes")), name="Where to generate"
        )
        self.count = NumberField(1, 1000, True)
        self.count.set_value(_USUAL_COUNT)
        self.count.setAccessibleName("Samples of each photo")
        self.seed_is_locked = SwitchField("Same seed every time")
        self.seed_is_locked.setToolTip("The same boxes and the same seed give the same samples again")
        self.seed = NumberField(0, _SEEDS - 1, True)
        self.seed.set_value(7)
        self.seed.setAccessibleName("Seed")
        self.new_seed = IconButton(icons, "mdi6.dice-5-outline", "Another seed")
        self.form: SettingsForm[GenerateSettings] = SettingsForm(GenerateSettings(), icons, _SHOWN)
        self.start = PrimaryButton("Generate", icons, "mdi6.creation")
        self.start.setToolTip(with_key("Generate the anomaly in the boxes", "Ctrl+Return"))
        self.reason = TextLabel(role="small", wrap=True)
        self._lay_out(icons)
        self.start.clicked.connect(self.generate)
        self.new_seed.clicked.connect(self._draw_seed)
        self.scope.value_changed.connect(lambda _value: self.show_obstacle())
        self.count.value_changed.connect(lambda _value: self.show_obstacle())
        self.seed_is_locked.value_changed.connect(self._show_seed)
        self._show_seed(False)

    def bind(self, model: PlaceModel | None, generating: Generating | None) -> None:
        """Generate for this model's photos; both go when their project does."""
        self._model, self._generating = model, generating
        if model is not None:
            model.state_changed.connect(self.show_obstacle)
            model.boxes_changed.connect(self.show_obstacle)
            model.photos_changed.connect(self.show_obstacle)
            model.project.anomalies.embeddings_changed.connect(self.show_obstacle)
        self.show_obstacle()

    def photos(self) -> tuple[str, ...]:
        """The photos that are meant, by their paths."""
        if self._model is None or self._generating is None:
            return ()
        if self.scope.value == "all":
            return self._generating.photos_with_boxes()
        return (self._model.state.photo,) if self._model.state.photo else ()

    def generate(self) -> None:
        """Order the samples, unless something stands in the way."""
        if self._generating is None or self._generating.obstacle(self.photos()):
            self.show_obstacle()  # an embedding's file may have gone meanwhile
            return
        if not self.seed_is_locked.value:
            self._draw_seed()
        settings = msgspec.structs.replace(self.form.value(), seed=int(self.seed.value))
        self._generating.generate(self.photos(), int(self.count.value), settings)

    def show_obstacle(self, _state: object = None) -> None:
        """Say why nothing can be generated, or how much will be."""
        photos = self.photos()
        obstacle = (
            self._generating.obstacle(photos) if self._generating is not None else "No project is open."
        )
        self.start.setEnabled(not obstacle)
        self.reason.setText(obstacle or self._amount(photos))

    def _amount(self, photos: tuple[str, ...]) -> str:
        samples = int(self.count.value) * len(photos)
        return (
            f"{count_of(samples, 'sample')} on {count_of(len(photos), 'photo')}, each with all of its boxes"
        )

    def _draw_seed(self) -> None:
        self.seed.set_value(secrets.randbelow(_SEEDS))

    def _show_seed(self, is_locked: bool) -> None:
        self.seed.setEnabled(is_locked)
        self.new_seed.setEnabled(is_locked)

    def _lay_out(self, icons: Icons) -> None:
        amount = QHBoxLayout()
        amount.setSpacing(space(2))
        amount.addWidget(self.count)
        amount.addWidget(TextLabel("samples of each photo"), 1)
        seed = QHBoxLayout()
        seed.setSpacing(space(2))
        seed.addWidget(self.seed, 1)
        seed.addWidget(self.new_seed)
        fold = Fold(icons, "Settings")
        fold.body.addWidget(self.seed_is_locked)
        fold.body.addLayout(seed)
        fold.body.addWidget(self.form)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(3))
        column.addWidget(self.scope)
        column.addLayout(amount)
        column.addWidget(fold)
        column.addWidget(self.start)
        column.addWidget(self.reason)
