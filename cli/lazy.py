"""
A command group that imports a command only when it is called: `dondoc status` must not wait for what `dondoc engine` needs.

Typer keeps the commands of a group in a mapping; here the mapping makes a command of a function when it is asked for.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from cli.errors import ExitCode, exit_code, message
from cli.language import Language, said, speak, without_language
from cli.usage import usage_words

#: A function as `module:function`, or a group of them by name, with the group's own help.
Place = str | tuple[str, Mapping[str, str]]


class Shelf(MutableMapping[str, Any]):
    """The commands of a group by name, imported when taken down."""

    def __init__(self, places: Mapping[str, Place]) -> None:
        """Keep where each command is."""
        self.places: dict[str, Place] = dict(places)
        self.made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401  what Typer keeps here is a private class of its own
        if name not in self.made:
            place = self.places[name]
            self.made[name] = _command(name, place) if isinstance(place, str) else _group(name, place)
        return self.made[name]

    def __setitem__(self, name: str, command: Any) -> None:  # noqa: ANN401  likewise
        self.made[name] = command
        self.places.setdefault(name, "")

    def __delitem__(self, name: str) -> None:
        del self.places[name]
        self.made.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)


def _command(name: str, place: str) -> object:
    module, _, function = place.partition(":")
    holder = typer.Typer(add_completion=False)
    holder.command(name)(getattr(import_module(module), function))
    made = typer.main.get_command(holder)
    assert isinstance(made, TyperCommand)  # noqa: S101  Typer makes one command of one function
    return made


def _group(name: str, place: tuple[str, Mapping[str, str]]) -> TyperGroup:
    words, places = place
    group = TyperGroup(name=name, help=words, no_args_is_help=True)
    group.commands = Shelf(places)
    return group


def interrupted() -> ExitCode:
    """Say on stderr that somebody pressed Ctrl-C, and return the code for it."""
    typer.echo(said("Đã dừng (Ctrl-C).", "Stopped (Ctrl-C)."), err=True)
    return ExitCode.INTERRUPTED


class LazyGroup(TyperGroup):
    """The root group: its commands are a shelf, its errors become one message and an exit code."""

    places: Mapping[str, Place] = {}

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401  Typer's own
        """Put the commands on the shelf."""
        super().__init__(**attributes)
        self.commands = Shelf(self.places)

    def main(self, *args: Any, **extra: Any) -> Any:  # noqa: ANN401  the many arguments of Click are handed on
        """Run the command of the command line; an expected error is said in one message."""
        given = extra.pop("args", None) or (args[0] if args else None)
        arguments, language = without_language(list(sys.argv[1:] if given is None else given))
        if language is not None and language not in set(Language):
            typer.echo(f"--lang: vi | en ({language!r})", err=True)
            sys.exit(ExitCode.USAGE)
        speak(Language(language or Language.VI))
        try:
            ended = super().main(arguments, *args[1:], **{**extra, "standalone_mode": False})
            sys.exit(interrupted() if ended == ExitCode.INTERRUPTED else ended or ExitCode.OK)
        except KeyboardInterrupt:
            sys.exit(interrupted())
        except TyperException as error:
            if words := usage_words(error):
                typer.echo(said("Lỗi: ", "Error: ") + words, err=True)
            sys.exit(getattr(error, "exit_code", ExitCode.USAGE))
        except Exception as error:
            code = exit_code(error)
            if code is None:
                raise
            typer.echo(said("Lỗi: ", "Error: ") + message(error), err=True)
            sys.exit(code)
