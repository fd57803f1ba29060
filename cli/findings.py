"""Findings: what a unit did about one, what the team saw when it looked again, and the decision that ends it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.acting import acting_on_obligation, remark
from cli.inspections import finding_written
from cli.inspections_shown import FINDING_COLUMNS, as_json
from cli.language import said
from cli.opening import opened
from cli.options import DAY_FORMATS, As, AsJson, At, Basis, CycleName, Reason
from cli.output import show_json, show_table
from config.clock import utc_now
from evaluation.inspections.findings import Claim, Outcome
from evaluation.rights_table import Action
from store.rights import authorise

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.findings import FindingFacts
    from store.session import Store, Transaction

Which = Annotated[int, typer.Argument(metavar="FINDING", help="Số của tồn tại / the finding's number")]


def findings(
    cycle: CycleName,
    *,
    open_only: Annotated[bool, typer.Option("--open", help="Chỉ tồn tại còn mở / open ones only")] = False,
    as_: Annotated[str, typer.Option("--as", metavar="CONTACT")] = "",
    as_json_: AsJson = False,
) -> None:
    """Các tồn tại, diễn biến từng việc trên một dòng. / The findings, the way of each as one line."""
    from cli.seeing import reader_of
    from store.queries.cycles import find_cycle
    from store.queries.inspections import list_findings
    from store.queries.sight import permitted

    with opened() as store, store.reading() as connection:
        found = find_cycle(connection, cycle)
        reader = reader_of(connection, as_)
        seen = None if reader is None else permitted(store, connection, reader.facts, Action.READ_OBLIGATION, now=reader.now)
        lines = list_findings(store, connection, now=utc_now(), cycle=found.id, readable=seen, open_only=open_only)
    if as_json_:
        show_json([as_json(line) for line in lines])
    else:
        show_table(lines, columns=FINDING_COLUMNS)


def remedy(  # noqa: PLR0913  what was done, and the paper that says it
    finding: Which,
    *,
    as_: As,
    claim: Annotated[Claim, typer.Option(help="Mức khắc phục / how far")],
    text: Annotated[str, typer.Option(help="Đã làm gì / what was done")],
    no_evidence: Annotated[str, typer.Option(metavar="WHY", help="Lý do không kèm tài liệu kiểm chứng / why no file is attached")] = "",
    number: Annotated[str, typer.Option(help="Số, ngày của báo cáo / number and date of the report")] = "",
    received_on: Annotated[datetime | None, typer.Option(formats=DAY_FORMATS, help="Ngày nhận bản giấy / when a paper came in")] = None,
    prepare: Annotated[bool, typer.Option("--prepare", help="Chỉ trình lãnh đạo / only hand it to the head")] = False,
    at: At = "",
) -> None:
    """Báo cáo khắc phục một tồn tại. / Report the remedy of a finding."""
    from store.commands.inspections.remedying import report_remedy
    from store.commands.papers import require_paper

    came = received_on.date() if received_on else None

    def act(store: Store, transaction: Transaction, found: FindingFacts) -> None:
        require_paper(transaction, found.remedy.obligation.id, came, document=number)
        said = {"text": text, "no_evidence": no_evidence, "document": number}
        report_remedy(store, transaction, finding, claim=claim, received_on=came, signed=not prepare, **said)

    _on(finding, Action.PREPARE if prepare else Action.SUBMIT, (as_, at), act, on_remedy=True)


def reinspect(  # noqa: PLR0913  what was seen, and what follows of it
    finding: Which,
    *,
    as_: As,
    outcome: Annotated[Outcome, typer.Option(help="Kết quả / what was found")],
    text: Annotated[str, typer.Option(help="Kết quả phúc tra / what was seen")],
    number: Annotated[str, typer.Option(help="Số, ngày biên bản / number and date of the minutes")] = "",
    reopen: Annotated[bool, typer.Option("--reopen", help="Yêu cầu khắc phục tiếp / ask for a further remedy")] = False,
    days: Annotated[int | None, typer.Option(min=1, help="Thời hạn khắc phục tiếp, số ngày / its term in days")] = None,
    add: Annotated[list[str] | None, typer.Option(metavar="TEXT[|BASIS[|DAYS]]", help="Tồn tại phát hiện thêm / a further finding")] = None,
    at: At = "",
) -> None:
    """Ghi kết quả phúc tra. / Write down what a re-inspection found."""
    from store.commands.inspections.reinspecting import Look
    from store.commands.inspections.reinspecting import reinspect as act

    added = tuple(map(finding_written, add or ()))
    look = Look(outcome=outcome, text=text, number=number, reopen=reopen, days=days, added=added)
    _on(finding, Action.REINSPECT, (as_, at), lambda store, transaction, _: act(store, transaction, finding, look=look))


def reopen(finding: Which, *, as_: As, days: Annotated[int | None, typer.Option(min=1, help="Số ngày / days")] = None, at: At = "") -> None:
    """Yêu cầu khắc phục tiếp; lần trước giữ nguyên. / Ask for a further remedy; the one before stays as it was."""
    from store.commands.inspections.remedying import reopen_finding

    _on(finding, Action.REINSPECT, (as_, at), lambda store, transaction, _: reopen_finding(store, transaction, finding, days=days))


def close(finding: Which, *, as_: As, reason: Reason, document: Basis = "", at: At = "") -> None:
    """Kết thúc một tồn tại. / Close a finding."""
    from store.commands.inspections.reinspecting import close_finding

    why = remark(reason, document)
    _on(finding, Action.CLOSE_FINDING, (as_, at), lambda store, transaction, _: close_finding(store, transaction, finding, remark=why))


def _on(
    finding: int,
    action: Action,
    who: tuple[str, str],
    act: Callable[[Store, Transaction, FindingFacts], object],
    *,
    on_remedy: bool = False,
) -> None:
    """Let somebody do something with a finding: by their right over its remedy, or over the inspection that made it."""
    from store.commands.inspections.held import NoSuchFindingError
    from store.findings import read_findings
    from store.schema import FINDING

    with opened() as store:
        with store.reading() as connection:
            found = read_findings(connection, FINDING.c.id == finding)
        if not found:
            raise NoSuchFindingError(finding)
        meant = found[0].remedy.obligation.id if on_remedy else found[0].inspection
        acts = acting_on_obligation(store, meant, contact=who[0], at=who[1])
        with store.transaction(now=acts.now, actor=acts.actor) as transaction:
            authorise(store, transaction, meant, action)
            act(store, transaction, found[0])
    typer.echo(said("Đã ghi.", "Done."))
