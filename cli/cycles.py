"""A year as a whole: launched, paused, resumed, closed, cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.acting import acting_for, acting_on_cycle, remark
from cli.errors import ExitCode, RefusedError
from cli.language import said, spoken
from cli.opening import opened
from cli.options import As, At, AuthorityKey, Basis, CycleName, Reason
from cli.output import working
from cli.plans import PlanName
from cli.words import cycle_state
from cli.working_days import authority_calendar
from evaluation.rights_table import Action

if TYPE_CHECKING:
    from cli.acting import Acting
    from evaluation.cycles import CycleVerb
    from evaluation.plans import Plan
    from store.commands.launching import Launched
    from store.session import Transaction


def launch(  # noqa: PLR0913  what, for whom, which year, by whom
    plan: PlanName,
    *,
    year: Annotated[int, typer.Option(min=2000, max=2100, help="Năm đánh giá / evaluated year")],
    as_: As,
    authority: AuthorityKey = "",
    accept_projection: Annotated[
        bool, typer.Option("--accept-projection", help="Chấp nhận năm mới dự kiến lịch nghỉ / accept a year whose calendar is a projection")
    ] = False,
    accept_late: Annotated[
        bool, typer.Option("--accept-late", help="Chấp nhận nghĩa vụ đã quá hạn khi khởi động / accept what is late at the launch already")
    ] = False,
    at: At = "",
) -> None:
    """Khởi động một năm theo kế hoạch. / Launch a year from a plan."""
    from config.loader import find_plan, load_plan_and_roster
    from store.commands.launching import Launch
    from store.commands.launching import launch as launch_year

    path = find_plan(plan)
    read, _ = load_plan_and_roster(path)  # every fault of the file, and of the roster it names, before anything is written
    with opened() as store:
        who = acting_for(store, authority, contact=as_, at=at)
        calendar = authority_calendar(store, who.authority)
        order = Launch(
            authority=who.authority.key,
            plan_yaml=path.read_text(encoding="utf-8-sig"),
            year=year,
            calendar=calendar,
            accept_projection=accept_projection,
            accept_late=accept_late,
            hold_mail=not who.authority.sandbox,
        )
        with working("Đang khởi động", "Launching"), store.transaction(now=who.now, actor=who.actor) as transaction:
            _require_launcher(transaction, who, plan=read)
            done = launch_year(store, transaction, order)
    _say_launched(done, held=order.hold_mail)


def _say_launched(done: Launched, *, held: bool) -> None:
    typer.echo(
        said(
            f"Đã khởi động chu kỳ {done.cycle}: {done.stages} công đoạn, {done.obligations} nghĩa vụ.",
            f"Launched cycle {done.cycle}: {done.stages} stages, {done.obligations} obligations.",
        )
    )
    _say_late(done)
    if held:
        typer.echo(
            said(
                f"Thư đang được giữ: xem `dondoc outbox held`, rồi `dondoc outbox release --cycle {done.cycle}`.",
                f"Its mail is held: see `dondoc outbox held`, then `dondoc outbox release --cycle {done.cycle}`.",
            )
        )


def _require_launcher(transaction: Transaction, who: Acting, *, plan: Plan) -> None:
    """Refuse whoever is not of the authority's standing body; of its first year that is whom the plan names."""
    from store.queries.people import party_named
    from store.queries.rights import authority_resource
    from store.rights import authorise_on

    body = party_named(transaction.connection, who.authority, plan.standing_body)
    authorise_on(transaction, Action.LAUNCH, authority_resource(transaction.connection, who.authority.id, first=[body]))


def _say_late(done: Launched) -> None:
    """Say what had passed before it began: it is overdue, or lapses, with the first tick."""
    from evaluation.lateness import passed_lines

    if done.late:
        count = sum(one.late for one in done.late)
        typer.echo(said(f"{count} nghĩa vụ quá hạn ngay từ đầu:", f"{count} obligations are late from the first day on:"))
        for line in passed_lines(done.late, language=spoken().value):
            typer.echo(line)


def pause(cycle: CycleName, *, as_: As, reason: Reason, document: Basis, at: At = "") -> None:
    """Tạm dừng: không nhắc, giữ thư, các mốc giữ nguyên. / Pause: no rung, mail held, dates stand."""
    from evaluation.cycles import CycleVerb

    _move(cycle, as_, at, verb=CycleVerb.PAUSE, words=(reason, document))


def resume(cycle: CycleName, *, as_: As, reason: Reason, document: Basis, at: At = "") -> None:
    """Tiếp tục chu kỳ đã tạm dừng. / Resume a paused cycle."""
    from evaluation.cycles import CycleVerb

    _move(cycle, as_, at, verb=CycleVerb.RESUME, words=(reason, document))


def close(cycle: CycleName, *, as_: As, reason: Reason, document: Basis, at: At = "") -> None:
    """Đóng chu kỳ đã xong. / Close a cycle."""
    from evaluation.cycles import CycleVerb

    _move(cycle, as_, at, verb=CycleVerb.CLOSE, words=(reason, document))


def cancel(cycle: CycleName, *, as_: As, reason: Reason, document: Basis, at: At = "") -> None:
    """Hủy chu kỳ. / Cancel a cycle."""
    from evaluation.cycles import CycleVerb

    _move(cycle, as_, at, verb=CycleVerb.CANCEL, words=(reason, document))


def _move(cycle: str, contact: str, at: str, *, verb: CycleVerb, words: tuple[str, str]) -> None:
    from store.commands.cycle_moves import move_cycle
    from store.queries.rights import cycle_resource
    from store.rights import authorise_on

    if not all(one.strip() for one in words):
        vi, en = "--reason và --document không được để trống", "--reason and --document may not be blank"
        raise RefusedError(vi, en, code=ExitCode.USAGE)
    with opened() as store:
        found, who = acting_on_cycle(store, cycle, contact=contact, at=at)
        with store.transaction(now=who.now, actor=who.actor) as transaction:
            authorise_on(transaction, Action(verb.value), cycle_resource(transaction.connection, found.id))
            state = move_cycle(store, transaction, found.id, verb=verb, remark=remark(*words))
    typer.echo(f"{said('Chu kỳ', 'Cycle')} {found.id} ({found.plan}/{found.year}): {cycle_state(state)}")
