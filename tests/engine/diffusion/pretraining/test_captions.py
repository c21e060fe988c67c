from collections import Counter

import numpy as np
import pytest

from engine.diffusion.pretraining.captions import ANY_DEFECT, SYNONYMS, Caption, vary_caption
from engine.diffusion.pretraining.defects import KINDS
from engine.diffusion.pretraining.rendering import vocabulary

CRACK = Caption("crack", "wide", "cast iron", "grey")
GOOD = Caption("", "", "cast iron", "grey")


def varied(caption: Caption) -> Counter[str]:
    rng = np.random.default_rng(0)
    return Counter(vary_caption(caption, rng) for _ in range(2000))


def test_a_caption_is_a_defect_on_a_surface():
    assert (CRACK.defect, CRACK.surface) == ("wide crack", "grey cast iron")
    assert str(CRACK) == "wide crack on grey cast iron"
    assert str(Caption("hole", "", "wood")) == "hole on wood"


def test_a_good_surface_has_no_defect():
    assert (GOOD.defect, str(GOOD)) == ("", "normal grey cast iron")


def test_a_defect_is_named_alone_or_with_its_surface_and_rarely_silent():
    counts = varied(CRACK)
    with_surface = sum(count for text, count in counts.items() if CRACK.surface in text)
    assert counts["wide crack"] > counts["wide crack on grey cast iron"] > 150
    assert 0.3 < with_surface / 2000 < 0.5
    assert 40 < counts[""] < 140
    assert 0 < counts[ANY_DEFECT] < 100


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
        for text in varied(Caption(kind, adjective, "magnetic tile", "light grey")):
            assert words.issuperset(text.split()), text


def test_a_synonym_stands_for_one_phrase_alone():
    synonyms = [phrase for phrases in SYNONYMS.values() for phrase in phrases]
    usual = {*KINDS, *(adjective for kind in KINDS.values() for adjective in kind.adjectives)}
    assert len(set(synonyms)) == len(synonyms)
    assert not usual & set(synonyms)
