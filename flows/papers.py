"""Papers that rungs ask for, and those that people ask for many at a time: drafted by the engine, outside every write transaction."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.settings import settings
from documents.asked import tend_asked_papers
from documents.desk import Desk, Letter, attach_signed, draft_letter, number
from documents.inspection_papers import tend_inspection_papers
from documents.report_drafts import tend_report_drafts
from evaluation.papers import PaperState, Purpose, number_text
from store.actors import Actor
from store.commands.paper_refusals import PaperError
from store.commands.registering import Number
from store.files import open_files
from store.queries.papers import Wanted, by_stage, facts_of, list_papers, suggested_number
from store.queries.rights import facts_of_account

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from documents.asked import Tended
    from flows.driving import Progress
    from store.commands.jobs import ClaimedJob
    from store.queries.papers import PaperLine
    from store.session import Store


def desk_of(store: Store, *, now: datetime) -> Desk:
    """Return the desk of this installation, at which the system acts."""
    chosen = settings()
    files = open_files(chosen.files_url, most_bytes=chosen.file_most_bytes, kinds=chosen.file_kinds)
    own = Path(chosen.paper_templates) if chosen.paper_templates else None
    return Desk(store=store, files=files, now=now, templates=own)


def tend_papers(store: Store, *, now: datetime) -> Tended:
    """Draft what rungs have asked for, the reports that have opened, the record of inspections; close what needs no signature any more."""
    return tend_desk(desk_of(store, now=now))


def tend_desk(desk: Desk) -> Tended:
    """Do the same at a desk that is given."""
    tend_report_drafts(desk)
    tend_inspection_papers(desk)
    return tend_asked_papers(desk)


def letters_asked(store: Store, job: ClaimedJob, progress: Progress, now: datetime) -> Mapping[str, Any]:
    """Draft the letters of a job: one for each stage of what somebody chose, by that somebody's right. NotAllowedError, TemplateError."""
    chosen: list[int] = job.script["obligations"]
    purpose = Purpose(job.script.get("purpose", Purpose.URGING.value))
    with store.reading() as connection:
        stages = by_stage(connection, chosen, cycle=job.script["cycle"])
        rights = facts_of_account(connection, job.script["account"])
    base = desk_of(store, now=now)
    desk = Desk(store=store, files=base.files, now=now, actor=Actor(), rights=rights, templates=base.templates)
    drafted: list[int] = []
    refused: list[str] = []
    for done, (stage, ids) in enumerate(sorted(stages.items())):
        progress(done, len(stages))
        try:
            drafted.append(draft_letter(desk, Letter(cycle=job.script["cycle"], purpose=purpose, obligations=tuple(ids))))
        except PaperError:
            refused.append(stage)
    progress(len(stages), len(stages))
    return {"papers": drafted, "nothing_owed": refused}


_SIGNED_AFTER = timedelta(days=4)
#: The smallest PDF that programs open: what stands for a signed paper in the demo.
_SIGNED = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def people_sign(desk: Desk, *, authority: int) -> int:
    """Let people of a demo see to its papers: what is asked for is drafted, what has waited a few days is numbered and signed; how many."""
    tended = tend_desk(desk)
    with desk.store.reading() as connection:
        drafts = list_papers(connection, [authority], wanted=Wanted(state=PaperState.DRAFT))
    ripe = [paper for paper in drafts if paper.at + _SIGNED_AFTER <= desk.now]
    for paper in ripe:
        _sign(desk, paper)
    return len(ripe) + tended.drafted + tended.redrafted + tended.closed


def _sign(desk: Desk, paper: PaperLine) -> None:
    dated = paper.dated or desk.now.date()
    with desk.store.reading() as connection:
        facts = facts_of(connection, paper)
        free = suggested_number(connection, paper, year=dated.year)
    if facts is not None:
        text = paper.number_text or number_text(paper.kind, free, symbol=facts.cover.head.symbol)
        number(desk, paper.id, Number(text=text, dated=dated))
        attach_signed(desk, paper.id, desk.files.keep([_SIGNED], name="van-ban-da-ky.pdf"))
