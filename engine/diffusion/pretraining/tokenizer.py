"""The embedded backbone's vocabulary: one token a word."""

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from torch import nn
from transformers import PreTrainedTokenizerFast

from engine.diffusion.pretraining.rendering import vocabulary

CONTEXT_LENGTH = 16
PADDING, BEGIN, END, UNKNOWN = "<pad>", "<bos>", "<eos>", "<unk>"


def build_tokenizer() -> PreTrainedTokenizerFast:
    """A tokenizer of the words that captions are made of; other words are unknown to it."""
    words = [PADDING, BEGIN, END, UNKNOWN, *vocabulary()]
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


@torch.no_grad()
def carry_words(
    source: nn.Module,
    source_tokenizer: PreTrainedTokenizerFast,
    target: nn.Module,
    target_tokenizer: PreTrainedTokenizerFast,
) -> int:
    """Give a text encoder the weights of another one, the words' embeddings word by word.

    Words that only the target knows keep their embeddings; words that only the source knows are lost.

    Returns:
        how many words both know.
    Raises:
        RuntimeError: the encoders differ in more than their vocabularies.
    """
    rows = target.get_input_embeddings().weight  # type: ignore[operator]
    own, known, weights = rows.clone(), source_tokenizer.get_vocab(), dict(source.state_dict())
    source_rows = source.get_input_embeddings().weight  # type: ignore[operator]
    words = [name for name, weight in weights.items() if weight.data_ptr() == source_rows.data_ptr()]
    shared = {word: index for word, index in target_tokenizer.get_vocab().items() if word in known}
    if source_rows.shape[1] == own.shape[1]:
        own[list(shared.values())] = source_rows[[known[word] for word in shared]].to(own)
        weights |= dict.fromkeys(words, own)
    target.load_state_dict(weights)
    return len(shared)
