"""Periodic reports: a form seen and filled in, a period with its facts, the standing body's draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from api.asking import HasServed, Now
from api.changing.doing import MayChange, Work
from api.changing.idempotency import answer_of
from api.changing.people import MayAddPeople
from api.doors.signing_in import Person, SignedIn
from api.languages import Spoken
from api.problems.errors import NoObligationError
from api.routes.evidence import HasFiles
from api.routes.papers import desk_of
from api.wire.described import OF_A_CHANGE, problems
from api.wire.papers import PaperOut
from api.wire.reports import FormIn, FormOut, PeriodOut, ReportIn, ReportOut
from documents.report_drafts import report_ready
from evaluation.rights_table import Action
from store.commands.report_forms import take_in_form
from store.commands.reporting import no_form, save_answers
from store.queries.health import answering
from store.queries.papers import read_paper
from store.queries.report_facts import entries_behind, report_facts
from store.queries.rights import authority_resource, cycle_resource, facts_of_account, obligation_resource
from store.reports import draft_of, faults_of, line_of
from store.rights import authorise, require
from store.years import NoSuchCycleError

if TYPE_CHECKING:
    from datetime import datetime

    from notifications.letters import Language
    from store.idempotency import Answer
    from store.queries.health import View
    from store.session import Store, Transaction

router = APIRouter(tags=["reports"])
PeriodKey = Annotated[str, Path(min_length=1, max_length=20, description="Kỳ / the period", examples=["2026-Q1"])]


@router.get("/obligations/{id}/report", responses=problems(401, 403, 404, 422))  # noqa: FAST003  the parameter has its name as an alias
def read_report(obligation: Work, person: SignedIn, served: HasServed, now: Now, language: Spoken) -> ReportOut:
    """What stands in a report, and what is wrong with it."""
    with answering(served.store) as connection:
        facts = facts_of_account(connection, person.account.id)
        resource = obligation_resource(served.store, connection, obligation, now=now)
        if resource is None or resource.authority not in person.authorities:
            raise NoObligationError(obligation)
        require(connection, facts, Action.READ_OBLIGATION, resource, now=now)
        return told(served.store, connection, obligation, now=now, language=language)


def told(store: Store, connection: View, obligation: int, *, now: datetime, language: Language) -> ReportOut:
    """Return a report as it is told; ReportError where its stage has no form."""
    line = line_of(store, connection, obligation, now=now)
    draft = draft_of(connection, obligation, line=line)
    if draft is None:
        raise no_form()
    return ReportOut.of(draft, faults_of(connection, draft, line=line), language=language)


@router.post("/obligations/{id}/report", response_model=ReportOut, responses=OF_A_CHANGE)  # noqa: FAST003  likewise
def fill_report(obligation: Work, asked: ReportIn, changing: MayChange, language: Spoken) -> Response:
    """Save what was typed into some fields, right or wrong; the answer says what is wrong."""

    def work(transaction: Transaction) -> Answer:
        authorise(changing.store, transaction, obligation, Action.FILL_REPORT, facts=changing.facts(transaction))
        save_answers(changing.store, transaction, obligation, asked.answers, seen=asked.version)
        return answer_of(told(changing.store, transaction.connection, obligation, now=changing.now, language=language))

    return changing.change(work)


@router.get("/cycles/{id}/reports/{period}", responses=problems(401, 403, 404, 422, about="cycle"))  # noqa: FAST003  likewise
def read_period(  # noqa: PLR0913, PLR0917  what a handler asks for is its arguments
    cycle: Work, period: PeriodKey, person: SignedIn, served: HasServed, now: Now, language: Spoken
) -> PeriodOut:
    """How a report period stands: who has sent, late, not, and what was done; each number with the journal's entries behind it."""
    with answering(served.store) as connection:
        _permit(connection, person, cycle, Action.READ_STATUS, now=now)
        facts = report_facts(served.store, connection, cycle, period, now=now)
        return PeriodOut.of(facts, entries_behind(connection, facts), language=language)


@router.post("/cycles/{id}/reports/{period}/draft", status_code=201, response_model=PaperOut, responses=OF_A_CHANGE)  # noqa: FAST003  likewise
def draft_period(cycle: Work, period: PeriodKey, changing: MayChange, files: HasFiles) -> Response:
    """Draft the standing body's report of a period as .docx, into the register."""
    with answering(changing.store) as connection:
        _permit(connection, changing.person, cycle, Action.DRAFT_PAPER, now=changing.now)
    ready = report_ready(desk_of(changing, files), cycle, period)

    def work(transaction: Transaction) -> Answer:
        changing.authorise(transaction, ready.action, ready.resource(transaction.connection))
        paper = ready.enter(transaction)
        return answer_of(PaperOut.of(read_paper(transaction.connection, paper)), status=201, Location=f"/api/v1/papers/{paper}")

    return changing.change(work)


@router.post("/report-forms", status_code=201, response_model=FormOut, responses=problems(401, 403, 404, 409, 422, about="authority"))
def import_form(asked: FormIn, changing: MayAddPeople) -> Response:
    """Take in the authority's own form in the place of the shipped one of its key; every fault by line and column."""

    def work(transaction: Transaction) -> Answer:
        changing.authorise(transaction, Action.CHANGE_FORMS, authority_resource(transaction.connection, changing.authority.id))
        return answer_of(FormOut.model_validate(take_in_form(transaction, changing.authority.id, asked.yaml)), status=201)

    return changing.change(work)


def _permit(connection: View, person: Person, cycle: int, action: Action, *, now: datetime) -> None:
    """Let somebody do something with a year of their authority. NoSuchCycleError of any other; NotAllowedError."""
    resource = cycle_resource(connection, cycle)
    if resource.authority not in person.authorities:
        raise NoSuchCycleError(cycle)
    require(connection, facts_of_account(connection, person.account.id), action, resource, now=now)
