"""A small product whose detector has looked at all of its photos, with scores that are known."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.project import Project
from tests.engine.project.product import run_import, write_mvtec
from tests.engine.reporting.inspected import record_run, write_evaluation


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Project]:
    """Four good photos, two normal tests, four tests of 'crack' with masks."""
    with Project.create(tmp_path / "P") as new:
        run_import(new, write_mvtec(tmp_path / "source"))
        yield new


@pytest.fixture
def inspected(product: Project) -> Project:
    """A run with a detector; supports 000 and 001, the good photo 003 held out, and bands 0.3 and 0.6.

    Missed is 002 (0.2), caught 003 (0.9), a false alarm 100 (0.7), to be looked at again 101 (0.5).
    """
    record_run(product)
    write_evaluation(product)
    (row,) = product.runs()
    product.set_bands(row.id, 0.3, 0.6)
    return product


@pytest.fixture
def unset(inspected: Project) -> Project:
    """The same without bands that a person set."""
    (row,) = inspected.runs()
    inspected.set_bands(row.id, None, None)
    return inspected


@pytest.fixture
def without_threshold(product: Project) -> Project:
    """Nothing was held out, and nobody set bands."""
    record_run(product, held_out=())
    return product
