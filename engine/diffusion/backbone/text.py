"""Prompts to context: tokens, and the place where an anomaly embedding stands in for them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import torch
from torch import Tensor, nn

from engine.errors import EngineError

PLACEHOLDER = "{}"
_PROBE = "a"
_WORD_END = "</w>"  # marks the tokens of CLIP's vocabulary that end a word
_SPREAD = 0.1  # of further start vectors around the word's, relative to its own standard deviation


@dataclass(frozen=True)
class Tokens:
    """A tokenised prompt: `ids` (1, L) long, and the half-open range of positions that the vectors take."""

    ids: Tensor
    start: int
    stop: int


class Prompts:
    """Turns prompts into the `length` tokens that a text encoder reads, the special ones included."""

    def __init__(self, tokenizer: Any, length: int) -> None:
        self.tokenizer = tokenizer
        self.length = length
        self._prefix, self._suffix = _special_tokens(tokenizer)
        self._padding = 0 if tokenizer.pad_token_id is None else int(tokenizer.pad_token_id)
        self._stand_in = _ordinary_token(tokenizer)

    def tokenize(self, template: str, count: int = 0) -> Tokens:
        """The ids of a prompt in which `count` tokens hold the place of `{}`; a long text is cut at its end.

        Raises:
            ValueError: `{}` is not there exactly once where there are vectors, or is there without any.
            EngineError: the vectors do not fit.
        """
        before, found, after = template.partition(PLACEHOLDER)
        if bool(found) != bool(count) or PLACEHOLDER in after:
            raise ValueError(f"{template!r} must hold {PLACEHOLDER} once with vectors, and never without")
        head = self._prefix + self._words(before)
        room = self.length - len(self._suffix)
        if count and len(head) + count > room:
            raise EngineError(
                f"{count} vectors do not fit into “{template}”: this backbone reads {self.length} tokens.",
                "Use fewer vectors or a shorter prompt.",
            )
        ids = (head + [self._stand_in] * count + self._words(after))[:room] + self._suffix
        ids += [self._padding] * (self.length - len(ids))
        return Tokens(torch.tensor([ids]), len(head), len(head) + count)

    def word_ids(self, word: str) -> list[int]:
        """The tokens of a word.

        Raises:
            EngineError: the backbone's vocabulary does not have it.
        """
        ids = self._words(word)
        if not ids or self.tokenizer.unk_token_id in ids:
            raise EngineError(f"This backbone does not know the word “{word}”.", self._suggestion(word))
        return ids

    def _words(self, text: str) -> list[int]:
        return list(self.tokenizer(text, add_special_tokens=False)["input_ids"]) if text.strip() else []

    def _suggestion(self, word: str) -> str:
        names = self.tokenizer.get_vocab()
        whole = {name.removesuffix(_WORD_END) for name in names if name.endswith(_WORD_END)} or names
        known = sorted(name for name in whole if name.isalpha())
        near = get_close_matches(word.lower(), known, n=3, cutoff=0.5) or known[:3]
        return f"Choose another start word, such as {', '.join(near)}."


def encode_prompt(encoder: nn.Module, tokens: Tokens, vectors: Tensor | None = None) -> Tensor:
    """The text encoder's output, (B, L, C), with `vectors` for the token embeddings at their positions.

    Differentiable with respect to `vectors`, (K, D) for B = 1, or (B, K, D); leaves nothing behind in the
    encoder.
    """
    rows = None if vectors is None else vectors.reshape(-1, *vectors.shape[-2:])
    ids = tokens.ids.to(token_embedding(encoder).weight.device)
    if rows is not None:
        ids = ids.expand(len(rows), -1)
    with _replaced_rows(token_embedding(encoder), tokens, rows):
        return encoder(ids, return_dict=True)[0]


def token_embedding(encoder: nn.Module) -> nn.Embedding:
    """The encoder's token embedding: one row of D numbers a token."""
    return encoder.get_input_embeddings()  # type: ignore[operator]


def start_vectors(embedding: nn.Embedding, ids: list[int], count: int) -> Tensor:
    """`count` vectors to start from, (count, D) float32: the mean row of `ids`, and neighbours of it.

    The neighbours differ from it by a little noise of a fixed seed, since equal vectors would stay equal.
    """
    mean = embedding.weight[ids].detach().float().mean(0).cpu()
    noise = torch.randn(count - 1, len(mean), generator=torch.Generator().manual_seed(0))
    return torch.cat([mean[None], mean + _SPREAD * mean.std() * noise]).to(embedding.weight.device)


@contextmanager
def _replaced_rows(embedding: nn.Embedding, tokens: Tokens, rows: Tensor | None) -> Iterator[None]:
    """While open, the embedding answers with `rows` (B, K, D) at the positions of the vectors."""
    if rows is None:
        yield
        return

    def replace(_module: nn.Module, _inputs: Any, looked_up: Tensor) -> Tensor:
        return torch.cat(
            [looked_up[:, : tokens.start], rows.to(looked_up), looked_up[:, tokens.stop :]], dim=1
        )

    hook = embedding.register_forward_hook(replace)
    try:
        yield
    finally:
        hook.remove()


def _special_tokens(tokenizer: Any) -> tuple[list[int], list[int]]:
    """The ids that the tokenizer puts before and after a prompt."""
    with_special = list(tokenizer(_PROBE)["input_ids"])
    plain = list(tokenizer(_PROBE, add_special_tokens=False)["input_ids"])
    for start in range(len(with_special) - len(plain) + 1):
        if with_special[start : start + len(plain)] == plain:
            return with_special[:start], with_special[start + len(plain) :]
    return [], []


def _ordinary_token(tokenizer: Any) -> int:
    """A token that means nothing special to the encoder (CLIP looks for the end token)."""
    special = set(tokenizer.all_special_ids)
    return next(index for index in range(len(special) + 1) if index not in special)
