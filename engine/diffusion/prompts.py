"""Sentences that an anomaly embedding is learned in; `{}` is where its vectors go."""

PHOTO_TEMPLATES = (
    "a photo of a {}",
    "a close-up photo of a {}",
    "a photo of the {}",
    "a photo of one {}",
    "a cropped photo of a {}",
    "a bright photo of a {}",
    "a dark photo of a {}",
    "a good photo of a {}",
    "a rendering of a {}",
)
"""For backbones that were trained on the captions of photos (LDM, Stable Diffusion)."""

BARE_TEMPLATES = ("{}",)
"""For backbones whose captions name the defect and nothing else, and for generation everywhere."""

NULL_PROMPT = ""


def templates_for(profile: str, captions_are_sentences: bool) -> tuple[str, ...]:
    """The templates that stage 1 draws from."""
    return PHOTO_TEMPLATES if profile == "paper" or captions_are_sentences else BARE_TEMPLATES
