from engine.diffusion.prompts import BARE_TEMPLATES, NULL_PROMPT, PHOTO_TEMPLATES, templates_for


def test_every_template_has_one_place_for_the_vectors() -> None:
    assert all(template.count("{}") == 1 for template in (*PHOTO_TEMPLATES, *BARE_TEMPLATES))
    assert len(set(PHOTO_TEMPLATES)) == len(PHOTO_TEMPLATES)
    assert "{}" not in NULL_PROMPT


def test_sentences_only_for_backbones_that_know_them_or_to_the_letter() -> None:
    assert templates_for("product", captions_are_sentences=True) == PHOTO_TEMPLATES
    assert templates_for("product", captions_are_sentences=False) == BARE_TEMPLATES
    assert templates_for("paper", captions_are_sentences=False) == PHOTO_TEMPLATES
