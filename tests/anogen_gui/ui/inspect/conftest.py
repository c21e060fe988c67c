"""What decodes maps and masks for the large picture."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.mask_outline import MaskOutlines
from anogen_gui.ui.inspect.anomaly_maps import AnomalyMaps


@pytest.fixture
def maps(qtbot: QtBot) -> Iterator[AnomalyMaps]:
    maps = AnomalyMaps()
    yield maps
    maps.close()


@pytest.fixture
def outlines(qtbot: QtBot) -> Iterator[MaskOutlines]:
    outlines = MaskOutlines()
    yield outlines
    outlines.close()
