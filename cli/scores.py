"""Sheets: a unit scores itself, appraisers score and return, units explain, explanations are ruled on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.acting import acting_on_obligation
from cli.errors import ExitCode, RefusedError
from cli.language import said
from cli.opening import opened
from cli.options import As, At
from config.clock import utc_now
from evaluation.rights_table import Action

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from store.session import Store, Transaction

Which = Annotated[int, typer.Argument(metavar="OBLIGATION", help="Nghĩa vụ / the obligation")]
Node = Annotated[str, typer.Argument(metavar="LEAF", help="Số của mục / the leaf's key")]
Seen = Annotated[int, typer.Option("--version", min=0, help="Bản của mục đã xem / the version of the leaf that was seen")]
Why = Annotated[str, typer.Option(help="Lý do, ý kiến / why")]
Points = Annotated[str, typer.Option(help="Điểm / points")]


def fill(  # noqa: PLR0913  each method has its own values
    obligation: Which,
    node: Node,
    *,
    as_: As,
    version: Seen = 0,
    level: Annotated[str, typer.Option(help="Mức, từ 1 / level, from 1")] = "",
    done: Annotated[str, typer.Option(help="Số đạt / so many …")] = "",
    of: Annotated[str, typer.Option(help="Tổng số / … of so many")] = "",
    rate: Annotated[str, typer.Option(help="Tỷ lệ % / rate in per cent")] = "",
    errors: Annotated[str, typer.Option(help="Số lỗi / errors")] = "",
    points: Points = "",
    explanation: Annotated[str, typer.Option(help="Giải trình cách chấm / how it was scored")] = "",
    at: At = "",
) -> None:
    """Tự chấm một mục; không nêu gì thì xóa. / Score a leaf of one's own unit; nothing clears it."""
    from evaluation.scores.typing_in import typed_given
    from store.commands.scores.scoring import Typed, save_leaf
    from store.score_refusals import refusing

    values = {"level": level, "done": done, "of": of, "rate": rate, "errors": errors, "points": points}
    with refusing():
        given = typed_given(values, node=node)
    typed = Typed(node=node, given=given, explanation=explanation, seen=version)
    _on_leaf(obligation, (node,), (Action.SCORE, as_, at), lambda store, transaction: save_leaf(store, transaction, obligation, typed))


def take_over(
    obligation: Which,
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="Khóa của đơn vị cũ / key of the predecessor")],
    *,
    as_: As,
    at: At = "",
) -> None:
    """Tiếp nhận điểm tự chấm và tệp của đơn vị cũ vào các mục chưa chấm. / Take over what a predecessor had scored."""
    from store.commands.scores.taking_over import take_over as take

    _on_leaf(obligation, (), (Action.SCORE, as_, at), lambda store, transaction: take(store, transaction, obligation, unit))


def appraise(  # noqa: PLR0913  which leaf, what, why, who
    obligation: Which, node: Node, *, points: Points, as_: As, version: Seen = 0, remark: Why = "", at: At = ""
) -> None:
    """Cho điểm thẩm định một mục. / Give a leaf its appraised score."""
    from store.commands.scores.appraising import Judged, appraise_leaf

    judged = Judged(node=node, points=_number(points), remark=remark, seen=version)
    _on_leaf(
        obligation, (node,), (Action.APPRAISE, as_, at), lambda store, transaction: appraise_leaf(store, transaction, obligation, judged)
    )


def confirm(obligation: Which, node: Node, *, as_: As, version: Seen = 0, at: At = "") -> None:
    """Xác nhận điểm thẩm định, là người thứ hai. / Confirm an appraised score as a second appraiser."""
    from store.commands.scores.appraising import confirm_leaf

    def act(store: Store, transaction: Transaction) -> int:
        return confirm_leaf(store, transaction, obligation, node, seen=version)

    _on_leaf(obligation, (node,), (Action.APPRAISE, as_, at), act)


def claim(obligation: Which, node: Node, *, as_: As, at: At = "") -> None:
    """Nhận thẩm định một mục, để hai người không trùng. / Take a leaf while one appraises it."""
    from store.commands.scores.appraising import claim_leaf

    _on_leaf(obligation, (node,), (Action.APPRAISE, as_, at), lambda store, transaction: claim_leaf(store, transaction, obligation, node))


def release(obligation: Which, node: Node, *, as_: As, at: At = "") -> None:
    """Thôi nhận một mục. / Give a claimed leaf back."""
    from store.commands.scores.appraising import release_leaf

    _on_leaf(obligation, (node,), (Action.APPRAISE, as_, at), lambda store, transaction: release_leaf(store, transaction, obligation, node))


def give_back(
    obligation: Which,
    leaf: Annotated[list[str], typer.Option(metavar="LEAF=REMARK", help="Mục=nội dung cần bổ sung, lặp được / leaf=what to mend")],
    *,
    as_: As,
    at: At = "",
) -> None:
    """Trả lại các mục để bổ sung. / Return leaves for correction."""
    from store.commands.scores.returning import return_leaves

    whys = {node.strip(): why.strip() for node, _, why in (one.partition("=") for one in leaf)}
    who = (Action.RETURN_LEAF, as_, at)
    _on_leaf(obligation, tuple(whys), who, lambda store, transaction: return_leaves(store, transaction, obligation, whys))


def explain(  # noqa: PLR0913  which leaf, what, who
    obligation: Which,
    node: Node,
    *,
    text: Annotated[str, typer.Option(help="Nội dung / what is said")],
    as_: As,
    version: Seen = 0,
    at: At = "",
) -> None:
    """Giải trình một mục bị giảm điểm. / Explain a reduced leaf."""
    from store.commands.scores.explaining import Explained, explain_leaf

    said_so = Explained(node=node, text=text, seen=version)
    _on_leaf(
        obligation, (node,), (Action.EXPLAIN, as_, at), lambda store, transaction: explain_leaf(store, transaction, obligation, said_so)
    )


def rule(  # noqa: PLR0913  what is decided, why, who
    obligation: Which,
    node: Node,
    *,
    as_: As,
    accept: Annotated[bool, typer.Option("--accept/--refuse", help="Chấp nhận hoặc không / accepted or not")],
    points: Points = "",
    why: Why = "",
    version: Seen = 0,
    at: At = "",
) -> None:
    """Xem xét giải trình của một mục. / Rule on the explanation of a leaf."""
    from store.commands.scores.explaining import RulingGiven, rule_on_explanation

    ruling = RulingGiven(node=node, accepted=accept, points=_number(points) if points else None, why=why, seen=version)

    def act(store: Store, transaction: Transaction) -> int:
        return rule_on_explanation(store, transaction, obligation, ruling)

    _on_leaf(obligation, (node,), (Action.RULE_ON_EXPLANATION, as_, at), act)


def ask(obligation: Which, *, as_: As, at: At = "") -> None:
    """Yêu cầu đơn vị giải trình các mục bị giảm điểm. / Ask a unit to explain what was reduced."""
    from store.commands.scores.explaining import ask_explanation

    _on_leaf(obligation, (), (Action.APPRAISE, as_, at), lambda store, transaction: ask_explanation(store, transaction, obligation))


def read_workbook(
    obligation: Which,
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="Tệp .xlsx đã điền / a filled workbook")],
    *,
    as_: As,
    at: At = "",
) -> None:
    """Nhập phiếu đã điền từ .xlsx; có lỗi thì không nhận gì. / Take a filled workbook in; with a fault nothing is taken."""
    from config.scores_reading import read_sheet, read_stamp
    from store.commands.scores.held import no_sheet
    from store.commands.scores.workbooks import take_workbook
    from store.queries.scores import sheet_at

    with opened() as store, store.reading() as connection:
        found = sheet_at(store, connection, obligation, now=utc_now())
    if found is None:
        raise no_sheet()
    rows, stamp = read_sheet(file, found[2].sheet.scope), read_stamp(file)
    who = (Action.SCORE, as_, at)
    _on_leaf(obligation, (), who, lambda store, transaction: take_workbook(store, transaction, obligation, rows, stamp=stamp))


def _number(text: str) -> Decimal:
    from evaluation.scores.typing_in import score_number

    found = score_number(text)
    if found is None:
        vi, en = f"“{text}” không phải số; viết 1,5 hoặc 1.5", f"“{text}” is no number; write 1.5 or 1,5"
        raise RefusedError(vi, en, code=ExitCode.USAGE)
    return found


def _on_leaf(obligation: int, nodes: tuple[str, ...], who: tuple[Action, str, str], act: Callable[[Store, Transaction], object]) -> None:
    from store.rights import authorise_leaves

    action, contact, at = who
    with opened() as store:
        acts = acting_on_obligation(store, obligation, contact=contact, at=at)
        with store.transaction(now=acts.now, actor=acts.actor) as transaction:
            authorise_leaves(store, transaction, obligation, action, nodes=nodes)
            made = act(store, transaction)
    if isinstance(made, int) and nodes:
        typer.echo(said(f"Đã ghi, bản {made}.", f"Done, version {made}."))
    else:
        typer.echo(said("Đã ghi.", "Done."))
