"""A badge host on loopback that signs learners in: Badge Connect as Open Badges 2.1 has it, and Badgr's own interface.

It follows the specifications where they matter for safety (one code once, PKCE, redirect addresses as registered, Basic
authentication, tokens that end) and has the odd corners of real hosts elsewhere. Each corner is an attribute to switch:

    with Server() as site, Server() as api:
        host = Provider(site, api)            # manifest by 302, without context, interface on another server, pages of two
        host.award(1); host.award(2)
        host.loopback = False                 # registration refuses http://127.0.0.1, as Badgr does

`browser` goes where a learner's browser would, in a thread. `secrets` holds everything that must never be seen anywhere.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets as randomness
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from tests.generate import badges
from tests.support.server import Plain, Request, Server, as_json, redirect

READ = "https://purl.imsglobal.org/spec/ob/v2p1/scope/assertion.readonly"
PASSWORD = "correct-horse-battery-canary"
USER = "mina.okafor@learner.example"


@dataclass
class Provider:
    """`site` has the pages for signing in and the hosted badges, `api` the interface."""

    site: Server
    api: Server
    loopback: bool = True
    only_redirect: str | None = None  # the only address that it sends a browser back to
    page_size: int = 2
    next_link: str | None = None  # instead of the right one
    envelope_error: object = field(default_factory=list)  # an empty array where null is due
    results_as_object: bool = False
    scopes: list[str] | None = field(default_factory=lambda: [READ, "offline_access"])
    issuer: str | None = None  # `iss` in the answer
    state: str | None = None  # instead of the one that was sent
    deny: bool = False
    lifetime: object = 3_600
    refuse_read_scope: bool = False
    items: list[dict[str, object]] = field(default_factory=list)
    signed: list[str] = field(default_factory=list)
    secrets: set[str] = field(default_factory=lambda: {PASSWORD})
    clients: dict[str, dict[str, object]] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    access: set[str] = field(default_factory=set)
    refresh: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.site.add("/.well-known/badgeconnect.json", redirect("/bc/manifest.json"))
        self.site.add("/bc/manifest.json", lambda request: as_json(self.manifest(), media="application/json"))
        self.site.add("/bc/register", self._register)
        self.site.add("/bc/authorize", self._authorize)
        self.site.add("/bc/token", self._token)
        self.site.add("/bc/page", (200, {"Content-Type": "text/html"}, b"<p>Copy this address"))
        self.api.add("/bcv1/assertions", self._assertions)
        self.api.add("/o/token", self._badgr_token)
        self.api.add("/v2/backpack/assertions", self._backpack)

    @property
    def allow(self) -> tuple[str, str]:
        return self.site.host, self.api.host

    def award(self, number: int, **changes: object) -> str:
        """A hosted badge, and its entry in both lists; the entry is a poor copy. Its address."""
        url = self.site.url(f"/awards/{number}")
        document = badges.assertion(number, **{"id": url, **changes.pop("document", {})})  # type: ignore[dict-item]
        self.site.add(f"/awards/{number}", as_json(document))
        entry = {
            "id": url,
            "type": "Assertion",
            "openBadgeId": url,
            "acceptance": "Accepted",
            "updated": f"2026-0{number % 9 + 1}-01T00:00:00Z",
            "badge": "https://copy.example/class",
            **changes,
        }
        self.items.append({name: value for name, value in entry.items() if value is not None})
        return url

    def manifest(self) -> dict[str, object]:
        entry: dict[str, object] = {
            "name": "Rowan College",
            "apiBase": self.api.url("/bcv1"),
            "version": "v2p1",
            "registrationUrl": self.site.url("/bc/register"),
            "authorizationUrl": self.site.url("/bc/authorize?theme=dark"),
            "tokenUrl": self.site.url("/bc/token"),
        }
        if self.scopes is not None:
            entry["scopesOffered"] = self.scopes
        return {"id": "https://rowan-college.example/manifest", "badgeConnectAPI": [entry]}

    def _made(self, kind: str) -> str:
        made = f"{kind}-canary-{randomness.token_urlsafe(12)}"
        self.secrets.add(made)
        return made

    # --- Badge Connect ------------------------------------------------------------------------------------------------

    def _register(self, request: Request) -> Plain:
        asked = json.loads(request.body)
        if self.only_redirect not in (None, *asked["redirect_uris"]) or (
            not self.loopback and any(uri.startswith("http:") for uri in asked["redirect_uris"])
        ):
            return as_json({"error": "invalid_redirect_uri"}, 400)
        name, secret = f"client {len(self.clients)}:x", self._made("client-secret/%")
        self.clients[name] = {**asked, "client_secret": secret}
        return as_json({**asked, "client_id": name, "client_secret": secret}, 201)

    def _authorize(self, request: Request) -> Plain:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(request.path).query).items()}
        client = self.clients.get(asked.get("client_id", ""))
        if client is None or asked["redirect_uri"] not in client["redirect_uris"]:  # type: ignore[operator]
            return 400, {}, b"unknown client or redirect address"
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert READ in asked["scope"].split()
        assert asked["theme"] == "dark"  # what the host's address asked for already is still there
        answer = {"state": self.state or asked["state"]}
        if self.deny:
            answer["error"] = "access_denied"
        else:
            answer["code"] = self._made("code")
            self.codes[answer["code"]] = asked
        if self.issuer is not None:
            answer["iss"] = self.issuer
        return redirect(f"{asked['redirect_uri']}?{urlencode(answer)}")

    def _token(self, request: Request) -> Plain:
        kind, _, pair = request.headers.get("authorization", "").partition(" ")
        name, _, secret = base64.b64decode(pair).decode().partition(":")
        client = self.clients.get(unquote(name))
        if kind != "Basic" or client is None or unquote(secret) != client["client_secret"]:
            return as_json({"error": "invalid_client"}, 401)
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        if form["grant_type"] == "refresh_token":
            return self._renewed(form)
        asked = self.codes.pop(form["code"], None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        if (
            asked is None
            or asked["code_challenge"] != challenge.decode()
            or asked["redirect_uri"] != form["redirect_uri"]
        ):
            return as_json({"error": "invalid_grant"}, 400)
        return as_json(self._tokens("offline_access" in asked["scope"].split()))

    def _renewed(self, form: dict[str, str]) -> Plain:
        if form["refresh_token"] not in self.refresh:
            return as_json({"error": "invalid_grant", "error_description": form["refresh_token"]}, 400)
        self.refresh.discard(form["refresh_token"])
        return as_json(self._tokens(True))

    def _tokens(self, lasting: bool) -> dict[str, object]:
        access = self._made("access")
        self.access.add(access)
        found: dict[str, object] = {"access_token": access, "token_type": "bearer", "expires_in": self.lifetime}
        if lasting:
            found["refresh_token"] = self._made("refresh")
            self.refresh.add(str(found["refresh_token"]))
        return found

    def _assertions(self, request: Request) -> Plain:
        if self._refused(request):
            return as_json({"status": {"statusCode": 401, "error": "invalid_token"}, "error": "invalid_token"}, 401)
        query = parse_qs(urlsplit(request.path).query)
        since = query.get("since", [""])[0]
        items = [item for item in self.items if str(item["updated"]) >= since]
        offset = int(query["offset"][0])
        page = items[offset : offset + self.page_size]  # whatever `limit` says
        headers = {"Content-Type": "application/json"}
        if offset + self.page_size < len(items):
            following = urlencode(
                {"limit": 50, "offset": offset + self.page_size, **({"since": since} if since else {})}
            )
            target = self.next_link or f"?{following}"
            headers["Link"] = f'<{self.api.url("/bcv1/assertions?offset=0")}>; rel="first", <{target}>; rel="next"'
        body = {
            "status": {"statusCode": 200, "statusText": "OK", "error": self.envelope_error},
            "results": page[0] if self.results_as_object and page else page,
            **({"signedResults": self.signed} if self.signed and offset == 0 else {}),
        }
        return 200, headers, json.dumps(body).encode()

    def _refused(self, request: Request) -> bool:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        return kind != "Bearer" or token not in self.access

    # --- Badgr --------------------------------------------------------------------------------------------------------

    def token(self) -> str:
        """A token as the account settings would show it."""
        return str(self._tokens(False)["access_token"])

    def _badgr_token(self, request: Request) -> Plain:
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        if form["grant_type"] == "refresh_token":
            return self._renewed(form)
        if form.get("scope") and self.refuse_read_scope:
            return as_json({"error": "invalid_scope"}, 400)
        if (form["username"], form["password"]) != (USER, PASSWORD):
            # A host that repeats what it was told.
            return as_json({"error": "invalid_grant", "error_description": f"{form['password']} is wrong"}, 401)
        return as_json(self._tokens(True))

    def _backpack(self, request: Request) -> Plain:
        if self._refused(request):
            return as_json({"status": {"success": False}, "error": "invalid_token"}, 401)
        after = int(parse_qs(urlsplit(request.path).query).get("after", ["0"])[0])
        page = self.items[after : after + self.page_size]
        more = after + self.page_size < len(self.items)
        pagination = {"hasNext": more, "after": str(after + self.page_size) if more else None}
        if self.next_link is not None and more:
            pagination["nextResults"] = self.next_link
        return as_json({"status": {"success": True}, "result": page, "pagination": pagination})


@dataclass
class Browser:
    """Goes where it is sent, in a thread; `ended` is the address at which it came to rest. Also what a face asks for."""

    ended: str = ""
    status: int = 0
    text: str = ""
    thread: threading.Thread | None = None
    opened: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)  # other addresses that it is lured to first; {at}: the listener

    def open(self, address: str, *, waits: bool) -> None:
        self.opened.append(address)
        if waits:
            self.thread = threading.Thread(target=self.visit, args=(address,))
            self.thread.start()
        else:
            self.visit(address)

    def visit(self, address: str) -> None:
        at = parse_qs(urlsplit(address).query)["redirect_uri"][0]
        for lure in self.before:
            self._get(lure.replace("{at}", at))
        self._get(address)

    def _get(self, address: str) -> None:
        seen = _Remembering()
        try:
            with urllib.request.build_opener(seen).open(address, timeout=10) as answer:
                self.status, self.text, self.ended = answer.status, answer.read().decode(), answer.url
        except urllib.error.HTTPError as error:
            with error:
                self.status, self.text, self.ended = error.code, error.read().decode(), str(error.url)
        except OSError:
            self.status, self.ended = 0, seen.last

    def paste(self) -> str:
        return self.ended

    def done(self) -> None:
        if self.thread is not None:
            self.thread.join(10)


class _Remembering(urllib.request.HTTPRedirectHandler):
    last = ""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        self.last = newurl
        return super().redirect_request(req, fp, code, msg, headers, newurl)
