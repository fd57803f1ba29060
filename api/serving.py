"""Serving: uvicorn, on this machine alone until somebody can sign in."""

from __future__ import annotations

from contextlib import suppress

import uvicorn

from api.app import create_app
from api.doors.hosts import check_host, is_loopback
from config.settings import settings as read_settings
from store.queries.accounts import has_accounts
from store.queries.health import DatabaseSilentError, answering
from store.session import open_store

#: Requests under way have so long when the server is told to stop.
GRACE_SECONDS = 5


def serve(host: str, port: int, url: str) -> None:
    """
    Serve the database at `url` until the process is told to stop.

    Raises:
        ForeignHostError: `host` is not the loopback address, and there is no account.
        OpenSandboxError: `host` is not the loopback address, and sandboxes would be open to all.

    """
    chosen = read_settings().model_copy(update={"web_host": host})
    check_serving(host, url, open_sandbox=chosen.open_sandbox)
    app = create_app(lambda: open_store(url), settings=chosen)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        server_header=False,
        proxy_headers=bool(chosen.trusted_proxies),
        forwarded_allow_ips=chosen.trusted_proxies or None,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run()


def check_serving(host: str, url: str, *, open_sandbox: bool) -> None:
    """Raise `ForeignHostError` or `OpenSandboxError` unless the database at `url` may be served at an address."""
    if not is_loopback(host):
        check_host(host, anybody=_has_accounts(url), open_sandbox=open_sandbox)


def _has_accounts(url: str) -> bool:
    store = open_store(url)
    try:
        with answering(store) as connection:
            return has_accounts(connection)
    except DatabaseSilentError:  # nobody can sign in to what is not there
        return False
    finally:
        store.close()
