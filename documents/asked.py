"""
Papers that are asked for: drafted outside the tick, so that they are there when somebody comes to sign them.

The engine calls `tend_asked_papers` twice a minute. What is asked for is a row: a draft that was
not made, or a process that died, costs nothing; the next call makes it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import structlog

from documents.desk import Desk, Letter, draft_letter, redraft
from documents.drafting import TemplateError
from evaluation.paper_facts import OwedFacts
from evaluation.paper_letters import told_alike
from evaluation.papers import PaperState
from store.actors import Actor
from store.commands.paper_refusals import PaperError
from store.commands.registering import discard
from store.commands.signing import close_duty
from store.queries.paper_facts import owed_now
from store.queries.papers import asked_papers, facts_of, read_paper

if TYPE_CHECKING:
    from store.queries.health import View
    from store.queries.paper_facts import OwedNow
    from store.queries.papers import AskedPaper

log = structlog.get_logger()
FULFILLED = "mọi việc trong văn bản đã được thực hiện hoặc được gia hạn trước khi ký, không cần ban hành"


@dataclass(frozen=True, kw_only=True)
class Tended:
    """What was done about papers that are asked for."""

    drafted: int = 0
    redrafted: int = 0
    closed: int = 0  #: everything that they were to speak of was fulfilled, or got a longer term, before they were signed
    failed: int = 0


def tend_asked_papers(desk: Desk) -> Tended:
    """
    Draft what is asked for and not drafted, take into drafts what was asked for since, and close what needs no signature any more.

    One that cannot be drafted (a template at fault) is logged and stays asked for.
    """
    desk = replace(desk, actor=Actor(), rights=None)
    with desk.store.reading() as connection:
        asked = asked_papers(connection)
    total = Tended()
    for one in asked:
        try:
            total = _tend(desk, one, total)
        except (PaperError, TemplateError) as error:
            log.warning("paper.not_drafted", duty=one.duty, error=str(error))
            total = replace(total, failed=total.failed + 1)
    return total


def _tend(desk: Desk, one: AskedPaper, total: Tended) -> Tended:
    if one.state is PaperState.NUMBERED:
        return total
    with desk.store.reading() as connection:
        found = owed_now(desk.store, connection, one.cycle, one.obligations, purpose=one.asked.purpose, now=desk.now)
        told = _told(connection, one, found)
    owed = found.about
    if not owed:
        _close(desk, one)
        return replace(total, closed=total.closed + 1)
    if one.paper is None:
        letter = Letter(cycle=one.cycle, purpose=one.asked.purpose, obligations=one.obligations, asked_by=one.duty)
        draft_letter(desk, letter)
        return replace(total, drafted=total.drafted + 1)
    if not set(owed) == set(one.about) == set(told):
        redraft(desk, one.paper, obligations=owed)
        return replace(total, redrafted=total.redrafted + 1)
    return total


def _told(connection: View, one: AskedPaper, found: OwedNow) -> tuple[int, ...]:
    """Return of which obligations the draft tells what stands now; none where there is no draft."""
    facts = None if one.paper is None else facts_of(connection, read_paper(connection, one.paper))
    return told_alike(facts, found.lines) if isinstance(facts, OwedFacts) else ()


def _close(desk: Desk, one: AskedPaper) -> None:
    with desk.store.transaction(now=desk.now) as transaction:
        if one.paper is None:
            close_duty(desk.store, transaction, one.duty, reason=FULFILLED)
        else:
            discard(desk.store, transaction, read_paper(transaction.connection, one.paper), reason=FULFILLED)
