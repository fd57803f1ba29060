"""Evidence: files attached to an obligation, listed, withdrawn, missing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.acting import acting_on_obligation, moment
from cli.language import said
from cli.moments import ZONE
from cli.moves import Which
from cli.opening import evidence_files, opened
from cli.options import As, AsJson, At, CycleName
from cli.output import Column, show_json, show_table
from evaluation.rights_table import Action
from store.rights import authorise

EvidenceNumber = Annotated[int, typer.Argument(metavar="EVIDENCE", help="Số của tài liệu / the evidence's number")]


def attach(
    obligation: Which,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, metavar="FILE", help="Tệp / the file")],
    *,
    as_: As,
    item: Annotated[str, typer.Option(help="Phần của sản phẩm; bỏ trống: cả sản phẩm / part of the deliverable; empty: the whole")] = "",
    at: At = "",
) -> None:
    """Nộp một tài liệu kiểm chứng. / Attach a file."""
    from store.commands.evidence import attach as attach_file
    from store.files import chunks_of

    with opened() as store:
        who = acting_on_obligation(store, obligation, contact=as_, at=at)
        with file.open("rb") as stream:
            kept = evidence_files().keep(chunks_of(stream), name=file.name)
        with store.transaction(now=who.now, actor=who.actor) as transaction:
            authorise(store, transaction, obligation, Action.UPLOAD)
            number = attach_file(store, transaction, obligation, file=kept, item=item)
    typer.echo(
        said(f"Tài liệu {number}: {kept.name}, {kept.size:,} byte.", f"Evidence {number}: {kept.name}, {kept.size:,} bytes.")
        + f" SHA-256 {kept.sha256}"
    )


def withdraw(evidence: EvidenceNumber, *, as_: As, at: At = "") -> None:
    """Rút một tài liệu đã nộp. / Withdraw evidence."""
    from store.commands.evidence import NoSuchEvidenceError, withdraw_evidence
    from store.queries.unit_work import evidence_named

    with opened() as store:
        with store.reading() as connection:
            found = evidence_named(connection, evidence)
        if found is None:
            raise NoSuchEvidenceError(evidence)
        who = acting_on_obligation(store, found.obligation, contact=as_, at=at)
        with store.transaction(now=who.now, actor=who.actor) as transaction:
            authorise(store, transaction, found.obligation, Action.WITHDRAW_EVIDENCE)
            withdraw_evidence(store, transaction, evidence)
    typer.echo(said("Đã rút.", "Withdrawn."))


def show(
    obligation: Which,
    *,
    withdrawn: Annotated[bool, typer.Option("--withdrawn", help="Cả tài liệu đã rút / also what was withdrawn")] = False,
    as_json: AsJson = False,
) -> None:
    """Liệt kê tài liệu của một nghĩa vụ. / List the evidence of an obligation."""
    from store.queries.unit_work import evidence_of

    with opened() as store, store.reading() as connection:
        rows = evidence_of(connection, obligation, withdrawn=withdrawn)
    if as_json:
        show_json(rows)
        return
    columns = [
        Column(vi="số", en="no.", cell=lambda row: row.id, right=True),
        Column(vi="phần", en="part", cell=lambda row: row.item),
        Column(vi="tên tệp", en="name", cell=lambda row: row.name),
        Column(vi="byte", en="bytes", cell=lambda row: row.size, right=True),
        Column(vi="lần bổ sung", en="round", cell=lambda row: row.round or "", right=True),
        Column(vi="ai", en="who", cell=lambda row: row.contact),
        Column(vi="lúc (UTC)", en="at (UTC)", cell=lambda row: row.at),
        Column(vi="đã rút (UTC)", en="withdrawn (UTC)", cell=lambda row: row.withdrawn_at),
        Column(vi="SHA-256", en="SHA-256", cell=lambda row: row.sha256),
    ]
    show_table(rows, columns=columns)


def missing(
    cycle: CycleName,
    *,
    unit: Annotated[str, typer.Option(help="Chỉ đơn vị này / of this unit only")] = "",
    at: Annotated[str, typer.Option("--at", metavar="MOMENT", help="Tính đến thời điểm / as of a moment")] = "",
    as_json: AsJson = False,
) -> None:
    """Các phần của sản phẩm chưa có tài liệu kiểm chứng. / Parts of deliverables without evidence."""
    from store.queries.cycles import find_cycle
    from store.queries.unit_work import missing_evidence

    with opened() as store, store.reading() as connection:
        found = find_cycle(connection, cycle)
        rows = missing_evidence(store, connection, found.id, now=moment(at, zone=ZONE), party=unit)
    if as_json:
        show_json(rows)
        return
    columns = [
        Column(vi="nghĩa vụ", en="obligation", cell=lambda row: row.obligation, right=True),
        Column(vi="công đoạn", en="stage", cell=lambda row: row.stage),
        Column(vi="đơn vị", en="unit", cell=lambda row: row.party_name),
        Column(vi="về", en="about", cell=lambda row: row.subject),
        Column(vi="phần còn thiếu", en="part missing", cell=lambda row: row.title),
    ]
    show_table(rows, columns=columns)
