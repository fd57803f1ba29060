"""What was tried at each address and what came back, as a page that a person reads: `build/schemathesis.md`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

PAGE = Path(__file__).parents[2] / "build" / "schemathesis.md"
HEAD = """# Whatever is sent to the API

{requests} requests to {routes} addresses, {failed} addresses with an answer that the description does not allow. Seed {seed}:
`{again}` sends the same requests again.

| address | requests | answers | |
|---|--:|---|---|
"""


@dataclass(kw_only=True)
class FuzzReport:
    """How many requests each address got, by the status of its answer; and what it should not have answered."""

    seed: int
    again: str  #: the command that sends the same requests
    statuses: dict[str, Counter[int]] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    def note(self, route: str, status: int) -> None:
        """Count one answer."""
        self.statuses.setdefault(route, Counter())[status] += 1

    def blame(self, route: str, fault: BaseException) -> None:
        """Keep what an address should not have answered: its first line."""
        self.faults[route] = (str(fault).strip().splitlines() or [type(fault).__name__])[0].replace("|", "¦")

    def page(self) -> str:
        """Return the report as Markdown."""
        total = sum(answers.total() for answers in self.statuses.values())
        head = HEAD.format(requests=total, routes=len(self.statuses), failed=len(self.faults), seed=self.seed, again=self.again)
        return head + "".join(self._line(route, answers) for route, answers in self.statuses.items())

    def _line(self, route: str, answers: Counter[int]) -> str:
        said = ", ".join(f"{status} × {count}" for status, count in sorted(answers.items()))
        return f"| {route} | {answers.total()} | {said} | {self.faults.get(route, '')} |\n"

    def write(self, page: Path = PAGE) -> Path:
        """Leave the report where `build/` is and return its place; an earlier one is gone."""
        page.parent.mkdir(exist_ok=True)
        page.write_text(self.page(), encoding="utf-8")
        return page
