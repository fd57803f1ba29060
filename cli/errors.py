"""
Errors of the library as people meet them: one clear message on stderr, and an exit code of one table.

The table names classes by text, so that nothing is imported to look an error up; a test imports each. docs/cli.md explains the codes.
"""

from __future__ import annotations

from enum import IntEnum

from cli.language import said, spoken


class ExitCode(IntEnum):
    """How `dondoc` ends."""

    OK = 0
    REFUSED = 1  #: findings, or a rule of the regulation says no
    USAGE = 2  #: the command line itself is wrong
    NOT_FOUND = 3  #: what was named is not there
    CONFLICT = 4  #: it is there already, or somebody else was faster: look again and repeat
    UNAVAILABLE = 5  #: the database, a server or a file cannot be used


class RefusedError(Exception):
    """The command line refuses, in both languages, with an exit code."""

    def __init__(self, vi: str, en: str, *, code: ExitCode = ExitCode.REFUSED) -> None:
        """Keep the words and the code."""
        self.code = code
        super().__init__(said(vi, en))


#: Class → exit code; the first class of an error's family that is listed decides.
EXIT_CODES: dict[str, ExitCode] = {
    "cli.ticking.GivenTimeError": ExitCode.REFUSED,
    "config.faults.InputError": ExitCode.REFUSED,
    "evaluation.cycles.CycleMoveError": ExitCode.REFUSED,
    "evaluation.due_rules.MissingAnchorError": ExitCode.REFUSED,
    "evaluation.projection.CyclicStagesError": ExitCode.REFUSED,
    "evaluation.transitions.TransitionError": ExitCode.REFUSED,
    "evaluation.workdays.UnknownYearError": ExitCode.REFUSED,
    "store.backups.BackupError": ExitCode.UNAVAILABLE,
    "store.commands.authorities.AuthorityError": ExitCode.NOT_FOUND,
    "store.commands.launching.LaunchError": ExitCode.REFUSED,
    "store.commands.moves.CycleNotRunningError": ExitCode.REFUSED,
    "store.commands.moves.NoSuchObligationError": ExitCode.NOT_FOUND,
    "store.commands.people.AlreadyThereError": ExitCode.CONFLICT,
    "store.commands.people.PeopleError": ExitCode.REFUSED,
    "store.commands.replanning.ReplanError": ExitCode.REFUSED,
    "store.migrating.NewerDatabaseError": ExitCode.UNAVAILABLE,
    "store.outbox.holding.NoSuchOutboxError": ExitCode.NOT_FOUND,
    "store.outbox.states.MessageMoveError": ExitCode.REFUSED,
    "store.outbox.states.NoSuchMessageError": ExitCode.NOT_FOUND,
    "store.perform.StaleError": ExitCode.CONFLICT,
    "store.queries.cycles.AmbiguousCycleError": ExitCode.NOT_FOUND,
    "store.queries.people.NoSuchContactError": ExitCode.NOT_FOUND,
    "store.queries.people.NoSuchPartyError": ExitCode.NOT_FOUND,
    "store.years.NoSuchCycleError": ExitCode.NOT_FOUND,
    "sqlalchemy.exc.OperationalError": ExitCode.UNAVAILABLE,
    "sqlalchemy.exc.DatabaseError": ExitCode.UNAVAILABLE,
    "sqlalchemy.exc.ArgumentError": ExitCode.UNAVAILABLE,
    "pydantic_core._pydantic_core.ValidationError": ExitCode.UNAVAILABLE,
    "builtins.OSError": ExitCode.UNAVAILABLE,
}

_NOT_FOUND = "not-found"  #: the fault of a plan or roster that was named and is nowhere


def exit_code(error: BaseException) -> ExitCode | None:
    """Return the code of an error; None of one that nobody expected."""
    if isinstance(error, RefusedError):
        return error.code
    names = [f"{family.__module__}.{family.__qualname__}" for family in type(error).__mro__]
    code = next((EXIT_CODES[name] for name in names if name in EXIT_CODES), None)
    faults = getattr(error, "faults", ())
    if len(faults) == 1 and getattr(faults[0], "code", "") == _NOT_FOUND and code is ExitCode.REFUSED:
        return ExitCode.NOT_FOUND
    return code


def message(error: BaseException) -> str:
    """Return an error's words in the language in force, without the database's own long tail."""
    text = getattr(error, "text", None)
    if callable(text):
        return str(text(spoken()))
    own = getattr(error, "orig", None) or error
    name = type(error).__module__.partition(".")[0]
    if name == "sqlalchemy":
        return said(f"không dùng được cơ sở dữ liệu: {own}", f"the database cannot be used: {own}")
    return str(own)
