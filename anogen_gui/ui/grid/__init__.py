"""A grid of thumbnails that stays quick with tens of thousands of them: only what is seen is painted."""

from anogen_gui.ui.grid.cell_layout import CellLayout
from anogen_gui.ui.grid.cell_pictures import CellPictures
from anogen_gui.ui.grid.drawing import draw_picture, draw_tag, tag_width
from anogen_gui.ui.grid.pixmaps import KeptPixmaps, thumbnail_side
from anogen_gui.ui.grid.selection import Selection
from anogen_gui.ui.grid.thumbnail_grid import SIDES, Cells, ThumbnailGrid

__all__ = [
    "SIDES",
    "CellLayout",
    "CellPictures",
    "Cells",
    "KeptPixmaps",
    "Selection",
    "ThumbnailGrid",
    "draw_picture",
    "draw_tag",
    "tag_width",
    "thumbnail_side",
]
