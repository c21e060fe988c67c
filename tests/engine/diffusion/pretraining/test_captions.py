from collections import Counter
from dataclasses import astuple

import numpy as np
import pytest

from engine.diffusion.pretraining.attributes import CASTS, STRENGTHS, TONES
from engine.diffusion.pretraining.captions import ANY_DEFECT, SYNONYMS, Caption, vary_caption
from engine.diffusion.pretraining.defects import KINDS
from engine.diffusion.pretraining.rendering import vocabulary

CRACK = Caption("crack", "wide", "cast iron", "grey")
GOOD = Caption("", "", "cast iron", "grey")
TOLD = Caption("crack", "wide", "cast iron", "grey", "strong", "dark", "brownish")


def varied(caption: Caption) -> Counter[str]:
    rng = np.random.default_rng(0)
    return Counter(vary_caption(caption, rng) for _ in range(2000))


def test_a_caption_is_a_defect_on_a_surface():
    assert (CRACK.defect, CRACK.surface) == ("wide crack", "grey cast iron")
    assert str(CRACK) == "wide crack on grey cast iron"
    assert str(Caption("hole", "", "wood")) == "hole on wood"


def test_attributes_come_before_the_defect():
    assert str(TOLD) == "strong dark brownish wide crack on grey cast iron"
    assert TOLD.attributes == ["strong", "dark", "brownish"]
    assert str(Caption("hole", "", "wood", tone="dark")) == "dark hole on wood"


def test_parts_are_read_as_they_were_written():
    assert Caption.from_parts(astuple(TOLD)) == TOLD
    with pytest.raises(ValueError, match="4 parts"):
        Caption.from_parts(astuple(TOLD)[:4])


def test_attributes_are_told_all_or_in_part_or_not_at_all():
    counts = varied(TOLD)
    told = {text: {"strong", "dark", "brownish"} & set(text.split()) for text in counts}
    shares = [sum(counts[text] for text in counts if len(told[text]) == n) / 2000 for n in range(4)]
    assert 0.1 < shares[0] < 0.3
    assert shares[1] > 0.1
    assert shares[2] > 0.2
    assert shares[3] > 0.15
    assert {"wide crack", "strong wide crack", "darker wide crack", "dark strong wide crack"} <= set(counts)
    assert counts["strong dark brownish defect"] > counts["dark strong brownish defect"]


def test_a_good_surface_has_no_defect():
    assert (GOOD.defect, str(GOOD)) == ("", "normal grey cast iron")


def test_a_defect_is_named_alone_or_with_its_surface_and_rarely_silent():
    counts = varied(CRACK)
    with_surface = sum(count for text, count in counts.items() if CRACK.surface in text)
    assert counts["wide crack"] > counts["wide crack on grey cast iron"] > 150
    assert 0.3 < with_surface / 2000 < 0.5
    assert 40 < counts[""] < 140
    assert 50 < counts[ANY_DEFECT] < 200


def test_words_and_their_order_vary():
    texts = set(varied(CRACK))
    assert {"grey cast iron with wide crack", "grey cast iron with a wide fissure", "open crack"} <= texts
    assert len(texts) > 15


def test_a_third_of_the_good_surfaces_is_silent():
    counts = varied(GOOD)
    assert set(counts) == {"normal grey cast iron", "good grey cast iron", "intact grey cast iron", ""}
    assert 0.3 < counts[""] / 2000 < 0.4


@pytest.mark.parametrize("kind", KINDS)
def test_no_variation_leaves_the_vocabulary(kind: str):
    words = set(vocabulary())
    for adjective in KINDS[kind].adjectives:
        for text in varied(Caption(kind, adjective, "magnetic tile", "light grey", "faint", "bright")):
            assert words.issuperset(text.split()), text


def test_attributes_are_in_the_vocabulary():
    assert {*STRENGTHS, *TONES, *CASTS} <= set(vocabulary())


def test_a_synonym_stands_for_one_phrase_alone():
    synonyms = [phrase for phrases in SYNONYMS.values() for phrase in phrases]
    usual = {*KINDS, *(adjective for kind in KINDS.values() for adjective in kind.adjectives)}
    assert len(set(synonyms)) == len(synonyms)
    assert not usual & set(synonyms)
