"""Late interaction: each token of a question meets the nearest of each text."""

import numpy as np
import pytest

from askmission.encoder import EMBEDDED
from askmission.interaction import Interaction, best_per_token, interaction_of
from askmission.retrieval import weakest_of

RNG = np.random.default_rng(7)


def rows(count: int, dimension: int = 6) -> np.ndarray:
    found = RNG.normal(size=(count, dimension)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


@pytest.mark.parametrize(
    "spans",
    [
        [(0, 9)],
        [(0, 4), (0, 2), (2, 4), (4, 9)],
        [(1, 3), (5, 9), (6, 7)],
        [(8, 9)],
        [(0, 1), (3, 4), (3, 4), (4, 5)],
    ],
)
def test_spans_that_touch_lie_within_each_other_or_apart_are_each_compared_alone(spans: list[tuple[int, int]]) -> None:
    question, texts = rows(3), rows(9)
    near = best_per_token(question, texts.astype(np.float16), np.array(spans))
    expected = [[max(float(q @ t) for t in texts[a:b]) for a, b in spans] for q in question]
    assert near == pytest.approx(np.array(expected), abs=2e-3)


def test_without_anything_fitted_tokens_keep_their_direction_and_count_alike() -> None:
    states = 5 * rows(4)
    tokens, weights = Interaction().query(states)
    assert tokens == pytest.approx(states / 5, abs=1e-5)
    assert weights == pytest.approx(np.full(4, 0.25))
    assert Interaction().documents(states) == pytest.approx(tokens)


def test_a_question_without_a_token_has_no_weight() -> None:
    tokens, weights = Interaction().query(np.zeros((0, 6), np.float32))
    assert tokens.shape == (0, 6)
    assert weights.shape == (0,)


def test_what_was_fitted_is_for_the_embedded_encoder_alone() -> None:
    fitted = interaction_of(EMBEDDED)
    assert fitted.turn is not None
    assert fitted.turn.shape == (384, 384)
    assert fitted.importance is not None
    assert fitted.importance.shape == (385,)
    assert interaction_of("some/other").turn is None
    assert fitted.digest != interaction_of("some/other").digest


def test_fitted_tokens_have_length_one_and_weights_add_to_one() -> None:
    fitted = interaction_of(EMBEDDED)
    states = RNG.normal(size=(5, 384)).astype(np.float32)
    tokens, weights = fitted.query(states)
    assert np.linalg.norm(tokens, axis=1) == pytest.approx(np.ones(5), abs=1e-4)
    assert np.linalg.norm(fitted.documents(states), axis=1) == pytest.approx(np.ones(5), abs=1e-4)
    assert float(weights.sum()) == pytest.approx(1, abs=1e-5)
    assert (weights > 0).all()


def test_the_weakest_part_of_a_question_is_the_quarter_that_a_text_matches_least() -> None:
    near = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.6]], np.float32)
    weights = np.array([0.6, 0.1, 0.3], np.float32)
    expected = [(0.1 * 0.2 + 0.15 * 0.6) / 0.25, 0.1]  # all of the second token and half of the third; the first alone
    assert weakest_of(near, weights) == pytest.approx(np.array(expected))
