"""Authorities: who runs years."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.acting import system_actor
from cli.errors import ExitCode, RefusedError
from cli.language import said
from cli.opening import opened
from cli.options import AsJson
from cli.output import Column, show_json, show_table
from config.clock import utc_now
from store.queries.people import list_authorities


def create(
    key: Annotated[str, typer.Argument(metavar="KEY", help="Khóa, ví dụ ubnd-vinh-long / a key")],
    *,
    name: Annotated[str, typer.Option(help="Tên cơ quan / its name")],
    sandbox: Annotated[bool, typer.Option("--sandbox", help="Cơ quan thử: thư không ra khỏi máy / mail never leaves the machine")] = False,
) -> None:
    """Tạo một cơ quan. / Make an authority."""
    from store.commands.authorities import found_authority

    with opened() as store:
        with store.reading() as connection:
            taken = any(one.key == key for one in list_authorities(connection))
        if taken:
            vi, en = f"đã có cơ quan “{key}”", f"there is an authority “{key}” already"
            raise RefusedError(vi, en, code=ExitCode.CONFLICT)
        with store.transaction(now=utc_now(), actor=system_actor()) as transaction:
            found_authority(transaction, key=key, name=name, sandbox=sandbox)
    typer.echo(
        said(f"Đã tạo cơ quan “{key}”. Tiếp theo:", f"Made the authority “{key}”. Next:") + f" dondoc units import ROSTER --authority {key}"
    )


def show(*, as_json: AsJson = False) -> None:
    """Liệt kê các cơ quan. / List the authorities."""
    with opened() as store, store.reading() as connection:
        rows = list_authorities(connection)
    if as_json:
        show_json(rows)
        return
    columns = [
        Column(vi="khóa", en="key", cell=lambda row: row.key),
        Column(vi="tên", en="name", cell=lambda row: row.name),
        Column(vi="thử", en="sandbox", cell=lambda row: row.sandbox),
        Column(vi="đơn vị", en="units", cell=lambda row: row.units, right=True),
        Column(vi="đầu mối", en="contacts", cell=lambda row: row.contacts, right=True),
        Column(vi="chu kỳ", en="cycles", cell=lambda row: row.cycles, right=True),
        Column(vi="đang giữ thư", en="mail held", cell=lambda row: row.outbox_held),
    ]
    show_table(rows, columns=columns)
