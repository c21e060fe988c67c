"""What a sample's PNG says it was made with."""

from pathlib import Path
from typing import Any

import msgspec
from msgspec import inspect
from PySide6.QtGui import QImageReader

from engine.protocol import GenerateSettings

_KEY = "anogen"
_LEFT_OUT = ("count", "seed", "batch_size")  # of the run as a whole


class _Record(msgspec.Struct, frozen=True):
    backbone: str = ""
    device: str = ""
    settings: dict[str, Any] = {}


def sample_settings(file: Path) -> tuple[tuple[str, str], ...]:
    """Titles and values of the settings that were chosen for a sample; none where its file does not tell them.

    Reads the file's header alone.
    """
    try:
        record = msgspec.json.decode(QImageReader(str(file)).text(_KEY) or "{}", type=_Record)
    except msgspec.DecodeError:
        return ()
    made = [("Backbone", record.backbone), ("Device", record.device)]
    titles = _titles()
    made += [
        (titles.get(name, name), _written(value))
        for name, value in record.settings.items()
        if value is not None and name not in _LEFT_OUT
    ]
    return tuple((title, value) for title, value in made if value)


def _titles() -> dict[str, str]:
    """What the settings are called on the screen."""
    info = inspect.type_info(GenerateSettings)
    assert isinstance(info, inspect.StructType)
    return {
        field.name: _title(field.type) or field.name.replace("_", " ").capitalize() for field in info.fields
    }


def _title(field: inspect.Type) -> str:
    while isinstance(field, inspect.Metadata):
        title = (field.extra_json_schema or {}).get("title")
        if title:
            return str(title)
        field = field.type
    return ""


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
