"""Work shared out in a unit; many terms made longer, and many urged, at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.acting import acting_on_cycle, acting_on_obligation, remark
from cli.errors import ExitCode, message
from cli.language import said
from cli.moves import ByWhat, DueOn, Note, Which, require_note
from cli.opening import opened
from cli.options import As, AsJson, At, Basis, CycleName, Reason
from cli.output import Column, show_json, show_table
from evaluation.rights_table import Action
from store.rights import authorise

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from store.commands.bulk_rows import Row
    from store.session import Store


StageKey = Annotated[str, typer.Option(help="Công đoạn / stage")]
Units = Annotated[list[str] | None, typer.Option(help="Chỉ đơn vị này, lặp được / of this unit only, repeatable")]
About = Annotated[str | None, typer.Option(metavar="SUBJECT", help="Chỉ về việc này, như 2026-Q1 / only about this, such as 2026-Q1")]


def reassign(
    obligation: Which,
    *,
    as_: As,
    to: Annotated[
        str, typer.Option(help="Khóa của đầu mối cùng đơn vị; để trống: trả lại cho công chức đầu mối / a contact's key; empty: back")
    ],
    at: At = "",
) -> None:
    """Giao việc cho người khác trong đơn vị. / Give the work to another contact of the unit."""
    from store.commands.assigning import reassign as give
    from store.queries.people import contact_named

    with opened() as store:
        who = acting_on_obligation(store, obligation, contact=as_, at=at)
        with store.transaction(now=who.now, actor=who.actor) as transaction:
            authorise(store, transaction, obligation, Action.REASSIGN)
            colleague = contact_named(transaction.connection, who.authority, to).id if to else None
            give(store, transaction, obligation, contact=colleague)
    typer.echo(said("Đã ghi.", "Done."))


def extend_many(  # noqa: PLR0913  which, until when, why, by whom
    cycle: CycleName,
    *,
    as_: As,
    stage: StageKey,
    due: DueOn,
    reason: Reason,
    document: Basis = "",
    unit: Units = None,
    about: About = None,
    apply: Annotated[bool, typer.Option("--apply", help="Thực hiện; không có thì chỉ xem trước / do it; else only look")] = False,
    at: At = "",
    as_json: AsJson = False,
) -> None:
    """Gia hạn nhiều việc cùng lúc, xem trước ai được báo. / Make many terms longer; look first at who would be told."""
    from store.commands.bulk import do_many, extending, preview_many
    from store.commands.bulk_rows import RowByRow

    with opened() as store:
        found, who = acting_on_cycle(store, cycle, contact=as_, at=at)
        chosen = _in_force(store, (found.id, stage), who.now, about=about, units=unit or ())
        order = extending(chosen, due_on=due.date(), remark=remark(reason, document))
        if apply:
            rows = do_many(RowByRow(store=store, now=who.now, actor=who.actor), order)
        else:
            rows = preview_many(store, order, now=who.now, actor=who.actor)
    if as_json:
        show_json([_as_json(row) for row in rows])
    else:
        _show(rows, apply=apply)
    if any(row.is_refused for row in rows):
        raise typer.Exit(ExitCode.REFUSED)


def urge_many(  # noqa: PLR0913  which, how, by whom
    cycle: CycleName,
    *,
    as_: As,
    stage: StageKey,
    by: ByWhat,
    note: Note = "",
    unit: Units = None,
    about: About = None,
    at: At = "",
    as_json: AsJson = False,
) -> None:
    """Đôn đốc nhiều đơn vị cùng lúc. / Urge whoever's turn it is, in many obligations."""
    from store.commands.bulk import do_many, urging
    from store.commands.bulk_rows import RowByRow

    require_note(by, note)
    with opened() as store:
        found, who = acting_on_cycle(store, cycle, contact=as_, at=at)
        chosen = _in_force(store, (found.id, stage), who.now, about=about, units=unit or ())
        rows = do_many(RowByRow(store=store, now=who.now, actor=who.actor), urging(chosen, by=by.value, remark=remark(note)))
    if as_json:
        show_json([_as_json(row) for row in rows])
    else:
        show_table(rows, columns=[column for column in _columns() if column.en != "told"])
        done = sum(not row.is_refused for row in rows)
        typer.echo(said(f"Đã đôn đốc {done}/{len(rows)}.", f"Urged {done} of {len(rows)}."))
    if any(row.is_refused for row in rows):
        raise typer.Exit(ExitCode.REFUSED)


def _in_force(store: Store, place: tuple[int, str], now: datetime, *, about: str | None, units: Sequence[str]) -> list[int]:
    """Return the obligations of a cycle's stage whose terms run, of some units or of all."""
    from store.queries.obligations import Wanted, find_obligations

    cycle, stage = place
    with store.reading() as connection:
        lines = find_obligations(store, connection, Wanted(cycle=cycle, stage=stage, in_force=True), now=now)
    return [line.id for line in lines if (not units or line.party in units) and about in {None, line.subject}]


def _as_json(row: Row) -> dict[str, object]:
    error = "" if row.error is None else message(row.error)
    return {"obligation": row.obligation, "refused": error, "old_due_on": row.old_due_on, "told": row.told}


def _columns() -> list[Column]:
    return [
        Column(vi="nghĩa vụ", en="obligation", cell=lambda row: row.obligation, right=True),
        Column(vi="hạn cũ", en="old due", cell=lambda row: row.old_due_on),
        Column(vi="báo cho", en="told", cell=lambda row: row.told),
        Column(vi="không được vì", en="refused because", cell=lambda row: "" if row.error is None else message(row.error)),
    ]


def _show(rows: list[Row], *, apply: bool) -> None:
    show_table(rows, columns=_columns())
    done = sum(not row.is_refused for row in rows)
    if apply:
        typer.echo(said(f"Đã gia hạn {done}/{len(rows)}.", f"Extended {done} of {len(rows)}."))
    else:
        typer.echo(said(f"Sẽ gia hạn {done}/{len(rows)}; thêm --apply để thực hiện.", f"Would extend {done} of {len(rows)}; add --apply."))
