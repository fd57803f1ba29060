"""What the demo says of itself: what is being made, and its accounts with their new passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from cli.language import said
from config.clock import utc_now
from config.settings import settings

if TYPE_CHECKING:
    from store.session import Store


def say_what_is_made(years: tuple[int, int], *, units: int) -> None:
    """Say what takes a while, on stderr."""
    last, this = years
    vi = f"Dựng năm {last} và năm {this} của {units} đơn vị, từng ngày một, bằng chính bộ máy; lần sau không phải dựng lại:"
    en = f"Making {last} and {this} of {units} units, day by day, by the engine itself; the next time they are there already:"
    typer.echo(said(vi, en), err=True)


def show_demo_accounts(store: Store) -> None:
    """Give each role of the demo an account with a new password, and print them: they are good for its sandbox on this machine alone."""
    from flows.demo import DEMO_AUTHORITY
    from store.commands.demo_accounts import open_demo_accounts
    from store.passwords import Keeper

    keeper = Keeper(memory_kib=settings().argon2_memory_kib, rounds=settings().argon2_rounds)
    typer.echo(said("Tài khoản thử (chỉ dùng trên máy này):", "Accounts of the demo (good on this machine alone):"))
    for account in open_demo_accounts(store, DEMO_AUTHORITY, keeper=keeper, now=utc_now()):
        typer.echo(f"  {account.role:<14} {account.email:<42} {account.password}")
