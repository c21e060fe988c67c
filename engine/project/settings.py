"""What the project remembers of how it is used, as texts by key."""

from engine.project.catalogue import Catalogue


def get_setting(catalogue: Catalogue, key: str, default: str = "") -> str:
    """What was kept under this key; `default` where nothing was."""
    row = catalogue.select_one("SELECT value FROM setting WHERE key = ?", (key,))
    return str(row["value"]) if row is not None else default


def set_setting(catalogue: Catalogue, key: str, value: str) -> None:
    """Keep a text under a key, in place of what was there."""
    catalogue.change("INSERT OR REPLACE INTO setting VALUES (?, ?)", (key, value))
