"""Criteria sets changed: taken in from a file, corrected, copied, led, pinned for a cycle."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.acting import acting_on_cycle, remark
from cli.founding import acting_in_office, authorise_office
from cli.language import said
from cli.opening import opened
from cli.options import DAY_FORMATS, As, At, AuthorityKey, Basis, CycleName, MaybeAs, Reason
from evaluation.rights_table import Action

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.acting import Acting
    from config.criteria_files import ReadCriteria
    from evaluation.criteria.sets import Decision
    from store.queries.criteria import VersionLine
    from store.session import Store, Transaction

File = Annotated[str, typer.Argument(metavar="FILE", help="Tệp .yaml, .xlsx, hoặc khóa có sẵn / a file, or a shipped set's key")]
SetName = Annotated[str, typer.Argument(metavar="SET", help="Mã bộ tiêu chí, hoặc mã/phiên-bản / its key, or key/version")]
Accept = Annotated[
    str,
    typer.Option("--accept", metavar="REASON", help="Nhận dù điểm, số lượng không khớp, vì / take it in though off, why"),
]
Number = Annotated[str, typer.Option("--number", help="Số quyết định / number of the decision")]
Dated = Annotated[datetime | None, typer.Option("--dated", formats=DAY_FORMATS, help="Ngày quyết định / its date")]
Issuer = Annotated[str, typer.Option("--issuer", help="Cơ quan ban hành / who issued it")]


def _read(store: Store, who: Acting, file: str) -> ReadCriteria:
    """Return the set of a file; those that lead it are looked for among the authority's parties."""
    from config.criteria_files import find_criteria, read_criteria
    from store.queries.criteria import party_keys_of

    with store.reading() as connection:
        parties = party_keys_of(connection, who.authority.id)
    return read_criteria(find_criteria(file), parties=parties)


def _change(store: Store, who: Acting, work: Callable[[Transaction], VersionLine]) -> VersionLine:
    with store.transaction(now=who.now, actor=who.actor) as transaction:
        authorise_office(transaction, who, Action.CHANGE_CRITERIA)
        return work(transaction)


def _decision(number: str, dated: datetime | None, issuer: str) -> Decision:
    from evaluation.criteria.sets import Decision

    return Decision(number=number, dated=dated.date() if dated else None, issuer=issuer)


def _say(version: VersionLine, *, vi: str, en: str) -> None:
    draft = version.state == "draft"
    state = said("dự thảo", "a draft") if draft else said("đã ban hành", "published") + f" ({version.decision})"
    vi, en = f"{vi} “{version.key}”, phiên bản {version.number}", f"{en} “{version.key}”, version {version.number}"
    typer.echo(f"{said(vi, en)}, {state}.")


def take_in(  # noqa: PLR0913  what Typer asks of the command line
    file: File,
    *,
    accept: Accept = "",
    number: Number = "",
    dated: Dated = None,
    issuer: Issuer = "",
    authority: AuthorityKey = "",
    as_: MaybeAs = "",
    at: At = "",
) -> None:
    """Nhập một bộ tiêu chí: dự thảo cho đến khi có số, ngày quyết định. / Take in a criteria set."""
    from store.commands.criteria.versions import take_in

    with opened() as store:
        who = acting_in_office(store, authority, contact=as_, at=at)
        read = _read(store, who, file)
        given = _decision(number, dated, issuer or read.criteria.decision.issuer) if number or dated else None
        done = _change(store, who, lambda t: take_in(t, who.authority.id, read, accept=accept, decision=given))
    _say(done, vi="Đã nhập", en="Took in")


def correct(  # noqa: PLR0913  what Typer asks of the command line
    file: File,
    *,
    number: Number,
    dated: Dated,
    issuer: Issuer = "",
    reason: Reason = "",
    accept: Accept = "",
    authority: AuthorityKey = "",
    as_: MaybeAs = "",
    at: At = "",
) -> None:
    """Đính chính một bộ tiêu chí đã ban hành: thành phiên bản mới, theo quyết định đính chính. / Correct a published criteria set."""
    from store.commands.criteria.versions import correct

    decision = _decision(number, dated, issuer)
    with opened() as store:
        who = acting_in_office(store, authority, contact=as_, at=at)
        read = _read(store, who, file)
        done = _change(store, who, lambda t: correct(t, who.authority.id, read, decision=decision, reason=reason, accept=accept))
    _say(done, vi="Đã đính chính", en="Corrected")


def copy(  # noqa: PLR0913  what Typer asks of the command line
    source: SetName,
    key: Annotated[str, typer.Argument(metavar="KEY", help="Mã của bản sao / the copy's key")],
    *,
    title: Annotated[str, typer.Option(help="Tên của bản sao / its name")] = "",
    year: Annotated[int | None, typer.Option(min=2000, max=2100, help="Năm đánh giá / the evaluated year")] = None,
    authority: AuthorityKey = "",
    as_: MaybeAs = "",
    at: At = "",
) -> None:
    """Sao chép thành dự thảo mới, như bộ của năm trước cho năm nay. / Copy a set as a new draft."""
    from store.commands.criteria.versions import Copy, copy
    from store.rights import authority_today

    with opened() as store:
        who = acting_in_office(store, authority, contact=as_, at=at)

        def work(transaction: Transaction) -> VersionLine:
            today = authority_today(transaction.connection, who.authority.id, now=who.now)
            return copy(store, transaction, who.authority.id, source, to=Copy(key=key, title=title, year=year), today=today)

        done = _change(store, who, work)
    _say(done, vi="Đã sao chép thành", en="Copied to")


def lead(  # noqa: PLR0913  what Typer asks of the command line
    name: SetName,
    node: Annotated[str, typer.Argument(metavar="NODE", help="Số của mục, ví dụ 2.1 / the node's number")],
    party: Annotated[str, typer.Argument(metavar="UNIT", help="Khóa đơn vị chủ trì / the lead's key")],
    *,
    from_: Annotated[datetime | None, typer.Option("--from", formats=DAY_FORMATS, help="Từ ngày / from")] = None,
    to: Annotated[datetime | None, typer.Option("--to", formats=DAY_FORMATS, help="Đến hết ngày / to the end of")] = None,
    reason: Reason = "",
    document: Basis = "",
    authority: AuthorityKey = "",
    as_: MaybeAs = "",
    at: At = "",
) -> None:
    """Ghi đơn vị chủ trì một mục và các mục con, từ ngày nào. / Say who leads a node and what is under it."""
    from evaluation.criteria.sets import Lead
    from store.commands.criteria.leading import name_lead

    def day(given: datetime | None) -> date | None:
        return given.date() if given else None

    named, why = Lead(party=party, from_on=day(from_), to_on=day(to)), remark(reason, document)
    with opened() as store:
        who = acting_in_office(store, authority, contact=as_, at=at)
        version = _change(store, who, lambda t: name_lead(store, t, who.authority.id, name, node=node, lead=named, remark=why))
    typer.echo(said(f"“{party}” chủ trì mục {node} của “{version.key}”.", f"“{party}” leads {node} of “{version.key}”."))


def pin(  # noqa: PLR0913  what Typer asks of the command line
    cycle: CycleName,
    name: SetName,
    *,
    group: Annotated[str, typer.Option("--group", metavar="GROUP", help="Nhóm đơn vị / the unit group")],
    as_: As,
    reason: Reason = "",
    document: Basis = "",
    at: At = "",
) -> None:
    """Ghim một phiên bản đã ban hành cho một nhóm đơn vị của chu kỳ. / Pin a published version for a unit group of a cycle."""
    from store.commands.criteria.pinning import pin
    from store.queries.rights import cycle_resource
    from store.rights import authorise_on

    with opened() as store:
        facts, who = acting_on_cycle(store, cycle, contact=as_, at=at)
        with store.transaction(now=who.now, actor=who.actor) as transaction:
            authorise_on(transaction, Action.PIN_CRITERIA, cycle_resource(transaction.connection, facts.id))
            done = pin(store, transaction, facts.id, group=group, name=name, remark=remark(reason, document))
    typer.echo(
        said(
            f"Nhóm “{group}” dùng “{done.pin.key}”, phiên bản {done.pin.version}: {done.items} mục.",
            f"The group “{group}” uses “{done.pin.key}”, version {done.pin.version}: {done.items} items.",
        )
    )
    if done.orphans:
        typer.echo(
            said(
                f"{done.orphans} tài liệu đã nộp thuộc những mục không còn; tài liệu vẫn được giữ.",
                f"{done.orphans} pieces of evidence belong to items that are gone; they are kept.",
            )
        )
