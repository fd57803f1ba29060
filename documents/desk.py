"""
The desk: papers drafted, drafted anew and numbered, each rendered and kept first and then entered into the register.

No write transaction renders: facts are read, the paper is made and its file kept, and the register takes it if nobody changed it meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from documents.drafting import draft
from evaluation.paper_edits import Edits, edited
from evaluation.paper_facts import OwedFacts
from evaluation.paper_letters import numbered, told_alike
from evaluation.papers import OF_RUNGS, PaperState, Purpose
from evaluation.rights_table import Action
from store.actors import Actor
from store.commands.paper_refusals import no_letter, not_allowed_in, nothing_owed
from store.commands.paper_rows import Drafted
from store.commands.registering import discard, give_number, keep_draft, keep_redraft, register, sign
from store.queries.inspection_papers import OF_INSPECTIONS, inspection_paper
from store.queries.paper_facts import issuer_of, owed_now
from store.queries.papers import about_of, facts_of, last_edits, read_paper
from store.queries.result_papers import OF_RESULTS, result_paper
from store.queries.rights import authority_resource, cycle_resource
from store.rights import authorise_on
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from evaluation.paper_facts import Facts
    from evaluation.rights import ActorFacts, Resource
    from store.commands.registering import Issued, Number
    from store.files import Files, KeptFile
    from store.queries.health import View
    from store.queries.papers import PaperLine
    from store.queries.result_papers import About
    from store.session import Store, Transaction


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where papers are drafted: by whom, when, and with which templates."""

    store: Store
    files: Files
    now: datetime
    actor: Actor = field(default_factory=Actor)
    rights: ActorFacts | None = None  #: of an account; without, the actor's own contact is asked, and the system may do everything
    templates: Path | None = None  #: the authority's own

    def enter(self, ready: Ready) -> int:
        """Enter what is ready in a transaction of its own, by right, and return the paper's id."""
        with self.store.transaction(now=self.now, actor=self.actor) as transaction:
            self.permit(transaction, ready.action, ready.resource(transaction.connection))
            return ready.enter(transaction)

    def permit(self, transaction: Transaction, action: Action, resource: Resource) -> None:
        """Raise NotAllowedError unless whoever acts may do that."""
        authorise_on(transaction, action, resource, facts=self.rights)


@dataclass(frozen=True, kw_only=True)
class Ready:
    """Something made that waits to be entered into the register: under which right, of what, and how."""

    action: Action
    resource: Callable[[View], Resource]
    enter: Callable[[Transaction], int]  #: the paper's id


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What a letter is to be about."""

    cycle: int
    purpose: Purpose
    obligations: tuple[int, ...]
    asked_by: int | None = None  #: upkeep duty
    edits: Edits = field(default_factory=Edits)


def draft_letter(desk: Desk, letter: Letter) -> int:
    """Return the id of a letter about who owes what, drafted and in the register; raises as `letter_ready` does, and NotAllowedError."""
    return desk.enter(letter_ready(desk, letter))


def letter_ready(desk: Desk, letter: Letter) -> Ready:
    """
    Return a letter about who owes what, made and ready for the register; it speaks of what is late now alone.

    Raises:
        PaperError: nothing of it is late; the purpose is no letter's.
        TemplateError: the template cannot be used.

    """
    if letter.purpose not in OF_RUNGS:
        raise no_letter(letter.purpose)
    with desk.store.reading() as connection:
        year = load_year(desk.store, connection, letter.cycle, now=desk.now)
        issuer = issuer_of(year, letter.purpose)
        edits = last_edits(connection, authority=year.authority, issuer=issuer) | letter.edits
        found = owed_now(desk.store, connection, letter.cycle, letter.obligations, purpose=letter.purpose, now=desk.now)
    if not found.about:
        raise nothing_owed()
    drafted = rendered(desk, letter.purpose, found.facts, about=found.about, edits=edits)
    return Ready(
        action=Action.DRAFT_PAPER,
        resource=lambda connection: cycle_resource(connection, letter.cycle),
        enter=lambda transaction: keep_draft(
            transaction, drafted, authority=year.authority, issuer=issuer, cycle=letter.cycle, asked_by=letter.asked_by
        ),
    )


def draft_from_facts(desk: Desk, purpose: Purpose, facts: Facts, *, cycle: int, about: tuple[int, ...] = ()) -> int:
    """Return the id of a paper drafted from facts that are given (a report, conclusions, minutes); raises as `draft_letter` does."""
    with desk.store.reading() as connection:
        year = load_year(desk.store, connection, cycle, now=desk.now)
        issuer = issuer_of(year, purpose)
        edits = last_edits(connection, authority=year.authority, issuer=issuer)
    drafted = rendered(desk, purpose, facts, about=about, edits=edits)
    with desk.store.transaction(now=desk.now, actor=desk.actor) as transaction:
        desk.permit(transaction, Action.DRAFT_PAPER, cycle_resource(transaction.connection, cycle))
        return keep_draft(transaction, drafted, authority=year.authority, issuer=issuer, cycle=cycle)


def result_ready(desk: Desk, cycle: int, about: About) -> Ready:
    """
    Return a paper of a cycle's results, made and ready for the register.

    Raises:
        NoSuchCycleError, NoSuchPartyError, NoSuchCouncilError, ScoreError: as in `result_paper`.
        PaperError: the purpose is none of results.
        TemplateError: the template cannot be used.

    """
    if about.purpose not in OF_RESULTS:
        raise no_letter(about.purpose)
    with desk.store.reading() as connection:
        year = load_year(desk.store, connection, cycle, now=desk.now)
        found = result_paper(desk.store, connection, cycle, about, now=desk.now)
        edits = last_edits(connection, authority=year.authority, issuer=found.issuer)
    drafted = rendered(desk, about.purpose, found.facts, about=(), edits=edits)
    return Ready(
        action=Action.DRAFT_PAPER,
        resource=lambda connection: cycle_resource(connection, cycle),
        enter=lambda transaction: keep_draft(transaction, drafted, authority=year.authority, issuer=found.issuer, cycle=cycle),
    )


def redraft(desk: Desk, paper: int, *, edits: Edits | None = None, obligations: Sequence[int] = ()) -> None:
    """Draft a paper anew; raises as `redraft_ready` does, NotAllowedError, PaperMovedError."""
    desk.enter(redraft_ready(desk, paper, edits=edits, obligations=obligations))


def redraft_ready(desk: Desk, paper: int, *, edits: Edits | None = None, obligations: Sequence[int] = ()) -> Ready:
    """
    Return a paper made anew from the facts as they stand, with what people wrote into it; `obligations` join what it speaks of.

    What was fulfilled meanwhile a letter speaks of no more. Raises as `letter_ready` does; PaperStateError.
    """
    with desk.store.reading() as connection:
        line = read_paper(connection, paper)
        written = line.edits | (edits or Edits())
        facts, about = _facts_now(desk, connection, line, more=obligations)
    drafted = rendered(desk, line.purpose, facts, about=about, edits=written)
    return _ready(line, Action.DRAFT_PAPER, lambda transaction: keep_redraft(transaction, line, drafted))


def number(desk: Desk, paper: int, given: Number) -> None:
    """Give a paper the number and date of the document office; raises as `give_number` and `number_ready` do."""
    desk.enter(number_ready(desk, paper, given))


def number_ready(desk: Desk, paper: int, given: Number) -> Ready:
    """Return a paper's last version, which bears the number and date of the document office; raises as `redraft_ready` does."""
    with desk.store.reading() as connection:
        line = read_paper(connection, paper)
        facts = facts_of(connection, line)
        about: tuple[int, ...] = tuple(about_of(connection, paper))
        if isinstance(facts, OwedFacts) and line.cycle is not None:
            found = owed_now(desk.store, connection, line.cycle, about, purpose=line.purpose, now=desk.now)
            about = told_alike(facts, found.lines)
    if facts is None or line.state is not PaperState.DRAFT:
        raise not_allowed_in(line.state)
    drafted = rendered(desk, line.purpose, numbered(facts, number=given.text.strip(), dated=given.dated), about=about, edits=line.edits)
    return _ready(line, Action.NUMBER_PAPER, lambda transaction: give_number(transaction, line, given, drafted=drafted))


def _ready(line: PaperLine, action: Action, enter: Callable[[Transaction], None]) -> Ready:
    def entered(transaction: Transaction) -> int:
        enter(transaction)
        return line.id

    return Ready(action=action, resource=lambda connection: paper_resource(connection, line), enter=entered)


def attach_signed(desk: Desk, paper: int, file: KeptFile) -> tuple[int, ...]:
    """Attach the signed PDF, which is kept already, and return what was urged by it; raises as `registering.sign` does."""
    with desk.store.transaction(now=desk.now, actor=desk.actor) as transaction:
        line = read_paper(transaction.connection, paper)
        desk.permit(transaction, Action.SIGN_PAPER, paper_resource(transaction.connection, line))
        return sign(desk.store, transaction, line, file=file)


def discard_paper(desk: Desk, paper: int, *, reason: str) -> None:
    """Say that a paper will not be issued, and why; raises as `registering.discard` does."""
    with desk.store.transaction(now=desk.now, actor=desk.actor) as transaction:
        line = read_paper(transaction.connection, paper)
        desk.permit(transaction, Action.DISCARD_PAPER, paper_resource(transaction.connection, line))
        discard(desk.store, transaction, line, reason=reason)


def register_paper(desk: Desk, issued: Issued, *, authority: int, file: KeptFile | None = None) -> int:
    """Return the id of a paper that was issued elsewhere, now in the register; raises as `registering.register` does."""
    with desk.store.transaction(now=desk.now, actor=desk.actor) as transaction:
        desk.permit(transaction, Action.REGISTER_PAPER, authority_resource(transaction.connection, authority))
        return register(transaction, issued, authority=authority, file=file)


def rendered(desk: Desk, purpose: Purpose, facts: Facts, *, about: tuple[int, ...], edits: Edits) -> Drafted:
    """Return a paper made and its file kept; nothing is in the register yet."""
    written = edited(facts, edits)
    content = draft(purpose, written, own=desk.templates)
    file = desk.files.keep([content], name=f"{purpose.value}.docx")
    return Drafted(purpose=purpose, facts=written, file=file, about=about, edits=edits)


def paper_resource(connection: View, paper: PaperLine) -> Resource:
    """Return a paper as far as rights go: its cycle, or its authority."""
    return authority_resource(connection, paper.authority) if paper.cycle is None else cycle_resource(connection, paper.cycle)


def _facts_now(desk: Desk, connection: View, line: PaperLine, *, more: Sequence[int]) -> tuple[Facts, tuple[int, ...]]:
    facts = facts_of(connection, line)
    if facts is None or line.state is not PaperState.DRAFT:
        raise not_allowed_in(line.state)
    about = tuple(about_of(connection, line.id))
    if line.purpose in OF_INSPECTIONS and len(about) == 1:
        return inspection_paper(desk.store, connection, about[0], line.purpose, now=desk.now).facts, about
    if line.purpose not in OF_RUNGS or line.cycle is None:
        return facts, about
    found = owed_now(desk.store, connection, line.cycle, (*about, *more), purpose=line.purpose, now=desk.now)
    if not found.about:
        raise nothing_owed()
    return found.facts, found.about
