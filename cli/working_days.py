"""The working calendar: what a year looks like, entering one, checking a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.acting import the_authority
from cli.founding import acting_in_office, authorise_office
from cli.language import said
from cli.opening import opened
from cli.options import AsJson, MaybeAs
from cli.output import Column, show_json, show_table
from config.calendar_files import calendar_csv, import_from_holidays, read_calendar_file, shipped_calendar
from config.clock import utc_now
from evaluation.rights_table import Action
from evaluation.workdays import UnknownYearError, YearStatus

if TYPE_CHECKING:
    from evaluation.workdays import Calendar, ListedDay
    from store.queries.people import AuthorityFacts
    from store.session import Store

MaybeAuthority = Annotated[str, typer.Option("--authority", metavar="KEY", help="Lịch của cơ quan này / of this authority")]


def authority_calendar(store: Store, authority: AuthorityFacts) -> Calendar:
    """Return the calendar that an authority entered last; the shipped one if it never entered any."""
    from store.commands.calendar_entry import calendar_of

    with store.reading() as connection:
        return calendar_of(store, connection, authority.id)


def _calendar(authority: str) -> Calendar:
    if not authority:
        return shipped_calendar()
    with opened() as store:
        return authority_calendar(store, the_authority(store, authority))


def show(
    year: Annotated[int, typer.Argument(metavar="YEAR", help="Năm / year")],
    *,
    authority: MaybeAuthority = "",
    as_json: AsJson = False,
) -> None:
    """Ngày nghỉ và ngày làm bù của một năm. / A year's days off and make-up days."""
    calendar = _calendar(authority)
    status = calendar.status(year)
    if status is YearStatus.UNKNOWN:
        raise UnknownYearError(year, known=(known for known, sure in calendar.years.items() if sure is not YearStatus.UNKNOWN))
    days = [day for day in calendar.days if day.on.year == year]
    if as_json:
        show_json({"year": year, "status": status.value, "version": calendar.version, "days": days})
        return
    columns = [
        Column(vi="ngày", en="date", cell=lambda day: day.on),
        Column(vi="loại", en="kind", cell=lambda day: said("nghỉ" if day.kind.value == "off" else "làm bù", day.kind.value)),
        Column(vi="tên", en="name", cell=lambda day: day.name),
        Column(vi="nguồn", en="source", cell=lambda day: day.source),
        Column(vi="văn bản", en="decision", cell=lambda day: day.decision),
    ]
    words = {"decided": "đã quyết định", "projected": "dự kiến", "unknown": "chưa biết"}
    show_table(days, columns=columns, title=f"{year}: {said(words[status.value], status.value)} ({calendar.version})")


def take_in(
    *,
    year: Annotated[int, typer.Option(min=2000, max=2100, help="Năm / year")],
    file: Annotated[
        Path | None, typer.Option(help="Tệp CSV theo quyết định; bỏ trống: tính bằng thư viện, là dự kiến / else a projection")
    ] = None,
    authority: MaybeAuthority = "",
    as_: MaybeAs = "",
) -> None:
    """Nhập ngày nghỉ của một năm: từ tệp (đã quyết định), hoặc tính trước (dự kiến). / Enter a year's days."""
    today = shipped_calendar().local_date(utc_now())
    days = import_from_holidays(year, entered_on=today) if file is None else read_calendar_file(file, years=[year])
    if not authority:
        typer.echo(calendar_csv(days), nl=False)
        return
    status = YearStatus.PROJECTED if file is None else YearStatus.DECIDED
    version = _enter(authority, year=year, days=days, status=status, contact=as_)
    typer.echo(
        said(
            f"Đã nhập {len(days)} ngày của {year} ({'dự kiến' if file is None else 'đã quyết định'}), phiên bản {version}. "
            "Chu kỳ đang chạy giữ lịch cũ: xem `dondoc replan CYCLE --calendar`.",
            f"Entered {len(days)} days of {year} ({status.value}), version {version}. "
            "Running cycles keep the calendar they have: see `dondoc replan CYCLE --calendar`.",
        )
    )


def _enter(authority: str, *, year: int, days: tuple[ListedDay, ...], status: YearStatus, contact: str) -> str:
    from store.commands.calendar_entry import enter_year

    with opened() as store:
        who = acting_in_office(store, authority, contact=contact)
        with store.transaction(now=who.now, actor=who.actor) as transaction:
            authorise_office(transaction, who, Action.IMPORT_CALENDAR)
            return enter_year(store, transaction, who.authority.id, year=year, days=days, status=status).version


def check(file: Annotated[Path, typer.Argument(metavar="FILE", help="Tệp CSV / a CSV file")], *, as_json: AsJson = False) -> None:
    """Kiểm tra một tệp lịch. / Check a calendar file."""
    days = read_calendar_file(file)
    if as_json:
        show_json(days)
        return
    typer.echo(said(f"{file}: {len(days)} ngày, không có lỗi", f"{file}: {len(days)} days, no faults"))
