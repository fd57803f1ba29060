"""Inspections: the year's choice of units, one inspection from its day to its conclusions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.acting import acting_on_cycle, acting_on_obligation
from cli.errors import ExitCode, RefusedError
from cli.inspections_shown import INSPECTION_COLUMNS, as_json, show_coverage, show_inspection
from cli.language import said
from cli.opening import opened
from cli.options import DAY_FORMATS, As, AsJson, At, CycleName
from cli.output import Column, show_json, show_table
from config.clock import utc_now
from evaluation.rights_table import Action
from store.rights import authorise, authorise_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from store.commands.inspections.concluding import Found
    from store.commands.inspections.drawing import Drawn
    from store.queries.people import AuthorityFacts
    from store.session import Store, Transaction

Which = Annotated[int, typer.Argument(metavar="INSPECTION", help="Số của cuộc kiểm tra / the inspection's number")]
StageKey = Annotated[str, typer.Option(help="Công đoạn kiểm tra, khi kế hoạch có nhiều / stage, where the plan has several")]
Wanted = Annotated[int | None, typer.Option(min=1, help="Số đơn vị; không nêu: theo tỷ lệ của kế hoạch / how many; else the plan's share")]
Hour = Annotated[datetime | None, typer.Option(formats=["%H:%M"], help="Giờ bắt đầu, kết thúc / when it began, ended")]
KindOf = Annotated[str, typer.Option("--kind", help="planned | surprise | thematic")]
Theme = Annotated[str, typer.Option(help="Chuyên đề / of a thematic one")]
MaybeDay = Annotated[datetime | None, typer.Option(formats=DAY_FORMATS, help="Ngày kiểm tra / the day")]


def listed(cycle: CycleName, *, as_: Annotated[str, typer.Option("--as", metavar="CONTACT")] = "", as_json_: AsJson = False) -> None:
    """Các cuộc kiểm tra của chu kỳ, và mức bao phủ. / The inspections of a cycle, and what they reach."""
    from cli.seeing import reader_of
    from store.queries.cycles import find_cycle
    from store.queries.inspection_coverage import coverage_of
    from store.queries.inspections import list_inspections
    from store.queries.sight import cycles_permitted, permitted

    now = utc_now()
    with opened() as store, store.reading() as connection:
        found = find_cycle(connection, cycle)
        reader = reader_of(connection, as_)
        readable = whole = None
        if reader is not None:
            readable = permitted(store, connection, reader.facts, Action.READ_OBLIGATION, now=reader.now)
            whole = permitted(store, connection, reader.facts, Action.DOWNLOAD, now=reader.now)
        lines = list_inspections(store, connection, cycle=found.id, now=now, readable=readable, whole=whole)
        sees = reader is None or found.id in cycles_permitted(connection, reader.facts, Action.READ_STATUS, now=now)
        reached = coverage_of(store, connection, cycle=found.id, now=now, readable=readable) if sees else {}
    if as_json_:
        show_json({"inspections": [as_json(line) for line in lines], "coverage": {key: as_json(one) for key, one in reached.items()}})
        return
    show_table(lines, columns=INSPECTION_COLUMNS)
    for stage, one in reached.items():
        show_coverage(stage, one)


def show(inspection: Which, *, as_: Annotated[str, typer.Option("--as", metavar="CONTACT")] = "", as_json_: AsJson = False) -> None:
    """Một cuộc kiểm tra: đoàn, ngày, biên bản, kết luận, tồn tại. / One inspection with its findings."""
    from cli.seeing import reader_of
    from store.commands.inspections.held import NoSuchInspectionError
    from store.queries.inspections import cycle_of, list_findings, list_inspections
    from store.queries.sight import permitted

    now = utc_now()
    with opened() as store, store.reading() as connection:
        cycle = cycle_of(connection, inspection)
        reader = reader_of(connection, as_)
        seen = None if reader is None else permitted(store, connection, reader.facts, Action.READ_OBLIGATION, now=reader.now)
        whole = None if reader is None else permitted(store, connection, reader.facts, Action.DOWNLOAD, now=reader.now)
        lines = list_inspections(store, connection, cycle=cycle, now=now, only=inspection, readable=seen, whole=whole)
        if not lines:
            raise NoSuchInspectionError(inspection)
        findings = list_findings(store, connection, now=now, inspection=inspection, readable=seen)
    if as_json_:
        show_json({**as_json(lines[0]), "finding_lines": [as_json(one) for one in findings]})
    else:
        show_inspection(lines[0], findings)


def draw(  # noqa: PLR0913  from which stage, with which seed, how many, and whether it counts
    cycle: CycleName,
    *,
    as_: As,
    stage: StageKey = "",
    seed: Annotated[str, typer.Option(help="Mã bốc thăm; ai cũng lặp lại được / the seed; anybody can repeat it")] = "",
    wanted: Wanted = None,
    plan: Annotated[bool, typer.Option("--plan", help="Đưa vào kế hoạch luôn / put them into the plan at once")] = False,
    kind: KindOf = "planned",
    day: MaybeDay = None,
    theme: Theme = "",
    at: At = "",
    as_json_: AsJson = False,
) -> None:
    """Chọn ngẫu nhiên đơn vị được kiểm tra, có ghi mã bốc thăm. / Choose units at random, the seed recorded."""
    from store.commands.inspections.drawing import Draw, draw_units
    from store.commands.inspections.planning import Choice

    choice = Choice(stage=stage, kind=kind, day=day.date() if day else None, theme=theme)
    asked = Draw(seed=seed, wanted=wanted, choice=choice, plan=plan)
    drawn: Drawn = _on_year(cycle, (as_, at), lambda store, transaction, found: draw_units(store, transaction, found, asked=asked))
    if as_json_:
        show_json(as_json(drawn))
        return
    typer.echo(said(f"Mã bốc thăm: {drawn.seed}; chọn {drawn.wanted} trong {len(drawn.pool)} đơn vị", f"Seed: {drawn.seed}"))
    show_table(drawn.result, columns=[Column(vi="Đơn vị được chọn", en="Chosen", cell=str)])


def plan(  # noqa: PLR0913  which units, how, when
    cycle: CycleName,
    *,
    as_: As,
    unit: Annotated[list[str] | None, typer.Option(help="Khóa của đơn vị, lặp được / a unit's key, repeatable")] = None,
    by_record: Annotated[bool, typer.Option("--by-record", help="Chọn theo số lần trễ hạn / by record of lateness")] = False,
    kind: KindOf = "planned",
    day: MaybeDay = None,
    theme: Theme = "",
    stage: StageKey = "",
    wanted: Wanted = None,
    at: At = "",
) -> None:
    """Đưa đơn vị vào kế hoạch kiểm tra. / Put units into the plan of inspections."""
    from store.commands.inspections.drawing import units_by_record
    from store.commands.inspections.planning import Choice, plan_inspections

    def act(store: Store, transaction: Transaction, found: int) -> list[int]:
        choice = Choice(stage=stage, units=tuple(unit or ()), kind=kind, theme=theme, day=day.date() if day else None)
        if by_record:
            units = units_by_record(store, transaction, found, choice=choice, wanted=wanted)
            choice = replace(choice, units=units, chosen="record")
        return plan_inspections(store, transaction, found, choice=choice)

    ids: list[int] = _on_year(cycle, (as_, at), act)
    typer.echo(said(f"Đã lập {len(ids)} cuộc kiểm tra: {', '.join(map(str, ids))}", f"Inspections: {', '.join(map(str, ids))}"))


def schedule(
    inspection: Which, *, as_: As, day: Annotated[datetime, typer.Option(formats=DAY_FORMATS, help="Ngày / the day")], at: At = ""
) -> None:
    """Định ngày kiểm tra; đơn vị được báo trước, trừ khi đột xuất. / Set the day; the unit is told, unless it is a surprise."""
    from store.commands.inspections.holding import schedule as act

    _on(inspection, Action.INSPECT, (as_, at), lambda store, transaction, _: act(store, transaction, inspection, day=day.date()))


def team(
    inspection: Which,
    *,
    as_: As,
    lead: Annotated[str, typer.Option(help="Trưởng đoàn: khóa của đầu mối / the lead: a contact's key")],
    member: Annotated[list[str] | None, typer.Option(help="Thành viên, lặp được / member, repeatable")] = None,
    at: At = "",
) -> None:
    """Cử đoàn kiểm tra. / Name the team."""
    from store.commands.inspections.holding import Member, name_team
    from store.queries.people import contact_named

    def act(store: Store, transaction: Transaction, authority: AuthorityFacts) -> None:
        ids = [contact_named(transaction.connection, authority, key).id for key in (lead, *(member or ()))]
        members = [Member(contact=ident, is_lead=place == 0) for place, ident in enumerate(ids)]
        name_team(store, transaction, inspection, members=members)

    _on(inspection, Action.INSPECT, (as_, at), act)


def minutes(  # noqa: PLR0913  a paper has its day, number and text
    inspection: Which,
    *,
    as_: As,
    held: Annotated[datetime, typer.Option("--held-on", formats=DAY_FORMATS, help="Ngày kiểm tra / when it took place")],
    number: Annotated[str, typer.Option(help="Số, ngày biên bản / number and date of the minutes")],
    text: Annotated[str, typer.Option(help="Nội dung / what they say")] = "",
    began: Hour = None,
    ended: Hour = None,
    at: At = "",
) -> None:
    """Ghi biên bản kiểm tra. / Write the minutes."""
    from store.commands.inspections.holding import Hours, write_minutes

    hours = Hours(began=began.time() if began else None, ended=ended.time() if ended else None)

    def act(store: Store, transaction: Transaction, _authority: AuthorityFacts) -> None:
        write_minutes(store, transaction, inspection, held_on=held.date(), number=number, text=text, hours=hours)

    _on(inspection, Action.INSPECT, (as_, at), act)


def conclude(  # noqa: PLR0913  a paper has its day, number, text and findings
    inspection: Which,
    *,
    as_: As,
    on: Annotated[datetime, typer.Option(formats=DAY_FORMATS, help="Ngày kết luận / date of the conclusions")],
    number: Annotated[str, typer.Option(help="Số, ngày thông báo kết luận / their number and date")],
    text: Annotated[str, typer.Option(help="Nội dung / what they say")] = "",
    finding: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TEXT[|BASIS[|DAYS[|CRITERION]]]",
            help="Tồn tại, lặp được: nội dung|căn cứ|số ngày|tiêu chí / a finding, repeatable",
        ),
    ] = None,
    at: At = "",
) -> None:
    """Kết luận kiểm tra; mỗi tồn tại có thời hạn khắc phục. / Issue conclusions; each finding has its term."""
    from store.commands.inspections.concluding import Conclusions
    from store.commands.inspections.concluding import conclude as act

    found = tuple(map(finding_written, finding or ()))
    conclusions = Conclusions(number=number, on=on.date(), text=text, found=found)
    _on(inspection, Action.CONCLUDE, (as_, at), lambda store, transaction, _: act(store, transaction, inspection, conclusions=conclusions))


def finding_written(words: str) -> Found:
    """Return a finding as an option writes it: text, legal basis, days and criterion between upright strokes."""
    from store.commands.inspections.concluding import Found

    text, basis, days, criterion = (*(part.strip() for part in words.split("|")), "", "", "")[:4]
    if days and not days.isdecimal():
        vi, en = f"--finding: “{days}” không phải số ngày", f"--finding: “{days}” is no number of days"
        raise RefusedError(vi, en, code=ExitCode.USAGE)
    return Found(text=text, basis=basis, criterion=criterion, days=int(days) if days else None)


def _on_year(cycle: str, who: tuple[str, str], act: Callable[[Store, Transaction, int], Any]) -> Any:  # noqa: ANN401  what the act returns
    from store.queries.rights import cycle_resource

    with opened() as store:
        found, acts = acting_on_cycle(store, cycle, contact=who[0], at=who[1])
        with store.transaction(now=acts.now, actor=acts.actor) as transaction:
            authorise_on(transaction, Action.PLAN_INSPECTIONS, cycle_resource(transaction.connection, found.id))
            return act(store, transaction, found.id)


def _on(inspection: int, action: Action, who: tuple[str, str], act: Callable[[Store, Transaction, AuthorityFacts], object]) -> None:
    with opened() as store:
        acts = acting_on_obligation(store, inspection, contact=who[0], at=who[1])
        with store.transaction(now=acts.now, actor=acts.actor) as transaction:
            authorise(store, transaction, inspection, action)
            act(store, transaction, acts.authority)
    typer.echo(said("Đã ghi.", "Done."))
