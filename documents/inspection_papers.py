"""
Papers of inspections: minutes and conclusions drafted from what was recorded, as soon as it is recorded and whenever they are drafted anew.

What is asked for is the record itself: one that no paper speaks of yet is drafted, outside every write transaction; a draft that was
discarded is not made again by itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from documents.desk import Ready, rendered
from documents.drafting import TemplateError
from evaluation.rights_table import Action
from store.actors import Actor
from store.commands.registering import keep_draft
from store.queries.inspection_papers import inspection_paper, undrafted_inspections
from store.queries.papers import last_edits
from store.queries.rights import cycle_resource

if TYPE_CHECKING:
    from documents.desk import Desk
    from evaluation.papers import Purpose

log = structlog.get_logger()


def inspection_paper_ready(desk: Desk, inspection: int, purpose: Purpose) -> Ready:
    """
    Return the minutes or the conclusions of an inspection, made and ready for the register.

    Raises:
        NoSuchInspectionError: that is not recorded of it.
        TemplateError: the template cannot be used.

    """
    with desk.store.reading() as connection:
        found = inspection_paper(desk.store, connection, inspection, purpose, now=desk.now)
        edits = last_edits(connection, authority=found.authority, issuer=found.issuer)
    drafted = rendered(desk, purpose, found.facts, about=(inspection,), edits=edits)
    return Ready(
        action=Action.DRAFT_PAPER,
        resource=lambda connection: cycle_resource(connection, found.cycle),
        enter=lambda transaction: keep_draft(transaction, drafted, authority=found.authority, issuer=found.issuer, cycle=found.cycle),
    )


def tend_inspection_papers(desk: Desk) -> int:
    """Draft the minutes and conclusions that are recorded and that no paper speaks of; return how many. One that cannot be is logged."""
    desk = replace(desk, actor=Actor(), rights=None)
    with desk.store.reading() as connection:
        waiting = undrafted_inspections(connection)
    made = 0
    for inspection, purpose in waiting:
        try:
            desk.enter(inspection_paper_ready(desk, inspection, purpose))
        except TemplateError as error:
            log.warning("inspection.not_drafted", inspection=inspection, purpose=purpose.value, error=str(error))
            continue
        made += 1
    return made
