"""The search: what visitors type, and the page that should come first."""

from __future__ import annotations

import string
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue import entries
from app.passages import synonyms
from app.prose import blocks, follow_ups
from app.search import LONGEST_QUERY, Found, search
from app.topics import topics
from tests.cost import timed


def found(query: str) -> Found:
    said = search(query)
    assert said is not None
    return said


def slugs(query: str) -> list[str]:
    return [hit.entry.slug for hit in found(query).hits]


FIRST = {
    "overfitting-and-underfitting": (
        "overfitting, overfiting, overfitng, over-fitting, over fitting, ovrefitting, l2, weight decay, "
        "underfiting, double descent"
    ),
    "activation-functions": "dying relu, dead ReLUs, dieing relu, activation function, activaton functions, nonlinearity",
    "backpropagation": (
        "backpropagation, back propagation, back-propagation, back‑propagation, backpropogation, "
        "back propogation, backprop, chain rule"
    ),
    "cnn-layers": "cnn, CNNs, convnet, convolutional neural network, convolutional neural netwrok, convlution",
    "gan": "gan, GANs, gna, generative adverserial network, mode colapse, mode collapse, what is a GAN?",
    "lstm": "lstm, LTSM, long short-term memory, long short term memory, forget gate",
    "autoencoder": "autoencoder, auto-encoder, auto encoder, autoencoders, pca",
    "learning-rate": (
        "learning rate, lerning rate, learningrate, learning-rate, edge of STABILITY, warm restarts, leraning rate schedule"
    ),
    "dropout-and-batch-norm": "dropout, drop out, dropuot, drop-out, batchnorm, batch norm, batch normalisation",
    "data-normalization": "normalisation, normalization, standardise, feature scaling",
    "weight-initialization": "xavier, glorot, weight initialisation, initialisation, initialize weights",
    "vanishing-gradients": "vanishing gradients, vanising gradient, exploding gradient, gradient clipping",
    "hyperparameters": "hyperparameter, hyper parameter, hyper-parameters, grid search",
    "multilayer-perceptron": "mlp, multi-layer perceptron, multilayer perceptron, perceptrons, xor",
    "batch-vs-stochastic": "sgd, stochastic gradient descent",
    "cost-function": "loss function, cost function, cross-entropy, cross entropy, crossentropy",
    "bagging-and-boosting": "random forest, xgboost, boosting, baging",
    "boltzmann-machine": "rbm, boltzman machine, contrastive divergence",
    "tensors": "tensor, tensors",
    "pooling": "max pool, maxpooling, subsampling",
    "softmax-and-relu": "softmax, softmx, soft max",
}
CASES = [(query.strip(), slug) for slug, queries in FIRST.items() for query in queries.split(",")]


@pytest.mark.parametrize(("query", "slug"), CASES)
def test_the_page_that_was_meant_comes_first(query: str, slug: str) -> None:
    assert slugs(query)[0] == slug


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("TensorFlow's", "TensorFlow’s"),
        ("network's", "network`s"),
        ("back-propagation", "backpropagation"),
        ("back propagation", "backpropagation"),
        ("mini‑batch", "minibatch"),
        ("mini–batch", "mini batch"),
        ("mini−batch", "mini-batch"),
        ("soft\u00admax", "softmax"),
        ("soft\u200bmax", "softmax"),
        ("learning\u00a0rate", "  learning   rate "),
        ("learning\u202frate", "learning rate"),
        ("ＬＳＴＭ", "lstm"),
        ("Poincaré", "poincare\u0301"),
        ("“deep”", '"deep"'),
        ("ﬁeld", "field"),
        ("regularisation", "regularization"),
        ("normalising", "normalizing"),
        ("neighbour", "neighbor"),
        ("neighbourh", "neighborh"),
        ("regularis", "regulariz"),
        ("what is dropout", "dropout?"),
    ],
)
def test_two_ways_to_type_the_same_find_the_same(one: str, other: str) -> None:
    assert slugs(one) == slugs(other)


@pytest.mark.parametrize("query", ["TensorFlow’s", "back-propagation", "mini-batch", "over–fitting", "neighbour"])
def test_what_the_texts_hold_in_another_spelling_is_found(query: str) -> None:
    assert 0 < len(slugs(query)) < 30


@pytest.mark.parametrize("query", ["", "   ", "?!", "’", "<>", "\x00\x02"])
def test_a_query_without_words_asks_for_nothing(query: str) -> None:
    assert search(query) is None


PLACES = {
    "/practice": ("practise", "Practice", "anki", "flash cards"),
    "/exercises": ("exercises", "homework"),
    "/room": ("class room", "teaching", "teacher"),
}


@pytest.mark.parametrize(("query", "url"), [(query, url) for url, queries in PLACES.items() for query in queries])
def test_where_one_practises_and_teaches_is_found_though_it_is_of_no_topic(query: str, url: str) -> None:
    assert url in [place.url for place in found(query).places]


def test_an_exercise_is_found_under_the_page_that_it_belongs_to() -> None:
    hit = next(hit for hit in found("a step of Adam").hits if any(one.kind == "exercise" for one in hit.inside))
    assert "/exercises/adam-step" in [one.url for one in hit.inside]


def test_what_nobody_wrote_is_not_found() -> None:
    assert found("zzzz") == Found(())


def test_a_slip_that_was_mended_is_said_and_a_known_word_is_not_touched() -> None:
    assert found("dropuot layers").meant == "dropout layers"
    assert found("lerning rate").meant == "learning rate"
    assert found("dropout").meant == found("back propagation").meant == found("regularisation").meant == ""


def test_where_no_page_has_all_words_those_that_have_some_are_shown() -> None:
    said = found("dropout zebra")
    assert not said.whole
    assert said.hits[0].entry.slug == "dropout-and-batch-norm"
    assert found("dropout").whole


def test_a_snippet_marks_what_was_found_and_escapes_the_rest() -> None:
    hit = found("dead relu").hits[0]
    assert "<mark>dead</mark> <mark>ReLU</mark>" in hit.snippet
    assert "<mark>" in found("softmax").hits[0].title
    texts = [one.snippet for query in ("gradient", "less than", "p") for one in found(query).hits]
    assert all("<" not in text.replace("<mark>", "").replace("</mark>", "") for text in texts)
    assert "<mark>" in found("warm restarts").hits[0].snippet, "found in the sources alone"


@pytest.mark.parametrize("slug", list(topics()))
def test_every_demo_is_found_by_its_title_and_every_follow_up_by_its_question(slug: str) -> None:
    topic = topics()[slug]
    for demo in topic.demos:
        hit = next(hit for hit in found(demo.title).hits if hit.entry.slug == slug)
        assert any(one.kind == "demo" and one.title.striptags() == demo.title for one in hit.inside), demo.title
    for one in follow_ups(blocks(topic)["follow_up"]):
        question = " ".join(one.question.split("<")[0].split()[:9])
        hit = next(hit for hit in found(question).hits if hit.entry.slug == slug)
        assert f"/topics/{slug}/follow-up/{one.anchor}" in {inside.url for inside in hit.inside}, one.question


def test_the_letters_of_a_word_find_it_as_they_are_typed() -> None:
    for end in range(5, len("overfitting") + 1):
        assert slugs("overfitting"[:end])[0] == "overfitting-and-underfitting"


def test_every_name_of_a_row_of_synonyms_finds_the_same_pages() -> None:
    assert set(slugs("cnn")) == set(slugs("convolutional neural network"))
    assert set(slugs("dying relu")) == set(slugs("dead relu"))
    assert all(names for names in synonyms().values())


@given(st.text(max_size=120))
def test_any_text_is_an_answer(query: str) -> None:
    said = search(query)
    assert said is None or {hit.entry.slug for hit in said.hits} <= entries().keys()


@given(st.lists(st.sampled_from(["AND", "OR", "NOT", "NEAR", '"', "(", ")", "*", "title:", "^", "-", "deep"]), max_size=8))
def test_what_the_index_takes_for_its_own_language_is_text(parts: list[str]) -> None:
    search(" ".join(parts))


@pytest.mark.timed
def test_an_answer_comes_while_one_types() -> None:
    def seconds(query: str) -> float:
        search.cache_clear()
        return timed(lambda: search(query))[1]

    search("warm")
    worst = [*string.ascii_lowercase, "network loss gradient training", "a" * LONGEST_QUERY, "qx " * 30]
    assert median(map(seconds, worst)) < 0.03
    assert max(min(seconds(query) for _ in range(3)) for query in worst) < 0.1
