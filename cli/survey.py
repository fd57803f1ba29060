"""The survey: question sets, sample, codes and papers, ballots, counts, closing."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.acting import acting_on_cycle
from cli.errors import ExitCode, RefusedError
from cli.language import said
from cli.opening import opened
from cli.options import As, AsJson, At, CycleName
from cli.output import Column, show_json, show_table
from config.clock import utc_now
from evaluation.rights_table import Action
from store.rights import authorise_on

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.survey_tables import Known
    from store.commands.survey.asking import Batch
    from store.commands.survey.closing import Closing
    from store.session import Store, Transaction

Unit = Annotated[str, typer.Option(help="Đơn vị được đánh giá (khóa) / whom it is about: a unit's key")]
Group = Annotated[str, typer.Option("--group", help="Nhóm đối tượng, hoặc khóa bộ câu hỏi / group of respondents, or its question set")]
Count = Annotated[int, typer.Option(min=1, help="Số phiếu / how many")]
FromUnit = Annotated[str, typer.Option("--from-unit", help="Nơi công tác của người trả lời, nếu biết / where they work, if known")]
FileName = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="Tệp .xlsx hoặc .csv / a file")]


def show(cycle: CycleName, *, as_json_: AsJson = False) -> None:
    """Số phiếu dự kiến, phát ra, thu về, hợp lệ theo đơn vị và nhóm. / Ballots by unit and group of respondents."""
    from store.queries.cycles import find_cycle
    from store.queries.survey import survey_view

    with opened() as store, store.reading() as connection:
        view = survey_view(store, connection, find_cycle(connection, cycle).id, now=utc_now())
    if as_json_:
        rows = [
            {"unit": row.unit, "name": row.name, "counts": {group: vars_of(one) for group, one in row.counts.items()}} for row in view.rows
        ]
        show_json({"held": view.rules.held, "form": view.form, "closed": view.closed is not None, "units": rows})
        return
    if not view.rules.held:
        typer.echo(said(view.note("vi"), view.note("en")))
    elif not view.form:
        typer.echo(said("Chưa có bộ câu hỏi.", "There are no question sets yet."))
    lines = [(row, group, row.counts[group]) for row in view.rows for group in view.respondents if group in row.counts]
    columns = [
        Column(vi="Khóa", en="Key", cell=lambda one: one[0].unit),
        Column(vi="Đơn vị", en="Unit", cell=lambda one: one[0].name),
        Column(vi="Nhóm đối tượng", en="Respondents", cell=lambda one: one[1]),
        Column(vi="Dự kiến", en="Planned", cell=lambda one: one[2].planned, right=True),
        Column(vi="Phát ra", en="Issued", cell=lambda one: one[2].issued, right=True),
        Column(vi="Thu về", en="Returned", cell=lambda one: one[2].returned, right=True),
        Column(vi="Hợp lệ", en="Valid", cell=lambda one: one[2].valid, right=True),
    ]
    show_table(lines, columns=columns)
    if view.closed is not None:
        typer.echo(said(f"Đã chốt số liệu: {view.closed.ballots} phiếu.", f"Closed with {view.closed.ballots} ballots."))


def vars_of(counts: Any) -> dict[str, int]:  # noqa: ANN401  a record of counts
    """Return counts by name."""
    return {name: getattr(counts, name) for name in ("planned", "issued", "returned", "valid")}


def questions(
    cycle: CycleName,
    file: Annotated[str, typer.Argument(metavar="FILE", help="Tệp .yaml, hoặc khóa của bộ ví dụ / a file, or a shipped example's key")],
    *,
    as_: As,
    at: At = "",
) -> None:
    """Nhập bộ câu hỏi cho từng nhóm đối tượng. / Take in the question sets that the cycle asks."""
    from config.survey_files import survey_text
    from store.commands.survey.asking import take_questions

    text = survey_text(file)
    number = _on(cycle, Action.RUN_SURVEY, (as_, at), lambda store, tx, found: take_questions(store, tx, found, text, file=file))
    typer.echo(said(f"Bộ câu hỏi phiên bản {number}.", f"Question sets, version {number}."))


def sample(
    cycle: CycleName,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="Tệp .xlsx, .csv / a file")] = None,
    *,
    as_: As,
    per_unit: Annotated[
        list[str] | None, typer.Option("--per-unit", metavar="GROUP=N", help="Mỗi đơn vị N phiếu, lặp được / N per unit")
    ] = None,
    at: At = "",
) -> None:
    """Lập phương án mẫu: từ tệp, hoặc số phiếu mỗi đơn vị theo nhóm. / Plan the sample, from a file or by numbers."""
    from config.survey_tables import read_sample
    from store.commands.survey.asking import plan_by_numbers, plan_sample

    quotas = dict(map(_quota, per_unit or ()))
    if bool(quotas) is (file is not None):
        vi, en = "nêu một trong hai: tệp, hoặc --per-unit", "give one of the two: a file, or --per-unit"
        raise RefusedError(vi, en, code=ExitCode.USAGE)

    samples = read_sample(file.read_bytes(), name=file.name, known=_on(cycle, Action.RUN_SURVEY, (as_, at), _known)) if file else ()

    def act(store: Store, transaction: Transaction, found: int) -> int:
        if file is None:
            return plan_by_numbers(store, transaction, found, quotas)
        return plan_sample(store, transaction, found, samples)

    planned = _on(cycle, Action.RUN_SURVEY, (as_, at), act)
    typer.echo(said(f"Phương án mẫu: {planned} phiếu.", f"Planned: {planned} ballots."))


def _quota(words: str) -> tuple[str, int]:
    group, _, number = words.rpartition("=")
    if not group or not number.isdecimal():
        vi, en = f"--per-unit: viết “nhóm=số”, không phải “{words}”", f"--per-unit: write “group=number”, not “{words}”"
        raise RefusedError(vi, en, code=ExitCode.USAGE)
    return group, int(number)


def codes(  # noqa: PLR0913  about whom, to whom, how many
    cycle: CycleName, *, as_: As, unit: Unit, group: Group, count: Count, from_unit: FromUnit = "", at: At = ""
) -> None:
    """Tạo mã phiếu trực tuyến; chỉ hiện một lần. / Make codes for ballots; they are shown once."""
    from config.settings import settings
    from store.commands.survey.asking import issue_codes

    made = _on(
        cycle, Action.RUN_SURVEY, (as_, at), lambda store, tx, found: issue_codes(store, tx, found, _batch(unit, group, count, from_unit))
    )
    for code in made:
        typer.echo(f"{code}\t{settings().base_url.rstrip('/')}/ballot/{code}")


def papers(cycle: CycleName, *, as_: As, unit: Unit, group: Group, count: Count, at: At = "") -> None:  # noqa: PLR0913  about whom, to whom, how many
    """Ghi số phiếu giấy đã phát. / Write down that papers were handed out."""
    from store.commands.survey.asking import hand_out

    _on(cycle, Action.RUN_SURVEY, (as_, at), lambda store, tx, found: hand_out(store, tx, found, _batch(unit, group, count, "")))
    typer.echo(said("Đã ghi.", "Done."))


def ballot(  # noqa: PLR0913  what is on a paper
    cycle: CycleName,
    *,
    as_: As,
    number: Annotated[str, typer.Option(help="Số của phiếu / the paper's number")],
    unit: Unit,
    group: Group,
    answer: Annotated[
        list[str] | None, typer.Option(metavar="QUESTION=ANSWER", help="Câu trả lời, lặp được / an answer, repeatable")
    ] = None,
    from_unit: FromUnit = "",
    at: At = "",
) -> None:
    """Nhập một phiếu giấy. / Enter a paper ballot."""
    from store.commands.survey.ballots import Paper, enter_paper

    given = {key: value for key, _, value in (words.partition("=") for words in answer or ())}
    paper = Paper(number=number, unit=unit, respondents=group, answers=given, from_unit=from_unit)
    valid = _on(cycle, Action.ENTER_BALLOTS, (as_, at), lambda store, tx, found: enter_paper(store, tx, found, paper))
    if valid:
        typer.echo(said("Phiếu hợp lệ.", "The ballot counts."))
    else:
        typer.echo(
            said("Phiếu bỏ trống câu bắt buộc: đã ghi là thu về, không hợp lệ.", "A question is empty: it came back and does not count.")
        )


def import_(  # noqa: PLR0913  what the file is about
    cycle: CycleName,
    file: FileName,
    *,
    as_: As,
    unit: Annotated[str, typer.Option(help="Cả tệp về đơn vị này / the whole file is about this unit")] = "",
    group: Annotated[str, typer.Option("--group", help="Cả tệp của nhóm này / the whole file is of this group")] = "",
    at: At = "",
) -> None:
    """Nhập phiếu từ tệp xuất của LimeSurvey, KoboToolbox. / Take in an export of LimeSurvey or KoboToolbox."""
    from config.survey_tables import read_ballots
    from store.commands.survey.ballots import take_ballots

    known = _on(cycle, Action.ENTER_BALLOTS, (as_, at), _known)
    content = file.read_bytes()
    read = read_ballots(content, name=file.name, known=known, question_set=group, unit=unit)
    digest = hashlib.sha256(content).hexdigest()
    count = _on(cycle, Action.ENTER_BALLOTS, (as_, at), lambda store, tx, found: take_ballots(store, tx, found, read.ballots, file=digest))
    unfinished = read.unfinished
    more = said(f"; {unfinished} phiếu chưa gửi, bỏ qua", f"; {unfinished} never sent off, passed over") if unfinished else ""
    typer.echo(said(f"Đã nhập {count} phiếu", f"Taken in: {count} ballots") + more)


def close(
    cycle: CycleName, *, as_: As, reason: Annotated[str, typer.Option(help="Lý do, nếu cần / why, where it needs saying")] = "", at: At = ""
) -> None:
    """Chốt số liệu: điểm điều tra vào phiếu chấm của từng đơn vị. / Close the survey: its points stand in every sheet."""
    from store.commands.survey.closing import close_survey
    from store.queries.survey import survey_view

    def act(store: Store, transaction: Transaction, found: int) -> tuple[Closing, dict[str, str]]:
        closing = close_survey(store, transaction, found, reason=reason)
        view = survey_view(store, transaction.connection, found, now=transaction.now)
        return closing, {row.unit: row.name for row in view.rows}

    done, names = _on(cycle, Action.RUN_SURVEY, (as_, at), act)
    typer.echo(said(f"Đã chốt: {done.ballots} phiếu, {done.units} đơn vị.", f"Closed: {done.ballots} ballots, {done.units} units."))
    for unit, vi, en in done.notes:
        typer.echo(said(f"{unit} ({names[unit]}): {vi}", f"{unit} ({names[unit]}): {en}"))


def reopen(cycle: CycleName, *, as_: As, reason: Annotated[str, typer.Option(help="Lý do, bắt buộc / why, required")], at: At = "") -> None:
    """Mở lại điều tra đã chốt: nhận phiếu trở lại, chốt lại thì tính điểm lại. / Let a closed survey take ballots again."""
    from store.commands.survey.closing import reopen_survey

    _on(cycle, Action.RUN_SURVEY, (as_, at), lambda store, tx, found: reopen_survey(store, tx, found, reason=reason))
    typer.echo(said("Đã mở lại điều tra.", "Re-opened."))


def _known(store: Store, transaction: Transaction, found: int) -> Known:
    """Return the words that a file may use: it is read before the transaction that keeps it."""
    from store.commands.survey.held import open_survey
    from store.survey import known_of

    survey = open_survey(store, transaction, found, alone=False)
    return known_of(survey.year, survey.form)


def _batch(unit: str, group: str, count: int, from_unit: str) -> Batch:
    from store.commands.survey.asking import Batch

    return Batch(unit=unit, respondents=group, count=count, from_unit=from_unit)


def _on(cycle: str, action: Action, who: tuple[str, str], act: Callable[[Store, Transaction, int], Any]) -> Any:  # noqa: ANN401  what the act returns
    from store.queries.rights import survey_resource

    with opened() as store:
        found, acts = acting_on_cycle(store, cycle, contact=who[0], at=who[1])
        with store.transaction(now=acts.now, actor=acts.actor) as transaction:
            authorise_on(transaction, action, survey_resource(store, transaction.connection, found.id, now=acts.now))
            return act(store, transaction, found.id)
