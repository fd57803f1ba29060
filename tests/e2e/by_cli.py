"""A year by the command line: in this process, or each command as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from typer.testing import CliRunner

from cli.main import app
from config.settings import child_environment, settings
from tests.e2e.moves_of_a_year import ACTING, CALENDAR, FOUNDED, MEMBER, YEAR

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    import pytest

    from tests.e2e.moves_of_a_year import Step, Stretch

ROSTER, PLAN = "small-roster.yaml", "small-plan.yaml"
#: What of a body is which option; `name` and `content` are a file.
OPTIONS = {
    "reason": "--reason",
    "basis": "--document",
    "document": "--number",
    "text": "--text",
    "received_on": "--received-on",
    "due_on": "--due",
    "contact": "--to",
    "to": "--to",
    "by": "--by",
    "note": "--note",
}


@dataclass(frozen=True, kw_only=True)
class CommandLine:
    """`dondoc` over one database; the plan and its roster lie in its folder."""

    url: str
    home: Path
    patch: pytest.MonkeyPatch
    as_processes: bool = False
    called: list[str] = field(default_factory=list)

    def __call__(self, *words: object) -> str:
        """What a command says, which must end well."""
        said = [str(word) for word in words]
        self.called.append(said[0])
        code, out, err = self._in_a_process(said) if self.as_processes else self._here(said)
        assert code == 0, (said, out, err)
        return out

    def _here(self, words: list[str]) -> tuple[int, str, str]:
        for name, value in self._environment.items():
            self.patch.setenv(name, value)
        settings.cache_clear()
        done = CliRunner().invoke(app, words)
        settings.cache_clear()
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.stdout, done.stderr

    def _in_a_process(self, words: list[str]) -> tuple[int, str, str]:
        command, environment = [sys.executable, "-m", "cli.main", *words], child_environment(**self._environment)
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    @property
    def _environment(self) -> dict[str, str]:
        return {"DONDOC_DATABASE_URL": self.url, "DONDOC_HOME": str(self.home), "COLUMNS": "200", "PYTHONWARNINGS": "ignore"}

    def read(self, *words: object) -> Any:
        """What a reading command says as JSON."""
        return json.loads(self(*words, "--json"))

    # --- a year --------------------------------------------------------------------------------------------------------

    def found(self) -> None:
        """The authority with its people."""
        at = ("--at", written(FOUNDED))
        self("migrate")
        self("authority", "create", "thu", "--name", "UBND thử", "--sandbox")
        self("units", "import", self.home / ROSTER, *at)
        person = ("--unit", "xa-1", "--role", "member", "--name", "Cán bộ thử", "--address", f"{MEMBER}@thu.invalid")
        self("contacts", "add", MEMBER, *person, "--as", "head.xa-1", *at)

    def launch(self, by: str) -> None:
        """The year under way."""
        self("launch", self.home / PLAN, "--authority", "thu", "--year", 2025, "--as", by, "--at", written(FOUNDED))

    def tick(self, stretch: Stretch) -> None:
        """The mornings of a stretch."""
        self("tick", "--from", stretch.first, "--to", stretch.last, "--json")

    def act(self, step: Step, *, now: datetime) -> None:
        """What a person types: the obligation is looked up, then moved."""
        who = ("--as", step.who, "--at", written(now))
        match step.verb:
            case "hold-mail" | "release-mail":
                unseen = ["--unseen"] if step.verb == "release-mail" else []  # the API does not ask whether its mails were looked at
                self("outbox", step.verb.removesuffix("-mail"), "--cycle", YEAR, *options(step.body), *unseen, *who)
            case _ if not step.about:
                self(step.verb, YEAR, *options(step.body), *who)
            case "extend-many" | "urge-many":
                stage, _, subject = step.place
                apply = ["--apply"] if step.verb == "extend-many" else []
                self(step.verb, YEAR, "--stage", stage, "--about", subject, *options(step.body), *apply, *who)
            case "attach":
                file = self.home / step.body["name"]
                file.write_text(step.body["content"], encoding="utf-8")
                self("evidence", "attach", self.number_of(step), file, *who)
            case "withdraw-evidence":
                self("evidence", "withdraw", self._evidence_of(step), *who)
            case verb:
                self(verb, self.number_of(step), *options(step.body), *who)

    def number_of(self, step: Step) -> int:
        """The number of an obligation."""
        stage, party, subject = step.place
        rows = self.read("obligations", "--cycle", YEAR, "--stage", stage, "--party", party)
        (number,) = [row["id"] for row in rows if row["subject"] == subject]
        return int(number)

    def _evidence_of(self, step: Step) -> int:
        rows = self.read("evidence", "list", self.number_of(step))
        (number,) = [row["id"] for row in rows if row["name"] == step.body["name"]]
        return int(number)

    # --- what came of it -------------------------------------------------------------------------------------------------

    def journal(self) -> list[str]:
        """The journal of the year without ids, line by line."""
        return self("journal", "--cycle", YEAR, "--normalised", "--json").splitlines()

    def entries(self) -> list[tuple[object, ...]]:
        """Each entry of the year: when, who, what, about what, and all that it says."""
        kept = ("at", "actor_key", "action", "stage", "party", "subject", "payload")
        return [tuple(row[name] for name in kept) for row in self.read("journal", "--cycle", YEAR)]

    def verified(self) -> list[str]:
        """What `dondoc verify` finds."""
        findings: list[str] = self.read("verify")["findings"]
        return findings


def options(body: dict[str, Any]) -> list[str]:
    """A body as a command takes it."""
    items = [word for one in body.get("items", ()) for word in ("--item", f"{one['item']}={one['words']}")]
    return [word for name, value in body.items() if name in OPTIONS for word in (OPTIONS[name], str(value))] + items


def written(now: datetime) -> str:
    """A moment as people write it: local."""
    return f"{CALENDAR.local_date(now)}T{now.astimezone(CALENDAR.zone):%H:%M}"


def drive(year: CommandLine, stretches: Sequence[Stretch], *, by: str) -> None:
    """The whole year."""
    replace(year, as_processes=False).found()
    year.launch(by)
    for stretch in stretches:
        year.tick(stretch)
        for step in stretch.steps:
            year.act(step, now=stretch.ticks[-1] + ACTING)
