"""`dondoc status` as a whole process, against a bare `python -c 'import sqlmodel, typer'`, in turn."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.tables import begin, row
from config.settings import child_environment

TIMES = 9


def seconds(command: list[str], *, environment: dict[str, str]) -> float:
    """Return how long a process takes."""
    start = time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        environment = child_environment(DONDOC_HOME=str(Path(folder)))
        ours = [sys.executable, "-m", "cli.main", "status"]
        bare = [sys.executable, "-c", "import sqlmodel, typer"]
        seconds(ours, environment=environment)
        pairs = [(seconds(ours, environment=environment), seconds(bare, environment=environment)) for _ in range(TIMES)]
    begin("`dondoc status`", "bare imports", "ratio, median of pairs (bound 2)")
    ratio = statistics.median(one / other for one, other in pairs)
    mine, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    row(f"{mine:.2f} s", f"{other:.2f} s", f"{ratio:.2f}")


if __name__ == "__main__":
    main()
