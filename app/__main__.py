"""`python -m app`: serves the site. HOST and PORT say where; Ctrl-C or SIGTERM ends it within three seconds, whatever is open."""

from __future__ import annotations

import sys

import uvicorn

from app.settings import Settings


def main() -> None:
    """Reads the settings, says the address, serves until told to stop."""
    try:
        settings = Settings.from_environment()
    except ValueError as problem:
        sys.exit(f"Cannot start: {problem}")
    print(f"Watch It Learn is at http://{settings.host}:{settings.port}", flush=True)
    uvicorn.run(
        "app.main:create_asgi",
        factory=True,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
        server_header=False,
    )


if __name__ == "__main__":
    main()
