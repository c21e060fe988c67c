"""Which photos count in the results of a detector, and what they show."""

from collections.abc import Container

from engine.project.rows import Photo
from engine.reporting.facts import Kind


def kind_of(
    path: str,
    photo: Photo | None,
    held_out: Container[str],
    left_out: Container[str],
    missing: Container[str],
) -> Kind:
    """Whether a photo counts, and why not.

    Args:
        photo: what the project knows of it; None for one outside.
        held_out: the paths of the good photos that the threshold is calibrated with.
        left_out: of photos from which something was learned.
        missing: of those whose file was deleted.
    """
    if photo is None:
        return "new"
    if path in held_out:
        return "held_out"
    if photo.role != "test" or path in left_out:
        return "kept_out"
    return "missing" if path in missing else "test"


def is_anomalous(photo: Photo) -> bool:
    """What a photo of the project shows, as its class, mask or role says."""
    return bool(photo.anomaly or photo.mask or photo.role == "bad")
