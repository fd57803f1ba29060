"""One of many that fails fails alone: what it wrote is undone, the others stand, and its failure is known by name."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import OperationalError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.session import Transaction

log = structlog.get_logger()


@dataclass(kw_only=True)
class Faults:
    """What failed of a step, by name: the error's and that of what it was about."""

    found: list[str] = field(default_factory=list)

    @contextmanager
    def deciding(self, about: str) -> Iterator[None]:
        """Decide one of many, writing nothing: an error inside is logged and kept."""
        try:
            yield
        except Exception as error:
            log.exception("one.failed", about=about)
            self.found.append(f"{type(error).__name__}: {about}")

    @contextmanager
    def writing(self, transaction: Transaction, about: str) -> Iterator[None]:
        """Write one of many: an error inside undoes what was written inside; a database that cannot go on ends the whole transaction."""
        entries, locked = len(transaction.entries), dict(transaction.locked)
        try:
            with transaction.connection.begin_nested():
                yield
        except OperationalError:
            raise
        except Exception as error:
            log.exception("one.failed", about=about)
            self.found.append(f"{type(error).__name__}: {about}")
            del transaction.entries[entries:]
            transaction.locked = locked
