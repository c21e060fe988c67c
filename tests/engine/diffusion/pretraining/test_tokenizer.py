from engine.diffusion.pretraining.rendering import render_siblings
from engine.diffusion.pretraining.tokenizer import CONTEXT_LENGTH, UNKNOWN, build_tokenizer


def test_every_caption_is_known_and_fits():
    tokenizer = build_tokenizer()
    captions = [render.caption for seed in range(15) for render in render_siblings(seed)]
    for ids in tokenizer(captions)["input_ids"]:
        assert tokenizer.unk_token_id not in ids
        assert len(ids) <= CONTEXT_LENGTH


def test_other_words_are_unknown():
    tokenizer = build_tokenizer()
    assert tokenizer.convert_ids_to_tokens(
        tokenizer("hippopotamus", add_special_tokens=False)["input_ids"]
    ) == [UNKNOWN]
