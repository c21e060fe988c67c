"""The tools that paint a mask, in a column beside the photo."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from anogen_gui.ui.canvas.mask_canvas import MaskTool
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import IconButton, Panel
from anogen_gui.ui.theme import space

_TOOLS: tuple[tuple[MaskTool, str, str, str], ...] = (
    ("brush", "mdi6.brush", "Brush: paint the anomaly; Alt erases, Shift paints straight on", "B"),
    ("eraser", "mdi6.eraser", "Eraser", "E"),
    ("box", "mdi6.rectangle-outline", "Box: drag from corner to corner", "R"),
    ("polygon", "mdi6.vector-polygon", "Polygon: click corners, double-click or Enter closes it", "P"),
)


class MaskToolsStrip(Panel):
    """One of the tools is chosen.

    Signals:
        tool_chosen(tool)
    """

    tool_chosen = Signal(str)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self.buttons: dict[MaskTool, IconButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(space(2), space(3), space(2), space(3))
        column.setSpacing(space(1))
        for tool, icon, tip, key in _TOOLS:
            self.buttons[tool] = IconButton(icons, icon, tip, key, checkable=True)
            self._group.addButton(self.buttons[tool])
            column.addWidget(self.buttons[tool])
            self.buttons[tool].clicked.connect(lambda _checked, tool=tool: self.tool_chosen.emit(tool))
        column.addStretch()

    def show_tool(self, tool: MaskTool) -> None:
        self.buttons[tool].setChecked(True)
