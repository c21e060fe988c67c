"""Which files of a model on the hub are needed, and what a person is told of those that will not do."""

import pytest

from engine.diffusion.backbone.hub import hub_error, needed_files
from engine.errors import EngineError

SD = [
    "model_index.json",
    "scheduler/scheduler_config.json",
    "text_encoder/config.json",
    "text_encoder/model.safetensors",
    "tokenizer/merges.txt",
    "tokenizer/special_tokens_map.json",
    "tokenizer/tokenizer_config.json",
    "tokenizer/vocab.json",
    "unet/config.json",
    "unet/diffusion_pytorch_model.safetensors",
    "vae/config.json",
    "vae/diffusion_pytorch_model.safetensors",
]
LDM = [
    "bert/config.json",
    "bert/pytorch_model.bin",
    "model_index.json",
    "scheduler/scheduler_config.json",
    "tokenizer/tokenizer_config.json",
    "tokenizer/vocab.txt",
    "unet/config.json",
    "unet/diffusion_pytorch_model.bin",
    "vqvae/config.json",
    "vqvae/diffusion_pytorch_model.bin",
]
NOT_NEEDED = [
    ".gitattributes",
    "README.md",
    "v1-5-pruned.ckpt",
    "safety_checker/config.json",
    "safety_checker/model.safetensors",
    "feature_extractor/preprocessor_config.json",
    "text_encoder/model.fp16.safetensors",
    "text_encoder/pytorch_model.bin",
    "unet/diffusion_pytorch_model.bin",
    "unet/diffusion_pytorch_model.fp16.safetensors",
    "unet/diffusion_pytorch_model.non_ema.safetensors",
    "unet/diffusion_flax_model.msgpack",
    "vae/diffusion_pytorch_model.fp16.bin",
]


def test_stable_diffusion_is_one_set_of_weights_each_and_no_more() -> None:
    assert needed_files([*SD, *NOT_NEEDED], "owner/name") == SD


def test_ldm_has_only_pickles() -> None:
    assert needed_files([*LDM, "README.md", "bert/flax_model.msgpack"], "owner/name") == LDM


@pytest.mark.parametrize("variant", ["", ".fp16"])
def test_shards_come_with_their_index_and_not_those_of_another_variant(variant: str) -> None:
    stem = "unet/diffusion_pytorch_model"
    other = ".fp16" if not variant else ""
    index = f"{stem}.safetensors.index{variant}.json"
    shards = [f"{stem}{variant}-0000{n}-of-00002.safetensors" for n in (1, 2)]
    theirs = [f"{stem}{other}-0000{n}-of-00002.safetensors" for n in (1, 2)]
    rest = [name for name in SD if name != f"{stem}.safetensors"]
    found = needed_files([*rest, index, *shards, *theirs], "owner/name")
    assert sorted(set(found) - set(rest)) == sorted([index, *shards])


@pytest.mark.parametrize(
    ("gone", "told"),
    [
        (["unet/config.json"], "unet/"),
        (["unet/diffusion_pytorch_model.safetensors"], "unet/"),
        (["vae/config.json", "scheduler/scheduler_config.json"], "scheduler/scheduler_config.json, vae/"),
        (["text_encoder/model.safetensors"], "text_encoder/"),
    ],
)
def test_a_model_that_lacks_a_piece_is_refused_before_it_is_downloaded(gone: list[str], told: str) -> None:
    with pytest.raises(EngineError) as refused:
        needed_files([name for name in SD if name not in gone], "owner/name")
    assert refused.value.message == f"“owner/name” cannot be used as a backbone; missing: {told}."
    assert "Stable Diffusion 1.x" in refused.value.hint


def test_a_model_with_two_text_encoders_is_refused() -> None:
    with pytest.raises(EngineError, match="Stable Diffusion XL is not supported"):
        needed_files([*SD, "text_encoder_2/config.json"], "owner/name")


@pytest.mark.parametrize(
    ("error", "message", "hint"),
    [
        (ConnectionError("Name not known.\nMore."), "cannot be reached (Name not known)", "is kept"),
        (ValueError(), "cannot be reached (ValueError)", "start again"),
    ],
)
def test_a_failure_is_one_sentence(error: Exception, message: str, hint: str) -> None:
    told = hub_error("owner/name", error)
    assert message in told.message
    assert "\n" not in told.message
    assert hint in told.hint
