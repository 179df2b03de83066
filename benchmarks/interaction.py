"""Fit late interaction: the centres, matrices and weights of interaction.npz, never on the golden set of a real report.

Usage: interaction.py BENCH WORK

The invented missions of benchmarks/lessons teach, all their questions; those of benchmarks/missions, on which fit.py
fits what comes after, and the published reading tests in BENCH, as fit.py has them, only measure: what is fitted on the
questions that taught this would trust it too much. WORK keeps what the encoder says of them, which takes some minutes
the first time. A question is to find its passage among those of its mission: cross-entropy over late interaction's
scores, by Adam, questions with a tenth of their tokens dropped. The matrix is the identity and a correction of rank 32,
pulled to nothing, since there are few thousand questions.
"""

import argparse
import hashlib
import pickle
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from askmission.encoder import BATCH, EMBEDDED, Encoder, open_encoder
from askmission.missions import open_corpus
from askmission.reading import read_report
from askmission.text import LANGUAGES, fold
from askmission.translations import open_translations
from askmission.views import views_of
from fit import MISSIONS, alternatives, is_of, read

LESSONS = Path(__file__).parent / "lessons"
TARGET = Path(__file__).parents[1] / "src" / "askmission" / "interaction.npz"
RANK = 32
EPOCHS = 4
STEP = 1e-3
PULL = 0.002
BATCH_OF_QUESTIONS = 24
DROPPED = 0.1
HOTTEST = 40.0
"""The most that a similarity is multiplied by before the cross-entropy."""


@dataclass(frozen=True)
class Asked:
    """A question with the numbers of its passages in the pool."""

    text: str
    language: str
    split: str
    right: tuple[int, ...]


@dataclass
class Pool:
    """Passages to search, each in one or more languages, and what is asked of them."""

    name: str
    passages: list[list[str]]
    questions: list[Asked]
    tokens: list[torch.Tensor]  # of each passage, all its languages together
    asked: list[torch.Tensor]  # of each question


def pools(bench: Path) -> Iterator[Pool]:
    """Yield the invented missions and the reading tests, not yet encoded."""
    for folder in [*open_corpus(LESSONS), *open_corpus(MISSIONS)]:
        translations = open_translations(folder)
        passages = [each for each in read_report(folder) if each.searched]
        views = [[view.searched for view in views_of(each, translations.values()).values()] for each in passages]
        folded = [fold(" ".join(unit.text for unit in each.units)) for each in passages]
        questions = []
        for record in tomllib.loads((folder.folder / "questions.toml").read_text("utf-8"))["questions"]:
            evidence = [fold(words) for entry in record["evidence"] for words in alternatives(entry)]
            right = tuple(n for n, text in enumerate(folded) if any(is_of(text, words) for words in evidence))
            questions += [Asked(record[lang], lang, record["split"], right) for lang in LANGUAGES if right]
        yield Pool(folder.mission.id, views, questions, [], [])
    for language in ("fr", "en"):
        home = bench / "monolingual" / language
        yield outside(f"reading {language}", read(home / "passages.jsonl"), read(home / "queries.jsonl"))
    home = bench / "crosslingual"
    parallel = [passage for passage in read(home / "passages.jsonl") if str(passage["id"]).startswith("bel")]
    asked = [each for each in read(home / "queries.jsonl") if each["kind"] == "question" and not each.get("vague")]
    yield outside("parallel", parallel, asked)


def outside(name: str, passages: Sequence[dict[str, Any]], queries: Sequence[dict[str, Any]]) -> Pool:
    """Return a reading test; passages that translate each other have ids that differ in the language alone."""
    numbers: dict[str, int] = {}
    texts: list[list[str]] = []
    for passage in passages:
        key = str(passage["id"]).replace(f"-{passage['lang']}", "")
        if key not in numbers:
            numbers[key] = len(texts)
            texts.append([])
        numbers[str(passage["id"])] = numbers[key]
        heading = passage.get("title") or passage.get("heading")
        texts[numbers[key]].append(f"{heading}. {passage['text']}" if heading else str(passage["text"]))
    questions = []
    for query in queries:
        right = {numbers[str(passage)] for passage in query.get("relevant") or () if str(passage) in numbers}
        if right:
            questions.append(Asked(str(query["query"]), str(query["lang"]), str(query["split"]), tuple(sorted(right))))
    return Pool(name, texts, questions, [], [])


def encoded(pool: Pool, work: Path, encoder: Encoder) -> Pool:
    """Return the pool with its tokens, from `work` if they were computed before."""
    key = hashlib.sha256(repr((pool.passages, [each.text for each in pool.questions])).encode()).hexdigest()[:16]
    path = work / f"{key}.pickle"
    if not path.exists():
        print("encoding", pool.name, flush=True)
        texts = [text for passage in pool.passages for text in passage]
        states = [each.tokens.astype(np.float16) for each in batched(encoder.documents, texts)]
        asked = [each.tokens.astype(np.float16) for each in batched(encoder.queries, [q.text for q in pool.questions])]
        path.write_bytes(pickle.dumps((states, asked)))
    states, asked = pickle.loads(path.read_bytes())
    waiting = iter(states)
    pool.tokens = [torch.from_numpy(np.concatenate([next(waiting) for _ in each])) for each in pool.passages]
    pool.asked = [torch.from_numpy(each.astype(np.float32)) for each in asked]
    return pool


def batched(encode: Any, texts: list[str]) -> Iterator[Any]:
    """Yield texts encoded, those of about one length together."""
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    found: dict[int, Any] = {}
    for start in range(0, len(order), BATCH):
        part = order[start : start + BATCH]
        found.update(zip(part, encode([texts[at] for at in part]), strict=True))
    return (found[at] for at in range(len(texts)))


class Model(torch.nn.Module):
    """What is fitted; `askmission.interaction` does the same with the arrays that it leaves."""

    def __init__(self, question_centre: torch.Tensor, text_centre: torch.Tensor) -> None:
        super().__init__()
        size = len(text_centre)
        self.question_centre = torch.nn.Parameter(question_centre.clone())
        self.text_centre = torch.nn.Parameter(text_centre.clone())
        self.down = torch.nn.Parameter(torch.randn(size, RANK) * 0.02)
        self.up = torch.nn.Parameter(torch.zeros(RANK, size))
        self.importance = torch.nn.Parameter(torch.zeros(size))
        self.offset = torch.nn.Parameter(torch.tensor(0.54))
        self.heat = torch.nn.Parameter(torch.tensor(3.0))

    def turn(self) -> torch.Tensor:
        """Return the matrix that turns tokens."""
        return torch.eye(len(self.text_centre)) + self.down @ self.up

    def forward(self, asked: Sequence[torch.Tensor], passages: Sequence[torch.Tensor]) -> torch.Tensor:
        """Return the score of each question with each passage, shape (questions, passages)."""
        texts = torch.nn.functional.normalize(
            (torch.cat(list(passages)).float() - self.text_centre) @ self.turn(), dim=1
        )
        moved = torch.cat(list(asked)) - self.question_centre
        tokens = torch.nn.functional.normalize(moved @ self.turn(), dim=1)
        weights = torch.nn.functional.softplus(moved @ self.importance + self.offset)
        owner = torch.repeat_interleave(torch.arange(len(passages)), torch.tensor([len(each) for each in passages]))
        best = torch.full((len(tokens), len(passages)), -1.0)
        best = best.scatter_reduce(1, owner.expand(len(tokens), -1), tokens @ texts.T, "amax")
        asker = torch.repeat_interleave(torch.arange(len(asked)), torch.tensor([len(each) for each in asked]))
        total = torch.zeros(len(asked), len(passages)).index_add(0, asker, best * weights[:, None])
        return total / torch.zeros(len(asked)).index_add(0, asker, weights)[:, None]

    def pull(self) -> torch.Tensor:
        """Return what is held against the model for leaving the identity and even weights."""
        return PULL * (2 * ((self.down @ self.up) ** 2).sum() + 25 * (self.importance**2).sum())

    def arrays(self) -> dict[str, np.ndarray[Any, Any]]:
        """Return what the program needs, in half precision."""
        with torch.no_grad():
            found = {
                "question_centre": self.question_centre,
                "text_centre": self.text_centre,
                "turn": self.turn(),
                "importance": torch.cat([self.importance, self.offset[None]]),
            }
        return {name: value.detach().numpy().astype(np.float16) for name, value in found.items()}


def fit(model: Model, chosen: Sequence[Pool]) -> None:
    """Fit the model to the questions of the pools."""
    moves = torch.optim.Adam(model.parameters(), lr=STEP)
    for epoch in range(EPOCHS):
        losses = []
        for pool, batch in shuffled(chosen):
            asked = [some(pool.asked[at]) for at in batch]
            shares = (model(asked, pool.tokens) * model.heat.exp().clamp(max=HOTTEST)).log_softmax(1)
            right = [list(pool.questions[at].right) for at in batch]
            loss = -torch.stack([row[places].logsumexp(0) for row, places in zip(shares, right, strict=True)]).mean()
            moves.zero_grad()
            (loss + model.pull()).backward()  # type: ignore[no-untyped-call]
            moves.step()
            losses.append(float(loss.detach()))
        print(f"epoch {epoch + 1}: {np.mean(losses):.3f}", flush=True)


def shuffled(chosen: Sequence[Pool]) -> list[tuple[Pool, list[int]]]:
    """Return the questions of all pools in batches, each of one pool."""
    batches = []
    for pool in chosen:
        order = torch.randperm(len(pool.questions)).tolist()
        batches += [(pool, order[at : at + BATCH_OF_QUESTIONS]) for at in range(0, len(order), BATCH_OF_QUESTIONS)]
    return [batches[at] for at in torch.randperm(len(batches)).tolist()]


def some(tokens: torch.Tensor) -> torch.Tensor:
    """Return a question's tokens, some of them dropped."""
    kept = tokens[torch.rand(len(tokens)) >= DROPPED]
    return kept if len(kept) else tokens


@torch.no_grad()
def show(title: str, model: Model, chosen: Sequence[Pool]) -> None:
    """Print how often the right passage is first, or among the first three or ten, by language."""
    ranks: dict[str, list[int]] = {}
    for pool in chosen:
        wanted = [at for at, each in enumerate(pool.questions) if pool.name[:1].isdigit() or each.split == "test"]
        for start in range(0, len(wanted), BATCH_OF_QUESTIONS):
            batch = wanted[start : start + BATCH_OF_QUESTIONS]
            for at, scores in zip(batch, model([pool.asked[at] for at in batch], pool.tokens), strict=True):
                order = scores.argsort(descending=True).tolist()
                question = pool.questions[at]
                ranks.setdefault(question.language, []).append(min(order.index(n) for n in question.right))
    for language, found in sorted(ranks.items()):
        r = np.array(found)
        hits = " ".join(f"hit@{k} {(r < k).mean():.3f}" for k in (1, 3, 10))
        print(f"{title:28} {language} {len(r):4} questions: MRR {(1 / (r + 1)).mean():.3f} {hits}", flush=True)


def main() -> None:
    """Fit, measure and store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bench", type=Path)
    parser.add_argument("work", type=Path)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(20241124)
    encoder = open_encoder(EMBEDDED)
    every = [encoded(pool, args.work, encoder) for pool in pools(args.bench)]
    lessons = {folder.mission.id for folder in open_corpus(LESSONS)}
    taught = [pool for pool in every if pool.name in lessons]
    asked = torch.cat([tokens for pool in taught for tokens in pool.asked])
    texts = torch.cat([tokens.float() for pool in taught for tokens in pool.tokens])
    model = Model(asked.mean(0), texts.mean(0))
    measured: dict[str, list[Pool]] = {}
    for pool in every:
        if pool not in taught:
            measured.setdefault("missions" if pool.name[:1].isdigit() else pool.name, []).append(pool)
    for name, group in measured.items():
        show(f"{name}, before", model, group)
    fit(model, taught)
    for name, group in measured.items():
        show(f"{name}, fitted", model, group)
    np.savez_compressed(TARGET, **model.arrays())  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
