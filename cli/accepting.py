"""Self scores accepted as they are, many at once: seen first, then done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.acting import acting_on_obligation, looked_at
from cli.language import said, spoken
from cli.opening import opened
from cli.options import As, At
from cli.output import Column, show_table
from cli.results import shown_number
from cli.scores import Which
from evaluation.rights_table import Action

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cli.acting import Acting
    from store.commands.scores.accepting import Acceptance
    from store.session import Store


def accept(
    obligation: Which,
    *,
    as_: As,
    leaf: Annotated[list[str] | None, typer.Option(metavar="LEAF", help="Mục, lặp được; bỏ trống: mọi mục / a leaf; else all")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Thực hiện; không có thì chỉ xem trước / do it; else only look")] = False,
    at: At = "",
) -> None:
    """Chấp nhận điểm tự chấm, không đổi, nhiều mục một lần. / Let self scores stand as they are, many at once."""
    with opened() as store:
        acting = acting_on_obligation(store, obligation, contact=as_, at=at)
        done = _accepted(store, acting, obligation, apply=apply and not leaf)
        if leaf:
            versions = {one.node: one.version for one in done.accepted}
            done = _accepted(store, acting, obligation, apply=apply, seen={node: versions.get(node, 0) for node in leaf})
    show_table(done.accepted, columns=_COLUMNS)
    if done.left:
        show_table(done.left, columns=_LEFT, title=said("Để lại, chấm từng mục", "Left out, to be judged one by one"))
    if apply:
        count = len(done.accepted)
        typer.echo(said(f"Đã chấp nhận điểm tự chấm của {count} mục.", f"The self scores of {count} leaves stand."))
    else:
        typer.echo(said("Mới xem trước; thêm --apply để chấp nhận.", "Only looked at; add --apply to do it."))


def _accepted(store: Store, acting: Acting, obligation: int, *, apply: bool, seen: Mapping[str, int] | None = None) -> Acceptance:
    from store.commands.scores.accepting import accept_self_scores
    from store.queries.rights import facts_of_contact
    from store.rights import authorise_leaves

    with looked_at(store, acting, apply=apply) as transaction:
        authorise_leaves(store, transaction, obligation, Action.APPRAISE, nodes=tuple(seen or ()))
        contact = transaction.actor.contact
        facts = None if contact is None else facts_of_contact(transaction.connection, contact)
        return accept_self_scores(store, transaction, obligation, facts=facts, seen=seen)


_COLUMNS: tuple[Column, ...] = (
    Column(vi="mục", en="leaf", cell=lambda one: one.node),
    Column(vi="tên", en="title", cell=lambda one: one.title),
    Column(vi="điểm", en="points", cell=lambda one: shown_number(one.points, 3), right=True),
)
_LEFT: tuple[Column, ...] = (
    *_COLUMNS[:2],
    Column(vi="vì", en="why", cell=lambda one: one.text(spoken())),
)
