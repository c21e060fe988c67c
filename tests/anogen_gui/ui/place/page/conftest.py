"""Fixtures of the tests of this folder."""

import pytest

from anogen_gui.ui.place.page import PlacePage
from tests.anogen_gui.ui.canvas.hand import Hand


@pytest.fixture
def hand(page: PlacePage) -> Hand:
    return Hand(page.canvas)
