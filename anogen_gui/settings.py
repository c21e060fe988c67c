"""What the studio remembers between two starts: preferences, recent projects, the layout of the window."""

import os
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta
from PySide6.QtCore import QByteArray, QObject, QSettings, QStandardPaths, Signal

from engine.protocol.settings import field_meta

_VERSION = 1
_MOST_RECENT = 10


class Preferences(msgspec.Struct, frozen=True, kw_only=True):
    """What a person chooses in the settings dialog."""

    theme: Annotated[
        Literal["system", "light", "dark"],
        field_meta("Theme", "System follows the light or dark theme of this computer."),
    ] = "system"
    backbone: Annotated[
        str,
        Meta(min_length=1),
        field_meta("Backbone", "What new anomaly embeddings are learned on: a name, a folder or a hub id."),
    ] = "embedded"
    opens_last_project: Annotated[
        bool, field_meta("Open the last project at start", "Otherwise the start page is shown.")
    ] = True
    thumbnail_cache_mb: Annotated[
        int,
        Meta(ge=64, le=65_536),
        field_meta("Thumbnail cache", "Space on disk for small versions of photos and samples.", "MB"),
    ] = 512


class Settings(QObject):
    """Typed access to `settings.ini`; everything is written at once, and what cannot be read is the default.

    Args:
        folder: where the file is; by default `ANOGEN_CONFIG`, or the platform's folder for settings.

    Signals:
        preferences_changed(Preferences)
        recent_projects_changed()
        layout_reset(): the window is to look as it does at the first start.
    """

    preferences_changed = Signal(object)
    recent_projects_changed = Signal()
    layout_reset = Signal()

    def __init__(self, folder: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.file = (folder or settings_folder()) / "settings.ini"
        self.is_first_start = not self.file.exists()
        self._store = QSettings(str(self.file), QSettings.Format.IniFormat)
        self._store.setValue("version", _VERSION)
        self._preferences = self._read_preferences()

    @property
    def preferences(self) -> Preferences:
        return self._preferences

    @preferences.setter
    def preferences(self, preferences: Preferences) -> None:
        if preferences != self._preferences:
            self._preferences = preferences
            for name, value in msgspec.to_builtins(preferences).items():
                self._store.setValue(f"preferences/{name}", value)
            self.preferences_changed.emit(preferences)

    def change(self, **changes: Any) -> None:
        """Change some preferences, such as `change(theme="dark")`."""
        self.preferences = msgspec.structs.replace(self._preferences, **changes)

    @property
    def recent_projects(self) -> tuple[Path, ...]:
        """The folders of the projects opened last, the latest first; also those that are gone meanwhile."""
        text = str(self._store.value("recent_projects", "[]"))
        try:
            return tuple(Path(folder) for folder in msgspec.json.decode(text, type=list[str]))
        except msgspec.DecodeError:
            return ()

    def add_recent_project(self, folder: Path) -> None:
        """Put a project at the head of the recent ones."""
        others = (each for each in self.recent_projects if each != folder)
        self._set_recent_projects((folder, *others)[:_MOST_RECENT])

    def remove_recent_project(self, folder: Path) -> None:
        """Forget a project; its folder is not touched."""
        self._set_recent_projects(tuple(each for each in self.recent_projects if each != folder))

    def layout(self, name: str) -> QByteArray:
        """How a window or splitter was arranged, as Qt saved it; empty where it never was."""
        saved = self._store.value(f"layout/{name}")
        return saved if isinstance(saved, QByteArray) else QByteArray()

    def save_layout(self, name: str, state: QByteArray) -> None:
        self._store.setValue(f"layout/{name}", state)

    def reset_layout(self) -> None:
        """Forget how the window was arranged."""
        self._store.remove("layout")
        self.layout_reset.emit()

    def save(self) -> None:
        """Write what is not written yet; the settings are on disk when this returns."""
        self._store.sync()

    def _set_recent_projects(self, folders: tuple[Path, ...]) -> None:
        if folders != self.recent_projects:
            text = msgspec.json.encode([str(folder) for folder in folders]).decode()
            self._store.setValue("recent_projects", text)
            self.recent_projects_changed.emit()

    def _read_preferences(self) -> Preferences:
        """Field by field: one that is out of range, or of an older version, does not take the others with it."""
        read = Preferences()
        for name in Preferences.__struct_fields__:
            stored = self._store.value(f"preferences/{name}")
            if stored is None:
                continue
            try:
                checked = msgspec.convert({name: stored}, Preferences, strict=False)
            except msgspec.ValidationError:
                continue
            read = msgspec.structs.replace(read, **{name: getattr(checked, name)})
        return read


def settings_folder() -> Path:
    """`ANOGEN_CONFIG`, or the platform's folder for settings."""
    chosen = os.environ.get("ANOGEN_CONFIG")
    if chosen:
        return Path(chosen).expanduser()
    place = QStandardPaths.StandardLocation.GenericConfigLocation
    return Path(QStandardPaths.writableLocation(place)) / "anogen"
