"""Every kind of backbone: latents, contexts and predictions, with the gradient going to the vectors alone."""

from typing import Any

import pytest
import torch
from diffusers import StableDiffusionInpaintPipeline, StableDiffusionPipeline
from torch import Tensor

from engine.diffusion.backbone import Backbone
from engine.diffusion.backbone.text import token_embedding
from engine.errors import EngineError
from tests.engine.diffusion.backbone.conftest import BackboneOf, FolderOf
from tests.engine.diffusion.tiny_backbones import KINDS, WIDTH

INPAINTING = ("sd1-inpaint", "sd2-v-inpaint", "embedded")


@pytest.fixture(params=KINDS)
def backbone(request: pytest.FixtureRequest, backbone_of: BackboneOf) -> Backbone:
    return backbone_of(request.param)


def random(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def word_row(backbone: Backbone, word: str) -> Tensor:
    """The vector of a word that is a single token, (1, D)."""
    (token,) = backbone.tokenizer(word, add_special_tokens=False)["input_ids"]
    return token_embedding(backbone.text_encoder).weight[token].detach()[None]


def denoise(backbone: Backbone, context: Tensor, **inpainting: Tensor) -> Tensor:
    """The U-Net's output for fixed latents at two timesteps, (2, 4, h, w)."""
    side = 32 // backbone.downscale
    given = {
        "box_mask": torch.ones(2, 1, side, side),
        "blanked": random(2, 4, side, side, seed=1),
    } | inpainting
    timesteps = torch.tensor([999, 20])
    return backbone.predict(random(2, 4, side, side), timesteps, context.expand(2, -1, -1), **given)


@pytest.mark.parametrize(
    ("kind", "family", "prediction", "inpaints", "zero_snr", "downscale", "tokens"),
    [
        ("ldm", "ldm", "epsilon", False, False, 8, 77),
        ("ldm-kl", "ldm", "epsilon", False, False, 8, 77),
        ("sd1", "sd", "epsilon", False, False, 8, 77),
        ("sd1-inpaint", "sd", "epsilon", True, False, 8, 77),
        ("sd2-v", "sd", "v_prediction", False, False, 8, 77),
        ("sd2-v-inpaint", "sd", "v_prediction", True, False, 8, 77),
        ("sd2-v-zero-snr", "sd", "v_prediction", False, True, 8, 77),
        ("embedded", "sd", "v_prediction", True, True, 4, 16),
    ],
)
def test_a_backbone_tells_what_it_is(
    backbone_of: BackboneOf,
    kind: str,
    family: str,
    prediction: str,
    inpaints: bool,
    zero_snr: bool,
    downscale: int,
    tokens: int,
) -> None:
    backbone = backbone_of(kind)
    assert (backbone.kind, backbone.is_inpainting, backbone.downscale) == (family, inpaints, downscale)
    assert (backbone.schedule.prediction_type, backbone.schedule.zero_snr) == (prediction, zero_snr)
    assert (backbone.size_px, backbone.latent_channels, backbone.token_dim) == (32, 4, WIDTH)
    with torch.no_grad():
        assert backbone.context("").shape == (1, tokens, WIDTH)


def test_images_become_latents_and_images_again(backbone: Backbone) -> None:
    images = random(2, 3, 32, 48).clamp(-1, 1)
    with torch.no_grad():
        posterior = backbone.encode(images)
        decoded = backbone.decode(posterior.mode)
    assert posterior.mean.shape == (2, 4, 32 // backbone.downscale, 48 // backbone.downscale)
    assert posterior.std.shape == posterior.mean.shape
    assert decoded.shape == images.shape
    assert torch.isfinite(decoded).all()


def test_latents_are_in_the_units_that_the_unet_works_in(backbone: Backbone) -> None:
    images = random(1, 3, 32, 32)
    scale = backbone.vae.config.scaling_factor  # type: ignore[union-attr]
    with torch.no_grad():
        encoded = backbone.vae.encode(images)  # type: ignore[operator]
        raw = encoded.latents if hasattr(encoded, "latents") else encoded.latent_dist.mean
        posterior = backbone.encode(images)
        decoded = backbone.decode(posterior.mode)
        expected = backbone.vae.decode(raw).sample  # type: ignore[operator]
    assert scale == pytest.approx(0.18215)
    spread = encoded.latent_dist.std if hasattr(encoded, "latent_dist") else torch.zeros_like(raw)
    torch.testing.assert_close(posterior.mean, raw * scale)
    torch.testing.assert_close(posterior.std, spread * scale)
    torch.testing.assert_close(decoded, expected)


def test_a_shift_of_the_latents_is_taken_off_and_put_back(
    backbone_of: BackboneOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    backbone, images = backbone_of("sd1"), random(1, 3, 32, 32)
    with torch.no_grad():
        plain, decoded = backbone.encode(images), backbone.decode(backbone.encode(images).mode)
        monkeypatch.setattr(backbone, "_latent_units", lambda: (0.18215, 2.0))
        shifted = backbone.encode(images)
        torch.testing.assert_close(shifted.mean, plain.mean - 2.0 * 0.18215)
        torch.testing.assert_close(backbone.decode(shifted.mode), decoded, atol=1e-4, rtol=1e-4)


def test_a_sample_of_the_posterior_depends_on_its_generator_alone(backbone_of: BackboneOf) -> None:
    with torch.no_grad():
        posterior = backbone_of("sd1").encode(random(1, 3, 32, 32))
    first, again, other = (posterior.sample(torch.Generator().manual_seed(seed)) for seed in (3, 3, 4))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    noise = (first - posterior.mean) / posterior.std
    torch.testing.assert_close(noise, random(*noise.shape, seed=3), atol=1e-3, rtol=1e-3)


def test_a_quantised_autoencoder_has_no_spread(backbone_of: BackboneOf) -> None:
    with torch.no_grad():
        posterior = backbone_of("ldm").encode(random(1, 3, 32, 32))
    assert torch.equal(posterior.sample(), posterior.mode)
    assert bool((posterior.std == 0).all())


def test_a_words_own_vector_means_the_word(backbone: Backbone) -> None:
    with torch.no_grad():
        placed = backbone.context("a photo of a {} on wood", word_row(backbone, "crack"))
        written = backbone.context("a photo of a crack on wood")
        other = backbone.context("a photo of a hole on wood")
    assert torch.equal(placed, written)
    assert not torch.equal(written, other)


def test_several_vectors_stand_for_several_words(backbone: Backbone) -> None:
    words = ("wide", "bright", "scratch")
    vectors = torch.cat([word_row(backbone, word) for word in words])
    with torch.no_grad():
        assert torch.equal(
            backbone.context("a {} on metal", vectors), backbone.context("a wide bright scratch on metal")
        )


def test_a_batch_of_vectors_makes_a_batch_of_contexts(backbone: Backbone) -> None:
    vectors = random(3, 2, WIDTH)
    with torch.no_grad():
        together = backbone.context("a {}", vectors)
        each = torch.cat([backbone.context("a {}", one) for one in vectors])
    torch.testing.assert_close(together, each)


def test_the_null_prompt_is_no_prompt(backbone: Backbone) -> None:
    with torch.no_grad():
        null = backbone.context("")
        assert null.shape == backbone.context("a photo").shape
        assert not torch.equal(null, backbone.context("a photo"))


def test_only_the_vectors_get_a_gradient(backbone: Backbone) -> None:
    vectors = word_row(backbone, "crack").clone().requires_grad_(True)
    output = denoise(backbone, backbone.context("a photo of a {}", vectors))
    output.square().mean().backward()
    assert vectors.grad is not None
    assert float(vectors.grad.abs().max()) > 0
    for network in (backbone.unet, backbone.vae, backbone.text_encoder):
        assert all(weight.grad is None and not weight.requires_grad for weight in network.parameters())
        assert not network.training


def test_nothing_is_left_behind_in_the_text_encoder(backbone: Backbone) -> None:
    with torch.no_grad():
        before = backbone.context("a crack")
        backbone.context("a {}", random(2, WIDTH))
        assert torch.equal(backbone.context("a crack"), before)
        assert not token_embedding(backbone.text_encoder)._forward_hooks


def test_a_failure_leaves_nothing_behind_either(
    backbone_of: BackboneOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    backbone = backbone_of("sd1")

    def fail(*_arguments: object, **_options: object) -> Tensor:
        raise RuntimeError("out of luck")

    monkeypatch.setattr(backbone.text_encoder, "forward", fail)
    with pytest.raises(RuntimeError, match="out of luck"):
        backbone.context("a {}", random(1, WIDTH))
    assert not token_embedding(backbone.text_encoder)._forward_hooks


@pytest.mark.parametrize(
    ("kind", "pipeline_class"),
    [("sd1", StableDiffusionPipeline), ("embedded", StableDiffusionInpaintPipeline)],
)
@pytest.mark.parametrize("prompt", ["", "a photo of a crack on wood", "a crack on wood " * 30])
def test_a_context_is_that_of_the_libraries_own_pipeline(
    backbone_of: BackboneOf, folder_of: FolderOf, kind: str, pipeline_class: Any, prompt: str
) -> None:
    pipeline = pipeline_class.from_pretrained(
        folder_of(kind), safety_checker=None, feature_extractor=None, requires_safety_checker=False
    )
    expected, _ = pipeline.encode_prompt(prompt, "cpu", 1, do_classifier_free_guidance=False)
    with torch.no_grad():
        torch.testing.assert_close(backbone_of(kind).context(prompt), expected)


@pytest.mark.parametrize("prompt", ["", "A photo of a crack on wood", "a crack on wood " * 30])
def test_a_context_of_ldm_is_that_of_its_own_pipeline(backbone_of: BackboneOf, prompt: str) -> None:
    backbone = backbone_of("ldm")
    ids = backbone.tokenizer(
        prompt, padding="max_length", max_length=77, truncation=True, return_tensors="pt"
    )["input_ids"]
    with torch.no_grad():
        torch.testing.assert_close(backbone.context(prompt), backbone.text_encoder(ids)[0])


def test_the_output_depends_on_latents_time_and_context(backbone: Backbone) -> None:
    with torch.no_grad():
        context, other = backbone.context("a crack on wood"), backbone.context("a bright hole")
        output = denoise(backbone, context)
        assert output.shape == (2, 4, 32 // backbone.downscale, 32 // backbone.downscale)
        assert not torch.equal(denoise(backbone, other), output)
        latents, mask = random(1, 4, 8, 8), torch.zeros(1, 1, 8, 8)
        early, late = (
            backbone.predict(latents, torch.tensor([t]), context, mask, latents) for t in (10, 900)
        )
        assert not torch.equal(early, late)


@pytest.mark.parametrize("kind", INPAINTING)
def test_an_inpainting_backbone_sees_the_box_and_the_photo_around_it(
    backbone_of: BackboneOf, kind: str
) -> None:
    backbone = backbone_of(kind)
    side = 32 // backbone.downscale
    nothing = torch.zeros(2, 1, side, side)
    with torch.no_grad():
        context = backbone.context("")
        output = denoise(backbone, context)
        assert not torch.equal(denoise(backbone, context, box_mask=nothing), output)
        assert not torch.equal(denoise(backbone, context, blanked=random(2, 4, side, side, seed=9)), output)
        with pytest.raises(ValueError, match="box_mask and blanked"):
            backbone.predict(random(1, 4, side, side), torch.tensor([1]), context)


@pytest.mark.parametrize("kind", ["ldm", "sd1", "sd2-v"])
def test_the_others_ignore_the_box(backbone_of: BackboneOf, kind: str) -> None:
    backbone = backbone_of(kind)
    with torch.no_grad():
        context = backbone.context("a crack")
        plain = backbone.predict(random(2, 4, 4, 4), torch.tensor([999, 20]), context.expand(2, -1, -1))
        assert torch.equal(denoise(backbone, context), plain)


def test_an_inpainting_unet_gets_latents_box_and_photo_in_this_order(
    backbone_of: BackboneOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    backbone = backbone_of("sd1-inpaint")
    seen: list[Tensor] = []
    original = backbone.unet.forward

    def watch(sample: Tensor, *arguments: object, **options: object) -> object:
        seen.append(sample)
        return original(sample, *arguments, **options)

    monkeypatch.setattr(backbone.unet, "forward", watch)
    latents, mask, blanked = random(1, 4, 4, 4), torch.ones(1, 1, 4, 4), random(1, 4, 4, 4, seed=1)
    with torch.no_grad():
        backbone.predict(latents, torch.tensor([5]), backbone.context(""), mask, blanked)
    assert torch.equal(seen[0], torch.cat([latents, mask, blanked], dim=1))


def test_vectors_of_a_word_start_at_its_row_and_differ(backbone: Backbone) -> None:
    vectors = backbone.word_vectors("scratch", 3)
    assert vectors.shape == (3, WIDTH)
    assert vectors.dtype == torch.float32
    assert not vectors.requires_grad
    torch.testing.assert_close(vectors[:1], word_row(backbone, "scratch"))
    assert not torch.equal(vectors[1], vectors[2])
    distance = (vectors[1:] - vectors[0]).norm(dim=1)
    assert bool((distance < 0.5 * vectors[0].norm()).all())
    assert torch.equal(backbone.word_vectors("scratch", 3), vectors)


def test_a_word_of_several_tokens_starts_at_their_mean(backbone: Backbone) -> None:
    rows = torch.cat([word_row(backbone, word) for word in ("wide", "crack")])
    torch.testing.assert_close(backbone.word_vectors("wide crack", 1), rows.mean(0, keepdim=True))


@pytest.mark.parametrize(("kind", "word"), [("ldm", "scrach"), ("sd1", "scrätch"), ("embedded", "Scrach")])
def test_an_unknown_word_is_told_with_a_suggestion(backbone_of: BackboneOf, kind: str, word: str) -> None:
    with pytest.raises(EngineError, match=f"does not know the word “{word}”") as told:
        backbone_of(kind).word_vectors(word, 1)
    assert told.value.hint.startswith("Choose another start word, such as scratch")


def test_a_word_like_no_other_still_gets_suggestions(backbone_of: BackboneOf) -> None:
    with pytest.raises(EngineError, match="“12345”") as told:
        backbone_of("embedded").word_vectors("12345", 1)
    assert "such as a, bright, crack" in told.value.hint


def test_vectors_of_another_width_are_refused(backbone: Backbone) -> None:
    with pytest.raises(ValueError, match="vectors of 9 numbers"):
        backbone.context("a {}", torch.zeros(1, 9))
