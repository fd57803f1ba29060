"""Contacts of an authority: who answers for which unit in which role, who stands in, at which address."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.acting import moment, the_authority
from cli.errors import ExitCode, RefusedError
from cli.founding import acting_in_office, authorise_office
from cli.language import said
from cli.moments import today_of
from cli.opening import opened
from cli.options import DAY_FORMATS, As, AsJson, At, AuthorityKey, Reader
from cli.output import Column, show_json, show_table
from cli.seeing import reader_of
from cli.words import post
from config.addresses import is_address
from config.table_columns import slug
from evaluation.kinds import Role
from evaluation.rights_table import Action
from store.queries.people import list_contacts

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from evaluation.rosters import RosterContact
    from store.commands.people import Changed
    from store.queries.people import AuthorityFacts, ContactLine
    from store.session import Store, Transaction

ContactKey = Annotated[str, typer.Argument(metavar="CONTACT", help="Khóa của đầu mối / the contact's key")]
Address = Annotated[str, typer.Option(help="Địa chỉ thư điện tử / e-mail address")]
MaybeDay = Annotated[datetime | None, typer.Option("--from", formats=DAY_FORMATS, help="Từ ngày; mặc định: hôm nay / from day; else today")]
PersonName = Annotated[str, typer.Option(help="Họ tên, hoặc tên chức danh / name, or the post's name")]
Phone = Annotated[str, typer.Option(help="Điện thoại / telephone")]
MailLanguage = Annotated[str, typer.Option("--language", help="Ngôn ngữ của thư: vi, en / language of the mails")]
MAIL_LANGUAGES = ("vi", "en")


def show(
    *,
    authority: AuthorityKey = "",
    party: Annotated[str, typer.Option("--unit", help="Chỉ đơn vị này / of this unit only")] = "",
    at: Annotated[str, typer.Option("--at", metavar="MOMENT", help="Chỉ người đương chức lúc ấy / only who is in office then")] = "",
    as_: Reader = "",
    as_json: AsJson = False,
) -> None:
    """Liệt kê đầu mối. / List contacts."""
    with opened() as store:
        facts = the_authority(store, authority)
        with store.reading() as connection:
            rows = list_contacts(connection, facts.id)
            if (reader := reader_of(connection, as_, authority=facts.key)) is not None:
                mine = reader.people_seen(connection, {row.party for row in rows})
                rows = [row for row in rows if row.party in mine]
    on = today_of(facts, moment(at, zone=facts.zone)) if at else None
    rows = [row for row in rows if (not party or row.party == party) and (on is None or _is_in_office(row, on))]
    if as_json:
        show_json(rows)
        return
    columns = [
        Column(vi="khóa", en="key", cell=lambda row: row.key),
        Column(vi="đơn vị", en="unit", cell=lambda row: row.party_name),
        Column(vi="vai trò", en="role", cell=lambda row: post(row.role)),
        Column(vi="tên", en="name", cell=lambda row: row.name),
        Column(vi="địa chỉ", en="address", cell=lambda row: row.address),
        Column(vi="từ", en="from", cell=lambda row: row.valid_from),
        Column(vi="đến hết", en="to", cell=lambda row: row.valid_to),
        Column(vi="thay mặt", en="deputy", cell=lambda row: _deputy(row.deputy, row.deputy_from, row.deputy_to)),
        Column(vi="không nhận được thư từ", en="unreachable since", cell=lambda row: row.unreachable_since),
    ]
    show_table(rows, columns=columns)


def _is_in_office(row: ContactLine, on: date) -> bool:
    return (row.valid_from is None or row.valid_from <= on) and (row.valid_to is None or on <= row.valid_to)


def _deputy(key: str, since: date | None, until: date | None) -> str:
    if not key:
        return ""
    return f"{key} ({f'{since:%d/%m/%Y}' if since else '…'} – {f'{until:%d/%m/%Y}' if until else '…'})"


def add(  # noqa: PLR0913  a contact is all of these
    key: ContactKey,
    *,
    party: Annotated[str, typer.Option("--unit", help="Khóa của đơn vị / the unit's key")],
    role: Annotated[Role, typer.Option(help="Vai trò / role")],
    name: PersonName,
    address: Address,
    as_: Annotated[str, typer.Option("--as", metavar="CONTACT", help="Người thực hiện / who acts")] = "",
    since: MaybeDay = None,
    phone: Phone = "",
    language: MailLanguage = "vi",
    field: Annotated[
        list[str] | None, typer.Option(help="Lĩnh vực chủ trì, lặp được; bỏ trống: mọi lĩnh vực / field led, repeatable; none: every field")
    ] = None,
    authority: AuthorityKey = "",
    at: At = "",
) -> None:
    """Thêm một đầu mối. / Add a contact."""
    from store.commands.people import add_contact

    contact = _contact(key, name=name, address=address, phone=phone, language=language, since=since)
    whole = _of(contact, party=party, role=role, fields=tuple(field or ()))
    _change(authority, as_, at, lambda store, transaction, facts: add_contact(store, transaction, facts, whole))


def drop(
    key: ContactKey,
    *,
    as_: As,
    on: Annotated[datetime, typer.Option(formats=DAY_FORMATS, help="Ngày cuối giữ nhiệm vụ / last day in office")],
    authority: AuthorityKey = "",
    at: At = "",
) -> None:
    """Thôi giữ nhiệm vụ từ sau một ngày. / Let a contact leave office after a day."""
    from store.commands.people import drop_contact

    _change(authority, as_, at, lambda _store, transaction, facts: drop_contact(transaction, facts, key, on=on.date()))


def replace(  # noqa: PLR0913  who leaves, who comes, since when, by whom
    key: ContactKey,
    *,
    as_: As,
    by: Annotated[str, typer.Option(help="Khóa của người mới / the new contact's key")],
    name: PersonName,
    address: Address,
    since: MaybeDay = None,
    phone: Phone = "",
    language: MailLanguage = "vi",
    authority: AuthorityKey = "",
    at: At = "",
) -> None:
    """Người khác thay từ một ngày, cùng đơn vị và vai trò. / Let somebody else take over from a day on."""
    from store.commands.people import replace_contact

    contact = _contact(by, name=name, address=address, phone=phone, language=language, since=since)
    _change(authority, as_, at, lambda store, transaction, facts: replace_contact(store, transaction, facts, key, by=contact))


def deputy(  # noqa: PLR0913  who for whom, from when to when, by whom
    key: ContactKey,
    *,
    as_: As,
    by: Annotated[str, typer.Option(help="Khóa của người thay mặt; để trống: thôi / the deputy's key; empty: nobody any more")],
    since: MaybeDay = None,
    until: Annotated[datetime | None, typer.Option("--to", formats=DAY_FORMATS, help="Đến hết ngày / last day")] = None,
    authority: AuthorityKey = "",
    at: At = "",
) -> None:
    """Cử người thay mặt khi vắng. / Let somebody stand in during an absence."""
    from store.commands.people import StandIn, set_deputy

    stand_in = StandIn(deputy=by, since=since.date() if since else None, until=until.date() if until else None)
    _change(
        authority, as_, at, lambda store, transaction, facts: set_deputy(store, transaction, facts, key, stand_in=stand_in), deputy_of=key
    )


def address(
    key: ContactKey,
    new: Annotated[str, typer.Argument(metavar="ADDRESS", help="Địa chỉ mới / the new address")],
    *,
    as_: As,
    authority: AuthorityKey = "",
    at: At = "",
) -> None:
    """Đổi địa chỉ thư của đầu mối. / Give a contact another address."""
    from store.commands.people import change_address

    require_address(new)
    _change(authority, as_, at, lambda store, transaction, facts: change_address(store, transaction, facts, key, address=new))


def require_address(text: str) -> None:
    """Refuse what no mail server would take."""
    if not is_address(text):
        vi, en = f"“{text}” không phải địa chỉ thư; viết như ten@coquan.gov.vn", f"“{text}” is no address; write name@domain"
        raise RefusedError(vi, en, code=ExitCode.USAGE)


def _contact(  # noqa: PLR0913  a contact is all of these
    key: str, *, name: str, address: str, phone: str, language: str, since: datetime | None
) -> RosterContact:
    from evaluation.rosters import RosterContact

    require_address(address)
    if language not in MAIL_LANGUAGES:
        vi, en = f"--language: “{language}”; viết vi hoặc en", f"--language: “{language}”; write vi or en"
        raise RefusedError(vi, en, code=ExitCode.USAGE)
    first = since.date() if since else None
    return RosterContact(key=key, party="", role=Role.OFFICER, name=name, address=address, phone=phone, language=language, valid_from=first)


def _of(contact: RosterContact, *, party: str, role: Role, fields: tuple[str, ...]) -> RosterContact:
    from dataclasses import replace as changed

    for field in fields:
        if slug(field) != field:
            vi, en = (
                f"--field: “{field}”; viết khóa như {slug(field) or 'tcbm'}",
                f"--field: “{field}”; write a key such as {slug(field) or 'tcbm'}",
            )
            raise RefusedError(vi, en, code=ExitCode.USAGE)
    return changed(contact, party=party, role=role, fields=fields)


def _change(
    authority: str, contact: str, at: str, change: Callable[[Store, Transaction, AuthorityFacts], Changed], *, deputy_of: str = ""
) -> None:
    with opened() as store:
        who = acting_in_office(store, authority, contact=contact, at=at)
        with store.transaction(now=who.now, actor=who.actor) as transaction:
            authorise_office(transaction, who, Action.DEPUTISE if deputy_of else Action.CHANGE_PEOPLE, contact=deputy_of)
            done = change(store, transaction, who.authority)
    mended = said(f" Đã xong {len(done.mended)} việc cần xử lý.", f" {len(done.mended)} repairs done with it.") if done.mended else ""
    typer.echo(said("Đã ghi.", "Done.") + mended)
