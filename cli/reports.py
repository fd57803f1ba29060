"""Periodic reports: a form seen and filled in, a period with its numbers, the standing body's draft."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.acting import acting_on_cycle, acting_on_obligation
from cli.errors import ExitCode, RefusedError
from cli.language import said, spoken
from cli.opening import evidence_files, opened
from cli.options import As, AsJson, At
from cli.output import Column, show_json, show_table

if TYPE_CHECKING:
    from evaluation.reports.checks import FormFault
    from store.reports import Draft

Cycle = Annotated[str, typer.Argument(metavar="CYCLE", help="Chu kỳ / the cycle")]
Period = Annotated[str, typer.Argument(metavar="PERIOD", help="Kỳ, như 2026-Q1 / the period")]
Target = Annotated[Path, typer.Argument(metavar="TARGET", help="Ghi vào tệp này / write it here")]
Which = Annotated[int, typer.Argument(metavar="OBLIGATION", help="Nghĩa vụ / the obligation")]


def _standing(obligation: int) -> tuple[tuple[FormFault, ...], Draft]:
    """Return what stands in a report and what is wrong with it; NoSuchObligationError, ReportError."""
    from config.clock import utc_now
    from store.commands.moves import NoSuchObligationError
    from store.commands.reporting import no_form
    from store.queries.people import authority_of_obligation
    from store.reports import draft_of, faults_of, line_of

    with opened() as store, store.reading() as connection:
        if authority_of_obligation(connection, obligation) is None:
            raise NoSuchObligationError(obligation)
        line = line_of(store, connection, obligation, now=utc_now())
        draft = draft_of(connection, obligation, line=line)
        if draft is None:
            raise no_form()
        return faults_of(connection, draft, line=line), draft


def show(obligation: Which, *, as_json: AsJson = False) -> None:
    """Xem nội dung đã điền của một báo cáo và những chỗ sai. / Show what stands in a report, and what is wrong with it."""
    faults, draft = _standing(obligation)
    if as_json:
        show_json({"version": draft.version, "answers": draft.answers, "faults": [_fault(one) for one in faults]})
        return
    show_table(_answers(draft), columns=_columns(), title=said(draft.form.title, draft.form.title_en))
    for one in faults:
        typer.echo(f"{one.severity.value}: {one.text(spoken().value)}")


def _answers(draft: Draft) -> list[dict[str, str]]:
    return [
        {"field": field.key, "title": said(field.title, field.title_en), "answer": _plain(draft.answers.get(field.key, ""))}
        for field in draft.form.fields
    ]


def _plain(answer: object) -> str:
    return answer if isinstance(answer, str) else said(f"{len(list(answer))} hàng", f"{len(list(answer))} rows")  # type: ignore[call-overload]


def _columns() -> tuple[Column, ...]:
    return (
        Column(vi="mục", en="field", cell=lambda row: row["field"]),
        Column(vi="tên", en="title", cell=lambda row: row["title"]),
        Column(vi="nội dung", en="answer", cell=lambda row: row["answer"]),
    )


def _fault(one: FormFault) -> dict[str, Any]:
    return {"field": one.field, "row": one.row, "severity": one.severity.value, "check": one.check, "vi": one.vi, "en": one.en}


def fill(
    obligation: Which,
    answers: Annotated[Path, typer.Argument(metavar="FILE", help="JSON: {mục: nội dung} / {field: answer}")],
    *,
    as_: As,
    version: Annotated[int, typer.Option(min=0, help="Bản đã xem / the version that was seen")],
    at: At = "",
) -> None:
    """Điền báo cáo từ một tệp JSON. / Fill in a report from a JSON file."""
    import orjson

    from evaluation.rights_table import Action
    from store.commands.reporting import save_answers
    from store.rights import authorise

    try:
        given = orjson.loads(answers.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        vi, en = f"không đọc được {answers}: {error}", f"{answers} cannot be read: {error}"
        raise RefusedError(vi, en, code=ExitCode.UNAVAILABLE) from None
    if not isinstance(given, dict):
        vi, en = f"{answers}: cần {{mục: nội dung}}", f"{answers}: {{field: answer}} is wanted"
        raise RefusedError(vi, en, code=ExitCode.USAGE)
    with opened() as store:
        who = acting_on_obligation(store, obligation, contact=as_, at=at)
        with store.transaction(now=who.now, actor=who.actor) as transaction:
            authorise(store, transaction, obligation, Action.FILL_REPORT)
            saved = save_answers(store, transaction, obligation, given, seen=version)
    typer.echo(said(f"Đã lưu bản {saved}.", f"Saved, version {saved}."))


def period(cycle: Cycle, period: Period, *, at: At = "", as_json: AsJson = False) -> None:
    """Tình hình một kỳ báo cáo, mỗi số kèm các mục nhật ký. / How a period stands, each number with its journal entries."""
    from store.queries.report_facts import entries_behind, report_facts

    with opened() as store:
        found, who = acting_on_cycle(store, cycle, contact="", at=at)
        with store.reading() as connection:
            facts = report_facts(store, connection, found.id, period, now=who.now)
            behind = entries_behind(connection, facts)
    rows = [{"name": name, "value": str(value), "entries": list(behind[name])} for name, value in facts.numbers().items()]
    if as_json:
        show_json(rows)
        return
    columns = (
        Column(vi="số liệu", en="number", cell=lambda row: row["name"]),
        Column(vi="giá trị", en="value", cell=lambda row: row["value"], right=True),
        Column(vi="mục nhật ký", en="journal entries", cell=lambda row: " ".join(map(str, row["entries"][:8]))),
    )
    show_table(rows, columns=columns, title=facts.period.name(spoken().value))


def draft(cycle: Cycle, period: Period, *, as_: As, at: At = "") -> None:
    """Soạn dự thảo báo cáo tổng hợp của một kỳ (.docx). / Draft the standing body's report of a period."""
    from config.settings import settings
    from documents.desk import Desk
    from documents.report_drafts import draft_report

    with opened() as store:
        found, who = acting_on_cycle(store, cycle, contact=as_, at=at)
        own = settings().paper_templates
        desk = Desk(store=store, files=evidence_files(), now=who.now, actor=who.actor, templates=Path(own) if own else None)
        number = draft_report(desk, found.id, period)
    typer.echo(said(f"Đã soạn văn bản {number}: `dondoc papers file {number}`.", f"Drafted paper {number}: `dondoc papers file {number}`."))


def form_sheet(obligation: Which, target: Target) -> None:
    """Ghi một báo cáo đã điền thành tệp Excel. / Write a filled form out as an Excel file."""
    from documents.report_workbooks import form_workbook

    _, draft = _standing(obligation)
    target.write_bytes(form_workbook(draft, either=said))
    typer.echo(str(target))


def read_sheet(
    obligation: Which,
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="Tệp .xlsx đã điền / a filled workbook")],
    *,
    as_: As,
    at: At = "",
) -> None:
    """Nhập báo cáo đã điền từ tệp Excel; có lỗi thì không nhận gì. / Take a filled form in; with a fault nothing is taken."""
    from config.report_sheet_reading import read_report
    from evaluation.rights_table import Action
    from store.commands.reporting import save_answers
    from store.rights import authorise

    _, draft = _standing(obligation)
    read = read_report(file, draft.form, draft.answers, obligation=obligation)
    with opened() as store:
        who = acting_on_obligation(store, obligation, contact=as_, at=at)
        with store.transaction(now=who.now, actor=who.actor) as transaction:
            authorise(store, transaction, obligation, Action.FILL_REPORT)
            saved = save_answers(store, transaction, obligation, read.changed, seen=read.version)
    count = len(read.changed)
    typer.echo(said(f"Đã lưu bản {saved}: {count} mục thay đổi.", f"Saved, version {saved}: {count} fields changed."))


def units_sheet(cycle: Cycle, period: Period, target: Target, *, at: At = "") -> None:
    """Ghi số liệu các đơn vị đã gửi của một kỳ, kèm dòng cộng, thành tệp Excel. / Write what the units sent as an Excel file."""
    from documents.report_workbooks import period_workbook
    from store.queries.report_facts import period_answers

    with opened() as store:
        found, who = acting_on_cycle(store, cycle, contact="", at=at)
        with store.reading() as connection:
            sent = period_answers(store, connection, found.id, period, now=who.now)
    target.write_bytes(period_workbook(sent, either=said))
    typer.echo(str(target))


def check_form(file: Annotated[Path, typer.Argument(metavar="FILE", help="Biểu mẫu YAML / a form in YAML")]) -> None:
    """Kiểm tra một biểu mẫu báo cáo. / Look a report form over."""
    from config.form_files import load_form

    form = load_form(file)
    typer.echo(
        said(
            f"{form.title}: {len(form.fields)} mục, {len(form.checks)} phép kiểm tra, không có lỗi",
            f"{form.title_en}: {len(form.fields)} fields, {len(form.checks)} checks, no faults",
        )
    )
