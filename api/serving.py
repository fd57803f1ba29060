"""Serving: uvicorn on the loopback address."""

from __future__ import annotations

from contextlib import suppress

import uvicorn

from api.app import create_app
from api.hosts import check_host
from store.session import open_store

#: Requests under way have so long when the server is told to stop.
GRACE_SECONDS = 5


def serve(host: str, port: int, url: str) -> None:
    """
    Serve the database at `url` until the process is told to stop.

    Raises:
        ForeignHostError: `host` is not the loopback address.

    """
    check_host(host)
    app = create_app(lambda: open_store(url))
    config = uvicorn.Config(
        app, host=host, port=port, log_level="warning", server_header=False, proxy_headers=False, timeout_graceful_shutdown=GRACE_SECONDS
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run()
