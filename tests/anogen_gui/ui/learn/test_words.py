"""What the page says."""

from anogen_gui.ui.learn.words import backbone_words


def test_backbones() -> None:
    assert backbone_words("embedded") == "embedded"
    assert backbone_words("backbones/crack-0123") == "adapted"
    assert backbone_words("CompVis/ldm-text2im-large-256") == "CompVis/ldm-text2im-large-256"
