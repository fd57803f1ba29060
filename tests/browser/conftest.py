from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from store.session import open_store
from tests.browser.town import CHROMIUM, open_town

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser.town import Town
    from tests.conftest import RequiresSystem

pytest.register_assert_rewrite("tests.browser.axe")


@pytest.fixture(scope="module")
def _town(tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path, requires_system: RequiresSystem) -> Iterator[Town]:
    """One server and one Chromium for all tests of a file."""
    requires_system(CHROMIUM, install="apt-get install chromium")
    folder = tmp_path_factory.mktemp("town")
    shutil.copy(_sqlite_template, folder / "dondoc.db")
    store = open_store(f"sqlite:///{folder / 'dondoc.db'}", durable=False)
    with open_town(store, folder) as town:
        yield town
    store.close()


@pytest.fixture
def town(_town: Town) -> Iterator[Town]:
    """The town, with no browser open yet."""
    yield _town
    _town.close_browsers()
    _town.server.set_clock(_town.now)
