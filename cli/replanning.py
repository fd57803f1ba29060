"""Changing a running year: first what would move, then, with reason and document, the move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.acting import acting_on_cycle, remark
from cli.errors import ExitCode, RefusedError
from cli.language import said
from cli.opening import opened
from cli.options import AsJson, At, Basis, CycleName, Reason
from cli.output import Column, show_json, show_table, working
from cli.working_days import authority_calendar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cli.acting import Acting
    from evaluation.rosters import Roster
    from store.commands.replanning import Change, Preview
    from store.session import Store


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


def replan(  # noqa: PLR0913  everything that may change, and what makes it binding
    cycle: CycleName,
    *,
    plan: Annotated[str, typer.Option("--plan", metavar="FILE", help="Kế hoạch đã sửa / the changed plan")] = "",
    dates: Annotated[list[str] | None, typer.Option("--set", metavar="STAGE.due=DATE", help="Đặt một mốc / set a date; repeatable")] = None,
    roster: Annotated[Path | None, typer.Option("--roster", metavar="FILE", help="Danh sách đã sửa / the changed roster")] = None,
    calendar: Annotated[bool, typer.Option("--calendar", help="Lịch cơ quan nhập sau cùng / the authority's newest calendar")] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Thực hiện; không có: chỉ xem trước / do it; else a preview")] = False,
    reason: Reason = "",
    document: Basis = "",
    as_: Annotated[str, typer.Option("--as", metavar="CONTACT", help="Người thực hiện, khi --apply / who acts, with --apply")] = "",
    at: At = "",
    as_json: AsJson = False,
) -> None:
    """Điều chỉnh năm đang chạy: xem trước mốc nào dời, thư nào gửi; --apply để thực hiện. / Change a running year."""
    from store.commands.replanning import Change

    if apply and not (reason and document and as_):
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
        names = _names(store, found.id)
        _require_stages(store, found.id, moved)
        change = Change(yaml=text, moved=moved or None, calendar=newest)
        order = _Order(cycle=found.id, change=change, roster=people, words=(reason, document), apply=apply)
        with working("Đang tính", "Working it out"):
            preview = _do(store, order, who)
    _show(preview, names=names, apply=apply, as_json=as_json)


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


def _require_stages(store: Store, cycle: int, moved: Mapping[str, date]) -> None:
    """Refuse a date of a stage that the cycle does not have: it would move nothing and say nothing."""
    from evaluation.projection import PARTS
    from store.queries.cycles import stage_keys

    with store.reading() as connection:
        known = stage_keys(connection, cycle)
    for anchor in moved:
        stage, _, part = anchor.partition(".")
        if stage not in known or part.partition(":")[0] not in PARTS:
            parts = " | ".join(PARTS)
            vi = f"--set: không có mốc “{anchor}”; viết CÔNG-ĐOẠN.({parts}), công đoạn: {', '.join(known)}"
            en = f"--set: there is no date “{anchor}”; write STAGE.({parts}), stages: {', '.join(known)}"
            raise RefusedError(vi, en, code=ExitCode.USAGE)


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


def _names(store: Store, cycle: int) -> dict[int, str]:
    from store.queries.people import party_names

    with store.reading() as connection:
        return party_names(connection, cycle)


def _do(store: Store, order: _Order, who: Acting) -> Preview:
    """Make the change, or make it and take it back: a preview shows exactly what applying would do."""
    from store.commands.authorities import import_roster
    from store.commands.replanning import replan as replan_cycle

    preview: Preview | None = None
    try:
        with store.transaction(now=who.now, actor=who.actor) as transaction:
            if order.roster is not None:
                import_roster(transaction, authority=who.authority.id, roster=order.roster)
            preview = replan_cycle(store, transaction, order.cycle, change=order.change, remark=remark(*order.words))
            if not order.apply:
                raise _OnlyAPreviewError  # noqa: TRY301  the one way out of a transaction that takes it back
    except _OnlyAPreviewError:
        pass
    assert preview is not None  # noqa: S101  only a preview is taken back
    return preview


def _show(preview: Preview, *, names: dict[int, str], apply: bool, as_json: bool) -> None:
    if as_json:
        show_json({"applied": apply, "mails": preview.mails, "raised": preview.raised, "moved": preview.moved})
        return
    columns = [
        Column(vi="nghĩa vụ", en="obligation", cell=lambda row: row.obligation, right=True),
        Column(vi="công đoạn", en="stage", cell=lambda row: row.stage),
        Column(vi="đơn vị", en="unit", cell=lambda row: names.get(row.party, row.party)),
        Column(vi="hạn cũ", en="due before", cell=lambda row: row.due_before),
        Column(vi="hạn mới", en="due after", cell=lambda row: row.due_after),
        Column(vi="thư", en="mails", cell=lambda row: row.mails, right=True),
    ]
    show_table(preview.moved, columns=columns)
    typer.echo(
        said(
            f"{len(preview.moved)} nghĩa vụ đổi mốc, {preview.raised} nghĩa vụ mới, {preview.mails} thông báo.",
            f"{len(preview.moved)} obligations move, {preview.raised} are new, {preview.mails} notices follow.",
        )
    )
    if not apply:
        typer.echo(
            said(
                "Đây là bản xem trước, chưa thay đổi gì; thêm --apply --reason … --document … --as …",
                "This is a preview, nothing has changed; add --apply --reason … --document … --as …",
            )
        )
