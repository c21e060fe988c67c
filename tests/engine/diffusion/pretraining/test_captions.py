from collections import Counter

import numpy as np

from engine.diffusion.pretraining.captions import vary_caption


def varied(caption: str) -> Counter[str]:
    rng = np.random.default_rng(0)
    return Counter(vary_caption(caption, rng) for _ in range(2000))


def test_a_defect_is_named_alone_or_with_its_surface_and_rarely_silent():
    counts = varied("wide crack on grey cast iron")
    assert set(counts) == {
        "wide crack on grey cast iron",
        "wide crack",
        "defect on grey cast iron",
        "defect",
        "",
    }
    assert counts["wide crack"] > counts["wide crack on grey cast iron"] > 500
    assert 40 < counts[""] < 140


def test_a_third_of_the_good_surfaces_is_silent():
    counts = varied("normal oak")
    assert set(counts) == {"normal oak", ""}
    assert 0.3 < counts[""] / 2000 < 0.4
