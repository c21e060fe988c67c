"""The typeface of the PDF: Inter, and for what it has no letters for, those that every PDF reader brings."""

from functools import cache
from itertools import groupby
from xml.sax.saxutils import escape

from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import getFont, registerFont, registerFontFamily
from reportlab.pdfbase.ttfonts import TTFont

from engine.resources import find_resource

REGULAR, STRONG = "Inter", "Inter-SemiBold"
_JAPANESE, _KOREAN = "HeiseiKakuGo-W5", "HYGothic-Medium"  # the first has the signs of Chinese, too
_NO_LETTER = "?"


@cache
def register() -> None:
    """Make the typeface known to reportlab. Raises EngineError where it is missing from the installation."""
    registerFont(TTFont(REGULAR, str(find_resource("fonts/Inter-Regular.ttf"))))
    registerFont(TTFont(STRONG, str(find_resource("fonts/Inter-SemiBold.ttf"))))
    registerFontFamily(REGULAR, normal=REGULAR, bold=STRONG, italic=REGULAR, boldItalic=STRONG)
    for name in (_JAPANESE, _KOREAN):
        registerFont(UnicodeCIDFont(name))


def markup(text: str) -> str:
    """`text` as it stands in a paragraph: escaped, in a font that has its letters."""
    parts = []
    for font, letters in groupby(text, _font_of):
        run = escape("".join(letters))
        if font == "":
            run = _NO_LETTER * len(run)
        parts.append(f'<font name="{font}">{run}</font>' if font in (_JAPANESE, _KOREAN) else run)
    return "".join(parts)


def _font_of(letter: str) -> str:
    """The font that has the letter; '' for none."""
    code = ord(letter)
    if code in getFont(REGULAR).face.charToGlyph or letter.isspace():
        return REGULAR
    if 0x1100 <= code <= 0x11FF or 0x3130 <= code <= 0x318F or 0xAC00 <= code <= 0xD7AF:
        return _KOREAN
    is_asian = 0x2E80 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0xFF00 <= code <= 0xFFEF
    return _JAPANESE if is_asian else ""
