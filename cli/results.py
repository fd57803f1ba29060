"""Results of a cycle: as they stand, a unit's trace, settings, exemptions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from cli.acting import acting_on_cycle, looked_at, remark
from cli.errors import ExitCode, RefusedError
from cli.language import said, spoken
from cli.opening import opened
from cli.options import As, AsJson, At, Basis, CycleName, Reason
from cli.output import Column, show_json, show_table
from evaluation.rights_table import Action
from evaluation.scores.numbers import displayed

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from cli.acting import Acting
    from evaluation.scores.index import Figure
    from evaluation.scores.settings import ResultRules
    from evaluation.scores.sheets import Part
    from store.commands.results.exempting import Effect
    from store.queries.cycles import CycleFacts
    from store.queries.results import UnitTrace
    from store.session import Store, Transaction

Done = TypeVar("Done")
UnitKey = Annotated[str, typer.Argument(metavar="UNIT", help="Khóa của đơn vị / the unit's key")]
NodeKey = Annotated[str, typer.Argument(metavar="NODE", help="Số của mục: lĩnh vực, tiêu chí, tiêu chí thành phần / the node's number")]


def shown_number(value: Decimal | None, decimals: int = 2) -> str:
    """Return a number as people read it: rounded half up, with a comma in Vietnamese."""
    if value is None:
        return "–"
    text = f"{displayed(value, decimals):f}"
    return text.replace(".", ",") if spoken() == "vi" else text


def changing(  # noqa: PLR0913  of which cycle, who, when and what
    store: Store, cycle: str, action: Action, *, contact: str, at: str, work: Callable[[Transaction, CycleFacts], Done]
) -> Done:
    """Let a command do something with a cycle, by somebody who may."""
    from store.queries.rights import cycle_resource
    from store.rights import authorise_on

    facts, who = acting_on_cycle(store, cycle, contact=contact, at=at)
    with store.transaction(now=who.now, actor=who.actor) as transaction:
        authorise_on(transaction, action, cycle_resource(transaction.connection, facts.id))
        return work(transaction, facts)


def cycle_now(store: Store, cycle: str) -> tuple[CycleFacts, Acting]:
    """Return a cycle as nobody in particular looks at it, now."""
    return acting_on_cycle(store, cycle, contact="")


def trace(cycle: CycleName, unit: UnitKey, *, as_json: AsJson = False) -> None:
    """Đường từ chỉ số của một đơn vị đến từng mục. / From a unit's index down to its leaves."""
    from api.wire.result_answers import TraceOut
    from evaluation.scores.index import deepening
    from evaluation.scores.sheets import Part
    from store.queries.results import trace_unit

    with opened() as store:
        facts, who = cycle_now(store, cycle)
        with store.reading() as connection:
            found = trace_unit(store, connection, facts.id, unit, now=who.now)
    if as_json:
        show_json(TraceOut.of(found, language=spoken().value).model_dump(mode="json"))
        return
    parts = ((Part.SELF, "tự chấm", "self"), (Part.APPRAISED, "thẩm định", "appraised"), (Part.FINAL, "chính thức", "final"))
    columns = [
        Column(vi="mục", en="node", cell=lambda line: "  " * line[1] + line[0].node),
        Column(vi="tên", en="title", cell=lambda line: line[0].title),
        Column(vi="điểm", en="points", cell=lambda line: shown_number(line[0].points + line[0].bonus), right=True),
        Column(vi="tối đa", en="maximum", cell=lambda line: shown_number(line[0].maximum), right=True),
        Column(vi="chỉ số %", en="index %", cell=lambda line: shown_number(line[0].index), right=True),
        *(_part(part, vi, en, found) for part, vi, en in parts),
        Column(vi="ghi chú", en="note", cell=lambda line: _note(line[0], found)),
    ]
    whole = f"{shown_number(found.index.points)}/{shown_number(found.index.maximum)} = {shown_number(found.index.index)} %"
    whole = whole if found.scored else said("chưa có điểm", "not scored")
    show_table(list(deepening(found.index.fields)), columns=columns, title=f"{found.unit.name}: {whole}")
    if note := found.index.note(spoken().value):
        typer.echo(note)


def _part(part: Part, vi: str, en: str, found: UnitTrace) -> Column:
    scores = found.parts[part]
    return Column(vi=vi, en=en, cell=lambda line: "" if line[0].children else shown_number(scores.get(line[0].node)), right=True)


def _note(figure: Figure, found: UnitTrace) -> str:
    if figure.exempt:
        return said("miễn chấm", "exempt")
    if figure.left_out:
        return said("không khảo sát", "no survey")
    return said("tạm tính", "provisional") if figure.node in found.provisional else ""


def rules(cycle: CycleName) -> None:
    """Cách tính chỉ số, xếp hạng đang áp dụng, dạng JSON. / The settings that hold, as JSON."""
    from evaluation.scores.settings import encode_rules
    from store.results import rules_of

    with opened() as store:
        facts, who = cycle_now(store, cycle)
        with store.reading() as connection:
            show_json(encode_rules(rules_of(store, connection, who.authority.id, facts.id)))


def set_rules(  # noqa: PLR0913  what Typer asks of the command line
    cycle: CycleName,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Tệp JSON như `results rules` in ra / JSON as `results rules` prints it")],
    *,
    as_: As,
    reason: Reason,
    document: Basis = "",
    everywhere: Annotated[bool, typer.Option(help="Cho mọi chu kỳ chưa đặt riêng / for every cycle without its own")] = False,
    at: At = "",
) -> None:
    """Đặt cách tính chỉ số, xếp hạng: đồng hạng, xếp loại, mức trần, đơn vị đặc thù. / Set how results are worked out and ranked."""
    from store.commands.results.deciding import set_rules as command

    given = _read_rules(file)
    why = remark(reason, document)
    with opened() as store:
        done = changing(
            store,
            cycle,
            Action.SET_RESULT_RULES,
            contact=as_,
            at=at,
            work=lambda t, facts: command(store, t, facts.id, rules=given, everywhere=everywhere, remark=why),
        )
    typer.echo(said("Đã đặt.", "Set.") if done else said("Không có gì thay đổi.", "Nothing changes."))


def _read_rules(file: Path) -> ResultRules:
    import orjson

    from evaluation.scores.settings import decode_rules

    try:
        return decode_rules(orjson.loads(file.read_bytes()))
    except OSError as error:
        vi, en = f"không đọc được {file}: {error.strerror}", f"{file} cannot be read: {error.strerror}"
        raise RefusedError(vi, en, code=ExitCode.UNAVAILABLE) from error
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        vi = f"{file}: không phải cách tính ({error}); sửa từ bản mà `dondoc results rules` in ra"
        raise RefusedError(vi, f"{file}: these are no settings ({error}); begin from what `dondoc results rules` prints") from error


def exemptions(cycle: CycleName, *, as_json: AsJson = False) -> None:
    """Các miễn chấm của chu kỳ. / The exemptions of a cycle."""
    from store.queries.editions import list_exemptions

    with opened() as store:
        facts, _ = cycle_now(store, cycle)
        with store.reading() as connection:
            found = list_exemptions(connection, facts.id)
    if as_json:
        show_json([vars(one) for one in found])
        return
    columns = [
        Column(vi="số", en="number", cell=lambda row: row.id, right=True),
        Column(vi="đơn vị", en="unit", cell=lambda row: row.unit_name),
        Column(vi="mục", en="node", cell=lambda row: row.node),
        Column(vi="lý do", en="reason", cell=lambda row: row.reason),
        Column(vi="người phê duyệt", en="approver", cell=lambda row: row.approver),
        Column(vi="văn bản", en="document", cell=lambda row: row.document),
        Column(vi="kết thúc", en="ended", cell=lambda row: row.ended_why),
    ]
    show_table(found, columns=columns)


def exempt(  # noqa: PLR0913  what Typer asks of the command line
    cycle: CycleName,
    unit: UnitKey,
    node: NodeKey,
    *,
    as_: As,
    reason: Reason,
    document: Basis = "",
    approver: Annotated[str, typer.Option(metavar="CONTACT", help="Người phê duyệt / who approved")] = "",
    preview: Annotated[bool, typer.Option("--preview", help="Chỉ xem trước, chưa miễn / only look")] = False,
    at: At = "",
) -> None:
    """Miễn chấm một mục của một đơn vị, kể cả các mục con. / Exempt a unit from a node and what is under it."""
    from store.commands.results.exempting import exempt as command
    from store.queries.rights import cycle_resource
    from store.rights import authorise_on

    why = remark(reason, document)
    with opened() as store:
        facts, who = acting_on_cycle(store, cycle, contact=as_, at=at)
        with looked_at(store, who, apply=not preview) as transaction:
            authorise_on(transaction, Action.EXEMPT, cycle_resource(transaction.connection, facts.id))
            done = command(store, transaction, facts.id, unit=unit, node=node, approver=approver, remark=why)
            names = _names(transaction, who, done)
    _say(done, names)
    if preview:
        typer.echo(said("Mới xem trước; bỏ --preview để miễn chấm.", "Only looked at; leave --preview out to do it."))


def end_exemption(  # noqa: PLR0913  what Typer asks of the command line
    cycle: CycleName,
    exemption: Annotated[int, typer.Argument(metavar="NUMBER", help="Số của miễn chấm / its number")],
    *,
    as_: As,
    reason: Reason,
    document: Basis = "",
    at: At = "",
) -> None:
    """Kết thúc một miễn chấm: các mục lại được tính. / End an exemption: what was exempt counts again."""
    from store.commands.results.exempting import end_exemption as command

    why = remark(reason, document)
    with opened() as store:
        _, who = acting_on_cycle(store, cycle, contact=as_, at=at)

        def work(transaction: Transaction, facts: CycleFacts) -> tuple[Effect, dict[str, str]]:
            done = command(store, transaction, facts.id, exemption, remark=why)
            return done, _names(transaction, who, done)

        done, names = changing(store, cycle, Action.EXEMPT, contact=as_, at=at, work=work)
    _say(done, names)


def _names(transaction: Transaction, who: Acting, done: Effect) -> dict[str, str]:
    """Return the names of the units whose place moves, by key."""
    from store.queries.names import party_names

    keys = [one.unit for one in done.places]
    found = party_names(transaction.connection, keys=keys, ids=())
    return {key: found.of_key(who.authority.key, key) for key in keys}


def _say(done: Effect, names: dict[str, str]) -> None:
    before, now = (f"{shown_number(one)} %" for one in (done.index_before, done.index))
    most = f"{shown_number(done.maximum_before)} → {shown_number(done.maximum)}"
    typer.echo(
        said(
            f"Miễn chấm {done.exemption}: {done.leaves_before} → {done.leaves} mục, tối đa {most}, chỉ số {before} → {now}.",
            f"Exemption {done.exemption}: {done.leaves_before} → {done.leaves} leaves, of {most}, index {before} → {now}.",
        )
    )
    for one in done.denominators:
        if one.node:
            out_of = f"{shown_number(one.before)} → {shown_number(one.after)}"
            typer.echo(said(f"  {one.node} {one.title}: mẫu số {out_of}", f"  {one.node} {one.title}: out of {out_of}"))
    for moved in done.places:
        places = f"{moved.before or '–'} → {moved.after or '–'}/{moved.of}"
        typer.echo(said(f"  {names[moved.unit]}: hạng {places}", f"  {names[moved.unit]}: place {places}"))
    vi = f"{done.others} đơn vị khác giữ nguyên mẫu số và chỉ số."
    typer.echo(said(vi, f"{done.others} other units keep their denominators and indices."))
