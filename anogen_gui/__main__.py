"""`anogen-gui`, and `python -m anogen_gui`: the window."""

import gc
import sys
from types import ModuleType


def start() -> int:
    """Show the window until it is closed; the exit code."""
    return int(load().main())


def load() -> ModuleType:
    """Import the application quickly: its first paint waits for it.

    Half of the collections of garbage would look through what is being loaded, in vain; `main` lets them begin. And
    PySide6 reads the source of each module that is imported after it: those that need it not are imported before.
    """
    gc.disable()
    import engine.protocol  # noqa: F401, I001

    from anogen_gui import app

    return app


if __name__ == "__main__":
    sys.exit(start())
