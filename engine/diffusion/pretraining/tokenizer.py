"""The embedded backbone's vocabulary: one token a word."""

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

from engine.diffusion.pretraining.rendering import vocabulary

CONTEXT_LENGTH = 16
PADDING, BEGIN, END, UNKNOWN = "<pad>", "<bos>", "<eos>", "<unk>"
ANY_DEFECT = "defect"
"""Stands for any kind of defect in a part of the captions: the word that an anomaly embedding starts from."""


def build_tokenizer() -> PreTrainedTokenizerFast:
    """A tokenizer of the words that captions are made of; other words are unknown to it."""
    words = [PADDING, BEGIN, END, UNKNOWN, *sorted({*vocabulary(), ANY_DEFECT})]
    ids = {word: index for index, word in enumerate(words)}
    tokenizer = Tokenizer(models.WordLevel(ids, unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{BEGIN} $A {END}", special_tokens=[(BEGIN, ids[BEGIN]), (END, ids[END])]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=BEGIN,
        eos_token=END,
        pad_token=PADDING,
        unk_token=UNKNOWN,
        model_max_length=CONTEXT_LENGTH,
    )
