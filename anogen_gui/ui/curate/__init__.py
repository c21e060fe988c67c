"""The page on which samples are judged: grid, loupe, filters, details, export."""

from anogen_gui.ui.curate.page import CuratePage

__all__ = ["CuratePage"]
