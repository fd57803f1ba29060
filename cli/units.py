"""Units, bodies and persons of an authority: brought in from a file, added, ended, placed, succeeded."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.acting import the_authority
from cli.errors import ExitCode, RefusedError
from cli.founding import acting_in_office, authorise_office
from cli.language import said
from cli.opening import opened
from cli.options import DAY_FORMATS, As, AsJson, At, AuthorityKey, MaybeAs, Reader
from cli.output import Column, show_json, show_table, working
from cli.seeing import reader_of
from config.clock import utc_now
from evaluation.kinds import PartyKind
from evaluation.lints import listed
from evaluation.rights_table import Action
from store.queries.people import UnitLine, list_units

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.commands.people import Changed
    from store.queries.people import AuthorityFacts
    from store.session import Transaction

UnitKey = Annotated[str, typer.Argument(metavar="UNIT", help="Khóa của đơn vị / the unit's key")]


def take_in(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="Danh sách .yaml, .xlsx, .csv, hoặc khóa có sẵn / a roster, or a shipped one's key")
    ],
    *,
    authority: AuthorityKey = "",
    as_: MaybeAs = "",
    at: At = "",
) -> None:
    """Nhận đơn vị và đầu mối từ tệp: thêm cái mới, sửa cái đã có theo khóa, không bỏ ai. / Take in units and contacts of a file."""
    from config.loader import load_roster
    from store.commands.authorities import import_roster

    roster = load_roster(_roster_file(file))
    with opened() as store:
        who = acting_in_office(store, authority, contact=as_, at=at)
        with working("Đang nhận danh sách", "Taking in the roster"), store.transaction(now=who.now, actor=who.actor) as transaction:
            authorise_office(transaction, who, Action.CHANGE_PEOPLE)
            done = import_roster(transaction, authority=who.authority.id, roster=roster)
    units, contacts = (len(done.added), len(done.changed)), (done.contacts_added, done.contacts_changed)
    typer.echo(
        said(
            "Đơn vị: {} mới, {} thay đổi. Đầu mối: {} mới, {} thay đổi.", "Units: {} added, {} changed. Contacts: {} added, {} changed."
        ).format(*units, *contacts)
    )
    if done.untold:
        count, names = len(done.untold), listed(done.untold)
        typer.echo(said(f"{count} đơn vị chưa có ai nhận thư: {names}", f"{count} units have nobody who gets their mail: {names}"))


def _roster_file(name: str) -> Path:
    """Return the file of that name, or of the shipped roster of that key; refuse one that is neither, with rosters of a like name."""
    from difflib import get_close_matches

    from config.roster_files import ENDINGS, shipped_rosters

    if Path(name).is_file():
        return Path(name)
    shipped = {path.stem: path for path in shipped_rosters()}
    if name in shipped:
        return shipped[name]
    folder = Path(name).parent
    there = [path.name for path in sorted(folder.glob("*")) if path.suffix.lower() in ENDINGS] if folder.is_dir() else []
    near = ", ".join(get_close_matches(Path(name).name, [*there, *shipped]))
    keys = ", ".join(shipped)
    vi, en = f"không có tệp {name}; danh sách có sẵn: {keys}", f"there is no file {name}; shipped rosters: {keys}"
    if near:
        vi, en = f"không có tệp {name}; có phải {near}?", f"there is no file {name}; did you mean {near}?"
    raise RefusedError(vi, en, code=ExitCode.NOT_FOUND)


def show(
    *,
    authority: AuthorityKey = "",
    on: Annotated[datetime | None, typer.Option(formats=DAY_FORMATS, help="Chỉ đơn vị tồn tại ngày đó / only those valid that day")] = None,
    as_: Reader = "",
    as_json: AsJson = False,
) -> None:
    """Liệt kê đơn vị, tổ chức, cá nhân. / List units, bodies and persons."""
    from cli.moments import today_of

    with opened() as store:
        facts = the_authority(store, authority)
        day = on.date() if on else today_of(facts, utc_now())
        with store.reading() as connection:
            rows = list_units(connection, facts.id, on=day)
            if (reader := reader_of(connection, as_, authority=facts.key)) is not None:
                mine = reader.people_seen(connection, {row.key for row in rows})
                rows = [row for row in rows if row.key in mine]
    if on:
        rows = [row for row in rows if (row.valid_from is None or row.valid_from <= day) and (row.valid_to is None or day <= row.valid_to)]
    if as_json:
        show_json(rows)
        return
    columns = [Column(vi=vi, en=en, cell=_field(name)) for name, vi, en in _COLUMNS]
    show_table(rows, columns=columns)


_COLUMNS = (
    ("key", "khóa", "key"),
    ("kind", "loại", "kind"),
    ("name", "tên", "name"),
    ("level", "cấp", "level"),
    ("group", "nhóm", "group"),
    ("superior", "cấp trên", "superior"),
    ("mailbox", "hộp thư", "mailbox"),
    ("valid_from", "từ", "from"),
    ("valid_to", "đến hết", "to"),
    ("exempt", "miễn", "exempt"),
    ("successors", "kế thừa", "successors"),
)


def _field(name: str) -> Callable[[UnitLine], object]:
    return lambda row: getattr(row, name)


def add(  # noqa: PLR0913  a unit is all of these
    key: UnitKey,
    *,
    as_: As,
    name: Annotated[str, typer.Option(help="Tên / name")],
    kind: Annotated[PartyKind, typer.Option(help="Loại / kind")] = PartyKind.UNIT,
    level: Annotated[str, typer.Option(help="Cấp / level")] = "",
    group: Annotated[str, typer.Option(help="Nhóm xếp hạng / ranking group")] = "",
    superior: Annotated[str, typer.Option(help="Khóa của cấp trên / the superior's key")] = "",
    mailbox: Annotated[str, typer.Option(help="Hộp thư công vụ / official mailbox")] = "",
    since: Annotated[datetime | None, typer.Option("--from", formats=DAY_FORMATS, help="Từ ngày / first day")] = None,
    source: Annotated[str, typer.Option(help="Tên lấy từ đâu / where the name is from")] = "none",
    authority: AuthorityKey = "",
    at: At = "",
) -> None:
    """Thêm một đơn vị. / Add a unit."""
    from cli.contacts import require_address
    from evaluation.rosters import Party
    from store.commands.people import add_unit

    if mailbox:
        require_address(mailbox)
    party = Party(
        key=key,
        kind=kind,
        name=name,
        level=level,
        group=group,
        superior=superior,
        mailbox=mailbox,
        valid_from=since.date() if since else None,
        source=source,
    )
    _change(authority, as_, at, lambda transaction, facts: add_unit(transaction, facts, party))


def drop(
    key: UnitKey,
    *,
    as_: As,
    on: Annotated[datetime, typer.Option(formats=DAY_FORMATS, help="Ngày cuối cùng còn tồn tại / its last day")],
    authority: AuthorityKey = "",
    at: At = "",
) -> None:
    """Kết thúc một đơn vị từ sau một ngày. / End a unit after a day."""
    from store.commands.people import drop_unit

    _change(authority, as_, at, lambda transaction, facts: drop_unit(transaction, facts, key, on=on.date()))


def superior(  # noqa: PLR0913  whom, under whom, since when, by whom
    key: UnitKey,
    *,
    as_: As,
    under: Annotated[str, typer.Option(help="Khóa của cấp trên mới / the new superior's key")],
    since: Annotated[datetime, typer.Option("--from", formats=DAY_FORMATS, help="Từ ngày / from day")],
    authority: AuthorityKey = "",
    at: At = "",
) -> None:
    """Đặt đơn vị dưới một cấp trên khác từ một ngày. / Put a unit under another superior from a day on."""
    from store.commands.people import place_under

    _change(authority, as_, at, lambda transaction, facts: place_under(transaction, facts, key, superior=under, since=since.date()))


def successors(
    key: UnitKey,
    *,
    as_: As,
    by: Annotated[str, typer.Option(help="Khóa của đơn vị kế thừa / the successor's key")],
    authority: AuthorityKey = "",
    at: At = "",
) -> None:
    """Ghi đơn vị kế thừa của một đơn vị. / Name a successor of a unit."""
    from store.commands.people import name_successor

    _change(authority, as_, at, lambda transaction, facts: name_successor(transaction, facts, key, successor=by))


def _change(authority: str, contact: str, at: str, change: Callable[[Transaction, AuthorityFacts], Changed]) -> None:
    with opened() as store:
        who = acting_in_office(store, authority, contact=contact, at=at)
        with store.transaction(now=who.now, actor=who.actor) as transaction:
            authorise_office(transaction, who, Action.CHANGE_PEOPLE)
            change(transaction, who.authority)
    typer.echo(said("Đã ghi.", "Done."))
