"""Prompts as tokens: as the tokenizer itself has them, with a place for the vectors."""

import pytest

from engine.diffusion.backbone.text import Prompts
from engine.errors import EngineError
from tests.engine.diffusion.backbone.conftest import BackboneOf

KINDS = {"ldm": 77, "sd1": 77, "embedded": 16}


@pytest.fixture(params=KINDS)
def prompts(request: pytest.FixtureRequest, backbone_of: BackboneOf) -> Prompts:
    return Prompts(backbone_of(request.param).tokenizer, KINDS[request.param])


def own_ids(prompts: Prompts, text: str) -> list[int]:
    """The tokenizer's own padding and truncation."""
    options = {"padding": "max_length", "max_length": prompts.length, "truncation": True}
    return list(prompts.tokenizer(text, **options)["input_ids"])


@pytest.mark.parametrize("text", ["", "crack", "a photo of the crack", "a wide crack on metal " * 40])
def test_a_plain_prompt_is_tokenised_as_ever(prompts: Prompts, text: str) -> None:
    tokens = prompts.tokenize(text)
    assert tokens.ids.tolist() == [own_ids(prompts, text)]
    assert tokens.start == tokens.stop


@pytest.mark.parametrize("template", ["{}", "a photo of a {}", "{} on wood", "a {} on metal"])
@pytest.mark.parametrize("count", [1, 4])
def test_vectors_take_the_place_of_as_many_words(prompts: Prompts, template: str, count: int) -> None:
    tokens = prompts.tokenize(template, count)
    ids = tokens.ids[0].tolist()
    expected = own_ids(prompts, template.format(" ".join(["crack"] * count)))
    assert tokens.stop - tokens.start == count
    (crack,) = prompts.word_ids("crack")
    assert [position for position, token in enumerate(expected) if token == crack] == list(
        range(tokens.start, tokens.stop)
    )
    assert ids[: tokens.start] == expected[: tokens.start]
    assert ids[tokens.stop :] == expected[tokens.stop :]


def test_what_stands_in_for_vectors_means_nothing_special(prompts: Prompts) -> None:
    tokens = prompts.tokenize("a {}", 2)
    (stand_in,) = set(tokens.ids[0, tokens.start : tokens.stop].tolist())
    assert stand_in not in prompts.tokenizer.all_special_ids


def test_a_long_text_after_the_vectors_is_cut_at_its_end(prompts: Prompts) -> None:
    tokens = prompts.tokenize("a {} " + "on wood " * 60, 2)
    end = own_ids(prompts, "on wood " * 60)[-1]
    assert tokens.ids.shape == (1, prompts.length)
    assert tokens.ids[0, -1] == end
    assert tokens.stop - tokens.start == 2


def test_as_many_vectors_as_fit_fit_and_no_more(prompts: Prompts) -> None:
    most = prompts.length - 2  # one special token before, one after
    tokens = prompts.tokenize("{}", most)
    assert (tokens.start, tokens.stop) == (1, prompts.length - 1)
    with pytest.raises(EngineError, match=f"{most + 1} vectors do not fit into “{{}}”") as told:
        prompts.tokenize("{}", most + 1)
    assert f"reads {prompts.length} tokens" in told.value.message


def test_vectors_are_never_cut_off(prompts: Prompts) -> None:
    with pytest.raises(EngineError, match="do not fit"):
        prompts.tokenize("a crack on wood " * 40 + "{}", 1)


@pytest.mark.parametrize(
    ("template", "count"), [("a crack", 1), ("a {}", 0), ("{} and {}", 1), ("{} and {}", 2)]
)
def test_a_template_has_one_place_with_vectors_and_none_without(
    prompts: Prompts, template: str, count: int
) -> None:
    with pytest.raises(ValueError, match="once with vectors"):
        prompts.tokenize(template, count)


def test_a_word_that_is_nothing_is_unknown(prompts: Prompts) -> None:
    with pytest.raises(EngineError, match="does not know the word “ ”"):
        prompts.word_ids(" ")
