"""The council: members, sessions, matters, votes, minutes, what it settled and recommends."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.acting import acting_on_obligation
from cli.errors import ExitCode, RefusedError
from cli.language import said
from cli.opening import opened
from cli.options import DAY_FORMATS, As, AsJson, At
from cli.output import Column, show_json, show_table
from config.clock import utc_now
from evaluation.rights_table import Action
from store.rights import authorise

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from store.queries.people import AuthorityFacts
    from store.session import Store, Transaction

Which = Annotated[int, typer.Argument(metavar="COUNCIL", help="Số nghĩa vụ của Hội đồng / the council's obligation")]
Session = Annotated[int, typer.Option(min=1, help="Phiên họp số / number of the session")]
Matter = Annotated[int, typer.Option(min=1, help="Nội dung số / number of the matter")]
_OUTCOMES = {"": ("chưa biểu quyết xong", "open"), "carried": ("thông qua", "carried"), "lost": ("không thông qua", "lost")}


def show(council: Which, *, as_json_: AsJson = False) -> None:
    """Thành viên, phiên họp, nội dung, phiếu biểu quyết. / Members, sessions, matters and votes."""
    from dataclasses import asdict

    from evaluation.paper_results import POSTS
    from store.queries.council import NoSuchCouncilError, council_view

    with opened() as store, store.reading() as connection:
        view = council_view(store, connection, council, now=utc_now())
    if view is None:
        raise NoSuchCouncilError(council)
    if as_json_:
        show_json(asdict(view))
        return
    columns = [
        Column(vi="Thành viên", en="Member", cell=lambda one: one.name),
        Column(vi="Cương vị", en="Post", cell=lambda one: said(POSTS[one.post], one.post)),
        Column(vi="Thuộc đơn vị", en="Unit", cell=lambda one: one.unit_name),
    ]
    show_table(view.members, columns=columns)
    matters = [(session, one) for session in view.sessions for one in session.matters]
    columns = [
        Column(vi="Phiên", en="Session", cell=lambda one: f"{one[0].number} ({one[0].held_on:%d/%m/%Y})"),
        Column(vi="Nội dung", en="Matter", cell=lambda one: f"{one[1].number}. {one[1].words}"),
        Column(vi="Đơn vị", en="Unit", cell=lambda one: one[1].unit_name),
        Column(vi="Tán thành", en="For", cell=lambda one: _counted(one[1].count("for")), right=True),
        Column(vi="Không", en="Against", cell=lambda one: _counted(one[1].count("against")), right=True),
        Column(vi="Tính trên", en="Of", cell=lambda one: str(one[1].base), right=True),
        Column(vi="Kết quả", en="Outcome", cell=lambda one: said(*_OUTCOMES[one[1].outcome])),
    ]
    show_table(matters, columns=columns)


def _counted(count: int | None) -> str:
    return "?" if count is None else str(count)


def members(
    council: Which,
    *,
    as_: As,
    decision: Annotated[str, typer.Option(help="Số, ngày quyết định thành lập / number and date of the decision")],
    member: Annotated[list[str], typer.Option(metavar="CONTACT[:POST[:UNIT]]", help="Thành viên, lặp được / a member, repeatable")],
    at: At = "",
) -> None:
    """Ghi thành viên Hội đồng theo quyết định. / Name the members, under the decision that names them."""
    from store.commands.council.meeting import name_members

    def act(store: Store, transaction: Transaction, authority: AuthorityFacts) -> None:
        named = [_named(transaction, authority, words) for words in member]
        name_members(store, transaction, council, members=named, decision=decision)

    _on(council, (as_, at), act)


def _named(transaction: Transaction, authority: AuthorityFacts, words: str) -> Any:  # noqa: ANN401  imported where it is needed
    from evaluation.scores.council import Post
    from store.commands.council.meeting import Named

    key, post, unit = (*words.split(":"), "", "")[:3]
    if post and post not in set(Post):
        listed = ", ".join(Post)
        vi, en = f"--member: không có cương vị “{post}”; chọn: {listed}", f"--member: there is no post “{post}”; choose: {listed}"
        raise RefusedError(vi, en, code=ExitCode.USAGE)
    return Named(contact=_contact(transaction, authority, key), post=Post(post or Post.MEMBER), unit=unit)


def _contact(transaction: Transaction, authority: AuthorityFacts, key: str) -> int:
    from store.queries.people import contact_named

    return contact_named(transaction.connection, authority, key).id


def session(  # noqa: PLR0913  when, who was there, until when
    council: Which,
    *,
    as_: As,
    held: Annotated[datetime, typer.Option("--held-on", formats=DAY_FORMATS, help="Ngày họp / when it was held")],
    present: Annotated[list[str] | None, typer.Option(metavar="CONTACT", help="Người dự, lặp được / who was there, repeatable")] = None,
    votes_by: Annotated[datetime | None, typer.Option(formats=DAY_FORMATS, help="Tự biểu quyết đến hết ngày / members vote until")] = None,
    at: At = "",
) -> None:
    """Mở một phiên họp. / Open a session."""
    from store.commands.council.meeting import open_session

    def act(store: Store, transaction: Transaction, authority: AuthorityFacts) -> int:
        there = [_contact(transaction, authority, key) for key in present or ()]
        until = None if votes_by is None else votes_by.date()
        return open_session(store, transaction, council, held_on=held.date(), present=there, votes_by=until)

    number = _on(council, (as_, at), act)
    typer.echo(said(f"Phiên họp {number}.", f"Session {number}."))


def matter(  # noqa: PLR0913  what is brought
    council: Which,
    *,
    as_: As,
    words: Annotated[str, typer.Option(help="Nội dung biểu quyết / what is voted on")],
    session: Session = 1,
    unit: Annotated[str, typer.Option(help="Về đơn vị (khóa) / the unit that it is about")] = "",
    score: Annotated[list[str] | None, typer.Option(metavar="LEAF=POINTS", help="Điểm chính thức, lặp được / a final score")] = None,
    why: Annotated[str, typer.Option(help="Lý do điểm khác điểm thẩm định / why a score differs")] = "",
    at: At = "",
) -> None:
    """Đưa một nội dung ra biểu quyết. / Bring a matter before a session."""
    from store.commands.council.voting import Brought, bring

    brought = Brought(words=words, unit=unit, scores=dict(map(_score, score or ())), why=why)
    number = _on(council, (as_, at), lambda store, tx, _: bring(store, tx, council, session=session, matter=brought))
    typer.echo(said(f"Nội dung {number} của phiên {session}.", f"Matter {number} of session {session}."))


def _score(words: str) -> tuple[str, Decimal]:
    from config.criteria_points import points

    leaf, _, text = words.rpartition("=")
    number = points(text)
    if not leaf or number is None:
        vi, en = f"--score: viết “mục=điểm”, không phải “{words}”", f"--score: write “leaf=points”, not “{words}”"
        raise RefusedError(vi, en, code=ExitCode.USAGE)
    return leaf, number


def vote(  # noqa: PLR0913  on what, and how
    council: Which,
    *,
    as_: As,
    matter: Matter,
    session: Session = 1,
    cast: Annotated[list[str], typer.Option("--vote", metavar="CONTACT=for|against|abstain", help="Phiếu, lặp được / a vote, repeatable")],
    in_writing: Annotated[bool, typer.Option("--in-writing", help="Lấy ý kiến bằng văn bản / given in writing")] = False,
    at: At = "",
) -> None:
    """Ghi phiếu biểu quyết. / Record votes."""
    from evaluation.scores.council import Choice, How
    from store.commands.council.voting import Cast, Place
    from store.commands.council.voting import vote as act

    given = [(key, choice) for key, _, choice in (words.rpartition("=") for words in cast)]
    if strange := [choice for key, choice in given if choice not in set(Choice) or not key]:
        vi = f"--vote: không có ý kiến “{strange[0]}”; viết: for, against, abstain"
        en = f"--vote: there is no choice “{strange[0]}”; write for, against, abstain"
        raise RefusedError(vi, en, code=ExitCode.USAGE)

    def do(store: Store, transaction: Transaction, authority: AuthorityFacts) -> None:
        how = How.WRITING if in_writing else How.PRESENT
        votes = [Cast(contact=_contact(transaction, authority, key), choice=Choice(choice), how=how) for key, choice in given]
        act(store, transaction, council, Place(session=session, matter=matter), votes)

    _on(council, (as_, at), do)
    typer.echo(said("Đã ghi.", "Done."))


def resolve(  # noqa: PLR0913  on what, and with what
    council: Which,
    *,
    as_: As,
    matter: Matter,
    session: Session = 1,
    recommend: Annotated[list[str] | None, typer.Option(metavar="PARTY=TEXT", help="Kiến nghị, lặp được / a recommendation")] = None,
    at: At = "",
) -> None:
    """Kiểm phiếu; được thông qua thì điểm thành chính thức. / Count the votes; what is carried is done."""
    from evaluation.scores.council import Recommendation
    from store.commands.council.voting import Place, close_matter

    made = [Recommendation(to=to, text=text) for to, _, text in (words.partition("=") for words in recommend or ())]
    place = Place(session=session, matter=matter)
    done = _on(council, (as_, at), lambda store, tx, _: close_matter(store, tx, council, place, made))
    typer.echo(said(*_OUTCOMES["carried" if done.carried else "lost"]))


def minutes(  # noqa: PLR0913  of which session, under which number
    council: Which,
    *,
    as_: As,
    number: Annotated[str, typer.Option(help="Số, ngày biên bản / number and date of the minutes")],
    session: Session = 1,
    text: Annotated[str, typer.Option(help="Nội dung / what they say")] = "",
    at: At = "",
) -> None:
    """Ghi biên bản phiên họp. / Write the minutes of a session."""
    from store.commands.council.meeting import Minutes, write_minutes

    written = Minutes(number=number, text=text)
    _on(council, (as_, at), lambda store, tx, _: write_minutes(store, tx, council, session=session, minutes=written))
    typer.echo(said("Đã ghi.", "Done."))


def close(council: Which, *, as_: As, session: Session = 1, at: At = "") -> None:
    """Khép lại phiên họp: không nhận thêm nội dung, phiếu. / Close a session: it takes no more matters and votes."""
    from store.commands.council.meeting import close_session

    _on(council, (as_, at), lambda store, tx, _: close_session(store, tx, council, session=session))
    typer.echo(said("Đã khép lại.", "Closed."))


def cast(  # noqa: PLR0913  on what, and how
    council: Which,
    *,
    as_: As,
    matter: Matter,
    session: Session = 1,
    choice: Annotated[str, typer.Option(metavar="for|against|abstain", help="Ý kiến / the choice")],
    at: At = "",
) -> None:
    """Thành viên tự biểu quyết, đổi phiếu. / A member votes, or changes their vote."""
    from evaluation.scores.council import Choice
    from store.commands.council.own import cast_own
    from store.commands.council.voting import Place

    if choice not in set(Choice):
        vi = f"--choice: không có ý kiến “{choice}”; viết: for, against, abstain"
        en = f"--choice: there is no choice “{choice}”; write for, against, abstain"
        raise RefusedError(vi, en, code=ExitCode.USAGE)
    place = Place(session=session, matter=matter)
    _on(council, (as_, at), lambda store, tx, _: cast_own(store, tx, council, place, Choice(choice)), right=Action.CAST_VOTE)
    typer.echo(said("Đã ghi phiếu.", "Voted."))


def conflict(  # noqa: PLR0913  whose, about what, why
    council: Which,
    *,
    as_: As,
    unit: Annotated[str, typer.Option(help="Về đơn vị (khóa) / the unit that it is about")],
    reason: Annotated[str, typer.Option(help="Lý do / why")],
    contact: Annotated[
        str, typer.Option(metavar="CONTACT", help="Của thành viên; để trống: của người thực hiện / whose; else one's own")
    ] = "",
    at: At = "",
) -> None:
    """Khai xung đột lợi ích: không biểu quyết về đơn vị đó. / Declare a conflict of interest: no vote on that unit."""
    from store.commands.council.own import declare_conflict

    def act(store: Store, transaction: Transaction, authority: AuthorityFacts) -> None:
        whose = _contact(transaction, authority, contact) if contact else None
        declare_conflict(store, transaction, council, unit=unit, reason=reason, contact=whose)

    _on(council, (as_, at), act, right=Action.RUN_COUNCIL if contact else Action.CAST_VOTE)
    typer.echo(said("Đã ghi.", "Done."))


def _on(
    council: int,
    who: tuple[str, str],
    act: Callable[[Store, Transaction, AuthorityFacts], Any],
    *,
    right: Action = Action.RUN_COUNCIL,
) -> Any:  # noqa: ANN401  what the act returns
    with opened() as store:
        acts = acting_on_obligation(store, council, contact=who[0], at=who[1])
        with store.transaction(now=acts.now, actor=acts.actor) as transaction:
            authorise(store, transaction, council, right)
            return act(store, transaction, acts.authority)
