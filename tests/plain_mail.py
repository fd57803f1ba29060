"""Small real mails: a composer for tests of everything but words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from store.outbox.freezing import FrozenMail
from store.schema import CONTACT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from store.outbox.gathering import Bundle
    from store.session import Store


class PlainComposer:
    """Makes small mails, for tests of everything but words."""

    def __call__(self, store: Store, bundles: Sequence[Bundle], *, now: datetime) -> list[FrozenMail]:  # noqa: ARG002
        with store.reading() as connection:
            rows = connection.execute(select(CONTACT.c.id, CONTACT.c.address))
            addresses = {f"c{row.id}": row.address for row in rows}
        return [self._mail(bundle, addresses.get(bundle.recipient, "")) for bundle in bundles]

    def _mail(self, bundle: Bundle, address: str) -> FrozenMail:
        header_id = bundle.header_id("thu.invalid")
        body = f"Message-ID: {header_id}\r\nTo: {address}\r\nSubject: {bundle.kind}\r\n\r\n{len(bundle.notices)}\r\n".encode()
        return FrozenMail(bundle=bundle, header_id=header_id, address=address, subject=str(bundle.kind), body=body)
