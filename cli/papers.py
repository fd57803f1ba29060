"""The document register: official papers drafted, numbered, signed, discarded, registered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from cli.acting import acting_for, acting_on_cycle, the_authority
from cli.errors import ExitCode, RefusedError
from cli.language import said
from cli.moments import ZONE, local
from cli.opening import evidence_files, opened
from cli.options import DAY_FORMATS, As, AsJson, At, AuthorityKey, Day, Reason
from cli.output import Column, show_json, show_table
from cli.paper_words import asked_columns, register_columns
from config.settings import settings
from evaluation.papers import OF_RUNGS, PaperKind, PaperState, Purpose

if TYPE_CHECKING:
    from datetime import date

    from cli.acting import Acting
    from documents.desk import Desk
    from store.session import Store

Which = Annotated[int, typer.Argument(metavar="PAPER", help="Số thứ tự trong sổ / its number in the register")]


def show_all(  # noqa: PLR0913 -- every way to narrow the list
    *,
    authority: AuthorityKey = "",
    kind: Annotated[str, typer.Option(help="Loại: CV, QĐ, KH, TB, BC, TTr, BB / kind")] = "",
    state: Annotated[str, typer.Option(help="draft, numbered, signed, discarded")] = "",
    year: Annotated[int, typer.Option(help="Năm của số / year of the number")] = 0,
    search: Annotated[str, typer.Option(help="Trong số hoặc trích yếu / in number or summary")] = "",
    asked: Annotated[bool, typer.Option("--asked", help="Văn bản đang chờ ký / what is asked for and not signed")] = False,
    as_json: AsJson = False,
) -> None:
    """Liệt kê sổ văn bản. / List the register."""
    from store.queries.papers import Wanted, asked_papers, list_papers

    wanted = Wanted(
        kind=PaperKind(kind) if kind else None, state=PaperState(state) if state else None, year=year or None, words=search, at_most=1000
    )
    with opened() as store:
        of = the_authority(store, authority).id
        with store.reading() as connection:
            waiting = [one for one in asked_papers(connection) if one.authority == of] if asked else []
            found = [] if asked else list_papers(connection, [of], wanted=wanted)
    if as_json:
        show_json(waiting if asked else found)
    elif asked:
        show_table(waiting, columns=asked_columns())
    else:
        show_table(found, columns=register_columns())


def show(paper: Which, *, as_json: AsJson = False) -> None:
    """Xem một văn bản: số, căn cứ, các bản dự thảo. / Show a paper: number, what it speaks of, versions."""
    from store.queries.papers import about_of, facts_of, read_paper, versions_of

    with opened() as store, store.reading() as connection:
        found = read_paper(connection, paper)
        about, versions, facts = about_of(connection, paper), versions_of(connection, paper), facts_of(connection, found)
    if as_json:
        show_json({"paper": found, "about": about, "versions": versions, "facts": facts})
        return
    show_table([found], columns=register_columns())
    typer.echo(said(f"Nghĩa vụ: {', '.join(map(str, about)) or '-'}", f"Obligations: {', '.join(map(str, about)) or '-'}"))
    show_table(
        versions,
        columns=(
            Column(vi="bản", en="version", cell=lambda row: row.number, right=True),
            Column(vi="lúc", en="at", cell=lambda row: local(row.at, zone=ZONE)),
            Column(vi="SHA-256", en="SHA-256", cell=lambda row: row.sha256),
        ),
    )


def draft(
    cycle: Annotated[str, typer.Argument(metavar="CYCLE", help="Chu kỳ / the cycle")],
    obligations: Annotated[list[int], typer.Argument(metavar="OBLIGATION...", help="Các nghĩa vụ / the obligations")],
    *,
    as_: As,
    purpose: Annotated[str, typer.Option(help=", ".join(one.value for one in OF_RUNGS))] = Purpose.URGING.value,
    at: At = "",
) -> None:
    """Soạn văn bản về các nghĩa vụ. / Draft a letter about obligations."""
    from documents.desk import Letter, draft_letter

    with opened() as store:
        found, who = acting_on_cycle(store, cycle, contact=as_, at=at)
        letter = Letter(cycle=found.id, purpose=_of_rungs(purpose), obligations=tuple(obligations))
        number = draft_letter(_desk(store, who), letter)
    typer.echo(said(f"Đã soạn văn bản {number}: `dondoc papers file {number}`.", f"Drafted paper {number}: `dondoc papers file {number}`."))


def results(  # noqa: PLR0913  which paper, about what
    cycle: Annotated[str, typer.Argument(metavar="CYCLE", help="Chu kỳ / the cycle")],
    *,
    as_: As,
    purpose: Annotated[str, typer.Option(help="minutes, result-decision, result-sheet, self-assessment-report")],
    unit: Annotated[str, typer.Option(metavar="KEY", help="Đơn vị, của result-sheet, self-assessment-report / the unit")] = "",
    council: Annotated[int, typer.Option(help="Nghĩa vụ của Hội đồng, của minutes / the council's obligation")] = 0,
    session: Annotated[int, typer.Option(min=1, help="Phiên họp / the session")] = 1,
    accept: Annotated[str, typer.Option(metavar="REASON", help="Dù thiếu điểm, vì / though scores are missing, why")] = "",
    at: At = "",
) -> None:
    """Soạn biên bản Hội đồng, quyết định, kết quả của đơn vị, báo cáo tự chấm. / Draft a paper of the results."""
    from documents.desk import result_ready
    from store.queries.result_papers import OF_RESULTS, About

    if purpose not in {one.value for one in OF_RESULTS}:
        raise RefusedError(*[f"--purpose: {', '.join(one.value for one in OF_RESULTS)}"] * 2, code=ExitCode.USAGE)
    with opened() as store:
        found, who = acting_on_cycle(store, cycle, contact=as_, at=at)
        desk = _desk(store, who)
        about = About(purpose=Purpose(purpose), unit=unit, council=council, session=session, accepted=accept)
        number = desk.enter(result_ready(desk, found.id, about))
    typer.echo(said(f"Đã soạn văn bản {number}: `dondoc papers file {number}`.", f"Drafted paper {number}: `dondoc papers file {number}`."))


def redraft(  # noqa: PLR0913 -- everything that can be written otherwise
    paper: Which,
    *,
    as_: As,
    summary: Annotated[str, typer.Option(help="Trích yếu / summary")] = "",
    addressee: Annotated[list[str] | None, typer.Option(help="Kính gửi, nhiều lần được / addressee, repeatable")] = None,
    copies: Annotated[list[str] | None, typer.Option("--copy", help="Nơi nhận, nhiều lần được / copy to, repeatable")] = None,
    archive: Annotated[str, typer.Option(help="Lưu / archive")] = "",
    place: Annotated[str, typer.Option(help="Địa danh / place")] = "",
    symbol: Annotated[str, typer.Option(help="Ký hiệu, ví dụ SNV-CCHC / sign")] = "",
    authority_line: Annotated[list[str] | None, typer.Option(help="TM., KT., TL., Q. …, nhiều lần được / repeatable")] = None,
    title: Annotated[str, typer.Option(help="Chức vụ người ký / the signer's title")] = "",
    signer: Annotated[str, typer.Option(help="Họ tên người ký / the signer's name")] = "",
    answer_by: Annotated[Day | None, typer.Option(formats=DAY_FORMATS, help="Hạn mới / to be done by")] = None,
    at: At = "",
) -> None:
    """Soạn lại theo tình hình hiện tại, với những chữ đã sửa. / Draft anew from the facts as they stand."""
    from documents.desk import redraft as draft_anew
    from evaluation.paper_edits import Edits

    edits = Edits(
        summary=summary or None,
        addressees=tuple(addressee) if addressee else None,
        copies=tuple(copies) if copies else None,
        archive=archive or None,
        place=place or None,
        symbol=symbol or None,
        signature_lines=tuple(authority_line) if authority_line else None,
        signature_title=title or None,
        signature_name=signer or None,
        answer_by=None if answer_by is None else answer_by.date(),
    )
    with opened() as store:
        draft_anew(_desk(store, _acting(store, paper, contact=as_, at=at)), paper, edits=edits)
    typer.echo(said(f"Đã soạn lại văn bản {paper}.", f"Paper {paper} was drafted anew."))


def number(
    paper: Which,
    *,
    as_: As,
    number: Annotated[str, typer.Option(help="Số, ký hiệu; bỏ trống: số tiếp theo / the number; empty: the next")] = "",
    dated: Annotated[Day | None, typer.Option(formats=DAY_FORMATS, help="Ngày ban hành / its date")] = None,
    at: At = "",
) -> None:
    """Ghi số, ngày mà văn thư đã cấp. / Enter the number and date that the document office gave."""
    from documents.desk import number as give_number
    from evaluation.papers import is_usual, number_text
    from store.commands.registering import Number
    from store.queries.papers import facts_of, read_paper, suggested_number

    with opened() as store:
        who = _acting(store, paper, contact=as_, at=at)
        with store.reading() as connection:
            line = read_paper(connection, paper)
            on = dated.date() if dated is not None else line.dated or _today(who)
            facts = facts_of(connection, line)
            symbol = "" if facts is None else facts.cover.head.symbol
            text = number or line.number_text or number_text(line.kind, suggested_number(connection, line, year=on.year), symbol=symbol)
        give_number(_desk(store, who), paper, Number(text=text, dated=on))
    if not is_usual(text, kind=line.kind):
        vi, en = (
            f"Lưu ý: “{text}” không theo mẫu số của {line.kind.value}.",
            f"Note: “{text}” is not how numbers of {line.kind.value} are written.",
        )
        typer.echo(said(vi, en), err=True)
    typer.echo(said(f"Văn bản {paper}: số {text} ngày {on:%d/%m/%Y}.", f"Paper {paper}: number {text} of {on}."))


def sign(
    paper: Which,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, metavar="PDF", help="Bản đã ký / the signed PDF")],
    *,
    as_: As,
    at: At = "",
) -> None:
    """Đính kèm bản PDF đã ký. / Attach the signed PDF."""
    from documents.desk import attach_signed
    from store.files import chunks_of

    with opened() as store:
        desk = _desk(store, _acting(store, paper, contact=as_, at=at))
        with file.open("rb") as stream:
            urged = attach_signed(desk, paper, desk.files.keep(chunks_of(stream), name=file.name))
    typer.echo(
        said(
            f"Văn bản {paper} đã ký; đã ghi đôn đốc {len(urged)} nghĩa vụ.", f"Paper {paper} is signed; {len(urged)} obligations are urged."
        )
    )


def discard(paper: Which, *, as_: As, reason: Reason = "", at: At = "") -> None:
    """Bỏ một văn bản, có lý do. / Discard a paper, with a reason."""
    from documents.desk import discard_paper

    with opened() as store:
        discard_paper(_desk(store, _acting(store, paper, contact=as_, at=at)), paper, reason=reason)
    typer.echo(said(f"Đã bỏ văn bản {paper}.", f"Paper {paper} is discarded."))


def register(  # noqa: PLR0913 -- what a paper is known by
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="Số, ký hiệu: 581/BNV-CCHC / its number")],
    *,
    as_: As,
    kind: Annotated[str, typer.Option(help="CV, QĐ, KH, TB, BC, TTr, BB")],
    issuer: Annotated[str, typer.Option(help="Nơi ban hành: khóa của đơn vị hoặc tên / who issued it: a party's key, or a name")],
    summary: Annotated[str, typer.Option(help="Trích yếu / summary")],
    dated: Annotated[Day | None, typer.Option(formats=DAY_FORMATS, help="Ngày / date")] = None,
    file: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, readable=True, help="Tệp / the file")] = None,
    authority: AuthorityKey = "",
    at: At = "",
) -> None:
    """Ghi sổ một văn bản đã ban hành ở nơi khác. / Register a paper that was issued elsewhere."""
    from documents.desk import register_paper
    from store.commands.registering import Issued
    from store.files import chunks_of

    with opened() as store:
        who = acting_for(store, authority, contact=as_, at=at)
        desk = _desk(store, who)
        day = None if dated is None else dated.date()
        issued = Issued(kind=PaperKind(kind), number=number, dated=day, issuer=issuer, summary=summary)
        kept = None
        if file is not None:
            with file.open("rb") as stream:
                kept = desk.files.keep(chunks_of(stream), name=file.name)
        ident = register_paper(desk, issued, authority=who.authority.id, file=kept)
    typer.echo(said(f"Đã ghi sổ: văn bản {ident}.", f"Registered as paper {ident}."))


def file(
    paper: Which,
    target: Annotated[Path, typer.Argument(metavar="TARGET", help="Ghi vào tệp này / write it here")],
    *,
    signed: Annotated[bool, typer.Option("--signed", help="Bản đã ký / the signed one")] = False,
    version: Annotated[int, typer.Option(help="Bản dự thảo số; 0: bản cuối / which version; 0: the last")] = 0,
) -> None:
    """Lấy tệp của văn bản. / Write out a paper's file."""
    from store.queries.papers import file_of

    with opened() as store, store.reading() as connection:
        sha256 = file_of(connection, paper, version=version, signed=signed)
    with evidence_files().read(sha256) as content:
        target.write_bytes(content.read())
    typer.echo(str(target))


def _desk(store: Store, who: Acting) -> Desk:
    from documents.desk import Desk

    own = settings().paper_templates
    return Desk(store=store, files=evidence_files(), now=who.now, actor=who.actor, templates=Path(own) if own else None)


def _acting(store: Store, paper: int, *, contact: str, at: str) -> Acting:
    from cli.acting import acting
    from store.queries.papers import read_paper
    from store.queries.people import list_authorities

    with store.reading() as connection:
        authority = read_paper(connection, paper).authority
        keys = [one.key for one in list_authorities(connection)]
    found = next(one for one in (the_authority(store, key) for key in keys) if one.id == authority)
    return acting(store, found, contact=contact, at=at)


def _today(who: Acting) -> date:
    return who.now.astimezone(ZoneInfo(who.authority.zone)).date()


def _of_rungs(purpose: str) -> Purpose:
    if purpose in {one.value for one in OF_RUNGS}:
        return Purpose(purpose)
    words = "--purpose: " + ", ".join(one.value for one in OF_RUNGS)
    raise RefusedError(words, words, code=ExitCode.USAGE)
