"""Own report forms held against the journal: each version is there as it was taken in, and no other."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import select

from store.schema import JOURNAL, OWN_FORM, REPORT_FORM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

IMPORT_FORM = "import-form"  #: entry by which a version is taken in


def form_faults(connection: Connection, authority: int) -> Iterator[str]:
    """Yield how the own forms of an authority differ from its journal, and from their own digests."""
    taken = _taken_in(connection, authority)
    query = select(OWN_FORM.c.key, OWN_FORM.c.number, OWN_FORM.c.entered_at, REPORT_FORM.c.key.label("named"), REPORT_FORM.c.yaml)
    query = query.join(REPORT_FORM, REPORT_FORM.c.id == OWN_FORM.c.form_id).where(OWN_FORM.c.authority_id == authority)
    for row in connection.execute(query.order_by(OWN_FORM.c.key, OWN_FORM.c.number)):
        said = taken.pop((row.key, row.number), None)
        if said is None:
            yield f"form {row.key} {row.number} is not in the journal"
            continue
        told = {"text": hashlib.sha256(row.yaml.encode()).hexdigest(), "key": row.named, "moment": row.entered_at}
        if differs := [name for name, value in told.items() if value != said[name]]:
            yield f"form {row.key} {row.number} differs from its journal in {', '.join(differs)}"
    for key, number in sorted(taken):
        yield f"form {key} {number} is in the journal and nowhere else"


def _taken_in(connection: Connection, authority: int) -> dict[tuple[str, int], dict[str, object]]:
    query = select(JOURNAL.c.payload, JOURNAL.c.at).where(JOURNAL.c.authority_id == authority, JOURNAL.c.action == IMPORT_FORM)
    found: dict[tuple[str, int], dict[str, object]] = {}
    for payload, at in connection.execute(query):
        said = orjson.loads(payload)
        found[said["key"], said["number"]] = {"text": said["sha256"], "key": said["key"], "moment": at}
    return found
