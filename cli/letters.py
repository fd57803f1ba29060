"""One mail as its recipient reads it: one that was made, or the first that a cycle's waiting notices would become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.errors import ExitCode, RefusedError
from cli.language import said
from cli.opening import opened
from cli.options import AsJson, Reader
from cli.outbox import require_reader
from cli.output import show_json
from cli.words import message_state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notifications.samples import Shown
    from store.outbox.gathering import Bundle
    from store.session import Store

MessageNumber = Annotated[int, typer.Argument(metavar="MESSAGE", help="Số của thư / the message's number")]


def show(message: MessageNumber, *, as_: Reader = "", as_json: AsJson = False) -> None:
    """Nội dung một thư. / The text of one mail."""
    from store.queries.people import authority_of_message

    with opened() as store:
        with store.reading() as connection:
            authority = authority_of_message(connection, message)
            require_reader(connection, authority.key if authority else "", contact=as_)
        found = _made(store, message)
    _say(found, as_json=as_json)


def sample(
    *,
    cycle: Annotated[str, typer.Option(help="Chu kỳ / cycle")],
    as_: Reader = "",
    as_json: AsJson = False,
) -> None:
    """Một thư mẫu trong số thư đang chờ của chu kỳ, chưa gửi gì. / One of a cycle's waiting mails; nothing is sent by it."""
    from store.queries.cycles import find_cycle
    from store.queries.outbox import first_bundle, first_held
    from store.queries.people import authority_of_cycle

    with opened() as store:
        with store.reading() as connection:
            facts = find_cycle(connection, cycle)
            require_reader(connection, authority_of_cycle(connection, facts.id).key, contact=as_)
            bundle = first_bundle(connection, authority=facts.authority, cycle=facts.id)
            message = first_held(connection, authority=facts.authority, cycle=facts.id)
        if bundle is not None:
            found = _composed(store, bundle)
        elif message is not None:
            found = _made(store, message)
        else:
            vi, en = f"chu kỳ {facts.id} không có thư nào đang chờ", f"no mail of cycle {facts.id} waits"
            raise RefusedError(vi, en, code=ExitCode.NOT_FOUND)
    _say(found, as_json=as_json)


def _made(store: Store, message: int) -> Shown:
    """Return a message's mail; refuse a confidential one, and one whose text was never kept."""
    from notifications.samples import read_mail
    from store.queries.outbox import read_message

    with store.reading() as connection:
        view = read_message(connection, message)
    if view.confidential:
        vi, en = f"thư {message} là thư mật, không hiển thị", f"message {message} is confidential and shown nowhere"
        raise RefusedError(vi, en)
    if not view.body:
        vi, en = f"nội dung thư {message} không được lưu", f"no text of message {message} is kept"
        raise RefusedError(vi, en, code=ExitCode.NOT_FOUND)
    return read_mail(view.body, message=message, state=view.line.state.value)


def _composed(store: Store, bundle: Bundle) -> Shown:
    """Return the mail that a bundle would become in its slot."""
    from config.settings import settings
    from notifications.samples import composed

    found = composed(store, bundle, settings=settings())
    if found is None:
        vi, en = "không soạn được thư mẫu: xem `dondoc status`", "no sample could be made; see `dondoc status`"
        raise RefusedError(vi, en)
    return found


def _say(found: Shown, *, as_json: bool) -> None:
    if as_json:
        show_json(found)
        return
    for line in _lines(found):
        typer.echo(line)


def _lines(found: Shown) -> Iterator[str]:
    if found.message is None:
        yield said("Thư mẫu, chưa gửi", "A sample, not sent")
    else:
        yield f"{said('Thư', 'Message')} {found.message} ({message_state(found.state)})"
    yield f"{said('Đến', 'To')}: {found.to}"
    yield f"{said('Tiêu đề', 'Subject')}: {found.subject}"
    if found.attachments:
        yield f"{said('Kèm theo', 'Attached')}: {', '.join(found.attachments)}"
    yield ""
    yield found.text
