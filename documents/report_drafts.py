"""
Drafts of the standing body's reports: made when the report opens, and whenever somebody asks.

What is asked for is the open obligation itself: one that no paper speaks of yet is drafted, outside every write transaction; a draft that
was discarded is not made again by itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from documents.desk import Ready, rendered
from documents.drafting import TemplateError
from evaluation.papers import Purpose
from evaluation.rights_table import Action
from store.actors import Actor
from store.commands.registering import keep_draft
from store.queries.paper_facts import issuer_of
from store.queries.papers import last_edits
from store.queries.report_facts import ReportFactsError, draft_paper, report_facts, undrafted
from store.queries.rights import cycle_resource
from store.years import load_year

if TYPE_CHECKING:
    from documents.desk import Desk

log = structlog.get_logger()


def report_ready(desk: Desk, cycle: int, period: str) -> Ready:
    """
    Return the draft of a period's report, made and ready for the register.

    Raises:
        ReportFactsError: the period is none, or no report of the plan is made of others.
        TemplateError: the template cannot be used.

    """
    with desk.store.reading() as connection:
        year = load_year(desk.store, connection, cycle, now=desk.now)
        facts = report_facts(desk.store, connection, cycle, period, now=desk.now)
        paper = draft_paper(desk.store, connection, facts)
        issuer = issuer_of(year, Purpose.REPORT)
        edits = last_edits(connection, authority=year.authority, issuer=issuer)
    about = (facts.obligation,) if facts.obligation is not None else ()
    drafted = rendered(desk, Purpose.REPORT, paper, about=about, edits=edits)
    return Ready(
        action=Action.DRAFT_PAPER,
        resource=lambda connection: cycle_resource(connection, cycle),
        enter=lambda transaction: keep_draft(transaction, drafted, authority=year.authority, issuer=issuer, cycle=cycle),
    )


def draft_report(desk: Desk, cycle: int, period: str) -> int:
    """Return the id of the draft of a period's report, now in the register; raises as `report_ready` does, and NotAllowedError."""
    return desk.enter(report_ready(desk, cycle, period))


def tend_report_drafts(desk: Desk) -> int:
    """Draft every report that is open and that no paper speaks of yet; return how many. One that cannot be drafted is logged."""
    desk = replace(desk, actor=Actor(), rights=None)
    with desk.store.reading() as connection:
        waiting = undrafted(desk.store, connection, now=desk.now)
    made = 0
    for cycle, period in waiting:
        try:
            draft_report(desk, cycle, period)
        except (ReportFactsError, TemplateError) as error:
            log.warning("report.not_drafted", cycle=cycle, period=period, error=str(error))
            continue
        made += 1
    return made
