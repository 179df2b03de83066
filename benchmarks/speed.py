"""Measure the budgets, and beside them LlamaIndex's five-line quick start over the same report with the same encoder.

Usage: speed.py [--questions N]

One process, the questions one after another. Prints a table; nothing is asserted, since a machine's speed is no test.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import numpy as np

CORPUS = Path("corpus")


def questions(count: int) -> list[str]:
    """Return the golden questions' wordings in turn, `count` of them; they are only timed here."""
    asked = []
    for path in sorted(CORPUS.glob("*/questions.toml")):
        for entry in tomllib.loads(path.read_text("utf-8"))["questions"]:
            asked += [entry["fr"], entry["en"], entry["ko"]]
    return [asked[at % len(asked)] for at in range(count)]


def timed(run: Callable[[], object]) -> float:
    """Return the seconds that `run` takes."""
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def percentiles(ask: Callable[[str], object], asked: list[str]) -> tuple[float, float]:
    """Return the 50th and 95th percentile of asking each question, in milliseconds."""
    ask(asked[0])  # what is loaded on first use is a cold start's affair
    times = [timed(lambda question=question: ask(question)) * 1000 for question in asked]  # type: ignore[misc]
    return float(np.percentile(times, 50)), float(np.percentile(times, 95))


def memory() -> float:
    """Return the most memory that this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def quick_start(encoder: object) -> tuple[float, Callable[[str], object]]:
    """Return how long LlamaIndex's quick start takes to index the reports, in seconds, and how to search it."""
    from llama_index.core import SimpleDirectoryReader, VectorStoreIndex
    from llama_index.core.embeddings import BaseEmbedding

    class Seam(BaseEmbedding):  # type: ignore[misc]  # LlamaIndex is not typed
        """The same encoder behind LlamaIndex's interface."""

        def _get_query_embedding(self, query: str) -> list[float]:
            return encoder.queries([query])[0].vector.tolist()  # type: ignore[attr-defined, no-any-return]

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

        def _get_text_embedding(self, text: str) -> list[float]:
            return encoder.documents([text])[0].vector.tolist()  # type: ignore[attr-defined, no-any-return]

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            return [each.vector.tolist() for each in encoder.documents(texts)]  # type: ignore[attr-defined]

    began = time.perf_counter()
    documents = SimpleDirectoryReader(input_files=sorted(map(str, CORPUS.glob("*/report.md")))).load_data()
    index = VectorStoreIndex.from_documents(documents, embed_model=Seam())
    retriever = index.as_retriever(similarity_top_k=5)
    return time.perf_counter() - began, retriever.retrieve


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=200)
    asked = questions(parser.parse_args().questions)
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        command = [sys.executable, "-m", "askmission.cli"]
        environment = {"ASKMISSION_INDEX": str(index), "ASKMISSION_CORPUS": str(CORPUS.resolve()), "PATH": ""}

        def call(*words: str) -> float:
            return timed(lambda: subprocess.run([*command, *words], env=environment, check=True, capture_output=True))

        full, again, cold = call("build"), call("build"), call("ask", asked[0])
        from askmission.assistant import Assistant
        from askmission.encoder import EMBEDDED, open_encoder

        encoder = open_encoder(EMBEDDED)
        assistant = Assistant.open(index, loader=lambda _name: encoder)
        ours = percentiles(assistant.ask, asked)
        held = memory()
        search = percentiles(lambda question: assistant.search(question, "fr"), asked)
        seconds, retrieve = quick_start(encoder)
        theirs = percentiles(retrieve, asked)
        rows = [
            ("an answer, 50th percentile", f"{ours[0]:.1f} ms", "40 ms", f"{ours[0] / theirs[0]:.2f}"),
            ("an answer, 95th percentile", f"{ours[1]:.1f} ms", "100 ms", f"{ours[1] / theirs[1]:.2f}"),
            ("search alone, 50th percentile", f"{search[0]:.1f} ms", "", f"{search[0] / theirs[0]:.2f}"),
            ("full rebuild", f"{full:.1f} s", "20 s", f"{full / seconds:.2f}"),
            ("rebuild with nothing changed", f"{again:.1f} s", "5 s", ""),
            ("`askmission ask` from a cold start", f"{cold:.1f} s", "12 s", ""),
            ("memory of this process", f"{held:.0f} MiB", "1024 MiB", ""),
        ]
        print("| what | measured | budget | ratio to the quick start |\n| --- | --- | --- | --- |")
        for row in rows:
            print("| " + " | ".join(row) + " |")
        print(
            f"\nLlamaIndex's quick start, same encoder: search {theirs[0]:.1f} ms and {theirs[1]:.1f} ms, "
            f"index {seconds:.1f} s (one language, no answers, no citations)."
        )


if __name__ == "__main__":
    main()
