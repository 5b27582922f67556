"""Rooms in memory: who follows sees what is steered, only the key steers, a browser answers once, and nothing is kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rooms import (
    Answered,
    Full,
    MemoryRooms,
    Moment,
    NoRoom,
    NotAsked,
    NotYours,
    Opened,
    Place,
    Question,
    RoomLimits,
    State,
    View,
)
from app.rooms.memory import EMPTY_SECONDS

HERE = Place("/topics/gan", "/topics/gan/stream?seed=0")
LETTERS = ("A", "B", "C")
PLACES = tuple(Place(f"/topics/gan?seed={seed}", f"/topics/gan/stream?seed={seed}") for seed in range(3))


class Clock:
    """Seconds that pass when a test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def rooms_of(clock: Clock | None = None, **limits: int) -> MemoryRooms:
    return MemoryRooms(RoomLimits(**limits), clock or Clock(), beat=0.001)


def run(test: Callable[[MemoryRooms, Opened], Coroutine[None, None, None]], **limits: int) -> None:
    async def body() -> None:
        rooms = rooms_of(None, **limits)
        await asyncio.wait_for(test(rooms, await rooms.open()), 20)

    asyncio.run(body())


async def seen(views: AsyncIterator[View | None], wanted: Callable[[View], bool]) -> View:
    """The first view that is as wanted."""
    async for view in views:
        if view is not None and wanted(view):
            return view
    raise AssertionError("the room ended before")


# A room's state is what its teacher did, in whatever order, and every follower comes to it.


@dataclass(frozen=True)
class Move:
    kind: str
    place: int = 0
    frame: int = 0
    playing: bool = True


MOVES = st.lists(
    st.builds(
        Move,
        st.sampled_from(["steer", "steer", "steer", "ask", "reveal", "take back"]),
        st.integers(0, 2),
        st.integers(0, 200),
        st.booleans(),
    ),
    min_size=1,
    max_size=25,
)


async def done(rooms: MemoryRooms, room: Opened, move: Move) -> None:
    code, key = room.code, room.key
    if move.kind == "steer":
        await rooms.steer(code, key, PLACES[move.place], Moment(move.frame, move.playing))
    elif move.kind == "ask":
        await rooms.ask(code, key, "Which?", LETTERS)
    elif move.kind == "reveal":
        await rooms.reveal(code, key)
    else:
        await rooms.ask(code, key, "", ())


def steered(moves: list[Move]) -> State:
    """What the room must show, told by the last moves of each kind and not step by step."""
    steers = [place for place, move in enumerate(moves) if move.kind == "steer"]
    at = moves[steers[-1]] if steers else None
    return State(PLACES[at.place] if at else None, Moment(at.frame, at.playing) if at else Moment(), question(moves))


def question(moves: list[Move]) -> Question | None:
    asks = [place for place, move in enumerate(moves) if move.kind in {"ask", "take back"}]
    if not asks or moves[asks[-1]].kind == "take back":
        return None
    since = moves[asks[-1] + 1 :]
    over = next((place for place, move in enumerate(since) if move.kind == "reveal"), None)
    if over is not None and len({None, *shown_from(moves, asks[-1] + 1 + over)} - {None}) > 1:
        return None  # the class has gone on to another experiment
    return Question(len(asks), "Which?", LETTERS, is_open=over is None)


def shown_from(moves: list[Move], at: int) -> list[int | None]:
    """The places shown when move `at` was made, and after it; -1 for none yet."""
    before = [move.place for move in moves[:at] if move.kind == "steer"]
    return [before[-1] if before else -1, *(move.place for move in moves[at:] if move.kind == "steer")]


@given(MOVES, st.lists(st.integers(0, 25), min_size=1, max_size=4))
@settings(max_examples=60)
def test_every_follower_comes_to_what_was_steered_whenever_it_came(moves: list[Move], arrivals: list[int]) -> None:
    async def test(rooms: MemoryRooms, room: Opened) -> None:
        wanted = steered(moves)
        followers = []
        for place, move in enumerate(moves):
            followers += [follow(rooms, room, f"seat {place} {one}", wanted) for one in range(arrivals.count(place))]
            await done(rooms, room, move)
            await asyncio.sleep(0)
        followers += [follow(rooms, room, f"late {one}", wanted) for one in range(2)]
        assert {view.state for view in await asyncio.gather(*followers)} == {wanted}
        assert await rooms.state(room.code) == wanted

    def follow(rooms: MemoryRooms, room: Opened, seat: str, wanted: State) -> asyncio.Task[View]:
        return asyncio.create_task(seen(rooms.follow(room.code, seat), lambda view: view.state == wanted))

    run(test)


def test_a_thousand_moves_at_once_are_told_as_the_last_of_them() -> None:
    async def test(rooms: MemoryRooms, room: Opened) -> None:
        views = rooms.follow(room.code, "seat")
        await anext(views)
        for frame in range(1000):
            await rooms.steer(room.code, room.key, HERE, Moment(frame))
        told = [await anext(views), await anext(views)]
        assert told[-1] is not None
        assert told[-1].state.moment.frame == 999

    run(test)


# Keys and seats


def test_only_the_teachers_key_steers_asks_reveals_watches_and_ends() -> None:
    async def test(rooms: MemoryRooms, room: Opened) -> None:
        for key in ("", "x", room.code, room.key[:-1], "ключ"):
            for act in (
                rooms.steer(room.code, key, HERE, Moment()),
                rooms.ask(room.code, key, "", LETTERS),
                rooms.reveal(room.code, key),
                rooms.close(room.code, key),
                anext(rooms.watch(room.code, key)),
            ):
                with pytest.raises(NotYours):
                    await act
        assert await rooms.state(room.code) == State()

    run(test)


def test_a_browser_that_follows_answers_once_and_the_teacher_sees_counts_alone() -> None:
    async def test(rooms: MemoryRooms, room: Opened) -> None:
        followers = [rooms.follow(room.code, seat) for seat in ("one", "two", "three")]
        for follower in followers:
            await anext(follower)
        await rooms.ask(room.code, room.key, "Which?", LETTERS)
        for seat, option in (("one", 1), ("two", 1), ("three", 2)):
            await rooms.vote(room.code, seat, 1, option)
        with pytest.raises(Answered):
            await rooms.vote(room.code, "one", 1, 0)
        teachers = await seen(rooms.watch(room.code, room.key), lambda _: True)
        assert (teachers.students, teachers.counts) == (3, (0, 2, 1))
        students = await seen(followers[0], lambda view: view.state.question is not None)
        assert students.counts is None, "before the run has told, nobody sees what others think"
        await rooms.reveal(room.code, room.key)
        told = await seen(followers[0], lambda view: view.state.question is not None and not view.state.question.is_open)
        assert told.counts == (0, 2, 1)

    run(test)


def test_an_answer_is_to_the_question_asked_now_by_one_who_follows() -> None:
    async def test(rooms: MemoryRooms, room: Opened) -> None:
        follower = rooms.follow(room.code, "seat")
        await anext(follower)
        with pytest.raises(NotAsked):
            await rooms.vote(room.code, "seat", 1, 0)
        await rooms.ask(room.code, room.key, "Which?", LETTERS)
        with pytest.raises(NotYours):
            await rooms.vote(room.code, "somebody else", 1, 0)
        for number, option in ((2, 0), (1, 3), (1, -1)):
            with pytest.raises(NotAsked):
                await rooms.vote(room.code, "seat", number, option)
        await rooms.reveal(room.code, room.key)
        with pytest.raises(NotAsked):
            await rooms.vote(room.code, "seat", 1, 0)
        await rooms.ask(room.code, room.key, "And now?", LETTERS)
        await rooms.vote(room.code, "seat", 2, 0)

    run(test)


def test_a_browser_with_two_pages_is_one_student_and_one_that_left_is_none() -> None:
    async def test(rooms: MemoryRooms, room: Opened) -> None:
        pages = [rooms.follow(room.code, "seat") for _ in range(2)]
        for page in pages:
            await anext(page)
        teacher = rooms.watch(room.code, room.key)
        assert (await seen(teacher, lambda _: True)).students == 1
        for page in pages:
            await page.aclose()  # type: ignore[attr-defined]  # an asynchronous generator
        assert (await seen(teacher, lambda view: view.students == 0)).students == 0

    run(test)


# Limits and ends


def test_a_room_holds_so_many_pages_and_has_place_again_when_one_goes() -> None:
    async def test(rooms: MemoryRooms, room: Opened) -> None:
        followers = [rooms.follow(room.code, f"seat {one}") for one in range(2)]
        for follower in followers:
            await anext(follower)
        with pytest.raises(Full):
            await anext(rooms.follow(room.code, "seat 3"))
        await followers[0].aclose()  # type: ignore[attr-defined]  # as above
        assert await anext(rooms.follow(room.code, "seat 3"))

    run(test, room_students=2)


def test_there_are_so_many_rooms_and_one_that_was_empty_for_long_gives_way() -> None:
    async def body() -> None:
        clock = Clock()
        rooms = rooms_of(clock, rooms=2)
        first, second = await rooms.open(), await rooms.open()
        teacher = rooms.watch(second.code, second.key)
        await anext(teacher)
        with pytest.raises(Full):
            await rooms.open()
        clock.now = EMPTY_SECONDS
        third = await rooms.open()
        with pytest.raises(NoRoom):
            await rooms.state(first.code)
        assert await rooms.state(second.code) == await rooms.state(third.code) == State()

    asyncio.run(body())


def test_a_room_ends_with_its_class_or_after_hours_in_which_its_teacher_does_nothing() -> None:
    async def body() -> None:
        clock = Clock()
        rooms = rooms_of(clock, room_hours=2)
        ended, idle = await rooms.open(), await rooms.open()
        follower = rooms.follow(ended.code, "seat")
        await anext(follower)
        await rooms.close(ended.code, ended.key)
        assert await anext(follower, "over") == "over"
        clock.now = 2 * 3600 - 1
        await rooms.steer(idle.code, idle.key, HERE, Moment())
        clock.now = 4 * 3600 - 2
        assert (await rooms.state(idle.code)).place == HERE
        clock.now = 4 * 3600 - 1
        for room in (ended, idle):
            with pytest.raises(NoRoom):
                await rooms.state(room.code)

    asyncio.run(body())


def test_a_server_that_stops_lets_go_of_all_and_takes_nobody_in() -> None:
    async def test(rooms: MemoryRooms, room: Opened) -> None:
        follower = rooms.follow(room.code, "seat")
        await anext(follower)
        rooms.stop()
        assert await anext(follower, "over") == "over"
        with pytest.raises(NoRoom):
            await rooms.state(room.code)
        with pytest.raises(Full):
            await rooms.open()

    run(test)
