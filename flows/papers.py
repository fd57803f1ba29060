"""Papers that rungs ask for, and those that people ask for many at a time: drafted by the engine, outside every write transaction."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import NoResultFound

from config.settings import settings
from documents.asked import Tended, tend_asked_papers
from documents.desk import Desk, Letter, draft_letter
from evaluation.papers import Purpose
from store.commands.paper_refusals import PaperError
from store.files import open_files
from store.queries.rights import facts_of_account
from store.session import Actor

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from flows.driving import Progress
    from store.commands.jobs import ClaimedJob
    from store.session import Store
