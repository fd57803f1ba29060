"""
Delivery to a loopback server, against the same messages rendered and built in the same loop and sent on the same connections
without a database.

Both run in one process, one after the other, several times; the ratio is the figure, the mails per second are the machine's. The
server is a process of its own that throws mail away.

    python -m benchmarks.delivery [units]
"""

from __future__ import annotations

import asyncio
import gc
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from datetime import time as time_of_day
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.machine import machine, postgres_database
from benchmarks.years import synthetic_year
from config.calendar_files import shipped_calendar
from config.settings import Settings
from flows.tick import tick
from notifications.composing import LetterComposer
from notifications.delivery import PostOffice, deliver_all, post_office
from notifications.gather import SLICE
from notifications.smtp import Line, Mail
from store.commands.authorities import found_authority, import_roster
from store.commands.launching import Launch, launch
from store.outbox.gathering import gather
from store.outbox.states import Outcome
from store.queries.letters import read_letters
from store.schema import METADATA
from store.session import open_store
from tasks.room import Room, working_in

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator
    from datetime import datetime

    from notifications.letters import Letter
    from store.outbox.gathering import Bundle
    from store.session import Store

CONNECTIONS = 16
ROUNDS = 5
SERVER = """
import asyncio
from aiosmtpd.smtp import SMTP

class Nothing:
    async def handle_DATA(self, server, session, envelope):
        return "250 thrown away"

async def main():
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(Nothing(), hostname="localhost"), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
"""


@contextmanager
def mail_server() -> Iterator[int]:
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def prepare(url: str, *, units: int) -> datetime:
    """Make a year on whose first day every unit is told of three stages, and tick to that day."""
    store, calendar = open_store(url), shipped_calendar()
    METADATA.create_all(store.engine)
    plan, roster = synthetic_year(units, 3)
    now = calendar.instant(date(2025, 1, 2), time_of_day(9))
    with store.transaction(now=now) as transaction:
        authority = found_authority(transaction, key="thu", name="UBND thử", sandbox=True)
        import_roster(transaction, authority=authority, roster=roster)
        launch(store, transaction, Launch(authority="thu", plan_yaml=plan, year=2025, calendar=calendar))
    now = calendar.instant(date(2025, 1, 6), time_of_day(7, 30))
    with working_in(Room(store=store, holder="bench")):
        asyncio.run(tick.fn(now))
    store.close()
    return now


def read_all(store: Store, now: datetime) -> list[tuple[Bundle, Letter]]:
    with store.reading() as connection:
        bundles = gather(connection, now=now, at_most=None)
        wanted = {bundle.recipient: bundle.notices for bundle in bundles}
        assert len(wanted) == len(bundles)
        letters = read_letters(store, connection, authority=bundles[0].authority, wanted=wanted, now=now)
        return [(bundle, letters[bundle.recipient]) for bundle in bundles]


async def send_plainly(office: PostOffice, pairs: list[tuple[Bundle, Letter]]) -> None:
    compose = office.compose
    assert isinstance(compose, LetterComposer)
    lines = [Line(office.sandbox) for _ in range(office.connections)]
    for start in range(0, len(pairs), SLICE):
        some = pairs[start : start + SLICE]
        made = await asyncio.to_thread(lambda some=some: [compose.mail(*pair) for pair in some])  # type: ignore[misc]
        waiting = deque(Mail(sender=office.sender, recipient=mail.address, body=mail.body) for mail in made)
        await asyncio.gather(*(_empty(line, waiting) for line in lines))
    for line in lines:
        await line.close()


async def _empty(line: Line, waiting: deque[Mail]) -> None:
    while waiting:
        answer = await line.send(waiting.popleft())
        assert answer.outcome is Outcome.SENT, answer


async def deliver(office: PostOffice, now: datetime) -> int:
    return (await deliver_all(office, now=now))[Outcome.SENT]


@dataclass(frozen=True)
class Taken:
    """What something took."""

    wall: float
    processor: float  #: of this process alone: what others do on the machine does not count


def taken(work: Coroutine[None, None, object]) -> Taken:
    wall, processor = time.perf_counter(), time.process_time()
    asyncio.run(work)
    return Taken(wall=time.perf_counter() - wall, processor=time.process_time() - processor)


def measure(url: str, now: datetime, *, port: int) -> tuple[int, Taken, Taken]:
    """Return how many mails, and what they took without and with a database."""
    store = open_store(url)
    enough = {"fuse_per_slot": 10**6, "fuse_per_recipient": 10**6}
    settings = Settings(_env_file=None, smtp_connections=CONNECTIONS, sandbox_smtp=f"127.0.0.1:{port}", **enough)  # type: ignore[arg-type]
    office = post_office(store, settings, holder="bench")
    pairs = read_all(store, now)
    asyncio.run(send_plainly(office, pairs[:20]))  # templates are compiled once in a process
    gc.freeze()  # as the engine does
    plain = taken(send_plainly(office, pairs))
    real = taken(deliver(office, now))
    store.close()
    return len(pairs), plain, real


def report(name: str, rounds: list[tuple[int, Taken, Taken]]) -> None:
    ratios = [plain.wall / real.wall for _, plain, real in rounds]
    own = statistics.median(plain.processor / real.processor for _, plain, real in rounds)
    count = rounds[0][0]
    without, delivery = count / min(plain.wall for _, plain, _ in rounds), count / min(real.wall for _, _, real in rounds)
    print(f"{name}: {count} mails on {CONNECTIONS} connections; without a database {without:.0f}/s, delivery {delivery:.0f}/s")
    print(f"  ratio {statistics.median(ratios):.2f} (target >= 0.70; rounds: {', '.join(f'{ratio:.2f}' for ratio in ratios)})")
    print(f"  ratio of processor time {own:.2f}")


def main(units: int = 1000) -> None:
    print(machine())
    with mail_server() as port, tempfile.TemporaryDirectory() as folder:
        fresh, used = Path(folder) / "fresh.db", Path(folder) / "used.db"
        now = prepare(f"sqlite:///{fresh}", units=units)
        rounds = []
        for _ in range(ROUNDS):
            for old in Path(folder).glob("used.db*"):
                old.unlink()
            shutil.copy(fresh, used)
            rounds.append(measure(f"sqlite:///{used}", now, port=port))
        report("SQLite", rounds)
        with postgres_database() as url:
            if url is None:
                print("PostgreSQL: no server answers")
            else:
                report("PostgreSQL", [measure(url, prepare(url, units=units), port=port)])


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:2]))
