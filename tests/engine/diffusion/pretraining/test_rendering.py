"""What the training of the embedded backbone relies on in its renders."""

from collections import Counter
from functools import cache

import cv2
import numpy as np
import pytest

from engine.diffusion.pretraining import rendering
from engine.diffusion.pretraining.attributes import CASTS, STRENGTHS, TONES, measure_attributes
from engine.diffusion.pretraining.colours import COLOURS
from engine.diffusion.pretraining.defects import KINDS, draw_defect
from engine.diffusion.pretraining.lamps import HELD_OUT_LAMPS, TRAINED_LAMPS, Lamps, draw_light
from engine.diffusion.pretraining.lighting import photograph
from engine.diffusion.pretraining.materials import (
    HELD_OUT_MATERIALS,
    TRAINED_MATERIALS,
    Material,
    draw_surface,
)
from engine.diffusion.pretraining.rendering import (
    CROP,
    HELD_OUT_SEED,
    MIN_VISIBLE,
    Render,
    render_siblings,
    vocabulary,
)

SEEDS = range(300)


@cache
def siblings_of(seed: int) -> tuple[Render, ...]:
    return tuple(render_siblings(seed))


def change_in(defective: Render, normal: Render) -> np.ndarray:
    return cv2.absdiff(defective.image, normal.image)


def test_first_sibling_is_normal_and_the_others_are_not() -> None:
    for seed in SEEDS:
        normal, *defective = siblings_of(seed)
        assert normal.caption.kind == ""
        assert normal.mask.max() == 0
        assert len(defective) == 2
        assert all(render.mask.max() == 1 and render.caption.kind in KINDS for render in defective)


def test_shapes_and_types() -> None:
    for render in siblings_of(0):
        assert (render.image.shape, render.image.dtype) == ((CROP, CROP, 3), np.uint8)
        assert (render.mask.shape, render.mask.dtype) == ((CROP, CROP), np.uint8)


@pytest.mark.parametrize("defects", [0, 1, 4])
def test_as_many_defects_as_asked_for(defects: int) -> None:
    assert len(render_siblings(3, defects)) == defects + 1


def test_same_seed_same_renders() -> None:
    for seed in (5, HELD_OUT_SEED + 5):
        for first, second in zip(render_siblings(seed), render_siblings(seed), strict=True):
            assert np.array_equal(first.image, second.image)
            assert np.array_equal(first.mask, second.mask)
            assert first.caption == second.caption


def test_other_seeds_other_surfaces() -> None:
    assert not np.array_equal(siblings_of(0)[0].image, render_siblings(HELD_OUT_SEED)[0].image)


def test_siblings_agree_outside_the_defect() -> None:
    kernel = np.ones((13, 13), np.uint8)
    for seed in SEEDS:
        normal, *defective = siblings_of(seed)
        for render in defective:
            outside = cv2.dilate(render.mask, kernel) == 0
            assert change_in(render, normal)[outside].max(initial=0) == 0


def test_defects_can_be_seen() -> None:
    for seed in SEEDS:
        normal, *defective = siblings_of(seed)
        for render in defective:
            assert change_in(render, normal)[render.mask == 1].mean() >= MIN_VISIBLE, str(render.caption)


def test_masks_hold_nearly_all_that_changed() -> None:
    strays = [
        (change_in(render, normal).max(axis=2)[render.mask == 0] > 30).mean()
        for normal, *defective in map(siblings_of, SEEDS)
        for render in defective
    ]
    assert np.max(strays) < 0.01


def test_the_paste_limit_hides_no_change_that_shows() -> None:
    """Siblings are made equal beyond the light's reach; before that they must be nearly equal already."""
    rng, kernel = np.random.default_rng(4), np.ones((13, 13), np.uint8)
    for _ in range(60):
        _, surface = draw_surface(rng, CROP)
        light = draw_light(rng, CROP)
        kind = [name for name, kind in KINDS.items() if kind.suits(surface)][rng.integers(12)]
        defect = draw_defect(rng, surface, kind)
        change = cv2.absdiff(photograph(surface, light), photograph(defect.surface, light)).max(axis=2)
        drawn = cv2.dilate((defect.mask > 0.1).astype(np.uint8), kernel)
        assert np.percentile(change[drawn == 0], 99) <= 8, kind


def test_extents_are_those_of_boxes() -> None:
    extents = [
        max(np.ptp(np.nonzero(render.mask), axis=1)) + 1
        for _, *defective in map(siblings_of, SEEDS)
        for render in defective
    ]
    assert 28 < np.median(extents) < 52
    assert np.percentile(extents, 99) <= 105


def test_captions_tell_how_defects_came_out() -> None:
    for seed in SEEDS:
        normal, *defective = siblings_of(seed)
        assert normal.caption.attributes == []
        for render in defective:
            look = measure_attributes(render.image, normal.image, render.mask)
            caption = render.caption
            assert (caption.strength, caption.tone) == (look.strength, look.tone)
            assert caption.cast == ("" if caption.adjective in COLOURS else look.cast)
            assert caption.adjective not in TONES


def test_every_attribute_occurs_and_none_is_usual() -> None:
    told = Counter(
        word for seed in SEEDS for render in siblings_of(seed)[1:] for word in render.caption.attributes
    )
    assert set(told) == {*STRENGTHS, *TONES, *CASTS}
    assert max(told.values()) < 0.7 * 2 * len(SEEDS)
    assert min(told[word] for word in (*STRENGTHS, *TONES)) > 0.08 * 2 * len(SEEDS)


def test_siblings_have_defects_of_different_kinds() -> None:
    for seed in SEEDS:
        _, first, second = siblings_of(seed)
        assert first.caption.kind != second.caption.kind


def test_vocabulary_holds_every_word() -> None:
    words = vocabulary()
    assert words == sorted(set(words))
    used = {word for seed in SEEDS for render in siblings_of(seed) for word in str(render.caption).split()}
    assert used <= set(words)


def test_grey_photos_are_not_said_to_be_coloured() -> None:
    colourful = {"red", "green", "blue", "yellow", "orange", "turquoise", "pink", "purple", "brown", "beige"}
    colourful |= set(CASTS)
    grey = [renders for renders in map(siblings_of, SEEDS) if np.ptp(renders[0].image, axis=2).max() == 0]
    assert len(grey) > 20
    captions = " ".join(str(render.caption) for renders in grey for render in renders).split()
    assert not colourful & set(captions)


def test_every_kind_occurs() -> None:
    assert {render.caption.kind for seed in SEEDS for render in siblings_of(seed)[1:]} == set(KINDS)


def test_every_material_and_most_colours_occur() -> None:
    captions = [siblings_of(seed)[0].caption for seed in SEEDS]
    for name, material in TRAINED_MATERIALS.items():
        assert any(caption.noun in material.nouns for caption in captions), name
    assert len({caption.colour for caption in captions}) > 10


def test_siblings_share_the_surface_that_captions_name() -> None:
    for seed in SEEDS:
        assert len({(render.caption.noun, render.caption.colour) for render in siblings_of(seed)}) == 1


def test_no_held_out_material_is_trained_on() -> None:
    assert not set(TRAINED_MATERIALS) & set(HELD_OUT_MATERIALS)
    trained = {material.build for material in TRAINED_MATERIALS.values()}
    assert not trained & {material.build for material in HELD_OUT_MATERIALS.values()}


def test_held_out_materials_are_named_by_words_that_training_hears() -> None:
    trained = {noun for material in TRAINED_MATERIALS.values() for noun in material.nouns}
    assert {noun for material in HELD_OUT_MATERIALS.values() for noun in material.nouns} <= trained


def azimuth_deg(lamps: Lamps, seed: int) -> float:
    x, y, _ = draw_light(np.random.default_rng(seed), 16, lamps=lamps).direction
    return float(np.degrees(np.arctan2(y, x)) % 360)


def test_no_held_out_lamp_stands_where_a_trained_one_does() -> None:
    low, high = HELD_OUT_LAMPS.azimuths
    assert all(low <= azimuth_deg(HELD_OUT_LAMPS, seed) <= high for seed in range(200))
    assert not any(low <= azimuth_deg(TRAINED_LAMPS, seed) <= high for seed in range(200))


def test_seeds_decide_what_is_held_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every lamp of a held-out seed, and about half of the materials, are of the kinds that training lacks."""
    drawn: list[tuple[set[str], Lamps]] = []

    def spy_surface(rng: np.random.Generator, size: int, materials: dict[str, Material]) -> object:
        drawn.append((set(materials), TRAINED_LAMPS))
        return draw_surface(rng, size, materials)

    def spy_light(*args: object) -> object:
        drawn[-1] = (drawn[-1][0], args[-1])
        return draw_light(*args)

    monkeypatch.setattr(rendering, "draw_surface", spy_surface)
    monkeypatch.setattr(rendering, "draw_light", spy_light)
    for seed in range(30):
        render_siblings(seed, 0)
    assert all(names == set(TRAINED_MATERIALS) and lamps is TRAINED_LAMPS for names, lamps in drawn)
    drawn.clear()
    for seed in range(30):
        render_siblings(HELD_OUT_SEED + seed, 0)
    assert all(lamps is HELD_OUT_LAMPS for _, lamps in drawn)
    assert 8 < sum(names == set(HELD_OUT_MATERIALS) for names, _ in drawn) < 22


@pytest.mark.parametrize("name", [*TRAINED_MATERIALS, *HELD_OUT_MATERIALS])
def test_materials_are_well_formed_at_any_size(name: str) -> None:
    surface = (TRAINED_MATERIALS | HELD_OUT_MATERIALS)[name].build(np.random.default_rng(1), 160)
    assert surface.albedo.shape == (160, 160, 3)
    assert surface.height.shape == (160, 160)
    assert surface.albedo.dtype == surface.height.dtype == np.float32
    assert np.isfinite(surface.albedo).all()
    assert np.isfinite(surface.height).all()
    assert surface.colour in COLOURS
    assert (surface.outline is None) == (surface.backdrop is None)
