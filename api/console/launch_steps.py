"""The steps of a launch, in their order; each is an address, so that going back is going back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.console.catalogues import N_
from api.console.visiting import Visitor, frame_of, page

if TYPE_CHECKING:
    from starlette.responses import HTMLResponse

    from api.console.launching import Chosen, Wanted
    from store.queries.health import View


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step: its address below `/launch`, and what it is called."""

    path: str
    words: str


STEPS = (
    Step(path="", words=N_("Chọn kế hoạch, năm")),
    Step(path="/dates", words=N_("Các mốc thời gian")),
    Step(path="/people", words=N_("Đơn vị, đầu mối")),
    Step(path="/check", words=N_("Kiểm tra")),
    Step(path="/rehearsal", words=N_("Chạy thử")),
    Step(path="/go", words=N_("Khởi động")),
    Step(path="/first", words=N_("Thư đầu tiên")),
)


@dataclass(frozen=True, kw_only=True)
class Trail:
    """Where one is in the steps, with the addresses of those that can be gone to."""

    here: Step
    wanted: Wanted | None
    over: bool = False  #: the year is launched: nothing before can be gone back to

    def address(self, step: Step) -> str:
        """Return a step's address; empty where one cannot go."""
        if self.over or step == STEPS[-1]:
            return ""
        if self.wanted is None:
            return "/launch" if step == STEPS[0] else ""
        return f"/launch{step.path}?{self.wanted.query}"

    @property
    def back(self) -> str:
        """The step before."""
        return self.address(STEPS[STEPS.index(self.here) - 1])

    @property
    def on(self) -> str:
        """The step after."""
        return self.address(STEPS[STEPS.index(self.here) + 1])


def step_page(visitor: Visitor, connection: View, path: str, facts: dict[str, Any], *, status: int = 200) -> HTMLResponse:
    """Return the page of a step; its template bears the step's name."""
    here = next(step for step in STEPS if step.path == path)
    chosen: Chosen | None = facts.get("chosen")
    trail = Trail(here=here, wanted=chosen.wanted if chosen else None)
    frame = frame_of(visitor, connection, here="launch")
    shown = {"steps": STEPS, "trail": trail, "chosen": None, **facts}
    return page(visitor, f"launch_{path.strip('/') or 'choose'}.html", frame, shown, status=status)
