"""Papers as they are printed: each opened in LibreOffice, turned to PDF in one go, and read back."""

from __future__ import annotations

import subprocess
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.conftest import RequiresSystem

INSTALL = "apt-get install --no-install-recommends libreoffice-writer-nogui poppler-utils fonts-liberation"


def require_printing(requires_system: RequiresSystem) -> None:
    for program in ("soffice", "pdftotext"):
        requires_system(program, install=INSTALL)


def printed(folder: Path, papers: Mapping[str, bytes], *, way: str) -> dict[str, list[str]]:
    """The words of each page of each paper; `way`: as it looks (layout), or in the order of the text (raw)."""
    for name, content in papers.items():
        (folder / f"{name}.docx").write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *map(str, folder.glob("*.docx"))]
    subprocess.run(command, check=True, capture_output=True, timeout=100)
    return {name: _read(folder / f"{name}.pdf", way=way) for name in papers}


def _read(pdf: Path, *, way: str) -> list[str]:
    words = subprocess.run(["pdftotext", f"-{way}", str(pdf), "-"], check=True, capture_output=True, timeout=30).stdout.decode()
    return [unicodedata.normalize("NFC", page) for page in words.split("\f")[:-1]]
