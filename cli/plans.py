"""Plans before they run: which there are, what is wrong with one, and where its deadlines fall in a year."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.errors import ExitCode
from cli.language import said, spoken
from cli.options import AsJson, AuthorityKey
from cli.output import Column, show_json, show_table, working

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evaluation.plans import Plan, Selector, Stage
    from evaluation.projection import Window
    from evaluation.rosters import Roster

PlanName = Annotated[str, typer.Argument(metavar="PLAN", help="Khóa của kế hoạch có sẵn, hoặc tệp YAML / a shipped plan's key, or a file")]


def plans(*, as_json: AsJson = False) -> None:
    """Liệt kê các kế hoạch có sẵn. / List the shipped plans."""
    from config.loader import load_plan_and_roster, shipped_plans

    with working("Đang đọc kế hoạch", "Reading plans"):
        rows = [_plan_row(*load_plan_and_roster(path)) for path in shipped_plans()]
    if as_json:
        show_json(rows)
        return
    columns = [
        Column(vi="khóa", en="key", cell=lambda row: row["key"]),
        Column(vi="tên", en="title", cell=lambda row: said(row["title"], row["title_en"])),
        Column(vi="năm", en="year", cell=lambda row: row["year"]),
        Column(vi="cơ quan", en="authority", cell=lambda row: row["authority"]),
        Column(vi="đơn vị", en="units", cell=lambda row: row["units"], right=True),
        Column(vi="tên chưa có nguồn", en="unsourced names", cell=lambda row: row["unsourced_names"], right=True),
    ]
    show_table(rows, columns=columns)


def _plan_row(plan: Plan, roster: Roster) -> dict[str, Any]:
    """Return a plan's line: how many units take part as of its reference date, how many names of the roster have no source."""
    from evaluation.kinds import PartyKind

    units = [party for party in roster.parties if party.kind is PartyKind.UNIT and party.is_valid(plan.reference_on) and not party.exempt]
    return {
        "key": plan.key,
        "title": plan.title,
        "title_en": plan.title_en,
        "year": plan.year,
        "authority": plan.authority_name,
        "units": len(units),
        "unsourced_names": sum(party.source == "none" for party in roster.parties),
    }


def check(
    plan: PlanName,
    *,
    year: Annotated[int | None, typer.Option(min=2000, max=2100, help="Năm đánh giá, nếu khác / evaluated year, if another")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Cảnh báo cũng là không đạt / fail on warnings too")] = False,
    authority: AuthorityKey = "",
    as_json: AsJson = False,
) -> None:
    """Kiểm tra một kế hoạch: lỗi trong tệp, rồi điều không ổn trong năm. / Check a plan: faults of the file, then lints."""
    from config.calendar_files import shipped_calendar
    from config.loader import InputError, find_plan, load_plan_and_roster
    from evaluation.lint import Severity, lint

    path = find_plan(plan)
    try:
        read, roster = load_plan_and_roster(path, forms=_forms_of(authority))
    except InputError as error:
        _show_faults(error, as_json=as_json)
        raise typer.Exit(ExitCode.REFUSED) from None
    with working("Đang kiểm tra", "Checking"):
        found = lint(read, roster=roster, year=year or read.year, calendar=shipped_calendar())
    errors = sum(one.severity is Severity.ERROR for one in found)
    if as_json:
        show_json(found)
    else:
        for one in found:
            severity = said("lỗi" if one.severity is Severity.ERROR else "cảnh báo", one.severity.value)
            typer.echo(f"{one.file}:{one.line}: {severity} [{one.code}] {said(one.message_vi, one.message_en)}")
        _count(errors, warnings=len(found) - errors)
    if errors or (strict and found):
        raise typer.Exit(ExitCode.REFUSED)


def _forms_of(authority: str) -> frozenset[str]:
    """Return the keys of the report forms that an authority's plans may name; of no authority, none beside the shipped ones."""
    if not authority:
        return frozenset()
    from cli.acting import the_authority
    from cli.opening import opened
    from store.reports import known_forms

    with opened() as store, store.reading() as connection:
        return known_forms(connection, the_authority(store, authority).id)


def _show_faults(error: Any, *, as_json: bool) -> None:  # noqa: ANN401  InputError, which a table of plans need not import
    if not as_json:
        typer.echo(error.text(spoken()))
        _count(len(error.faults), warnings=0)
        return
    rows = [
        {
            "code": fault.code,
            "severity": "error",
            "where": fault.where,
            "line": fault.line,
            "file": fault.file,
            "message_vi": f"{fault.what_vi} — {fault.instead_vi}",
            "message_en": f"{fault.what} — {fault.instead}",
        }
        for fault in error.faults
    ]
    show_json(rows)


def _count(errors: int, *, warnings: int) -> None:
    typer.echo(said(f"{errors} lỗi, {warnings} cảnh báo", f"{errors} errors, {warnings} warnings"))


def deadlines(
    plan: PlanName,
    *,
    year: Annotated[int, typer.Option(min=2000, max=2100, help="Năm đánh giá / evaluated year")],
    as_json: AsJson = False,
) -> None:
    """Các hạn của một kế hoạch trong một năm. / Where a plan's deadlines fall in a year."""
    from config.calendar_files import shipped_calendar
    from config.loader import find_plan, load_plan_and_roster
    from evaluation.projection import project_plan
    from evaluation.reports.chain import chains

    read, roster = load_plan_and_roster(find_plan(plan))
    calendar = shipped_calendar()
    calendar.is_workday(date(year, 1, 1))  # a year of which nothing is known is refused, though fixed dates would not ask
    windows = project_plan(read, year=year, calendar=calendar, known={})
    rows = [_deadline(window, plan=read, roster=roster) for window in windows]
    if as_json:
        show_json(rows)
        return
    names = {**dict(roster.groups), **{party.key: party.name for party in roster.parties}}
    show_table(rows, columns=_deadline_columns(names), title=f"{said(read.title, read.title_en)} – {year}")
    for chain in chains(read):
        typer.echo(
            said("Chuỗi báo cáo: ", "Chain of reports: ")
            + " → ".join((*(one.key for one in chain), names.get(chain[-1].owed_to, chain[-1].owed_to)))
        )


def _deadline(window: Window, *, plan: Plan, roster: Roster) -> dict[str, Any]:
    stage, due = window.stage, window.due
    return {
        "stage": stage.key,
        "kind": stage.kind.value,
        "period": window.subject_period,
        "owed_by": _parties(stage.owed_by, plan=plan, roster=roster),
        "coordinating": _parties(stage.coordinating, plan=plan, roster=roster) if stage.coordinating else "",
        "owed_to": stage.owed_to,
        "through": stage.through,
        "opens_on": window.opens.last_on if window.opens else None,
        "due_on": due.last_on if due else None,
        "due_at": due.at if due else None,
        "locks_at": window.locks.at if window.locks else None,
        "words": stage.words,
        "roll": stage.due.roll.value if stage.due else "",
        "basis": _basis(stage, plan),
        "projected": window.projected,
        "feeds": stage.report.feeds if stage.report else "",
    }


def _parties(selector: Selector, *, plan: Plan, roster: Roster) -> str:
    """Return who is meant: named parties by key, the others by group (or level, or kind) with how many they are."""
    named: list[str] = []
    counted: dict[str, int] = {}
    for party in roster.selected(selector, on=plan.reference_on):
        if party.key in selector.keys:
            named.append(party.key)
        else:
            place = party.group or party.level or party.kind.value
            counted[place] = counted.get(place, 0) + 1
    return ", ".join([*(f"{place} ({count})" for place, count in counted.items()), *named])


def _basis(stage: Stage, plan: Plan) -> str:
    """Return the document that a line rests on as people cite it: kind, number, date; its title where no number is known."""
    document = next((one for one in plan.documents if one.key == stage.basis), None)
    if document is None:
        return stage.basis
    dated = f" ({document.dated:%d/%m/%Y})" if document.dated else ""
    return f"{document.kind} {document.number or document.title}{dated}"


def _deadline_columns(names: dict[str, str]) -> Iterable[Column]:
    yield Column(vi="công đoạn", en="stage", cell=lambda row: row["stage"])
    yield Column(vi="kỳ", en="period", cell=lambda row: row["period"])
    yield Column(vi="chủ trì", en="owed by", cell=lambda row: _named(row["owed_by"], names))
    yield Column(vi="phối hợp", en="co-ordinating", cell=lambda row: _named(row["coordinating"], names))
    yield Column(vi="gửi", en="owed to", cell=lambda row: names.get(row["owed_to"], row["owed_to"]))
    yield Column(vi="qua", en="through", cell=lambda row: names.get(row["through"], row["through"]))
    yield Column(vi="mở", en="opens", cell=lambda row: row["opens_on"])
    yield Column(vi="hạn (hết ngày)", en="due (last day)", cell=lambda row: row["due_on"])
    yield Column(vi="dự kiến", en="projected", cell=lambda row: row["projected"])
    yield Column(vi="nguyên văn", en="words", cell=lambda row: row["words"])
    yield Column(vi="căn cứ", en="basis", cell=lambda row: row["basis"])


def _named(parties: str, names: dict[str, str]) -> str:
    """Return parties by name: `so-ban-nganh (18), so-noi-vu` as `Sở, ban, ngành (18); Sở Nội vụ`."""
    each = (part.partition(" ") for part in parties.split(", "))
    return "; ".join(f"{names.get(key, key)}{space}{count}" for key, space, count in each)
