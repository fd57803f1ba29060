"""
Settings: everything that differs between two installations, read once from the environment (`DONDOC_…`) or a `.env` file.

This is the only module that reads the environment. docs/settings.md describes each setting under its name.
"""

from __future__ import annotations

import getpass
import os
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class TlsMode(StrEnum):
    """How the connection to the mail server is protected."""

    NONE = "none"  #: not at all: loopback only
    STARTTLS = "starttls"  #: required: a server that does not offer it is not used
    TLS = "tls"  #: from the first byte


class Settings(BaseSettings):
    """The settings of one installation."""

    model_config = SettingsConfigDict(env_prefix="DONDOC_", env_file=".env", extra="ignore", frozen=True)

    home: Path = Path("var")  #: folder of the database, evidence files, Prefect's data and logs
    database_url: str = ""  #: SQLAlchemy URL; empty: SQLite in `home`
    base_url: str = "http://127.0.0.1:8000"  #: what links in mails begin with
    web_host: str = "127.0.0.1"
    web_port: int = 8000
    prefect_port: int = 4200
    prefect_api_url: str = ""  #: empty: the server of `dondoc up`
    smtp_host: str = ""  #: the real mail server; empty: no real authority's mail leaves
    smtp_port: int = 587
    smtp_tls: TlsMode = TlsMode.STARTTLS
    smtp_ca_file: str = ""  #: certificate authority of the mail server, where it is not a public one
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_connections: int = Field(default=4, ge=1, le=64)
    smtp_timeout_seconds: float = Field(default=30.0, gt=0)
    sandbox_smtp: str = "127.0.0.1:8025"  #: host:port on the loopback address to which sandboxes mail
    mail_from: str = "dondoc@dondoc.invalid"
    mail_from_name: str = "Hệ thống đôn đốc CCHC"
    mail_domain: str = "dondoc.invalid"  #: right side of each Message-ID
    support_phone: str = ""  #: whom to phone, at the foot of each mail
    fuse_per_recipient: int = Field(default=20, ge=1)  #: a slot that would send one person more than this stops
    fuse_per_slot: int = Field(default=5000, ge=1)  #: a slot that would send more mails than this stops
    fuse_refused_share: float = Field(default=0.2, gt=0, le=1)  #: a slot of which a larger share is refused stops
    step_size: int = Field(default=2000, ge=1, le=2000)  #: obligations in one transaction of the tick
    tick_seconds: float = Field(default=20.0, gt=0)  #: how often the engine asks what is due
    deliver_seconds: float = Field(default=10.0, gt=0)
    tick_late_seconds: float = Field(default=900.0, gt=0)  #: something due that waits longer for the tick makes /api/v1/health answer 503

    @property
    def store_url(self) -> str:
        """Return the database's URL."""
        return self.database_url or f"sqlite:///{(self.home / 'dondoc.db').absolute()}"


@lru_cache
def settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()


def operating_system_user() -> str:
    """Return the name of the operating-system user at the keyboard; empty where the system does not say."""
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (ImportError, KeyError, OSError):  # no variable names one, and the system keeps no list of users
        return ""


def child_environment(**changes: str) -> dict[str, str]:
    """Return the environment for a supervised child: this process's own with changes."""
    return {**os.environ, **changes}
