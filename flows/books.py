"""Books of sheets that people sent: read and looked at, or taken in, by the engine, as whoever sent them may."""

from __future__ import annotations

from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from config.settings import settings
from store.actors import Actor
from store.commands.scores.books import BookTaker, Take
from store.files import open_files
from store.queries.rights import facts_of_account

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from config.faults import Fault
    from flows.driving import Progress
    from store.commands.jobs import ClaimedJob
    from store.commands.scores.books import UnitOutcome
    from store.session import Store


def book_asked(store: Store, job: ClaimedJob, progress: Progress, now: datetime) -> Mapping[str, Any]:
    """Look at the book of a job or take it in, by the right of whoever sent it; what became of each unit. SheetError of no such book."""
    chosen, script = settings(), job.script
    with store.reading() as connection:
        facts = facts_of_account(connection, script["account"])
    taker = BookTaker(store=store, cycle=script["cycle"], now=now, actor=Actor(), facts=facts)
    files = open_files(chosen.files_url, most_bytes=chosen.file_most_bytes, kinds=chosen.file_kinds)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sheets.xlsx"
        with files.read(script["sha256"]) as kept, path.open("wb") as copy:
            copyfileobj(kept, copy)
        book = taker.read(path, name=script["name"], progress=lambda done, total: progress(done, 2 * total))
    outcomes, written = book.act(Take(script["take"]), progress=lambda done, total: progress(total + done, 2 * total))
    return {"written": written, "part": book.read.part.value, "units": [_told(one) for one in outcomes]}


def _told(one: UnitOutcome) -> dict[str, Any]:
    plain = {"unit": one.unit, "name": one.name, "rows": one.rows, "changed": one.changed, "refused": one.refused}
    return {**plain, "faults": [_fault(fault) for fault in one.faults]}


def _fault(fault: Fault) -> list[str]:
    """Return where a fault stands, and what is wrong and to be done, in Vietnamese and in English."""
    return [fault.cell, f"{fault.what_vi} — {fault.instead_vi}", f"{fault.what} — {fault.instead}"]
