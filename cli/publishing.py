"""Publication of results: preview, freeze, what was published, verifying a bundle without a database, rewards, files for others."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.acting import acting_on_cycle, remark
from cli.errors import ExitCode, RefusedError
from cli.language import said, spoken
from cli.opening import opened
from cli.options import DAY_FORMATS, As, AsJson, At, CycleName, Reason
from cli.output import Column, show_json, show_table
from cli.results import UnitKey, changing
from evaluation.rights_table import Action

if TYPE_CHECKING:
    from decimal import Decimal

    from store.commands.results.publishing import Order

Number = Annotated[str, typer.Option("--number", help="Số quyết định / number of the decision")]
Dated = Annotated[datetime | None, typer.Option("--dated", formats=DAY_FORMATS, help="Ngày quyết định / its date")]
Issuer = Annotated[str, typer.Option("--issuer", help="Cơ quan ban hành / who issued it")]
Accept = Annotated[
    str, typer.Option("--accept", metavar="REASON", help="Công bố dù thiếu điểm, vì / publish though scores are missing, why")
]
Corrects = Annotated[int | None, typer.Option("--corrects", min=1, help="Đính chính bản số / number of the edition that it corrects")]
Into = Annotated[Path | None, typer.Option("--into", metavar="FILE", help="Ghi vào tệp / write to a file")]


def _order(number: str, dated: datetime | None, issuer: str, accept: str, corrects: int | None, reason: str) -> Order:  # noqa: PLR0913, PLR0917
    from evaluation.criteria.sets import Decision
    from store.commands.results.publishing import Order

    decision = Decision(number=number.strip(), dated=dated.date() if dated else None, issuer=issuer.strip())
    return Order(decision=decision, accepted=accept, corrects=corrects, reason=reason)


def preview(cycle: CycleName, *, accept: Accept = "", at: At = "") -> None:
    """Xem trước: công bố được chưa, còn thiếu điểm nào. / Whether results could be published, and what is missing."""
    from store.commands.results.publishing import prepare
    from store.score_refusals import SheetFaultsError

    with opened() as store:
        facts, who = acting_on_cycle(store, cycle, contact="", at=at)
        found = prepare(store, facts.id, _order("", None, "", accept, None, ""), now=who.now)
    if found.faults:
        raise SheetFaultsError(found.faults)
    vi = f"{found.units} đơn vị, thiếu {found.missing} điểm; công bố được. Mã của kết quả: {found.digest}"
    typer.echo(said(vi, f"{found.units} units, {found.missing} scores missing; it can be published. Digest of the results: {found.digest}"))
    if found.missing:
        vi, en = f"{found.missing} mục chưa có điểm được tính 0.", f"{found.missing} leaves without a score count 0."
        typer.echo(said(vi, en))
    if found.unscored:
        named = ", ".join(found.unscored)
        vi = f"{len(found.unscored)} đơn vị chưa có điểm, sẽ công bố chỉ số 0 và xếp hạng theo đó: {named}."
        typer.echo(said(vi, f"{len(found.unscored)} units have no score and would be published and ranked with 0: {named}."))
    typer.echo(said(f"Khi công bố, {found.told} người nhận thư báo kết quả.", f"{found.told} people would be told of it by mail."))


def publish(  # noqa: PLR0913  what Typer asks of the command line
    cycle: CycleName,
    *,
    number: Number,
    dated: Dated,
    as_: As,
    issuer: Issuer = "",
    accept: Accept = "",
    corrects: Corrects = None,
    reason: Reason = "",
    seen: Annotated[str, typer.Option(help="Mã của kết quả đã xem trước / the digest that the preview showed")] = "",
    at: At = "",
) -> None:
    """Công bố theo quyết định; lần sau chỉ là đính chính theo quyết định khác. / Freeze the results under a decision."""
    from store.commands.results import publishing

    order = _order(number, dated, issuer, accept, corrects, reason)
    with opened() as store:
        facts, who = acting_on_cycle(store, cycle, contact=as_, at=at)
        prepared = publishing.prepare(store, facts.id, order, now=who.now)
        done = changing(
            store,
            cycle,
            Action.PUBLISH_RESULTS,
            contact=as_,
            at=at,
            work=lambda t, facts: publishing.publish(store, t, facts.id, prepared=prepared, seen=seen),
        )
    typer.echo(
        said(f"Đã công bố, bản số {done.number}. SHA-256: {done.sha256}", f"Published, edition {done.number}. SHA-256: {done.sha256}")
    )


def editions(*, as_json: AsJson = False) -> None:
    """Các bản đã công bố, kể cả bản đã được đính chính. / What was published, what was corrected among it."""
    from store.queries.editions import list_published

    with opened() as store, store.reading() as connection:
        found = list_published(connection)
    if as_json:
        show_json([vars(one) for one in found])
        return
    columns = [
        Column(vi="cơ quan", en="authority", cell=lambda row: row.authority),
        Column(vi="năm", en="year", cell=lambda row: row.year, right=True),
        Column(vi="bản", en="edition", cell=lambda row: row.number, right=True),
        Column(vi="quyết định", en="decision", cell=lambda row: row.decision),
        Column(vi="ngày", en="dated", cell=lambda row: row.decided_on),
        Column(vi="đính chính bản", en="corrects", cell=lambda row: row.corrects, right=True),
        Column(vi="được đính chính bởi bản", en="corrected by", cell=lambda row: row.corrected_by, right=True),
        Column(vi="SHA-256", en="SHA-256", cell=lambda row: row.sha256),
    ]
    show_table(found, columns=columns)


def export(
    authority: Annotated[str, typer.Argument(metavar="AUTHORITY", help="Khóa của cơ quan / the authority's key")],
    year: Annotated[int, typer.Argument(metavar="YEAR", help="Năm đánh giá / the evaluated year")],
    *,
    kind: Annotated[str, typer.Option(help="json (gói đã đóng băng), units, leaves, weak (CSV)")] = "json",
    edition: Annotated[int | None, typer.Option(min=1, help="Bản số; bỏ trống: bản mới nhất / which edition; else the newest")] = None,
    into: Into = None,
) -> None:
    """Lấy một bản đã công bố: gói JSON, CSV, tiêu chí yếu cho kế hoạch khắc phục. / Take a published edition as a file."""
    from store.queries.editions import bundle_of_edition, content_of_edition, edition_named, weak_below_of

    with opened() as store, store.reading() as connection:
        line = edition_named(connection, authority, year, number=edition)
        content = content_of_edition(connection, line.id)
        below = weak_below_of(connection, line, bundle_of_edition(connection, line.id))
        made = content if kind == "json" else _table(content, kind, below=below)
    if into is None:
        typer.echo(made, nl=False)
    else:
        into.write_bytes(made.encode())
        typer.echo(said(f"Đã ghi {into}.", f"Wrote {into}."), err=True)


def _table(content: str, kind: str, *, below: Decimal) -> str:
    import orjson

    from config.result_tables import leaves_csv, units_csv, weak_csv
    from evaluation.scores.encoding import number
    from store.queries.editions import weak_of

    bundle = orjson.loads(content)
    if kind == "units":
        return units_csv(bundle)
    if kind == "leaves":
        return leaves_csv(bundle)
    if kind == "weak":
        found = weak_of(bundle, below=below)
        rows = [
            (unit, one.node, number(one.points) or "", number(one.maximum) or "", one.title, one.field)
            for unit, some in found.items()
            for one in some
        ]
        return weak_csv(rows)
    vi = f"không có loại “{kind}”: json, units, leaves, weak"
    raise RefusedError(vi, f"there is no kind “{kind}”: json, units, leaves, weak", code=ExitCode.USAGE)


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Gói đã công bố / a published bundle")],
    *,
    sha256: Annotated[str, typer.Option("--sha256", metavar="HEX", help="Mã đã công bố / the SHA-256 that was published")] = "",
) -> None:
    """Kiểm tra một gói đã công bố: mã băm, và tính lại mọi con số từ điểm các mục; không cần cơ sở dữ liệu. / Verify a bundle offline."""
    import hashlib

    from evaluation.scores.publication import verify as check

    try:
        content = file.read_bytes()
    except OSError as error:
        vi, en = f"không đọc được {file}: {error.strerror}", f"{file} cannot be read: {error.strerror}"
        raise RefusedError(vi, en, code=ExitCode.UNAVAILABLE) from error
    found = hashlib.sha256(content).hexdigest()
    faults = check(content, expected=sha256.strip() or found)
    for fault in faults:
        typer.echo(fault.text(spoken().value), err=True)
    if faults:
        vi, en = f"{file}: {len(faults)} chỗ không đúng", f"{file}: {len(faults)} things do not hold"
        raise RefusedError(vi, en)
    typer.echo(said(f"Đúng: mọi con số tính lại được. SHA-256: {found}", f"It holds: every number was worked out anew. SHA-256: {found}"))
    if not sha256:
        vi = "Chưa đối chiếu mã băm: so với mã ở trang công bố, hoặc thêm --sha256."
        typer.echo(said(vi, "Its hash was not compared: look at the page of results, or add --sha256."))


def rating(cycle: CycleName, into: Annotated[Path, typer.Argument(metavar="FILE", help="Tệp .xlsx sẽ ghi / the .xlsx to write")]) -> None:
    """Bảng kết quả kèm người đứng đầu, công chức tham mưu, để đánh giá xếp loại. / Results beside heads and officers, as a workbook."""
    from api.rating import rating_of

    with opened() as store:
        facts, who = acting_on_cycle(store, cycle, contact="")
        with store.reading() as connection:
            into.write_bytes(rating_of(store, connection, facts.id, authority=who.authority.id, now=who.now))
    typer.echo(said(f"Đã ghi {into}.", f"Wrote {into}."))


def reward(  # noqa: PLR0913  what Typer asks of the command line
    cycle: CycleName,
    unit: UnitKey,
    *,
    decision: Annotated[str, typer.Option(help="Số quyết định khen thưởng / the decision of the reward")],
    as_: As,
    person: Annotated[str, typer.Option(help="Họ tên cá nhân; bỏ trống: tập thể / an individual's name; else the unit")] = "",
    form: Annotated[str, typer.Option(help="Hình thức / its form")] = "Bằng khen",
    dated: Dated = None,
    at: At = "",
) -> None:
    """Ghi khen thưởng một tập thể hoặc cá nhân. / Write down a reward."""
    from store.commands.results.rewarding import Given
    from store.commands.results.rewarding import reward as command

    given = Given(unit=unit, person=person, form=form, decision=decision, decided_on=dated.date() if dated else None)
    with opened() as store:
        done = changing(store, cycle, Action.REWARD, contact=as_, at=at, work=lambda t, facts: command(store, t, facts.id, given=given))
    typer.echo(said(f"Đã ghi khen thưởng số {done}.", f"Reward {done} is written down."))


def end_reward(cycle: CycleName, number: Annotated[int, typer.Argument(metavar="NUMBER")], *, as_: As, reason: Reason, at: At = "") -> None:
    """Bỏ một khen thưởng đã ghi. / Take a reward back."""
    from store.commands.results.rewarding import end_reward as command

    why = remark(reason)
    with opened() as store:
        changing(store, cycle, Action.REWARD, contact=as_, at=at, work=lambda t, facts: command(store, t, facts.id, number, remark=why))
    typer.echo(said(f"Đã bỏ khen thưởng số {number}.", f"Reward {number} is taken back."))
