"""`dondoc`: one command per thing a person does; docs/cli.md describes each."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from cli.commands import COMMANDS
from cli.lazy import LazyGroup, interrupted


class Dondoc(LazyGroup):
    """The commands of `dondoc`."""

    places = COMMANDS


app = typer.Typer(cls=Dondoc, name="dondoc", no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False)


def _show_version(wanted: bool) -> None:  # noqa: FBT001  Typer's callbacks take the value alone
    if wanted:
        from importlib.metadata import version

        typer.echo(f"dondoc {version('dondoc')}")
        raise typer.Exit


@app.callback()
def dondoc(
    lang: Annotated[str, typer.Option(help="Ngôn ngữ, đặt ở đâu trên dòng lệnh cũng được / language, anywhere: vi, en")] = "vi",
    *,
    version: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Phiên bản / version")] = False,
) -> None:
    """Đôn đốc: ai phải nộp gì, khi nào, đến lượt ai. / Who owes what by when, and whose turn it is."""


def main() -> None:
    """Run `dondoc`."""
    try:
        app()
    except KeyboardInterrupt:  # before the command line is read, or after all is said
        sys.exit(interrupted())


if __name__ == "__main__":
    main()
