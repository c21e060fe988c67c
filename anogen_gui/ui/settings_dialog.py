"""The settings dialog: a form made from the preferences; every change counts at once."""

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from anogen_gui.settings import Settings
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Button, PrimaryButton, Separator, SettingsForm, TextLabel
from anogen_gui.ui.theme import space


class SettingsDialog(QDialog):
    """Edits the preferences. `backbones` are names to choose from; the chosen one is always among them."""

    def __init__(
        self, settings: Settings, icons: Icons, backbones: Sequence[str] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self._settings = settings
        offered = dict.fromkeys((*backbones, settings.preferences.backbone, "embedded"))
        self.form = SettingsForm(
            settings.preferences,
            icons,
            choices={"backbone": [(name, name) for name in offered]},
            show_help=True,
        )
        self.reset = Button("Reset the window's layout", icons, "mdi6.restore")
        close = PrimaryButton("Done")
        close.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addWidget(self.reset)
        buttons.addStretch()
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[space(5)] * 4)
        column.setSpacing(space(4))
        column.addWidget(TextLabel("Settings", "heading"))
        column.addWidget(self.form)
        column.addStretch()
        column.addWidget(TextLabel(f"Kept in {settings.file}", "small", wrap=True))
        column.addWidget(Separator())
        column.addLayout(buttons)
        self.setMinimumWidth(520)
        self.form.value_changed.connect(self._take)
        settings.preferences_changed.connect(self.form.set_value)
        self.reset.clicked.connect(settings.reset_layout)
        close.clicked.connect(self.accept)
        close.setFocus()

    def _take(self, preferences: object) -> None:
        self._settings.preferences = preferences  # type: ignore[assignment]
