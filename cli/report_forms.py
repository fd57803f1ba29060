"""Report forms of an authority: taken in, and which versions there are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.founding import acting_in_office, authorise_office
from cli.language import said
from cli.opening import opened
from cli.options import AsJson, At, AuthorityKey, MaybeAs
from cli.output import Column, show_json, show_table
from evaluation.rights_table import Action

File = Annotated[Path, typer.Argument(metavar="FILE", help="Biểu mẫu YAML / a form in YAML")]


def take_in(file: File, *, authority: AuthorityKey = "", as_: MaybeAs = "", at: At = "") -> None:
    """Nhập biểu mẫu báo cáo của cơ quan, dùng từ báo cáo sau. / Take in a report form, asked from the next report on."""
    from config.form_files import form_file_text
    from store.commands.report_forms import take_in_form

    text = form_file_text(file)
    with opened() as store:
        who = acting_in_office(store, authority, contact=as_, at=at)
        with store.transaction(now=who.now, actor=who.actor) as transaction:
            authorise_office(transaction, who, Action.CHANGE_FORMS)
            done = take_in_form(transaction, who.authority.id, text, file=str(file))
    vi = f"Đã nhập biểu mẫu “{done.key}”, phiên bản {done.number}: {done.fields} mục; báo cáo bắt đầu từ nay dùng biểu mẫu này."
    en = f"Took in form “{done.key}”, version {done.number}: {done.fields} fields; reports begun from now on ask it."
    typer.echo(said(vi, en))


def show_all(*, authority: AuthorityKey = "", as_json: AsJson = False) -> None:
    """Các biểu mẫu báo cáo cơ quan đã nhập, mọi phiên bản. / The report forms taken in, every version."""
    from store.commands.report_forms import own_forms

    with opened() as store:
        who = acting_in_office(store, authority, contact="")
        with store.reading() as connection:
            found = own_forms(connection, who.authority.id)
    rows = [
        {"key": one.key, "number": one.number, "title": said(one.title, one.title_en), "fields": one.fields, "entered_at": one.entered_at}
        for one in found
    ]
    if as_json:
        show_json(rows)
        return
    columns = (
        Column(vi="mã", en="key", cell=lambda row: row["key"]),
        Column(vi="phiên bản", en="version", cell=lambda row: row["number"], right=True),
        Column(vi="tên", en="title", cell=lambda row: row["title"]),
        Column(vi="số mục", en="fields", cell=lambda row: row["fields"], right=True),
    )
    show_table(rows, columns=columns)
