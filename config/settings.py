"""
Settings: everything that differs between two installations, read once from the environment (`DONDOC_…`) or a `.env` file.

This is the only module that reads the environment. docs/settings.md describes each setting under its name.
"""

from __future__ import annotations

import getpass
import os
from datetime import time
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


def _without_zone(at: time) -> time:
    if at.tzinfo is not None:
        message = "write a local time of day without a zone, such as 18:00"
        raise ValueError(message)
    return at


#: Where a server that listens on every address is reached from its own machine.
_LOOPBACK_OF_ALL = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  nothing is bound here
LocalTime = Annotated[time, AfterValidator(_without_zone)]


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
    files: str = ""  #: folder or fsspec URL of the evidence files; empty: `files` in `home`
    file_most_bytes: int = Field(default=26214400, ge=1)  #: of one evidence file
    file_kinds: str = "pdf,docx,xlsx,odt,ods,png,jpg,txt,csv"  #: of evidence files that are taken, with commas; `zip` may be added
    paper_templates: str = ""  #: folder of the authority's own templates of official papers; empty: ours alone
    web_host: str = "127.0.0.1"
    web_port: int = 8000
    base_url: str = Field(default="", validate_default=True)  #: what links in mails begin with; empty: the web's host and port
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
    mail_until: LocalTime = Field(default=time(18, 0), ge=time(12, 0))  #: local end of the mailing day, noon or later; sandboxes keep none
    fuse_per_recipient: int = Field(default=20, ge=1)  #: a slot that would send one person more than this stops
    fuse_per_slot: int = Field(default=5000, ge=1)  #: a slot that would send more mails than this stops
    fuse_refused_share: float = Field(default=0.2, gt=0, le=1)  #: a slot of which a larger share is refused stops
    step_size: int = Field(default=1000, ge=1, le=2000)  #: obligations in one transaction of the tick
    tick_seconds: float = Field(default=20.0, gt=0)  #: how often the engine asks what is due
    deliver_seconds: float = Field(default=10.0, gt=0)
    tick_late_seconds: float = Field(default=900.0, gt=0)  #: something due that waits longer for the tick makes /api/v1/health answer 503
    secret_key: SecretStr = SecretStr("")  #: seals second factors and makes links; empty: a file in `home`, made once
    open_sandbox: bool = False  #: let anybody on this machine read the sandboxes without signing in; on the loopback address alone
    session_hours: float = Field(default=12.0, gt=0, le=168)  #: a session ends then, however busy
    session_idle_minutes: float = Field(default=60.0, gt=0, le=1440)  #: a session ends when it was not used for so long
    invitation_days: float = Field(default=14.0, gt=0, le=90)  #: how long the link of an invitation is good
    argon2_memory_kib: int = Field(default=65536, ge=19456)  #: what hashing one password takes
    argon2_rounds: int = Field(default=3, ge=2, le=20)
    hashing_at_once: int = Field(default=2, ge=1, le=16)  #: passwords that are hashed at the same time; more wait their turn
    tries_per_address: int = Field(default=60, ge=5)  #: failed tries from one network address in 15 minutes before a door shuts to it
    tries_per_account: int = Field(default=20, ge=5)  #: failed tries of one account from unknown browsers in 15 minutes
    body_bytes: int = Field(default=1048576, ge=1024)  #: a request with a longer body is refused
    body_seconds: float = Field(default=20.0, gt=0)  #: a request whose body takes longer to arrive is refused
    trusted_proxies: str = ""  #: addresses of proxies whose word about the browser's address is taken, comma-separated
    oidc_issuer: str = ""  #: address of the sign-in service (OpenID Connect); empty: none
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_trust_email: bool = False  #: take its addresses as verified though it does not say so; only where nobody chooses their own
    oidc_name: str = "SSO"  #: what the sign-in service is called on the sign-in page
    security_contact: str = "mailto:security@dondoc.invalid"  #: to whom security.txt sends those who found a weakness

    @field_validator("base_url")
    @classmethod
    def _where_the_web_is(cls, given: str, info: ValidationInfo) -> str:
        host = str(info.data.get("web_host", ""))
        reached = _LOOPBACK_OF_ALL.get(host, host)  # nobody can open a link to "every address"
        return given or f"http://{f'[{reached}]' if ':' in reached else reached}:{info.data.get('web_port', '')}"

    @property
    def is_https(self) -> bool:
        """Return whether browsers reach us over TLS: cookies are then `Secure` and bound to the host."""
        return self.base_url.startswith("https://")

    @property
    def files_url(self) -> str:
        """Return where evidence files are kept."""
        return self.files or str((self.home / "files").absolute())

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
