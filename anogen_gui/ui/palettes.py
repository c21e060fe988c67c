"""The look as data: every colour, distance and font size of the window, light and dark."""

from dataclasses import dataclass, fields

from PySide6.QtGui import QColor

_SPACES = (4, 8, 12, 16, 24, 32)


def space(step: int) -> int:
    """A distance of the scale, in logical pixels; `step` is 1 (4 px) … 6 (32 px)."""
    return _SPACES[step - 1]


@dataclass(frozen=True)
class Theme:
    """Tokens of one look. Colours are `#rrggbb`; lengths are logical pixels.

    A `…_soft` colour is a quiet background on which `text` and the colour of the same name are readable.
    """

    name: str
    background: str  # of the window, behind the cards
    surface: str  # of cards, panels and lists
    surface_raised: str  # of menus, dialogs and what floats
    surface_sunken: str  # of fields and of tracks
    hover: str
    pressed: str
    border: str
    border_strong: str  # of fields: seen against any surface
    text: str
    text_dim: str
    text_disabled: str
    accent: str  # fills the one important button; marks what is current
    accent_hover: str
    accent_pressed: str
    accent_text: str  # on `accent`
    accent_soft: str
    selection: str
    selection_text: str
    focus: str  # the ring around what has the keyboard
    good: str
    good_soft: str
    bad: str
    bad_soft: str
    warn: str
    warn_soft: str
    info: str
    info_soft: str
    canvas: str  # behind a photo
    canvas_text: str  # on the canvas
    shadow: str

    radius_small: int = 5
    radius: int = 8
    radius_large: int = 12
    font_small: int = 12
    font_body: int = 13
    font_title: int = 15
    font_heading: int = 20
    font_display: int = 28
    icon_small: int = 16
    icon: int = 20
    icon_large: int = 40

    @property
    def is_dark(self) -> bool:
        return self.name == "dark"

    def color(self, token: str) -> QColor:
        """A colour token for painting, such as `color("accent")`."""
        return QColor(getattr(self, token))

    @classmethod
    def color_tokens(cls) -> tuple[str, ...]:
        """The names of all tokens that are colours."""
        return tuple(each.name for each in fields(cls) if each.type is str and each.name != "name")


LIGHT = Theme(
    name="light",
    background="#f4f5f8",
    surface="#ffffff",
    surface_raised="#ffffff",
    surface_sunken="#f0f1f5",
    hover="#eceef3",
    pressed="#e1e4eb",
    border="#e0e3ea",
    border_strong="#868d9b",
    text="#1b1e26",
    text_dim="#565d6c",
    text_disabled="#8a91a0",
    accent="#4a4fd0",
    accent_hover="#3f44bd",
    accent_pressed="#3438a3",
    accent_text="#ffffff",
    accent_soft="#e9eafb",
    selection="#dcdefa",
    selection_text="#1b1e26",
    focus="#6a6ff0",
    good="#146c3a",
    good_soft="#e1f3e8",
    bad="#b3261e",
    bad_soft="#fbe7e5",
    warn="#7d4f00",
    warn_soft="#fbefd6",
    info="#0a5a9c",
    info_soft="#e0effb",
    canvas="#e3e5ea",
    canvas_text="#1b1e26",
    shadow="#1b1e26",
)

DARK = Theme(
    name="dark",
    background="#14161b",
    surface="#1c1f26",
    surface_raised="#242831",
    surface_sunken="#15171c",
    hover="#2a2f39",
    pressed="#343a46",
    border="#2e333e",
    border_strong="#737b8c",
    text="#e9ebf0",
    text_dim="#a6adbb",
    text_disabled="#717989",
    accent="#9da1ff",
    accent_hover="#b0b3ff",
    accent_pressed="#8589f2",
    accent_text="#12142a",
    accent_soft="#2b2d4e",
    selection="#3a3d70",
    selection_text="#ffffff",
    focus="#8d91ff",
    good="#63d794",
    good_soft="#183326",
    bad="#ff8f88",
    bad_soft="#42201f",
    warn="#f0bb55",
    warn_soft="#3a2c11",
    info="#74bdfa",
    info_soft="#152f47",
    canvas="#0e1014",
    canvas_text="#e9ebf0",
    shadow="#000000",
)
