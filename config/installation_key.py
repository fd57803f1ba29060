"""
The installation's key: what seals second factors, signs cookies and makes the tokens of one-time links.

It is not in the database, so that neither a copy of the database nor a look into it signs anybody in. Where no setting gives it, it lies
in a file of `DONDOC_HOME` that only its owner may read; several machines need the same one.
"""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from config.settings import Settings

FILE = "secret.key"
BYTES = 32


class WeakKeyError(ValueError):
    """The key that was given is too short to keep anything secret."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(f"DONDOC_SECRET_KEY needs at least {BYTES} characters; leave it empty to have one made in DONDOC_HOME/{FILE}")


def installation_key(settings: Settings) -> bytes:
    """Return the key of the settings, else that of the file, which is made if it is not there; WeakKeyError if it is too short."""
    given = settings.secret_key.get_secret_value().strip()
    if not given:
        given = _read_or_make(settings.home / FILE)
    if len(given) < BYTES:
        raise WeakKeyError
    return given.encode()


def _read_or_make(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    if not path.exists():
        opened = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(partial, path)  # whoever comes second finds the first one's
        except FileExistsError:
            pass
        finally:
            partial.unlink()
    return path.read_text(encoding="ascii").strip()
