"""A real sign-in service for tests: Canaille on its memory backend, with two people and one client, in a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from config.settings import child_environment

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIENT, SECRET = "dondoc", "client-secret-of-a-test"
PEOPLE = {"canbo": "can.bo@thu.invalid", "nguoila": "nguoi.la@thu.invalid"}
PASSWORD = "mật khẩu ở dịch vụ"
_CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True)
class Provider:
    """A service that runs."""

    issuer: str

    def sign_in(self, address: str, *, user: str) -> str:
        """Sign in at the service as a browser would, and return where it sends the browser back."""
        with httpx.Client(base_url=self.issuer, trust_env=False, timeout=30) as browser:
            answer = browser.get(address)
            for field in ({"login": user}, {"password": PASSWORD}):
                answer = self._forward(browser, answer)
                form = _CSRF.search(answer.text)
                assert form is not None, answer.text[:2000]
                answer = browser.post(answer.url, data={**field, "csrf_token": form[1]})
            return str(self._forward(browser, answer).headers["location"])

    def _forward(self, browser: httpx.Client, answer: httpx.Response) -> httpx.Response:
        """Follow the service's own redirects."""
        while answer.is_redirect and httpx.URL(self.issuer).join(answer.headers["location"]).netloc == httpx.URL(self.issuer).netloc:
            answer = browser.get(httpx.URL(self.issuer).join(answer.headers["location"]))
        return answer


@contextmanager
def provider(port: int, *, callback: str) -> Iterator[Provider]:
    """Run the service until the test is over."""
    issuer = f"http://127.0.0.1:{port}"
    environment = child_environment(AUTHLIB_INSECURE_TRANSPORT="1", PYTHONPATH=str(Path(__file__).parents[1]))
    command = [sys.executable, __file__, str(port), callback]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            end = time.monotonic() + 60
            while process.poll() is None and time.monotonic() < end:
                try:
                    httpx.get(f"{issuer}/.well-known/openid-configuration", trust_env=False).raise_for_status()
                    break
                except httpx.TransportError:
                    time.sleep(0.2)
            assert process.poll() is None, process.stdout and process.stdout.read()
            yield Provider(issuer)
        finally:
            process.kill()


def _application(port: int, callback: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        create_app = import_module("canaille").create_app
        models = import_module("canaille.app.models")
        memory_backend = import_module("canaille.backends.memory.backend").MemoryBackend
        from joserfc.jwk import RSAKey  # noqa: PLC0415
    settings = {
        "SECRET_KEY": "a key of a test, long enough for it",
        "SERVER_NAME": f"127.0.0.1:{port}",
        "PREFERRED_URL_SCHEME": "http",
        "CANAILLE": {"DATABASE": "memory", "SMTP": None},
        "CANAILLE_OIDC": {"ACTIVE_JWKS": [RSAKey.generate_key(2048, auto_kid=True).as_dict(private=True)]},
    }
    app = create_app(settings, backend=_exact(memory_backend)(settings))
    with app.app_context():
        for name, email in PEOPLE.items():
            app.backend.save(models.User(user_name=name, formatted_name=name, family_name=name, emails=[email], password=PASSWORD))
        client = models.Client(
            client_id=CLIENT,
            client_secret=SECRET,
            client_name="dondoc",
            client_uri=f"http://127.0.0.1:{port}",
            redirect_uris=[callback],
            grant_types=["authorization_code"],
            response_types=["code"],
            scope=["openid", "email", "profile"],
            token_endpoint_auth_method="client_secret_basic",
        )
        client.audience = [client]
        app.backend.save(client)
    return app


def _exact(memory: Any) -> Any:
    """Return Canaille's memory backend, but finding what has all that is asked for; its own finds what has any, and takes every code."""

    class Exact(memory):  # type: ignore[misc]  # it ships no types
        def do_query(self, model: Any, *words: Any, **wanted: Any) -> Any:
            found = super().do_query(model, *words, **wanted)
            for attribute, value in wanted.items():
                known = self.attribute_index(model, attribute)
                values = model.serialize(value if isinstance(value, list) else [value])
                fitting = {ident for one in values for ident in known.get(one, [])}
                found = [instance for instance in found if instance.id in fitting]
            return found

    Exact.__module__ = memory.__module__  # it looks for its models beside it
    return Exact


if __name__ == "__main__":
    own_port = int(sys.argv[1])
    _application(own_port, sys.argv[2]).run(host="127.0.0.1", port=own_port, threaded=True)
