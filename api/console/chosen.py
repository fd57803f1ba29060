"""Many at once: the units chosen in the matrix are urged, given longer terms, waived or exported; what would happen is said first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.console.catalogues import N_
from api.console.deed import Deed
from api.console.deeds import BY_ACTION, Attempt
from api.console.forms import all_fields_of, refused
from api.console.lines import DueView, due_views
from api.console.visiting import Visitor, Visits, frame_of, page
from api.doors.signing_in import Person, SignedIn
from api.problems.answering import problem_of
from api.routes.cycles import Number
from api.wire.work import MOST_AT_ONCE, DueIn, ReasonIn, UrgeIn
from documents.workbooks import sheet_of
from evaluation.actions import Remark
from evaluation.jobs import JobKind
from evaluation.papers import Purpose
from evaluation.rights_table import Action
from store.commands.bulk import BulkMove, do_many, extending, preview_many, urging, waiving
from store.commands.bulk_rows import Row, RowByRow
from store.commands.jobs import JobOrder, ask_job
from store.commands.paper_refusals import nothing_owed
from store.queries.health import answering
from store.queries.obligations import ObligationLine, Wanted, find_obligations
from store.queries.paper_facts import owed_now
from store.queries.recipients import recipients_named
from store.queries.rights import cycle_resource, facts_of_account
from store.rights import authorise_on, require

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evaluation.rights import ActorFacts
    from store.queries.health import View

router = APIRouter(default_response_class=HTMLResponse)
EXPORT, LETTERS = "export", "letters"
HEADS = (N_("Đơn vị"), N_("Công việc"), N_("Về"), N_("Trạng thái"), N_("Hạn"), N_("Vòng"), N_("Trễ hạn"))
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What was chosen in the matrix, and what is to be done with it."""

    cycle: int
    parties: frozenset[int]
    stage: str
    deed: str
    fields: dict[str, str]

    @property
    def late_alone(self) -> bool:
        """Whether, of what the units have to do, only what is late is meant; so unless somebody says otherwise, who urges means that."""
        return self.fields.get("which", "late") == "late" and self.deed == Action.URGE.value

    @property
    def is_sure(self) -> bool:
        """Whether what would happen was looked at."""
        return self.fields.get("sure") == "yes"


@dataclass(frozen=True, kw_only=True)
class RowView:
    """A row with what would become, or became, of it."""

    due: DueView
    told: str = ""  #: to whom mail goes: units, by name
    without: bool = False  #: nobody of the unit's own is told


@dataclass(frozen=True, kw_only=True)
class RefusedView:
    """Why nothing is, or was, done with some of the rows: said once for all of them."""

    why: str
    dues: tuple[DueView, ...]

    @property
    def units(self) -> int:
        """How many units they are of."""
        return len({due.party for due in self.dues})


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What would be sent, or was."""

    rows: int
    mails: int
    units: int
    without: int  #: units none of whose own people or mailbox is told
    named: Mapping[int, tuple[str, bool]]  #: of each obligation: whom mail goes to, and whether nobody of the unit's own is among them


@router.post("/cycles/{id}/chosen")  # noqa: FAST003  `Number` is its alias
async def chosen(cycle: Number, request: Request, visitor: Visits, person: SignedIn) -> Response:
    """Look at what would become of what was chosen; do it, once that was seen; or hand it over as a table."""
    choice = _choice(cycle, await all_fields_of(request))
    if choice.deed == EXPORT:
        return await run_in_threadpool(_exported, visitor, choice)
    if choice.deed == LETTERS:
        return await run_in_threadpool(_letters, visitor, person, choice)
    return await run_in_threadpool(_looked_at, visitor, person, choice)


def _letters(visitor: Visitor, person: Person, choice: Choice) -> Response:
    """Say of what urging letters would speak, one for each stage; once that was seen, ask the engine for them."""
    with answering(visitor.served.store) as connection:
        facts = facts_of_account(connection, person.account.id)
        require(connection, facts, Action.DRAFT_PAPER, cycle_resource(connection, choice.cycle), now=visitor.now)
        lines = _lines(visitor, connection, choice)
        if not choice.is_sure or not lines:
            frame = frame_of(visitor, connection, here="matrix", cycle=choice.cycle)
            told = {"choice": choice, "dues": due_views(visitor, connection, lines), "letters": len({line.stage for line in lines})}
            told |= {"units": len({line.party_id for line in lines}), "refusal": visitor.either(nothing_owed().vi, nothing_owed().en)}
            return page(visitor, "chosen_letters.html", frame, told, status=200 if lines else 422)
    return _letters_asked(visitor, person, choice, lines)


def _letters_asked(visitor: Visitor, person: Person, choice: Choice, lines: Sequence[ObligationLine]) -> Response:
    """Ask the engine for the letters; the page of the job shows how far they are."""
    with visitor.served.store.transaction(now=visitor.now, actor=person.actor) as transaction:
        resource = cycle_resource(transaction.connection, choice.cycle)
        account = person.account.id
        authorise_on(transaction, Action.DRAFT_PAPER, resource, facts=facts_of_account(transaction.connection, account))
        script = {"cycle": choice.cycle, "obligations": sorted(line.id for line in lines), "account": account}
        job = ask_job(transaction, JobOrder(authority=resource.authority, account=account, kind=JobKind.LETTERS, script=script))
    return RedirectResponse(f"/jobs/{job}", status_code=303)


def _choice(cycle: int, fields: Sequence[tuple[str, str]]) -> Choice:
    given = dict(fields)
    parties = frozenset(int(value) for name, value in fields if name == "party" and value.isdecimal())
    return Choice(cycle=cycle, parties=parties, stage=given.get("stage", ""), deed=given.get("deed", ""), fields=given)


def _lines(visitor: Visitor, connection: View, choice: Choice) -> list[ObligationLine]:
    """Return what the chosen units have to do, as far as it may be read: of one stage, or of all; for letters, what they would speak of."""
    wanted = Wanted(cycle=choice.cycle, stage=choice.stage, in_force=choice.deed != EXPORT)
    narrowed = visitor.seen.narrowed(wanted, visitor.served.store, connection, now=visitor.now)
    found = find_obligations(visitor.served.store, connection, narrowed, now=visitor.now)
    theirs = [line for line in found if line.party_id in choice.parties]
    if choice.deed == LETTERS:
        ids = [line.id for line in theirs]
        told = set(owed_now(visitor.served.store, connection, choice.cycle, ids, purpose=Purpose.URGING, now=visitor.now).about)
        return [line for line in theirs if line.id in told][:MOST_AT_ONCE]
    late = [line for line in theirs if line.late] if choice.late_alone else []
    return (late or theirs)[:MOST_AT_ONCE]


def _exported(visitor: Visitor, choice: Choice) -> Response:
    with answering(visitor.served.store) as connection:
        lines = _lines(visitor, connection, choice)
        views = due_views(visitor, connection, lines)
    heads = [visitor.say(one) for one in HEADS]
    rows = [
        (view.party, view.title, view.subject, view.state.words, line.due_on, line.rounds, visitor.say("có") if line.late else "")
        for view, line in zip(views, lines, strict=True)
    ]
    name = quote(f"dondoc-{choice.cycle}-{visitor.now:%Y%m%d}.xlsx")
    return Response(sheet_of(heads, rows), media_type=XLSX, headers={"Content-Disposition": f"attachment; filename={name}"})


def _order(deed: Deed, obligations: Sequence[int], fields: dict[str, str]) -> BulkMove:
    """Return what is asked for; ValidationError where something is missing."""
    given = deed.read(fields)
    match deed.action:
        case Action.URGE:
            urge = UrgeIn.model_validate(given)
            return urging(obligations, by=urge.by.value, remark=Remark(reason=urge.note))
        case Action.EXTEND:
            due = DueIn.model_validate(given)
            return extending(obligations, due_on=due.due_on, remark=due.remark)
        case _:
            return waiving(obligations, remark=ReasonIn.model_validate(given).remark)


def _looked_at(visitor: Visitor, person: Person, choice: Choice) -> Response:
    deed = BY_ACTION.get(choice.deed) or BY_ACTION[Action.URGE.value]
    store = visitor.served.store
    with answering(store) as connection:
        lines = _lines(visitor, connection, choice)
        facts = facts_of_account(connection, person.account.id)
    attempt, rows = None, None
    fields = {"by": "mail", **choice.fields}
    try:
        order = _order(deed, [line.id for line in lines], fields)
    except ValidationError as error:
        attempt = refused(visitor, error, action=choice.deed, fields=fields) if choice.is_sure or "look" in fields else None
    else:
        rows = _rows(visitor, person, order, facts=facts, sure=choice.is_sure)
    return _page(visitor, choice, deed, lines=lines, outcome=(rows, attempt))


def _rows(visitor: Visitor, person: Person, order: BulkMove, *, facts: ActorFacts, sure: bool) -> list[Row]:
    store, now = visitor.served.store, visitor.now
    if sure:
        return do_many(RowByRow(store=store, now=now, actor=person.actor), order, facts=facts)
    return preview_many(store, order, now=now, actor=person.actor, facts=facts)


def _page(
    visitor: Visitor, choice: Choice, deed: Deed, *, lines: Sequence[ObligationLine], outcome: tuple[list[Row] | None, Attempt | None]
) -> HTMLResponse:
    rows, attempt = outcome
    with answering(visitor.served.store) as connection:
        frame = frame_of(visitor, connection, here="matrix", cycle=choice.cycle)
        views = {view.id: view for view in due_views(visitor, connection, lines)}
        counted = None if rows is None else _counted(connection, rows, lines)
    refusals = {row.obligation: row.error for row in rows or [] if row.error is not None}
    named = {} if counted is None else counted.named
    shown = [
        RowView(due=views[line.id], told=told, without=without)
        for line in lines
        if line.id not in refusals
        for told, without in [named.get(line.id, ("", False))]
    ]
    done = choice.is_sure and rows is not None
    facts = {"choice": choice, "deed": deed, "rows": shown, "counted": counted, "attempt": attempt, "done": done}
    facts["refused"] = _refused(visitor, refusals, views)
    return page(visitor, "chosen.html", frame, facts, status=422 if attempt else 200)


def _refused(visitor: Visitor, refusals: Mapping[int, Exception], views: Mapping[int, DueView]) -> list[RefusedView]:
    """Return the reasons, each with all that it stands for, the most frequent first."""
    found: dict[str, list[DueView]] = {}
    for ident, error in refusals.items():
        found.setdefault(problem_of(visitor.request, error, language=visitor.language).detail, []).append(views[ident])
    ordered = sorted(found.items(), key=lambda pair: -len(pair[1]))
    return [RefusedView(why=why, dues=tuple(dues)) for why, dues in ordered]


def _counted(connection: View, rows: Sequence[Row], lines: Sequence[ObligationLine]) -> Counted:
    going = [row for row in rows if not row.is_refused]
    people = recipients_named(connection, {one for row in going for one in row.told})
    own = {line.id: line.party for line in lines}
    named = {}
    for row in going:
        told = [people[one] for one in row.told if one in people]
        words = "; ".join(dict.fromkeys(one.party_name for one in told))
        named[row.obligation] = (words, own[row.obligation] not in {one.party for one in told})
    without = {own[ident] for ident, (_, alone) in named.items() if alone}
    return Counted(rows=len(going), mails=len(people), units=len({one.party for one in people.values()}), without=len(without), named=named)
