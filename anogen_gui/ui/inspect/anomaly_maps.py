"""Anomaly maps decoded and coloured in the background."""

from PySide6.QtCore import QObject

from anogen_gui.model.read_files import ReadFiles
from anogen_gui.ui.inspect.anomaly_map import AnomalyMap


class AnomalyMaps(ReadFiles[AnomalyMap]):
    """The maps in files; one that cannot be read is a null map."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(AnomalyMap.read, parent)
