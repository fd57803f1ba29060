"""Rehearsed moves: what people of a rehearsal or a demo do, through the same commands as everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from evaluation.actions import Remark
from evaluation.kinds import Role, StageKind
from evaluation.obligations import FINAL, State
from evaluation.rehearsing import Habit, RehearsedMove, Standing, moves_today
from evaluation.reports.made_up import made_up_answers
from evaluation.terms import TermReason
from evaluation.transitions import TransitionError, Verb
from store.actors import Actor
from store.commands import moves
from store.commands.asking import ask
from store.commands.authorities import authority_id
from store.commands.inspections.held import InspectionError
from store.commands.inspections.rehearsed import hold_plainly
from store.commands.reporting import save_answers
from store.commands.results.showing import publish_rehearsed
from store.commands.scores.held import SheetError
from store.commands.scores.rehearsed import fill_sheet
from store.findings import REINSPECTION, REMEDY
from store.inspected import HANDS_IN, is_concluded, is_inspection
from store.journal import Entry
from store.lives import read_by_id
from store.queries.sandboxes import HISTORY_MADE
from store.reports import draft_of
from store.schema import CONTACT, CYCLE, FINDING_STEP, OBLIGATION, PARTY, REPORT_REQUEST, STAGE, TERM
from store.score_refusals import SheetFaultsError
from store.years import hold_year, load_year

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from evaluation.obligations import Obligation
    from store.commands.asking import Order
    from store.session import Store, Transaction
    from store.years import StageRef, Year

_LOOKED_AT = (OBLIGATION.c.subject, OBLIGATION.c.state, OBLIGATION.c.rounds, TERM.c.due_on, TERM.c.opens_at)
WHY = {
    Verb.RETURN: Remark(
        reason="Số liệu chưa khớp với tài liệu kiểm chứng; đề nghị bổ sung.", items=(("bao-cao", "Bổ sung tài liệu kiểm chứng."),)
    ),
    Verb.EXTEND: Remark(reason="Đơn vị đề nghị gia hạn để hoàn thiện số liệu."),
}


def people_act(  # noqa: PLR0913  whose people, how punctual, by which lot, when
    store: Store,
    cycle: int,
    *,
    habit: Callable[[StageRef], Habit],
    seed: int,
    now: datetime,
    told: frozenset[StageKind] = frozenset(),
) -> list[RehearsedMove]:
    """
    Let everybody of a cycle do what a seed has them do today, as punctual as a stage finds them, and return the moves made.

    `told` names the kinds that are handed in by a story of their own.
    """
    with store.reading() as connection:
        year = load_year(store, connection, cycle, now=now)
        today = year.rulebook.calendar.local_date(now)
        habits = {ref.key: wont for ref in year.stages.values() if (wont := habit(ref)) is not Habit.NONE}
        if not habits or not year.rulebook.calendar.is_workday(today):
            return []
        standing = [one for one in _standing(connection, year, now=now) if one.stage in habits]
    wanted = [move for one in standing for move in moves_today(one, habit=habits[one.stage], seed=seed, today=today)]
    wanted = [move for move in wanted if move.verb not in HANDS_IN or year.stage(move.stage).kind not in told]
    return make_moves(store, cycle, wanted, now=now)


def _standing(connection: Connection, year: Year, *, now: datetime) -> list[Standing]:
    signed = {ref.key: ref.line.sign_off for ref in year.stages.values()}
    local = year.rulebook.calendar.local_date
    longer = TERM.alias()
    extended = (
        select(func.count())
        .select_from(longer)
        .where(longer.c.obligation_id == OBLIGATION.c.id, longer.c.reason == TermReason.EXTENSION.value)
        .correlate(OBLIGATION)
        .scalar_subquery()
        .label("extended")
    )
    followed = select(FINDING_STEP.c.obligation_id).where(FINDING_STEP.c.kind.in_([REMEDY, REINSPECTION]))
    rows = connection.execute(
        select(STAGE.c.key.label("stage"), PARTY.c.key.label("party"), *_LOOKED_AT, extended)
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .join(PARTY, PARTY.c.id == OBLIGATION.c.party_id)
        .join(TERM, (TERM.c.obligation_id == OBLIGATION.c.id) & (TERM.c.number == OBLIGATION.c.term))
        .where(
            OBLIGATION.c.cycle_id == year.cycle,
            OBLIGATION.c.state.not_in([*(state.value for state in FINAL), State.SCHEDULED.value]),
            OBLIGATION.c.suspended.is_(False),
            STAGE.c.kind != StageKind.UPKEEP.value,
            OBLIGATION.c.id.not_in(followed),
            TERM.c.opens_at <= now,
        )
        .order_by(OBLIGATION.c.id)
    )
    return [
        Standing(
            stage=row.stage,
            party=row.party,
            subject=row.subject,
            state=State(row.state),
            rounds=row.rounds,
            sign_off=signed[row.stage],
            opened_on=local(row.opens_at),
            due_on=row.due_on,
            extended=row.extended > 0,
        )
        for row in rows
    ]


def make_moves(store: Store, cycle: int, wanted: Sequence[RehearsedMove], *, now: datetime) -> list[RehearsedMove]:
    """
    Make the moves in order, in one transaction, and return those that were allowed.

    Where a publication was accepted and units have sheets, what they came to is published after it.
    """
    if not wanted:
        return []
    made = []
    with store.transaction(now=now, actor=Actor()) as transaction:
        ids = _ids(transaction.connection, cycle, wanted)
        year = hold_year(store, transaction, cycle)
        for move in wanted:
            try:
                _make(store, transaction, year, ids[move.stage, move.party, move.subject], move=move)
            except (TransitionError, InspectionError, SheetError, SheetFaultsError):
                continue
            made.append(move)
    if any(move.verb is Verb.ACCEPT and year.stage(move.stage).kind is StageKind.PUBLICATION for move in made):
        publish_rehearsed(store, cycle, now=now)
    return made


def ask_once(store: Store, cycle: int, order: Order, *, now: datetime) -> None:
    """Ask for a report in the name of the standing body's officer; one of that title that is there already is not asked for again."""
    with store.transaction(now=now) as transaction:
        there = select(REPORT_REQUEST.c.id).where(REPORT_REQUEST.c.cycle_id == cycle, REPORT_REQUEST.c.title == order.title)
        if transaction.connection.execute(there).first() is not None:
            return
        officer = (
            select(CONTACT.c.id)
            .join(CYCLE, CYCLE.c.standing_body_id == CONTACT.c.party_id)
            .where(CYCLE.c.id == cycle, CONTACT.c.role == Role.OFFICER.value)
            .order_by(CONTACT.c.id)
        )
        ident = transaction.connection.execute(officer.limit(1)).scalar_one()
        transaction.actor = Actor(who=f"c{ident}")
        ask(store, transaction, cycle, order)


def note_history(store: Store, authority: str, *, now: datetime) -> None:
    """Remember that the made-up history of a sandbox reaches to the present, so that it is made once."""
    with store.transaction(now=now) as transaction:
        transaction.entries.append(Entry(authority=authority_id(transaction.connection, authority), action=HISTORY_MADE))


def _ids(connection: Connection, cycle: int, wanted: Sequence[RehearsedMove]) -> dict[tuple[str, str, str], int]:
    rows = connection.execute(
        select(STAGE.c.key, PARTY.c.key, OBLIGATION.c.subject, OBLIGATION.c.id)
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .join(PARTY, PARTY.c.id == OBLIGATION.c.party_id)
        .where(OBLIGATION.c.cycle_id == cycle, STAGE.c.key.in_({move.stage for move in wanted}))
    )
    return {(stage, party, subject): ident for stage, party, subject, ident in rows}


def _make(store: Store, transaction: Transaction, year: Year, obligation: int, *, move: RehearsedMove) -> Obligation:
    if (held := _hold_inspection(store, transaction, year, obligation, move=move)) is not None:
        return held
    fill_sheet(store, transaction, year, obligation, stage=move.stage, verb=move.verb)
    match move.verb:
        case Verb.PREPARE:
            _fill_report(store, transaction, year, obligation, move=move)
            return moves.prepare(store, transaction, obligation)
        case Verb.SUBMIT:
            _fill_report(store, transaction, year, obligation, move=move)
            return moves.submit(store, transaction, obligation)
        case Verb.ACCEPT:
            return moves.accept(store, transaction, obligation)
        case Verb.RETURN:
            return moves.return_for_correction(store, transaction, obligation, remark=WHY[Verb.RETURN])
        case Verb.EXTEND if move.due_on is not None:
            return moves.extend(store, transaction, obligation, due_on=move.due_on, remark=WHY[Verb.EXTEND])
        case other:
            msg = f"a rehearsal makes no move “{other}”"
            raise ValueError(msg)


def _hold_inspection(store: Store, transaction: Transaction, year: Year, obligation: int, *, move: RehearsedMove) -> Obligation | None:
    """Hold and conclude an inspection that is to be handed in; None where that is no inspection, or concluded already."""
    before = read_by_id(transaction.connection, [obligation], history=True)[0]
    if move.verb not in HANDS_IN or not is_inspection(year, before) or is_concluded(transaction.connection, obligation):
        return None
    hold_plainly(store, transaction, year, obligation)
    return read_by_id(transaction.connection, [obligation], history=True)[0]


def _fill_report(store: Store, transaction: Transaction, year: Year, obligation: int, *, move: RehearsedMove) -> None:
    """Type made-up numbers into a form that nobody has typed into yet."""
    draft = draft_of(transaction.connection, obligation, line=year.stage(move.stage).line)
    if draft is not None and draft.version == 0:
        answers = made_up_answers(draft.form, seed=f"{move.party}/{move.subject}", period=move.subject, begun=draft.answers)
        save_answers(store, transaction, obligation, answers, seen=0)
