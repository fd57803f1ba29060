"""The journal: who did what, when, why, on which basis."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from cli.moments import ZONE, local
from cli.opening import opened
from cli.options import AsJson, Reader
from cli.output import Column, show_json, show_json_line, show_table
from cli.reading import narrowed
from cli.seeing import reader_of
from cli.words import repairs
from evaluation.rights_table import Action
from store.queries.people import authority_named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from store.queries.journal import EntryLine


MOST_EVENTS = 500


def journal(  # noqa: PLR0913  each narrows the list, or changes its form
    *,
    cycle: Annotated[str, typer.Option(help="Chu kỳ / cycle")] = "",
    unit: Annotated[str, typer.Option(help="Khóa của đơn vị / unit's key")] = "",
    since: Annotated[int, typer.Option(help="Các mục sau số này / entries after this number")] = 0,
    authority: Annotated[str, typer.Option(help="Cơ quan / authority")] = "",
    normalised: Annotated[
        bool, typer.Option("--normalised", help="Không có số nội bộ, mỗi dòng một JSON / without ids, a JSON line each")
    ] = False,
    accounts: Annotated[
        bool,
        typer.Option("--accounts", help="Thay đổi tài khoản, lần đăng nhập bị từ chối / changes of accounts, refused sign-ins"),
    ] = False,
    as_: Reader = "",
    as_json: AsJson = False,
) -> None:
    """Nhật ký: ai làm gì, khi nào, vì sao, theo văn bản nào. / The journal."""
    from store.queries.journal import Asked, journal_entries
    from store.queries.journal import normalised as without_ids
    from store.queries.sight import journal_permitted

    if accounts:
        _account_events(authority, contact=as_, as_json=as_json)
        return
    with opened() as store:
        of_cycle, of_authority = narrowed(store, cycle=cycle, authority=authority)
        asked = Asked(authority=of_authority, cycle=of_cycle, unit=unit, since=since)
        with store.reading() as connection:
            if (reader := reader_of(connection, as_, authority=authority)) is not None:
                asked = replace(asked, readable=journal_permitted(store, connection, reader.facts, now=reader.now))
            entries = journal_entries(connection, asked)
            if normalised:
                for entry in entries:
                    for line in without_ids(entry):
                        show_json_line(line)
                return
            rows = list(entries)
            named = repairs(store, {row.subject for row in rows if row.subject})
    if as_json:
        show_json(rows)
        return
    show_table(rows, columns=_journal_columns(named))


def _account_events(authority: str, *, contact: str, as_json: bool) -> None:
    """Print what happened to accounts: those of an authority, or all, and what was tried with no account."""
    from store.queries.account_events import account_events

    with opened() as store, store.reading() as connection:
        whose = authority_named(connection, authority).id if authority else None
        if (reader := reader_of(connection, contact, authority=authority)) is not None:
            reader.require(connection, Action.MANAGE_ACCOUNTS)
            whose = reader.authority.id
        rows = account_events(connection, authority=whose, at_most=MOST_EVENTS)
    if as_json:
        show_json(rows)
        return
    columns = [
        Column(vi="lần đầu", en="first", cell=lambda row: _local(row.first_at)),
        Column(vi="lần cuối", en="last", cell=lambda row: _local(row.last_at)),
        Column(vi="số lần", en="times", cell=lambda row: row.times, right=True),
        Column(vi="việc", en="what", cell=lambda row: row.what.value),
        Column(vi="cửa", en="door", cell=lambda row: row.door),
        Column(vi="tài khoản", en="account", cell=lambda row: row.email),
        Column(vi="địa chỉ mạng", en="network address", cell=lambda row: row.address),
    ]
    show_table(rows, columns=columns)


def _journal_columns(named: Mapping[str, str]) -> list[Column]:
    return [
        Column(vi="số", en="no.", cell=lambda row: row.number, right=True),
        Column(vi="lúc", en="at", cell=lambda row: _local(row.at)),
        Column(vi="ai", en="who", cell=lambda row: row.actor_key or row.actor),
        Column(vi="máy", en="user", cell=lambda row: row.os_user),
        Column(vi="việc", en="action", cell=lambda row: row.action),
        Column(vi="chu kỳ", en="cycle", cell=lambda row: row.cycle),
        Column(vi="về", en="about", cell=lambda row: _about(row, named)),
        Column(vi="kết quả", en="outcome", cell=lambda row: ", ".join(_outcomes(row))),
    ]


def _about(row: EntryLine, named: Mapping[str, str]) -> str:
    return "/".join(part for part in (row.stage, row.party, named.get(row.subject, row.subject)) if part)


def _outcomes(row: EntryLine) -> Iterator[str]:
    """Yield what an entry did, in a word each: the state moved to, the rung settled, whom it told."""
    for action in row.payload.get("actions", ()):
        match action["do"]:
            case "move":
                yield f"→ {action['to']}"
            case "settle":
                yield f"{action['rung']} {action['outcome']}"
            case "notify":
                yield f"{action['kind']} → {len(action.get('recipients', ()))}"
            case "write":
                yield f"{action['term']['reason']} {action['term'].get('due_on', '')}".strip()
            case "remark":
                yield " · ".join(words for words in (action.get("reason", ""), action.get("basis", "")) if words)
            case other:
                yield other
    if "actions" not in row.payload:
        yield ", ".join(f"{key}={value}" for key, value in row.payload.items() if not isinstance(value, dict | list))


def _local(at: datetime) -> datetime:
    return local(at, zone=ZONE)
