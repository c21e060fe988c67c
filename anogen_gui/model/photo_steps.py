"""What a person does next on the page of photos, on the way to an anomaly embedding."""

from dataclasses import dataclass
from typing import Literal

from anogen_gui.model.photo_list import PhotoList
from anogen_gui.model.wording import count_of

Action = Literal["none", "import", "paint", "learn"]


@dataclass(frozen=True)
class NextStep:
    """A sentence on what to do next, and the action that does it: `word` is on its button, '' for none."""

    text: str
    action: Action = "none"
    word: str = ""


def next_step(photos: PhotoList) -> NextStep | None:
    """The next step with the photos as they are; None where there is no photo, or every class has an embedding."""
    counts = photos.counts
    if not counts.total:
        return None
    if not counts.bad:
        return NextStep(
            "Next: about three bad photos. Import some, or select photos and press the digit key of their class.",
            "import",
            "Import bad photos…",
        )
    classes = [(anomaly.name, photos.counts_of(anomaly.name)) for anomaly in photos.anomalies()]
    if not counts.masked:
        return NextStep(
            "Next: paint where the anomaly is, on about three bad photos. Open one with Enter.",
            "paint",
            "Paint a mask",
        )
    for name, of_class in classes:
        if of_class.masked and not of_class.embeddings:
            photos_of_it = count_of(of_class.masked, "photo")
            return NextStep(
                f"Next: an embedding of “{name}” can be learned. It has {photos_of_it} with a mask; "
                "about three are best.",
                "learn",
                "Go to Learn",
            )
    return None


def first_without_mask(photos: PhotoList) -> str | None:
    """The bad photo to paint a mask on next."""
    bad = photos.project.photos.of_role("bad")
    return next((photo.path for photo in bad if photo.anomaly and not photo.mask), None)
