"""A rehearsed year of 250 and of 10,000 units: seconds, their ratio, and the memory of each process."""

from __future__ import annotations

import gc
import json
import resource
import subprocess
import sys
import time

from benchmarks.tables import begin, row
from config.calendar_files import shipped_calendar
from config.loader import find_plan, load_plan_and_roster
from evaluation.scaling import scaled_roster
from flows.rehearsal import Script, rehearse

PLAN = "province-two-tier"
SIZES = (250, 10_000)


def rehearse_once(units: int) -> None:
    """Rehearse in this process and print what it took as JSON."""
    path = find_plan(PLAN)
    plan, roster = load_plan_and_roster(path)
    roster = scaled_roster(roster, plan=plan, units=units)
    script = Script(plan=plan, plan_yaml=path.read_text(encoding="utf-8"), roster=roster, calendar=shipped_calendar(), year=plan.year)
    gc.freeze()  # as `dondoc rehearse` does
    start = time.perf_counter()
    done = rehearse(script)
    took = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"units": units, "seconds": took, "megabytes": peak, "obligations": done.obligations, "mails": done.mails}))


def main() -> None:
    """Print the table."""
    begin("units", "obligations", "mails", "seconds", "MB", "ratio to 250 (bound 45)")
    first = 0.0
    for units in SIZES:
        command = [sys.executable, "-m", "benchmarks.rehearsal", str(units)]
        told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        first = first or told["seconds"]
        ratio = told["seconds"] / first
        row(units, told["obligations"], told["mails"], f"{told['seconds']:.1f}", told["megabytes"], f"{ratio:.1f}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        rehearse_once(int(sys.argv[1]))
    else:
        main()
