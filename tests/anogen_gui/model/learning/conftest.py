"""Fixtures of the tests of this folder."""

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from engine.project import Project
from tests.anogen_gui.model.learning.world import World
from tests.anogen_gui.model.learning_runs import (
    choose_supports,
)


@pytest.fixture
def make_world(product: Project, qtbot: QtBot) -> Iterator[Callable[[], World]]:
    """Opens the project; what a test writes into it before is found."""
    made: list[World] = []

    def make() -> World:
        made.append(World(product))
        return made[-1]

    yield make
    for world in made:
        world.project.close()


@pytest.fixture
def world(make_world: Callable[[], World], product: Project) -> World:
    choose_supports(product)
    return make_world()
