"""Accounts from the command line: the first administrator, invitations, switching accounts off and on, the second factor."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from cli.acting import system_actor, the_authority
from cli.errors import ExitCode, RefusedError
from cli.language import said
from cli.opening import opened
from cli.options import AsJson, AuthorityKey
from cli.output import Column, show_json, show_table
from config.clock import utc_now
from config.settings import settings

if TYPE_CHECKING:
    from store.secrets import Secrets
    from store.session import Store

Email = Annotated[str, typer.Option(help="Địa chỉ thư của tài khoản / the account's address")]
EmailGiven = Annotated[str, typer.Argument(metavar="EMAIL", help="Địa chỉ thư của tài khoản / the account's address")]
MaybeContact = Annotated[str, typer.Argument(metavar="[CONTACT]", help="Khóa của đầu mối / the contact's key")]


def create(
    *,
    email: Email,
    authority: AuthorityKey = "",
    name: Annotated[str, typer.Option(help="Họ tên / name")] = "",
    password: Annotated[bool, typer.Option("--password", help="Hỏi mật khẩu ngay tại đây / ask for a password here")] = False,
) -> None:
    """Tạo người quản trị, và in liên kết dùng một lần để đặt mật khẩu. / Make an administrator; prints a one-time link."""
    from evaluation.accounts import Purpose
    from store.commands.accounts import make_administrator
    from store.commands.links import make_link
    from store.commands.passwords import set_password

    with opened() as store:
        facts = the_authority(store, authority)
        kept = _asked_password(email) if password else ""
        lasts = timedelta(days=settings().invitation_days)
        with store.transaction(now=utc_now(), actor=system_actor()) as transaction:
            made = make_administrator(transaction, facts, email=email, name=name)
            if kept:
                set_password(transaction, made.account.id, kept=kept)
                token = ""
            else:
                purpose = Purpose.RESET if made.account.activated else Purpose.INVITATION
                token = make_link(transaction, _secrets(), made.account.id, purpose=purpose, lasts=lasts)
                token = f"{purpose}/{token}"
    typer.echo(said(f"Người quản trị của “{facts.key}”: {made.account.email}", f"Administrator of “{facts.key}”: {made.account.email}"))
    if token:
        typer.echo(said("Đặt mật khẩu tại (dùng một lần): ", "Set a password here (works once): ") + _address(f"links/{token}"))


def _asked_password(email: str) -> str:
    """Ask for a password at the terminal, twice, and return what is kept of it."""
    from evaluation.account_addresses import account_address
    from store.passwords import Keeper, check_new_password

    given = typer.prompt(said("Mật khẩu", "Password"), hide_input=True, confirmation_prompt=True)
    check_new_password(given, email=account_address(email))
    return Keeper(memory_kib=settings().argon2_memory_kib, rounds=settings().argon2_rounds).hash(given)


def invite(contact: MaybeContact = "", *, authority: AuthorityKey = "", everyone: Annotated[bool, typer.Option("--all")] = False) -> None:
    """Mời một đầu mối, hoặc mọi đầu mối chưa có tài khoản (--all). / Invite a contact, or all without an account."""
    from store.commands.invitations import Invited, Inviting, invite_contacts, invite_everyone

    if bool(contact) is everyone:
        vi, en = "nêu một đầu mối, hoặc --all", "name one contact, or --all"
        raise RefusedError(vi, en, code=ExitCode.USAGE)
    with opened() as store:
        facts = the_authority(store, authority)
        lasts = timedelta(days=settings().invitation_days)
        inviting = Inviting(secrets=_secrets(), now=utc_now(), actor=system_actor(), lasts=lasts)
        done = invite_everyone(store, facts, inviting) if everyone else invite_contacts(store, facts, [contact], inviting)
    words = {Invited.SENT: said("đã mời", "invited"), Invited.LINKED: said("đã có tài khoản", "has an account")}
    for one in done:
        typer.echo(f"{one.contact}: {words.get(one.outcome, one.why)}")
    if any(one.outcome is Invited.REFUSED for one in done):
        raise typer.Exit(ExitCode.REFUSED)


def show(*, authority: AuthorityKey = "", as_json: AsJson = False) -> None:
    """Liệt kê tài khoản của một cơ quan. / List the accounts of an authority."""
    from store.queries.account_lists import accounts_of

    with opened() as store:
        facts = the_authority(store, authority)
        with store.reading() as connection:
            rows = accounts_of(connection, facts.id)
    if as_json:
        show_json(rows)
        return
    columns = [
        Column(vi="địa chỉ", en="address", cell=lambda row: row.email),
        Column(vi="đầu mối", en="contacts", cell=lambda row: row.contacts),
        Column(vi="đã dùng", en="in use", cell=lambda row: row.activated),
        Column(vi="xác thực hai bước", en="second factor", cell=lambda row: row.second_factor),
        Column(vi="đã khóa", en="switched off", cell=lambda row: row.disabled),
    ]
    show_table(rows, columns=columns)


def disable(email: EmailGiven) -> None:
    """Khóa tài khoản: mọi phiên, liên kết, mã truy cập hết hiệu lực ngay. / Switch an account off, at once."""
    _switch(email, on=False)


def enable(email: EmailGiven) -> None:
    """Mở lại tài khoản. / Switch an account on again."""
    _switch(email, on=True)


def _switch(email: str, *, on: bool) -> None:
    from store.commands.accounts import switch_account

    with opened() as store:
        account = _account(store, email)
        with store.transaction(now=utc_now(), actor=system_actor()) as transaction:
            switch_account(transaction, account, on=on)
    typer.echo(said("Đã ghi.", "Done."))


def second_factor(
    *,
    authority: AuthorityKey = "",
    required: Annotated[bool, typer.Option("--required/--not-required", help="Có bắt buộc không / whether it is asked")],
) -> None:
    """Bắt buộc xác thực hai bước với cơ quan thường trực và người quản trị. / Ask a second factor of the standing body."""
    from store.commands.accounts import require_second_factor

    with opened() as store:
        facts = the_authority(store, authority)
        with store.transaction(now=utc_now(), actor=system_actor()) as transaction:
            require_second_factor(transaction, facts.id, required=required)
    typer.echo(said("Đã ghi.", "Done."))


def reset_second_factor(email: EmailGiven) -> None:
    """Bỏ xác thực hai bước của một tài khoản (mất điện thoại và mã dự phòng). / Drop an account's second factor."""
    from store.commands.second_factors import drop_second_factor
    from store.commands.sessions import end_others

    with opened() as store:
        account = _account(store, email)
        with store.transaction(now=utc_now(), actor=system_actor()) as transaction:
            drop_second_factor(transaction, account)
            end_others(transaction, account)
    typer.echo(said("Đã ghi.", "Done."))


def _account(store: Store, email: str) -> int:
    from evaluation.account_addresses import account_address
    from store.queries.accounts import account_of

    with store.reading() as connection:
        found = account_of(connection, account_address(email))
    if found is None:
        vi, en = f"không có tài khoản “{email}”", f"there is no account “{email}”"
        raise RefusedError(vi, en, code=ExitCode.NOT_FOUND)
    return found.id


def _secrets() -> Secrets:
    from config.installation_key import installation_key
    from store.secrets import Secrets

    return Secrets(key=installation_key(settings()))


def _address(path: str) -> str:
    return f"{settings().base_url.rstrip('/')}/{path}"
