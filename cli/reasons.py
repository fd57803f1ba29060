"""Why a message was sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from cli.language import said
from cli.moments import ZONE, local
from cli.opening import opened
from cli.options import AsJson, Reader
from cli.output import show_json
from cli.seeing import reader_of
from cli.words import message_kind, message_state, post, repairs
from evaluation.rights_table import Action
from store.queries.addressed import people_of_message

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from store.queries.addressed import Addressed
    from store.queries.health import View
    from store.queries.why import Ground, Why


def why(
    message: Annotated[str, typer.Argument(metavar="MESSAGE", help="Số của thư, hoặc Message-ID / its number, or Message-ID")],
    *,
    as_: Reader = "",
    as_json: AsJson = False,
) -> None:
    """Vì sao có thư này: bậc nhắc, hạn, dòng kế hoạch, văn bản. / Why a message was sent: rung, term, plan line, document."""
    from store.queries.why import why as find_out

    with opened() as store, store.reading() as connection:
        found = find_out(store, connection, message)
        _require_reader(connection, found, contact=as_)
        asked = (ground.obligation.split("/", 2)[2] for ground in found.notices if ground.obligation)
        names = Names(people=people_of_message(connection, found.message), repairs=repairs(store, asked))
    if as_json:
        show_json(found)
        return
    for line in _lines(found, names):
        typer.echo(line)


def _require_reader(connection: View, found: Why, *, contact: str) -> None:
    """Let on whoever got the mail, or may read the outbox of the authority that sent it."""
    from store.queries.people import authority_of_message

    authority = authority_of_message(connection, found.message)
    reader = None if authority is None else reader_of(connection, contact, authority=authority.key)
    if reader is not None and found.recipient not in {f"c{reader.contact}", f"m{reader.party}"}:
        reader.require(connection, Action.READ_OUTBOX)


@dataclass(frozen=True, kw_only=True)
class Names:
    """Words for what the store names by number."""

    people: Mapping[str, Addressed]  #: by `c<contact>` and `m<party>`
    repairs: Mapping[str, str]  #: by upkeep subject

    def person(self, code: str) -> str:
        """Return a contact by key, post and unit, a mailbox by its unit."""
        found = self.people.get(code)
        if found is None:
            return said("hệ thống", "the system") if code == "system" else code
        if not found.key:
            return said(f"hộp thư công vụ, {found.party}", f"official mailbox, {found.party}")
        return f"{found.key} ({post(found.role)}, {found.party})"

    def obligation(self, path: str) -> str:
        """Return `stage/party/subject`, a repair in words."""
        subject = path.split("/", 2)[2] if path else ""
        return self.repairs.get(subject, path)


def _lines(found: Why, names: Names) -> Iterator[str]:
    yield f"{said('Thư', 'Message')} {found.message} ({message_state(found.state)}) → {names.person(found.recipient)}: {found.subject}"
    yield f"  {found.header_id}"
    for ground in found.notices:
        yield from _ground(ground, names)


def _ground(ground: Ground, names: Names) -> Iterator[str]:
    cancelled = said(" (đã hủy)", " (cancelled)") if ground.cancelled else ""
    yield f"• {message_kind(ground.kind)}{cancelled}: {ground.cycle} {names.obligation(ground.obligation)} {ground.party}".rstrip()
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
        dated = f"{document.dated:%d/%m/%Y}" if document.dated else ""
        cited = " ".join(part for part in (document.kind, document.number, dated, document.issuer) if part)
        yield f"    {said('căn cứ', 'basis')}: {cited}: {document.title}"
    if ground.entry is not None:
        told = " · ".join(part for part in (ground.entry.reason, ground.entry.basis) if part)
        at, who = local(ground.entry.at, zone=ZONE), names.person(ground.entry.actor)
        yield (
            f"    {said('nhật ký', 'journal')} {ground.entry.number}: {ground.entry.action}, {who}, {at:%d/%m/%Y %H:%M}"
            + (f" — {told}" if told else "")
        )
