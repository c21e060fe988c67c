"""Files that nothing in the catalogue needs any more, and that leave the disk when the project is opened."""

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

from engine.project.catalogue import Catalogue


def delete_leftovers(
    catalogue: Catalogue, folder: Path, query: str, forget: Callable[[sqlite3.Row], object], at_most: int
) -> None:
    """Delete the files of rows, and forget those whose files are gone; the others stay for the next time.

    Args:
        query: selects their `id`, then the paths of their files, '' for none.
        at_most: so many that opening a project is not held up by them.
    """
    rows = catalogue.select(f"{query} ORDER BY id LIMIT ?", (at_most,))
    with catalogue.transaction():  # one for all: the disk is waited for at the end of each
        for row in rows:
            with contextlib.suppress(OSError):
                for path in filter(None, tuple(row)[1:]):
                    (folder / path).unlink(missing_ok=True)
                forget(row)
