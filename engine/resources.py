"""Where the files are that come with the program: icons, themes, the embedded backbone."""

from pathlib import Path

import engine
from engine.errors import EngineError


def resource_roots() -> tuple[Path, Path]:
    """The folders to look in: a wheel's (inside the package) and a checkout's (beside it)."""
    package = Path(engine.__file__).resolve().parent
    return package / "_resources", package.parent / "resources"


def find_resource(relative: str) -> Path:
    """The absolute path of a file or folder below `resources/`, from a checkout or an installed wheel.

    Raises:
        EngineError: it is in neither place.
    """
    for root in resource_roots():
        path = root / relative
        if path.exists():
            return path
    raise EngineError(
        f"“{relative}” is missing from this installation.",
        "Install AnoGen Studio again; from a checkout, fetch the whole `resources` folder.",
    )
