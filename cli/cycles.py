"""A year as a whole: launched, paused, resumed, closed, cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.acting import acting_for, acting_on_cycle, remark
from cli.language import said
from cli.opening import opened
from cli.options import As, At, AuthorityKey, Basis, CycleName, Reason
from cli.output import working
from cli.plans import PlanName
from cli.working_days import authority_calendar

if TYPE_CHECKING:
    from evaluation.cycles import CycleVerb


def launch(  # noqa: PLR0913  what, for whom, which year, by whom
    plan: PlanName,
    *,
    year: Annotated[int, typer.Option(min=2000, max=2100, help="Năm đánh giá / evaluated year")],
    as_: As,
    authority: AuthorityKey = "",
    accept_projection: Annotated[
        bool, typer.Option("--accept-projection", help="Chấp nhận năm mới dự kiến lịch nghỉ / accept a year whose calendar is a projection")
    ] = False,
    at: At = "",
) -> None:
    """Khởi động một năm theo kế hoạch. / Launch a year from a plan."""
    from config.loader import find_plan, load_plan_and_roster
    from store.commands.launching import Launch
    from store.commands.launching import launch as launch_year

    path = find_plan(plan)
    load_plan_and_roster(path)  # every fault of the file, and of the roster it names, before anything is written
    with opened() as store:
        who = acting_for(store, authority, contact=as_, at=at)
        calendar = authority_calendar(store, who.authority)
        order = Launch(
            authority=who.authority.key,
            plan_yaml=path.read_text(encoding="utf-8-sig"),
            year=year,
            calendar=calendar,
            accept_projection=accept_projection,
            hold_mail=not who.authority.sandbox,
        )
        with working("Đang khởi động", "Launching"), store.transaction(now=who.now, actor=who.actor) as transaction:
            done = launch_year(store, transaction, order)
    typer.echo(
        said(
            f"Đã khởi động chu kỳ {done.cycle}: {done.stages} công đoạn, {done.obligations} nghĩa vụ.",
            f"Launched cycle {done.cycle}: {done.stages} stages, {done.obligations} obligations.",
        )
    )
    if order.hold_mail:
        typer.echo(
            said(
                f"Thư đang được giữ: xem `dondoc outbox held`, rồi `dondoc outbox release --cycle {done.cycle}`.",
                f"Its mail is held: see `dondoc outbox held`, then `dondoc outbox release --cycle {done.cycle}`.",
            )
        )


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

    with opened() as store:
        found, who = acting_on_cycle(store, cycle, contact=contact, at=at)
        with store.transaction(now=who.now, actor=who.actor) as transaction:
            state = move_cycle(store, transaction, found.id, verb=verb, remark=remark(*words))
    typer.echo(said(f"Chu kỳ {found.id} ({found.plan}/{found.year}): {state}", f"Cycle {found.id} ({found.plan}/{found.year}): {state}"))
