import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models
from transformers import PreTrainedTokenizerFast

from engine.diffusion.pretraining.captions import vary_caption
from engine.diffusion.pretraining.networks import build_text_encoder
from engine.diffusion.pretraining.rendering import HELD_OUT_SEED, render_siblings
from engine.diffusion.pretraining.tokenizer import (
    BEGIN,
    CONTEXT_LENGTH,
    END,
    PADDING,
    UNKNOWN,
    build_tokenizer,
    carry_words,
)


@pytest.mark.parametrize("first_seed", [0, HELD_OUT_SEED])
def test_every_caption_is_known_and_fits(first_seed: int):
    tokenizer, rng = build_tokenizer(), np.random.default_rng(0)
    told = [render.caption for seed in range(15) for render in render_siblings(first_seed + seed)]
    captions = [str(caption) for caption in told] + [vary_caption(caption, rng) for caption in told]
    for ids in tokenizer(captions)["input_ids"]:
        assert tokenizer.unk_token_id not in ids
        assert len(ids) <= CONTEXT_LENGTH


def test_other_words_are_unknown():
    tokenizer = build_tokenizer()
    assert tokenizer.convert_ids_to_tokens(
        tokenizer("hippopotamus", add_special_tokens=False)["input_ids"]
    ) == [UNKNOWN]


def tokenizer_of(*words: str) -> PreTrainedTokenizerFast:
    ids = {word: index for index, word in enumerate((PADDING, BEGIN, END, UNKNOWN, *words))}
    names = {"bos_token": BEGIN, "eos_token": END, "pad_token": PADDING, "unk_token": UNKNOWN}
    return PreTrainedTokenizerFast(tokenizer_object=Tokenizer(models.WordLevel(ids, UNKNOWN)), **names)


def test_a_grown_vocabulary_keeps_its_words_wherever_they_are_now():
    small, grown = tokenizer_of("crack", "wide"), tokenizer_of("chip", "crack", "hole", "wide")
    source, target = build_text_encoder(small), build_text_encoder(grown)
    fresh = target.get_input_embeddings().weight.clone()
    assert carry_words(source, small, target, grown) == 6
    old, new = (encoder.get_input_embeddings().weight for encoder in (source, target))
    for word in (PADDING, END, "crack", "wide"):
        assert torch.equal(new[grown.get_vocab()[word]], old[small.get_vocab()[word]])
    for word in ("chip", "hole"):
        assert torch.equal(new[grown.get_vocab()[word]], fresh[grown.get_vocab()[word]])


def test_known_words_mean_the_same_after_the_vocabulary_has_grown():
    small, grown = tokenizer_of("crack", "wide"), tokenizer_of("chip", "crack", "hole", "wide")
    source, target = build_text_encoder(small).eval(), build_text_encoder(grown).eval()
    carry_words(source, small, target, grown)
    phrase = [BEGIN, "wide", "crack", END]
    with torch.no_grad():
        before, after = (
            encoder(torch.tensor([tokenizer.convert_tokens_to_ids(phrase)])).last_hidden_state
            for encoder, tokenizer in ((source, small), (target, grown))
        )
    assert torch.allclose(before, after, atol=1e-6)


def test_an_encoder_of_another_width_is_refused():
    small = tokenizer_of("crack")
    source, target = build_text_encoder(small), build_text_encoder(small)
    source.set_input_embeddings(torch.nn.Embedding(len(small), 8))
    with pytest.raises(RuntimeError, match="size mismatch"):
        carry_words(source, small, target, small)
