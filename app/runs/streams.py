"""What the broker keeps for the board: two streams and the queue of this build, made anew wherever a store was lost.

RUNS holds the logs, bounded in bytes and age, and says each entry again as `news.<key>`. WORK is a work queue with one job a run
at most, which a worker machine holds while it computes, and which goes to another when it falls silent.
"""

from __future__ import annotations

import orjson

from app.runs.broker import Broker, Refused

SILENT_SECONDS = 1.6
"""After so long without a word from the machine that holds it, a job goes to another."""
KEPT_SECONDS = 24 * 3600
FORGOTTEN_SECONDS = 3600
"""After so long a job that nobody took is dropped, and the queue of a build that no machine has any more."""
MOST_JOBS = 100_000
NANOSECONDS = 1_000_000_000
NAME_IN_USE = 10058
"""JetStream's error code for a stream of that name which has other settings."""


async def prepare(broker: Broker, most_bytes: int, jobs: str, consumer: str) -> None:
    """Makes them where they are not there as they should be: logs within so many bytes, a queue of these jobs under that name.

    Raises ConnectionError.
    """
    await _stream(
        broker,
        "RUNS",
        ["run.*"],
        retention="limits",
        discard="old",
        max_bytes=most_bytes,
        max_age=KEPT_SECONDS * NANOSECONDS,
        republish={"src": "run.*", "dest": "news.{{wildcard(1)}}"},
    )
    await _stream(
        broker,
        "WORK",
        ["work.*.*", "kernels.*"],
        retention="workqueue",
        discard="new",
        discard_new_per_subject=True,
        max_msgs_per_subject=1,
        max_msgs=MOST_JOBS,
        allow_msg_ttl=True,
    )
    await _queue(broker, jobs, consumer)


async def _queue(broker: Broker, jobs: str, consumer: str) -> None:
    config = {
        "durable_name": consumer,
        "filter_subject": jobs,
        "ack_policy": "explicit",
        "ack_wait": int(SILENT_SECONDS * NANOSECONDS),
        "max_ack_pending": -1,
        "max_deliver": -1,
        "inactive_threshold": FORGOTTEN_SECONDS * NANOSECONDS,
    }
    made = orjson.dumps({"stream_name": "WORK", "config": config})
    await broker.told(f"$JS.API.CONSUMER.DURABLE.CREATE.WORK.{consumer}", made)


async def _stream(broker: Broker, name: str, subjects: list[str], **more: object) -> None:
    config = orjson.dumps({"name": name, "subjects": subjects, "storage": "file", "allow_direct": True, **more})
    try:
        await broker.told(f"$JS.API.STREAM.CREATE.{name}", config)
    except Refused as refusal:
        if refusal.code != NAME_IN_USE:
            raise
        await broker.told(f"$JS.API.STREAM.UPDATE.{name}", config)
