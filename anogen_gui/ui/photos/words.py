"""What the page calls things, and how it marks them: each role with an icon and a tone."""

from dataclasses import dataclass

from anogen_gui.ui.kit import Tone
from engine.project import AnomalyClass, Photo, Role


@dataclass(frozen=True)
class RoleWords:
    """A role on the screen."""

    word: str
    icon: str
    tone: Tone


ROLES: dict[Role, RoleWords] = {
    "good": RoleWords("good", "mdi6.check-circle-outline", "good"),
    "bad": RoleWords("bad", "mdi6.alert-circle-outline", "bad"),
    "test": RoleWords("test", "mdi6.flask-outline", "info"),
}
HAS_MASK, HAS_NO_MASK = "mask", "no mask yet"
SUPPORT = "support"
SUPPORT_ICON, MASK_ICON, NO_MASK_ICON = "mdi6.star", "mdi6.texture-box", "mdi6.brush-off"
REMOVE_ICON = "mdi6.trash-can-outline"
ABOUT_SUPPORTS = (
    "An embedding is learned from a few support photos: about three that show the anomaly well, each with its mask. "
    "A support photo is never a test photo."
)


def describe_photo(photo: Photo, anomaly: AnomalyClass | None, is_support: bool) -> str:
    """All that is known of a photo, in lines."""
    lines = [photo.path, f"{photo.width} × {photo.height} pixels", ROLES[photo.role].word.capitalize()]
    if photo.anomaly:
        key = f", key {anomaly.digit}" if anomaly is not None and anomaly.digit is not None else ""
        lines[-1] += f": {photo.anomaly}{key}"
        lines.append("It has a mask" if photo.mask else "It has no mask yet")
    if is_support:
        lines.append("Support photo")
    if photo.is_missing:
        lines.append("Its file was deleted")
    return "\n".join(lines)
