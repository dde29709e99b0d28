"""The learner's settings: a TOML file read once into a frozen `Config`. A missing file means the defaults.

language = "fr"
person = "Ada Example"

[network]
proxy = "http://proxy.example:3128"
ca_file = "/etc/ssl/campus.pem"
allow_hosts = ["badges.campus.example:8443"]

[accounts]
page = "https://wallet.college.example/answer.html"
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from wallet.errors import ConfigError
from wallet.text import clean


@dataclass(frozen=True, slots=True)
class Network:
    """How to reach hosts. `proxy` replaces the environment's; `allow_hosts` are `HOST` or `HOST:PORT`."""

    proxy: str | None = None
    ca_file: Path | None = None
    allow_hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """All settings. `person` is the name printed on exports; `language` a BCP 47 tag for texts that come in several.

    account_page: an https page that shows the answer to a sign-in, for hosts that send none to this computer.
    """

    person: str | None = None
    language: str | None = None
    network: Network = field(default_factory=Network)
    account_page: str | None = None


_REMEDY = "Mend that line, or move the file away to go on with the defaults."


def read_config(path: Path) -> Config:
    """The settings in `path`. Raises `ConfigError` that names the key; an unknown key is an error, not a silence."""
    try:
        with path.open("rb") as file:
            data = tomllib.load(file)
    except FileNotFoundError:
        return Config()
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"The settings in {clean(str(path))} cannot be read: {clean(str(error))}.", _REMEDY
        ) from error
    table = _Table(path, "", data, ("person", "language", "network", "accounts"))
    network = _Table(path, "network.", table.table("network"), ("proxy", "ca_file", "allow_hosts"))
    page = _Table(path, "accounts.", table.table("accounts"), ("page",)).web_page("page")
    ca_file = network.text("ca_file")
    return Config(
        person=table.text("person"),
        language=table.text("language"),
        network=Network(
            proxy=network.text("proxy"),
            ca_file=Path(ca_file).expanduser() if ca_file is not None else None,
            allow_hosts=network.texts("allow_hosts"),
        ),
        account_page=page,
    )


class _Table:
    """One TOML table with typed access; says which key is wrong."""

    def __init__(self, path: Path, prefix: str, data: dict[str, object], known: tuple[str, ...]) -> None:
        self._path, self._prefix, self._data = path, prefix, data
        for key in data:
            if key not in known:
                raise self._wrong(key, f"is not a setting; known here: {', '.join(known)}")

    def _wrong(self, key: str, what: str) -> ConfigError:
        return ConfigError(f"In {clean(str(self._path))}, '{clean(self._prefix + key)}' {what}.", _REMEDY)

    def text(self, key: str) -> str | None:
        value = self._data.get(key)
        if value is None or isinstance(value, str):
            return value
        raise self._wrong(key, "must be text in quotes")

    def web_page(self, key: str) -> str | None:
        value = self.text(key)
        if value is not None and not value.startswith("https://"):
            raise self._wrong(key, "must be an address that begins with https://")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._data.get(key, [])
        if not isinstance(value, list):
            raise self._wrong(key, "must be a list of texts")
        texts = tuple(item for item in value if isinstance(item, str))
        if len(texts) != len(value):
            raise self._wrong(key, "must be a list of texts")
        return texts

    def table(self, key: str) -> dict[str, object]:
        value = self._data.get(key, {})
        if not isinstance(value, dict):
            raise self._wrong(key, "must be a table")
        return value
