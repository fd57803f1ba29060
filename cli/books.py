"""Books of sheets: many units' sheets out as one workbook, and in again: seen first, then all of it or the units without a fault."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.acting import acting_on_cycle
from cli.errors import ExitCode, RefusedError
from cli.language import said, spoken
from cli.opening import opened
from cli.options import As, AsJson, At, CycleName
from cli.output import Column, progress_bar, show_json, show_table
from evaluation.scores.books import BookPart
from store.commands.scores.books import Take

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from config.faults import Fault
    from config.scores_book_writing import UnitOfBook
    from store.commands.scores.books import UnitOutcome

Target = Annotated[Path, typer.Argument(metavar="FILE", help="Tệp .xlsx sẽ ghi / to be written")]
Source = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="Tệp .xlsx đã điền / a filled workbook")]


def write_book(  # noqa: PLR0913  which units, by whom
    cycle: CycleName,
    file: Target,
    *,
    as_: As,
    part: Annotated[BookPart, typer.Option(help="Điểm tự chấm hay điểm thẩm định / self or appraised scores")] = BookPart.SELF,
    group: Annotated[str, typer.Option(help="Chỉ một nhóm đơn vị / only one group of units")] = "",
    unit: Annotated[list[str] | None, typer.Option("--unit", help="Chỉ các đơn vị này, lặp được / only these units")] = None,
    at: At = "",
) -> None:
    """Xuất phiếu của nhiều đơn vị ra một tệp .xlsx. / Write the sheets of many units as one workbook."""
    from config.scores_book_writing import book_workbook
    from store.queries.books import Wanted, units_of_book
    from store.queries.rights import facts_of_contact

    with opened() as store:
        found, who = acting_on_cycle(store, cycle, contact=as_, at=at)
        wanted = Wanted(cycle=found.id, part=part.part, group=group, units=tuple(unit or ()))
        with store.reading() as connection, progress_bar(str(file)) as progress:
            viewer = facts_of_contact(connection, who.actor.contact or 0)
            units = units_of_book(store, connection, wanted, viewer=viewer, now=who.now, progress=progress)
            counted: list[int] = []
            book = book_workbook(_counted(units, counted), cycle=str(found.id), part=part.part)
    if not counted:
        vi, en = "không có phiếu nào mà người này điền được lúc này", "there is no sheet that they may fill in now"
        raise RefusedError(vi, en)
    file.write_bytes(book)
    vi = f"Đã ghi {file}: {len(counted)} đơn vị, {sum(counted)} mục."
    typer.echo(said(vi, f"Written: {file}, {len(counted)} units, {sum(counted)} leaves."))


def _counted(units: Iterable[UnitOfBook], counted: list[int]) -> Iterator[UnitOfBook]:
    """Yield units, and note of how many leaves each is."""
    for one in units:
        counted.append(len(one.steps))
        yield one


def read_book(  # noqa: PLR0913  which file, what of it, by whom
    cycle: CycleName,
    file: Source,
    *,
    as_: As,
    take: Annotated[Take, typer.Option(help="Xem trước, ghi tất cả, hoặc chỉ đơn vị không lỗi / a look, all, or units without a fault")] = (
        Take.LOOK
    ),
    at: At = "",
    as_json: AsJson = False,
) -> None:
    """Xem trước, rồi nhập bảng nhiều đơn vị đã điền. / Look at a filled workbook of many units, then take it in."""
    from store.commands.scores.books import BookTaker
    from store.queries.rights import facts_of_contact

    with opened() as store:
        found, who = acting_on_cycle(store, cycle, contact=as_, at=at)
        with store.reading() as connection:
            facts = facts_of_contact(connection, who.actor.contact or 0)
        taker = BookTaker(store=store, cycle=found.id, now=who.now, actor=who.actor, facts=facts)
        with progress_bar(said(f"Đọc {file.name}", f"Reading {file.name}"), quiet=as_json) as progress:
            book = taker.read(file, progress=progress)
        with progress_bar(said("Từng đơn vị", "Unit by unit"), quiet=as_json) as progress:
            outcomes, written = book.act(take, progress=progress)
    _told(outcomes, as_json=as_json, written=written)
    if any(one.is_refused for one in outcomes):
        raise typer.Exit(ExitCode.REFUSED)


def _told(outcomes: tuple[UnitOutcome, ...], *, as_json: bool, written: bool) -> None:
    if as_json:
        show_json({"written": written, "units": [_plain(one) for one in outcomes]})
        return
    columns = (
        Column(vi="mã đơn vị", en="unit", cell=lambda one: one.unit),
        Column(vi="đơn vị", en="name", cell=lambda one: one.name or "–"),
        Column(vi="số hàng", en="rows", cell=lambda one: str(one.rows), right=True),
        Column(vi="mục thay đổi", en="leaves changed", cell=lambda one: "–" if one.is_refused else str(one.changed), right=True),
        Column(vi="lỗi", en="faults", cell=lambda one: str(one.refused or ""), right=True),
    )
    show_table([one for one in outcomes if one.changed or one.is_refused], columns=columns)
    for fault in (fault for one in outcomes for fault in one.faults):
        typer.echo(fault.text(spoken().value))
    changed, units = sum(one.changed for one in outcomes), sum(one.changed > 0 for one in outcomes)
    done = said("Đã ghi", "Written") if written else said("Xem trước, chưa ghi gì", "A look, nothing written")
    typer.echo(said(f"{done}: {changed} mục của {units} đơn vị.", f"{done}: {changed} leaves of {units} units."))


def _plain(one: UnitOutcome) -> dict[str, Any]:
    plain = {"unit": one.unit, "name": one.name, "rows": one.rows, "changed": one.changed, "refused": one.refused}
    return {**plain, "faults": [_fault(fault) for fault in one.faults]}


def _fault(fault: Fault) -> dict[str, str]:
    return {"where": fault.where, "vi": f"{fault.what_vi} — {fault.instead_vi}", "en": f"{fault.what} — {fault.instead}"}
