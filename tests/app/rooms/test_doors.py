"""What stands at a room's door: codes, the addresses and messages that are let in."""

from __future__ import annotations

import asyncio
import time

import pytest

from app.query import BadQuery
from app.rooms.codes import ALPHABET, CODE_LENGTH, new_code, new_key, read_code, spelt
from app.rooms.messages import Ask, Message, Move, Vote, read
from app.rooms.place import guess_at, place_of
from app.rooms.pulse import Pulse


def test_a_code_is_read_however_it_is_typed() -> None:
    code = new_code()
    assert len(code) == CODE_LENGTH
    assert set(code) <= set(ALPHABET)
    for typed in (code, code.lower(), spelt(code), f" {code[:4]} {code[4:]} ", f"{code[:4]}–{code[4:]}"):
        assert read_code(typed) == code


@pytest.mark.parametrize("typed", ["", "BCDF", "BCDFGHJKL", "ABCDFGHJ", "BCDFGHJ1", "БCDFGHJK", "B" * 10_000, "../../etc"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


def test_codes_and_keys_are_too_many_to_be_guessed() -> None:
    assert len(ALPHABET) ** CODE_LENGTH > 2.5e10
    assert len({new_key() for _ in range(100)}) == 100
    assert len(new_key()) >= 43  # of 64 signs: 256 bits


def test_a_place_is_a_page_of_this_site_in_its_canonical_form() -> None:
    place = place_of("/topics/learning-rate?seed=3&learning_rate=0.3&present=1&pin=seed%3D4")
    assert place.page_url == "/topics/learning-rate?seed=3&pin=seed%3D4"
    assert place.stream_url.startswith("/topics/learning-rate/stream?demo=race&")
    assert "seed=3" in place.stream_url


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/",
        "/room",
        "/topics/no-such-topic",
        "/topics/gan/stream",
        "https://example.org/topics/gan",
        "//example.org/topics/gan",
        "javascript:alert(1)",
        "/topics/gan?seed=x",
        "/topics/gan?unknown=1",
        "/topics/../topics/gan",
        "/topics/gan?" + "&".join(f"a{each}=1" for each in range(200)),
        "http://[",
    ],
)
def test_a_teacher_sends_a_class_nowhere_else(address: str) -> None:
    with pytest.raises(BadQuery):
        place_of(address)


def test_only_guesses_with_answers_to_choose_are_asked_in_a_room() -> None:
    guess = guess_at("/topics/learning-rate?demo=edge-of-stability&seed=4#guess=sharpness")
    assert guess.name == "sharpness"
    for address in (
        "/topics/learning-rate#guess=sharpness",
        "/topics/learning-rate?demo=edge-of-stability",
        "/topics/gan?x=1#guess=sharpness",
    ):
        with pytest.raises(BadQuery):
            guess_at(address)


@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        (Move, b"", "a JSON object with address, frame, playing, speed"),
        (Move, b"[]", "a JSON object with address, frame, playing, speed"),
        (
            Move,
            b'{"address": "/", "frame": -1, "playing": true}',
            "frame = '-1' is not allowed: give a whole number from 0 to 9999",
        ),
        (Move, b'{"address": "/", "frame": 1.5, "playing": true}', "frame = '1.5'"),
        (Move, b'{"address": "/", "frame": 1}', "playing = ''"),
        (Move, b'{"address": "/", "frame": 1, "playing": true, "speed": NaN}', "speed = 'nan'"),
        (Move, b'{"address": "/", "frame": 1, "playing": true, "name": "x"}', "name = 'x'"),
        (Ask, b'{"letters": 5}', "letters = '5' is not allowed: give 2, 3 or 4"),
        (Vote, b'{"number": 1, "option": "0"}', "option = '0'"),
    ],
)
def test_a_message_that_does_not_fit_is_told_what_would(kind: type[Message], body: bytes, said: str) -> None:
    with pytest.raises(BadQuery) as bad:
        read(kind, body)
    assert said in str(bad.value)


def test_a_pulse_beats_at_once_then_seldom_and_once_more_after_the_last() -> None:
    async def body() -> None:
        pulse = Pulse(0.05)
        beats, began = 0, time.monotonic()
        while time.monotonic() - began < 0.3:
            pulse.tell()
            await asyncio.sleep(0)
        assert 1 <= pulse.beats <= 7
        beats = pulse.beats
        pulse.tell()
        assert await pulse.wait(beats, 5) == beats + 1
        assert await pulse.wait(beats + 1, 0.001) == beats + 1, "who waited long hears that nothing is new"

    asyncio.run(body())
