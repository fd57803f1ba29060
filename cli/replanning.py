"""Changing a running year: first what would move, then, with reason and document, the move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.acting import acting_on_cycle, remark
from cli.errors import ExitCode, RefusedError
from cli.opening import opened
from cli.options import AsJson, At, Basis, CycleName, Reason
from cli.output import working
from cli.replanned import show_preview
from cli.working_days import authority_calendar
from evaluation.rights_table import Action
from store.queries.rights import cycle_resource
from store.rights import authorise_on

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cli.acting import Acting
    from evaluation.rosters import Roster
    from store.commands.previewing import Preview
    from store.commands.replanning import Change
    from store.session import Store, Transaction


class _OnlyAPreviewError(Exception):
    """Takes back what a preview did."""


@dataclass(frozen=True, kw_only=True)
class _Order:
    """What is to be changed, and whether it is meant."""

    cycle: int
    change: Change
    roster: Roster | None
    words: tuple[str, str]
    apply: bool


@dataclass(frozen=True, kw_only=True)
class _Outcome:
    """What the change does, the names of whom it concerns, and why it was taken back though it was meant."""

    preview: Preview
    names: dict[int, str]
    refused: RefusedError | None


def replan(  # noqa: PLR0913  everything that may change, and what makes it binding
    cycle: CycleName,
    *,
    plan: Annotated[str, typer.Option("--plan", metavar="FILE", help="Kế hoạch đã sửa / the changed plan")] = "",
    dates: Annotated[list[str] | None, typer.Option("--set", metavar="STAGE.due=DATE", help="Đặt một mốc / set a date; repeatable")] = None,
    roster: Annotated[Path | None, typer.Option("--roster", metavar="FILE", help="Danh sách đã sửa / the changed roster")] = None,
    calendar: Annotated[bool, typer.Option("--calendar", help="Lịch cơ quan nhập sau cùng / the authority's newest calendar")] = False,
    accept_late: Annotated[
        bool, typer.Option("--accept-late", help="Chấp nhận hạn đã qua / accept dates that have passed already")
    ] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Thực hiện; không có: chỉ xem trước / do it; else a preview")] = False,
    reason: Reason = "",
    document: Basis = "",
    as_: Annotated[str, typer.Option("--as", metavar="CONTACT", help="Người thực hiện, khi --apply / who acts, with --apply")] = "",
    at: At = "",
    as_json: AsJson = False,
) -> None:
    """Điều chỉnh năm đang chạy: xem trước mốc nào dời, thư nào gửi; --apply để thực hiện. / Change a running year."""
    from store.commands.replanning import Change

    if apply and not (reason.strip() and document.strip() and as_):
        vi, en = "--apply cần --reason, --document và --as", "--apply needs --reason, --document and --as"
        raise RefusedError(vi, en, code=ExitCode.USAGE)
    if not (plan or dates or roster or calendar):
        vi, en = (
            "chưa nêu thay đổi gì: --plan, --set, --roster hoặc --calendar",
            "nothing is changed: --plan, --set, --roster or --calendar",
        )
        raise RefusedError(vi, en, code=ExitCode.USAGE)
    moved, text, people = _dates(dates or []), _plan_text(plan), _roster(roster)
    with opened() as store:
        found, who = acting_on_cycle(store, cycle, contact=as_, at=at)
        newest = authority_calendar(store, who.authority) if calendar else None
        change = Change(yaml=text, moved=moved or None, calendar=newest, accept_late=accept_late)
        order = _Order(cycle=found.id, change=change, roster=people, words=(reason, document), apply=apply)
        with working("Đang tính", "Working it out"):
            outcome = _do(store, order, who)
    show_preview(outcome.preview, names=outcome.names, applied=apply and outcome.refused is None, as_json=as_json)
    if outcome.refused is not None:
        raise outcome.refused


def _dates(given: list[str]) -> Mapping[str, date]:
    moved = {}
    for one in given:
        anchor, _, day = one.partition("=")
        try:
            moved[anchor.strip()] = date.fromisoformat(day.strip())
        except ValueError:
            vi, en = f"--set: “{one}”; viết như tu-cham.due=2026-03-20", f"--set: “{one}”; write stage.due=2026-03-20"
            raise RefusedError(vi, en, code=ExitCode.USAGE) from None
    return moved


def _plan_text(plan: str) -> str | None:
    from config.loader import find_plan, load_plan_and_roster

    if not plan:
        return None
    path = find_plan(plan)
    load_plan_and_roster(path)
    return path.read_text(encoding="utf-8-sig")


def _roster(path: Path | None) -> Roster | None:
    from config.loader import load_roster

    return load_roster(path) if path else None


def _do(store: Store, order: _Order, who: Acting) -> _Outcome:
    """Make the change, or make it and take it back: a preview shows exactly what applying would do."""
    from store.commands.authorities import import_roster

    outcome: _Outcome | None = None
    try:
        with store.transaction(now=who.now, actor=who.actor) as transaction:
            if order.apply:
                authorise_on(transaction, Action.REPLAN, cycle_resource(transaction.connection, order.cycle))
            if order.roster is not None:
                import_roster(transaction, authority=who.authority.id, roster=order.roster)
            outcome = _worked_out(store, transaction, order)
            if outcome.refused is not None or not order.apply:
                raise _OnlyAPreviewError  # noqa: TRY301  the one way out of a transaction that takes it back
    except _OnlyAPreviewError:
        pass
    assert outcome is not None  # noqa: S101  only what was worked out is taken back
    return outcome


def _worked_out(store: Store, transaction: Transaction, order: _Order) -> _Outcome:
    from store.commands.replan_refusals import LateReplanError, NoSuchDateError
    from store.commands.replanning import replan as replan_cycle
    from store.queries.people import party_names

    refused = None
    try:
        preview = replan_cycle(store, transaction, order.cycle, change=order.change, remark=remark(*order.words))
    except NoSuchDateError as strange:
        vi, en = f"--set: {strange.text('vi')}", f"--set: {strange.text('en')}"
        raise RefusedError(vi, en, code=ExitCode.USAGE) from strange
    except LateReplanError as late:
        preview, refused = late.preview, RefusedError(late.text("vi"), late.text("en"))
    return _Outcome(preview=preview, names=party_names(transaction.connection, order.cycle), refused=refused)
