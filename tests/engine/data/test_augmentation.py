import numpy as np
import pytest

from engine.data import augmentation
from engine.data.augmentation import CHANGES, Change, augment, jitter, to_grey, turn


def texture(seed: int = 0) -> np.ndarray:
    """Smooth in colour and place, without the ends of the range: (48, 48, 3) uint8."""
    y, x = np.mgrid[:48, :48]
    channels = [40 + 3 * x, 60 + 2 * y + seed, 200 - 2 * x - y]
    return np.stack(channels, axis=-1).astype(np.uint8)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_every_change_changes_and_keeps_its_source(change: Change) -> None:
    source = texture()
    changed = [change(np.random.default_rng(seed), source) for seed in range(12)]
    assert all(each.shape == source.shape and each.dtype == np.uint8 for each in changed)
    np.testing.assert_array_equal(source, texture())
    assert any((each != source).any() for each in changed)
    np.testing.assert_array_equal(changed[3], change(np.random.default_rng(3), source))


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("level", [0, 90, 255])
def test_every_change_survives_one_colour(change: Change, level: int) -> None:
    flat = np.full((16, 16, 3), level, np.uint8)
    for seed in range(8):
        changed = change(np.random.default_rng(seed), flat)
        assert (changed == changed[0, 0]).all()


def test_inverting_twice_gives_the_texture() -> None:
    rng = np.random.default_rng(0)
    inverted = augmentation._invert(rng, texture())
    assert inverted[0, 0].tolist() == [215, 195, 55]
    np.testing.assert_array_equal(augmentation._invert(rng, inverted), texture())


def test_posterising_keeps_the_first_bits() -> None:
    levels = {
        len(np.unique(augmentation._posterise(np.random.default_rng(seed), texture()[..., 0])))
        for seed in range(40)
    }
    assert min(levels) <= 2
    assert max(levels) == 48


def test_solarising_inverts_what_is_bright_only() -> None:
    source = texture()
    solarised = [augmentation._solarise(np.random.default_rng(seed), source) for seed in range(20)]
    assert 4 < sum((each == source).all() for each in solarised) < 16
    for each in solarised:
        changed = each != source
        assert (each[changed] == 255 - source[changed]).all()
        assert not changed.any() or source[changed].min() >= 32


def test_auto_contrast_fills_the_range() -> None:
    stretched = augmentation._auto_contrast(np.random.default_rng(0), texture())
    assert (stretched.min(axis=(0, 1)) == 0).all()
    assert (stretched.max(axis=(0, 1)) == 255).all()


def test_equalising_spreads_the_levels() -> None:
    equal = augmentation._equalise(np.random.default_rng(0), texture())
    quarters = np.histogram(equal[..., 0], bins=4, range=(0, 256))[0]
    assert quarters.max() < 1.3 * quarters.min()


def test_three_changes_are_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    def marked(number: int) -> Change:
        return lambda rng, pixels: (made.append(number), pixels)[1]

    monkeypatch.setattr(augmentation, "CHANGES", tuple(map(marked, range(10))))
    for seed in range(20):
        augment(np.random.default_rng(seed), texture())
    triples = [set(made[at : at + 3]) for at in range(0, 60, 3)]
    assert len(made) == 60
    assert all(len(triple) == 3 for triple in triples)
    assert set(made) == set(range(10))


def test_turning_by_a_right_angle_moves_every_pixel() -> None:
    np.testing.assert_array_equal(turn(texture(), 90), np.rot90(texture()))


# --- CutPaste's jitter -----------------------------------------------------------------------------------


def test_jitter_is_small_and_seen() -> None:
    source = texture()
    moved = [np.abs(jitter(np.random.default_rng(seed), source).astype(int) - source) for seed in range(30)]
    assert min(each.max() for each in moved) > 0
    assert 2 < np.mean(moved) < 40


def test_no_jitter_changes_nothing() -> None:
    same = jitter(np.random.default_rng(0), texture(), strength=0.0)
    assert np.abs(same.astype(int) - texture()).max() <= 1


def test_jitter_turns_the_hue_by_a_tenth_of_the_circle_at_most() -> None:
    red = np.full((8, 8, 3), (200, 40, 40), np.uint8)
    for seed in range(40):
        r, g, b = (int(level) for level in jitter(np.random.default_rng(seed), red)[0, 0])
        assert r == max(r, g, b)
        assert abs(g - b) <= 0.61 * (r - min(g, b)) + 2  # 36° of the 60° from red to yellow or magenta


def test_grey_stays_grey_when_jittered() -> None:
    grey = to_grey(texture())
    assert len(np.unique(grey)) > 20
    for seed in range(10):
        jittered = jitter(np.random.default_rng(seed), grey)
        assert (jittered[..., :1] == jittered).all()
