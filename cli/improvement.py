"""Improvement: last year's results taken in, criteria with who answers for each, measures planned and followed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.acting import acting_on_cycle, acting_on_obligation, looked_at
from cli.language import said
from cli.opening import opened
from cli.options import DAY_FORMATS, As, AsJson, At, CycleName
from cli.output import Column, show_json, show_table
from evaluation.rights_table import Action
from store.rights import authorise, authorise_on

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal

    from store.commands.improvement.taken import TakenIn
    from store.queries.improvement import CriterionLine
    from store.session import Store, Transaction

Which = Annotated[int, typer.Argument(metavar="OBLIGATION", help="Số của nghĩa vụ / the obligation's number")]
AcceptLate = Annotated[bool, typer.Option("--accept-late", help="Giao dù đã quá hạn / owed though the date has passed")]
MaybeDay = Annotated[datetime | None, typer.Option("--due", formats=DAY_FORMATS, help="Hạn: hết ngày này / the last day")]


def take_in(  # noqa: PLR0913  what, of which set, by whom
    cycle: CycleName,
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="Tệp .xlsx, .csv hoặc .yaml / a file")],
    *,
    criteria: Annotated[str, typer.Option("--criteria", metavar="SET", help="Mã bộ tiêu chí, hoặc mã/phiên-bản / its key, or key/version")],
    as_: As,
    apply: Annotated[bool, typer.Option("--apply", help="Thực hiện; không có thì chỉ xem trước / do it; else only look")] = False,
    due: MaybeDay = None,
    accept_late: AcceptLate = False,
    at: At = "",
) -> None:
    """Nhập kết quả năm trước: tiêu chí điểm thấp, không điểm thành việc có người chịu trách nhiệm. / Take in last year's results."""
    from config.weak_files import read_weak
    from store.commands.improvement.taken import Until
    from store.commands.improvement.weak import take_weak, weak_known
    from store.queries.rights import cycle_resource

    until = Until(due_on=due.date() if due else None, accept_late=accept_late or not apply)
    with opened() as store:
        found, who = acting_on_cycle(store, cycle, contact=as_, at=at)
        with store.reading() as connection:
            known = weak_known(store, connection, found.id, criteria, now=who.now)
        results = read_weak(file, known=known)
        with looked_at(store, who, apply=apply) as transaction:
            authorise_on(transaction, Action.IMPORT_WEAK, cycle_resource(transaction.connection, found.id))
            done = take_weak(store, transaction, found.id, results, criteria=criteria, until=until)
        names = _names(store, who.authority.key, done)
    _show_taken(done, names, apply=apply)


def from_results(  # noqa: PLR0913  of which edition, until when, by whom
    cycle: CycleName,
    *,
    as_: As,
    edition: Annotated[
        str, typer.Option("--edition", metavar="SHA-256", help="Bản đã công bố; bỏ trống: bản mới nhất / which edition; else the newest")
    ] = "",
    apply: Annotated[bool, typer.Option("--apply", help="Thực hiện; không có thì chỉ xem trước / do it; else only look")] = False,
    due: MaybeDay = None,
    accept_late: AcceptLate = False,
    at: At = "",
) -> None:
    """Giao khắc phục tiêu chí điểm thấp của một bản đã công bố; giao lại không trùng. / Open improvement from a published edition."""
    from store.commands.improvement.published import published_results, take_published
    from store.commands.improvement.taken import Until
    from store.queries.rights import cycle_resource

    until = Until(due_on=due.date() if due else None, accept_late=accept_late or not apply)
    with opened() as store:
        found, who = acting_on_cycle(store, cycle, contact=as_, at=at)
        with store.reading() as connection:
            results = published_results(store, connection, found.id, sha256=edition.strip(), now=who.now)
        with looked_at(store, who, apply=apply) as transaction:
            authorise_on(transaction, Action.IMPORT_WEAK, cycle_resource(transaction.connection, found.id))
            done = take_published(store, transaction, found.id, results=results, until=until)
        names = _names(store, who.authority.key, done, *results.left)
    typer.echo(said(f"Theo {results.edition.decision}.", f"By {results.edition.decision}."))
    _show_taken(done, names, apply=apply)
    if results.left:
        named = ", ".join(_called(names, key) for key in results.left)
        typer.echo(said(f"Không giao cho: {named} (kế hoạch không giao cho các đơn vị này).", f"Nothing is owed by: {named}."))


def _names(store: Store, authority: str, done: TakenIn, *more: str) -> dict[str, str]:
    """Return what the units and the parties are called that are told of, by key."""
    from store.queries.names import posts_and_parties

    keys = {key for one in done.raised for key in (one.result.unit, one.owner)} | {*more}
    with store.reading() as connection:
        _, parties = posts_and_parties(connection, authority, keys)
    return parties


def _called(names: Mapping[str, str], key: str) -> str:
    return f"{key} ({names[key]})" if key in names else key


def _show_taken(done: TakenIn, names: Mapping[str, str], *, apply: bool) -> None:
    show_table(list(done.raised), columns=_raised(names))
    vi = f"{len(done.raised)} tiêu chí điểm thấp; {done.strong} tiêu chí đạt; {done.known} đã nhập trước đó, {done.corrected} sửa điểm."
    typer.echo(
        said(
            vi,
            f"{len(done.raised)} weak criteria; {done.strong} are not weak; {done.known} were taken in before, {done.corrected} corrected.",
        )
    )
    if late := [one for one in done.raised if one.late]:
        days = ", ".join(f"{day:%d/%m/%Y}" for day in sorted({one.due_on for one in late if one.due_on is not None}))
        vi = f"{len(late)} việc đã quá hạn ngay khi giao (hạn {days}): chọn hạn khác với --due, hoặc thêm --accept-late."
        typer.echo(said(vi, f"{len(late)} are overdue from the start (due {days}): give another date with --due, or add --accept-late."))
    if not apply:
        typer.echo(said("Mới xem trước; thêm --apply để giao việc.", "Only looked at; add --apply to do it."))


def listed(  # noqa: PLR0913  which, and as what
    cycle: CycleName,
    *,
    unit: Annotated[str, typer.Option("--unit", metavar="KEY", help="Của đơn vị / of a unit")] = "",
    open_only: Annotated[bool, typer.Option("--open", help="Chỉ việc chưa xong / open ones only")] = False,
    as_: Annotated[str, typer.Option("--as", metavar="CONTACT")] = "",
    as_json_: AsJson = False,
    at: At = "",
) -> None:
    """Các tiêu chí cần cải thiện: ai chịu trách nhiệm, biện pháp, tiến độ. / The criteria, who answers, measures, progress."""
    from cli.seeing import reader_of
    from store.queries.improvement import list_improvement
    from store.queries.sight import permitted

    with opened() as store:
        found, who = acting_on_cycle(store, cycle, contact="", at=at)
        with store.reading() as connection:
            reader = reader_of(connection, as_)
            seen = None if reader is None else permitted(store, connection, reader.facts, Action.READ_OBLIGATION, now=reader.now)
            lines = list_improvement(store, connection, found.id, now=who.now, readable=seen)
    lines = [one for one in lines if unit in {"", one.party} and not (open_only and one.remedied)]
    if as_json_:
        show_json([_as_json(one) for one in lines])
    else:
        show_table(lines, columns=_LINES)


def measure(  # noqa: PLR0913  what is planned, by whom
    obligation: Which,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Biện pháp / what is to be done")],
    *,
    as_: As,
    answers: Annotated[str, typer.Option("--answers", help="Ai phụ trách / who answers for it")] = "",
    due: MaybeDay = None,
    criterion: Annotated[str, typer.Option("--criterion", help="Tiêu chí, trong kế hoạch của đơn vị / within the unit's own plan")] = "",
    at: At = "",
) -> None:
    """Đề ra một biện pháp cho tiêu chí, hoặc trong kế hoạch của đơn vị. / Plan a measure."""
    from store.commands.improvement.measures import Planned, plan_measure

    planned = Planned(text=text, answers=answers, due_on=None if due is None else due.date(), criterion=criterion)
    own = _do(obligation, Action.PLAN_MEASURE, (as_, at), lambda store, t: plan_measure(store, t, obligation, planned=planned))
    typer.echo(said(f"Đã ghi biện pháp; nghĩa vụ số {own}.", f"The measure is obligation {own}."))


def progress(
    obligation: Which,
    percent: Annotated[int, typer.Argument(metavar="PERCENT", min=0, max=100, help="Tiến độ, % / how far, per cent")],
    *,
    as_: As,
    remark: Annotated[str, typer.Option("--remark", help="Ghi chú / remark")] = "",
    at: At = "",
) -> None:
    """Báo cáo tiến độ một biện pháp; xong thì nộp như mọi việc khác. / Say how far a measure is; done, it is handed in like any work."""
    from store.commands.improvement.measures import report_progress

    given: dict[str, Any] = {"percent": percent, "remark": remark}
    _do(obligation, Action.REPORT_PROGRESS, (as_, at), lambda store, t: report_progress(store, t, obligation, **given))
    typer.echo(said(f"Đã ghi tiến độ {percent} %.", f"Noted: {percent} per cent."))


def _do(obligation: int, action: Action, who: tuple[str, str], act: Callable[[Store, Transaction], object]) -> object:
    contact, at = who
    with opened() as store:
        acting = acting_on_obligation(store, obligation, contact=contact, at=at)
        with store.transaction(now=acting.now, actor=acting.actor) as transaction:
            authorise(store, transaction, obligation, action)
            return act(store, transaction)


def _as_json(line: CriterionLine) -> dict[str, Any]:
    plain = {name: _plain(value) for name, value in vars(line).items() if name != "measures"}
    return {**plain, "progress": line.progress, "measures": [{k: _plain(v) for k, v in vars(one).items()} for one in line.measures]}


def _plain(value: object) -> object:
    from decimal import Decimal

    return str(value) if isinstance(value, Decimal) else value


def _points(points: Decimal | None, maximum: Decimal | None) -> str:
    return "" if points is None else f"{points}/{maximum}"


def _state(line: CriterionLine) -> str:
    from notifications.phrases import STATES

    return said(*STATES[line.state]) + (f" ({said('quá hạn', 'late')})" if line.late else "")


def _raised(names: Mapping[str, str]) -> list[Column]:
    return [
        Column(vi="đơn vị", en="unit", cell=lambda one: _called(names, one.result.unit) or said("(tỉnh)", "(province)")),
        Column(vi="tiêu chí", en="criterion", cell=lambda one: one.result.criterion),
        Column(vi="tên", en="title", cell=lambda one: one.title),
        Column(vi="điểm", en="points", cell=lambda one: _points(one.result.points, one.result.maximum), right=True),
        Column(vi="giao cho", en="owed by", cell=lambda one: _called(names, one.owner)),
        Column(vi="hạn", en="due", cell=lambda one: one.due_on),
    ]


_LINES = [
    Column(vi="số", en="number", cell=lambda line: line.obligation, right=True),
    Column(vi="tiêu chí", en="criterion", cell=lambda line: line.criterion or said("kế hoạch", "own plan")),
    Column(vi="tên", en="title", cell=lambda line: line.criterion_title),
    Column(vi="điểm", en="points", cell=lambda line: _points(line.points, line.maximum), right=True),
    Column(vi="chịu trách nhiệm", en="answers", cell=lambda line: f"{line.party} ({line.party_name})"),
    Column(vi="biện pháp", en="measures", cell=lambda line: len(line.measures), right=True),
    Column(vi="tiến độ", en="progress", cell=lambda line: f"{line.progress} %" if line.measures else "", right=True),
    Column(vi="tình trạng", en="state", cell=_state),
    Column(vi="hạn", en="due", cell=lambda line: line.due_on),
]
