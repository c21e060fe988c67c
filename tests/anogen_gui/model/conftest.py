"""A project with a small product in it, for tests of models."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.project import Project
from tests.engine.project.product import run_import, write_mvtec


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A new, empty project."""
    with Project.create(tmp_path / "P") as new:
        yield new


@pytest.fixture
def product(tmp_path: Path, project: Project) -> Project:
    """A project with four good photos, two normal tests, and four tests of 'crack' with masks."""
    run_import(project, write_mvtec(tmp_path / "source"))
    return project
