"""Why a message was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.language import said
from cli.moments import local
from cli.opening import opened
from cli.options import AsJson
from cli.output import show_json
from cli.reading import ZONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.queries.why import Ground, Why


def why(
    message: Annotated[str, typer.Argument(metavar="MESSAGE", help="Số của thư, hoặc Message-ID / its number, or Message-ID")],
    *,
    as_json: AsJson = False,
) -> None:
    """Vì sao có thư này: bậc nhắc, hạn, dòng kế hoạch, văn bản. / Why a message was sent: rung, term, plan line, document."""
    from store.queries.why import why as find_out

    with opened() as store, store.reading() as connection:
        found = find_out(store, connection, message)
    if as_json:
        show_json(found)
        return
    for line in _lines(found):
        typer.echo(line)


def _lines(found: Why) -> Iterator[str]:
    yield f"{said('Thư', 'Message')} {found.message} ({found.state}) → {found.recipient}: {found.subject}"
    yield f"  {found.header_id}"
    for ground in found.notices:
        yield from _ground(ground)


def _ground(ground: Ground) -> Iterator[str]:
    cancelled = said(" (đã hủy)", " (cancelled)") if ground.cancelled else ""
    yield f"• {ground.kind}{cancelled}: {ground.cycle} {ground.obligation} {ground.party}".rstrip()
    if ground.rung is not None:
        unit = said({"working": "ngày làm việc", "calendar": "ngày"}[ground.rung.unit.value], f"{ground.rung.unit.value} days")
        audience = ", ".join(one.value for one in ground.rung.audience)
        where = f"{ground.rung.offset:+d} {unit}, {ground.rung.counted_from.value}; {audience}; {ground.ladder}"
        yield f"    {said('bậc nhắc', 'rung')}: {ground.rung.key} ({where})"
    if ground.term is not None:
        due = f"{ground.term.due_on:%d/%m/%Y}" if ground.term.due_on else said("chưa có", "none")
        yield f"    {said('lượt', 'term')}: {ground.term.number} ({ground.term.reason}), {said('hạn', 'due')} {due}"
    if ground.stage is not None:
        words = f" “{ground.stage.words}”" if ground.stage.words else ""
        yield f"    {said('kế hoạch, dòng', 'plan, line')} {ground.stage.line}: {said(ground.stage.title, ground.stage.title_en)}{words}"
    if ground.document is not None:
        document = ground.document
        dated = f" {document.dated:%d/%m/%Y}" if document.dated else ""
        yield f"    {said('căn cứ', 'basis')}: {document.kind} {document.number}{dated} {document.issuer}: {document.title}"
    if ground.entry is not None:
        told = " · ".join(part for part in (ground.entry.reason, ground.entry.basis) if part)
        at = local(ground.entry.at, zone=ZONE)
        yield (
            f"    {said('nhật ký', 'journal')} {ground.entry.number}: {ground.entry.action}, {ground.entry.actor}, {at:%d/%m/%Y %H:%M}"
            + (f" — {told}" if told else "")
        )
