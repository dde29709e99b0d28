"""Takes out of a web address what names the learner or opens a door in the learner's name, before it is kept or shown.

Platforms put the learner's own address into links (`identity__email`), and links from a browser may carry a session or a token.
The request itself is made with the address as given: without them a host might not answer. Other parameters stay exactly as
they were written, because on some platforms the query is the badge's id.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote_plus, urlsplit, urlunsplit

_PERSON = frozenset({"email", "e-mail", "mail", "recipient_email", "user_email"})
_SECRETS = frozenset(
    {
        *(
            "token",
            "access_token",
            "accesstoken",
            "id_token",
            "refresh_token",
            "auth_token",
            "authtoken",
            "auth",
            "jwt",
        ),
        *("api_key", "apikey", "api-key", "client_secret", "secret", "password", "passwd", "pwd"),
        *("session", "session_id", "sessionid", "sesskey", "sid", "phpsessid", "jsessionid", "wstoken"),
        *("sig", "signature", "awsaccesskeyid", "x-amz-credential", "x-amz-security-token", "x-amz-signature"),
    }
)


def without_personal(url: str) -> str:
    """`url` without what names the learner. What it needs to be opened is left: this one is for links to be offered."""
    return _without(url, _names_learner)


def without_secrets(url: str) -> str:
    """`url` as it may be kept and shown: neither what names the learner nor tokens, in the query or in the fragment."""
    return _without(url, lambda name: _names_learner(name) or name in _SECRETS)


def _names_learner(name: str) -> bool:
    return name.startswith("identity__") or name in _PERSON


def _without(url: str, refused: Callable[[str], bool]) -> str:
    if "?" not in url and "#" not in url:
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        return url.partition("?")[0].partition("#")[0]
    query, fragment = _kept(parts.query, refused), _kept(parts.fragment, refused)
    if (query, fragment) == (parts.query, parts.fragment):
        return url
    return urlunsplit(parts._replace(query=query, fragment=fragment))


def _kept(query: str, refused: Callable[[str], bool]) -> str:
    pairs = [(_name(pair), pair) for pair in query.split("&")]
    kept = [(name, pair) for name, pair in pairs if not refused(name)]
    if len(kept) == len(pairs):
        return query
    if any(name.startswith("identity__") for name, _ in pairs):
        # It tells the platform what to do with that identity, and is no part of the badge's address.
        kept = [(name, pair) for name, pair in kept if name != "action"]
    return "&".join(pair for _, pair in kept)


def _name(pair: str) -> str:
    return unquote_plus(pair.partition("=")[0]).strip().lower()
