"""What is read: how far the years are, who owes what, and the journal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.due_words import due_said
from cli.errors import ExitCode, RefusedError
from cli.language import said
from cli.moments import as_of, say_as_of
from cli.opening import opened
from cli.options import AsJson, Reader
from cli.output import Column, show_json, show_table
from cli.words import cycle_state, repairs
from evaluation.obligations import State
from store.queries.cycles import find_cycle
from store.queries.people import authority_named, authority_of_cycle, authority_of_id, require_party

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from store.queries.cycles import CycleFacts
    from store.queries.health import View
    from store.queries.obligations import ObligationLine, Wanted
    from store.queries.status import CycleStatus, UnitStatus
    from store.session import Store

MaybeCycle = Annotated[str, typer.Argument(metavar="[CYCLE]", help="Số của chu kỳ, hoặc kế-hoạch/năm / its number, or plan/year")]
AsOf = Annotated[str, typer.Option("--at", metavar="MOMENT", help="Tính đến thời điểm / as of a moment")]
MOST_ROWS = 200


def status(
    cycle: MaybeCycle = "",
    *,
    units: Annotated[bool, typer.Option("--units", help="Mỗi đơn vị một dòng / a line for each unit")] = False,
    at: AsOf = "",
    as_: Reader = "",
    as_json: AsJson = False,
) -> None:
    """Tình hình các chu kỳ, hoặc từng công đoạn của một chu kỳ. / How far the cycles are, or the stages of one."""
    from store.queries.status import cycle_status, unit_statuses

    with opened() as store, store.reading() as connection:
        wanted = find_cycle(connection, cycle) if cycle else None
        seen = as_of(store, at, authority=wanted.authority if wanted else None)
        found = cycle_status(connection, now=seen.now, cycle=wanted.id if wanted else None)
        if as_:
            mine = _cycles_seen(connection, as_, wanted=wanted)
            found = [one for one in found if one.cycle in mine]
        by_unit = {one.cycle: unit_statuses(connection, one.cycle) for one in found} if units else {}
    if as_json:
        show_json([_status_row(one, by_unit.get(one.cycle)) for one in found])
    elif units:
        for one in found:
            _show_units(one, by_unit[one.cycle])
    elif cycle:
        _show_stages(found[0])
    else:
        _show_cycles(found)
    if not as_json and found:
        say_as_of(seen)


def _cycles_seen(connection: View, contact: str, *, wanted: CycleFacts | None) -> frozenset[int]:
    """Return the cycles whose table a contact may read; NotAllowedError of one that is asked for and may not be."""
    from cli.seeing import reader_of
    from evaluation.rights_table import Action
    from store.queries.rights import cycle_resource
    from store.queries.sight import cycles_permitted

    whose = "" if wanted is None else authority_of_cycle(connection, wanted.id).key
    reader = reader_of(connection, contact, authority=whose)
    assert reader is not None  # noqa: S101  somebody is named
    if wanted is not None:
        reader.require(connection, Action.READ_STATUS, cycle_resource(connection, wanted.id))
    return cycles_permitted(connection, reader.facts, Action.READ_STATUS, now=reader.now)


def _status_row(one: CycleStatus, units: list[UnitStatus] | None) -> dict[str, Any]:
    from dataclasses import asdict

    row = asdict(one)
    total = row.pop("total")
    stages = [{**{key: value for key, value in stage.items() if key != "total"}, **stage["total"]} for stage in row.pop("stages")]
    told = {} if units is None else {"units": [_unit_row(unit) for unit in units]}
    return {**row, **total, "stages": stages, **told}


def _unit_row(unit: UnitStatus) -> dict[str, str]:
    return {"unit": unit.unit, "name": unit.name, "group": unit.group, "status": unit.status.vi, "status_en": unit.status.en}


def _show_cycles(found: list[CycleStatus]) -> None:
    if not found:
        typer.echo(said("Chưa có chu kỳ nào; `dondoc launch` khởi động một chu kỳ.", "There is no cycle yet; `dondoc launch` starts one."))
        return
    columns = [
        Column(vi="số", en="no.", cell=lambda one: one.cycle, right=True),
        Column(vi="cơ quan", en="authority", cell=lambda one: f"{one.authority}{said(' (thử)', ' (sandbox)') if one.sandbox else ''}"),
        Column(vi="kế hoạch", en="plan", cell=lambda one: one.plan),
        Column(vi="năm", en="year", cell=lambda one: one.year),
        Column(vi="trạng thái", en="state", cell=_state_of),
        *_counted(lambda one: one.total),
    ]
    show_table(found, columns=columns)


def _state_of(one: CycleStatus) -> str:
    held = said(", đang giữ thư", ", mail held") if one.mail_held else ""
    return cycle_state(one.state) + held


def _show_stages(one: CycleStatus) -> None:
    columns = [
        Column(vi="công đoạn", en="stage", cell=lambda stage: stage.stage),
        Column(
            vi="tên",
            en="title",
            cell=lambda stage: said(stage.title, stage.title_en) + (said(" (đang chờ)", " (waits)") if stage.waits else ""),
        ),
        *_counted(lambda stage: stage.total),
        Column(vi="theo trạng thái", en="by state", cell=lambda stage: ", ".join(_states(stage.total.counts))),
    ]
    show_table(one.stages, columns=columns, title=f"{one.cycle}: {said(one.title, one.title_en)} – {one.year}, {_state_of(one)}")


def _states(counts: dict[str, int]) -> Iterator[str]:
    from evaluation.statuses import STATUS_OF_STATE

    for state in State:
        if state.value in counts:
            yield f"{said(STATUS_OF_STATE[state].vi, state.value)} {counts[state.value]}"


def _counted(total: Callable[[Any], Any]) -> Iterator[Column]:
    yield Column(vi="nghĩa vụ", en="obligations", cell=lambda row: total(row).obligations, right=True)
    yield Column(vi="quá hạn", en="late", cell=lambda row: total(row).late, right=True)
    yield Column(vi="chưa bổ sung", en="uncorrected", cell=lambda row: total(row).uncorrected, right=True)
    yield Column(vi="chậm xem xét", en="review overdue", cell=lambda row: total(row).review_overdue, right=True)
    yield Column(vi="hạn kế tiếp", en="next due", cell=lambda row: total(row).next_due)


def _show_units(one: CycleStatus, units: list[UnitStatus]) -> None:
    columns = [
        Column(vi="đơn vị", en="unit", cell=lambda unit: unit.name),
        Column(vi="nhóm", en="group", cell=lambda unit: unit.group),
        Column(vi="trạng thái", en="status", cell=lambda unit: said(unit.status.vi, unit.status.en)),
    ]
    show_table(units, columns=columns, title=f"{one.cycle}: {said(one.title, one.title_en)} – {one.year}")


def obligations(  # noqa: PLR0913  each narrows the list
    *,
    cycle: Annotated[str, typer.Option(help="Chu kỳ / cycle")] = "",
    stage: Annotated[str, typer.Option(help="Công đoạn / stage")] = "",
    party: Annotated[str, typer.Option(help="Khóa của đơn vị / unit's key")] = "",
    state: Annotated[list[State] | None, typer.Option(help="Trạng thái, lặp được / state, repeatable")] = None,
    late: Annotated[bool, typer.Option("--late", help="Chỉ việc quá hạn / only what is late")] = False,
    mine: Annotated[bool, typer.Option("--mine", help="Việc của đơn vị của --as / of the unit of --as")] = False,
    as_: Annotated[
        str, typer.Option("--as", metavar="CONTACT", help="Chỉ những gì đầu mối này được xem / only what this contact may see")
    ] = "",
    authority: Annotated[str, typer.Option(help="Cơ quan / authority")] = "",
    at: AsOf = "",
    as_json: AsJson = False,
) -> None:
    """Liệt kê nghĩa vụ: ai phải nộp gì, hạn nào, đến lượt ai. / List obligations."""
    from cli.seeing import reader_of
    from evaluation.rights_table import Action
    from store.queries.obligations import Wanted, find_obligations
    from store.queries.sight import permitted

    with opened() as store:
        of_cycle, of_authority = narrowed(store, cycle=cycle, authority=authority)
        wanted = Wanted(authority=of_authority, cycle=of_cycle, stage=stage, party=party, states=tuple(state or ()), late=late)
        if mine:
            wanted = _mine(store, wanted, contact=as_)
        with store.reading() as connection:
            whose = of_authority if of_cycle is None else authority_of_cycle(connection, of_cycle).id
            if party:
                require_party(connection, party, authority=whose)
            seen = as_of(store, at, authority=whose)
            if (reader := reader_of(connection, as_, authority=_key(connection, whose))) is not None:
                readable = permitted(store, connection, reader.facts, Action.READ_OBLIGATION, now=reader.now)
                wanted = replace(wanted, readable=readable)
            rows = find_obligations(store, connection, wanted, now=seen.now)
            named = repairs(store, {row.subject for row in rows[:MOST_ROWS]})
    if as_json:
        show_json([obligation_row(row) for row in rows])
        return
    show_table(rows[:MOST_ROWS], columns=_obligation_columns(named))
    say_as_of(seen)
    if len(rows) > MOST_ROWS:
        rest = len(rows) - MOST_ROWS
        typer.echo(said(f"… và {rest} nghĩa vụ nữa (--json: tất cả)", f"… and {rest} more (--json: all)"))


def _key(connection: View, authority: int | None) -> str:
    return "" if authority is None else authority_of_id(connection, authority).key


def narrowed(store: Store, *, cycle: str, authority: str) -> tuple[int | None, int | None]:
    """Return the ids of the cycle and the authority that are named."""
    with store.reading() as connection:
        return (
            find_cycle(connection, cycle).id if cycle else None,
            authority_named(connection, authority).id if authority else None,
        )


def _mine(store: Store, wanted: Wanted, *, contact: str) -> Wanted:
    """Return what is wanted of the contact's own unit; a key that several authorities have needs `--authority` too."""
    from store.queries.people import parties_of_contact

    if not contact:
        vi, en = "--mine cần --as", "--mine needs --as"
        raise RefusedError(vi, en, code=ExitCode.USAGE)
    with store.reading() as connection:
        found = parties_of_contact(connection, contact, authority=wanted.authority)
    if not found:
        vi, en = f"không có đầu mối “{contact}”", f"there is no contact “{contact}”"
        raise RefusedError(vi, en, code=ExitCode.NOT_FOUND)
    if len(found) > 1:
        vi, en = (
            f"nhiều cơ quan có đầu mối “{contact}”: thêm --authority",
            f"several authorities have a contact “{contact}”: add --authority",
        )
        raise RefusedError(vi, en, code=ExitCode.USAGE)
    return replace(wanted, mine=found[0])


def obligation_row(row: ObligationLine) -> dict[str, Any]:
    """Return an obligation as JSON says it."""
    from dataclasses import asdict

    from evaluation.statuses import PUNCTUALITY_NAMES

    return {**asdict(row), "status": row.status.vi, "status_en": row.status.en, "punctuality_name": PUNCTUALITY_NAMES[row.punctuality][0]}


def _obligation_columns(named: Mapping[str, str]) -> list[Column]:
    from evaluation.statuses import PUNCTUALITY_NAMES

    return [
        Column(vi="số", en="no.", cell=lambda row: row.id, right=True),
        Column(vi="chu kỳ", en="cycle", cell=lambda row: f"{row.cycle}: {row.plan}/{row.year}"),
        Column(vi="công đoạn", en="stage", cell=lambda row: row.stage),
        Column(vi="đơn vị", en="unit", cell=lambda row: row.party_name),
        Column(vi="về", en="about", cell=lambda row: named.get(row.subject, row.subject)),
        Column(
            vi="trạng thái",
            en="status",
            cell=lambda row: said(row.status.vi, row.status.en) + (said(", dừng tính hạn", ", suspended") if row.suspended else ""),
        ),
        Column(vi="hạn", en="due", cell=due_said),
        Column(vi="thời hạn", en="time", cell=lambda row: said(*PUNCTUALITY_NAMES[row.punctuality])),
        Column(vi="lần bổ sung", en="rounds", cell=lambda row: row.rounds or "", right=True),
    ]
