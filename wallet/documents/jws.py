"""Compact JSON Web Signatures: the exact form, the key, and whether the one proves the other.

The rules are narrower than a JOSE library's (verification.md checks 35 to 40): one spelling of a token and no other, strict
JSON in header and payload, no `crit`, no `b64`, an algorithm that fits the key and not the other way round. Keys inside the
header (`jwk`, `jku`, `x5u`, `x5c`, `kid`) are never looked at. The arithmetic is joserfc's and cryptography's. Which key is
the issuer's is decided by `wallet.verify`.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from wallet.documents.strict_json import JsonProblem, dumps_bytes, parse
from wallet.limits import LIMITS
from wallet.model import JsonObject
from wallet.text import clean

if TYPE_CHECKING:
    from joserfc.jwk import ECKey, OKPKey, RSAKey
    from joserfc.jws import JWSRegistry

COMPACT: re.Pattern[bytes] = re.compile(rb"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_PEM_LABEL = re.compile(r"-----BEGIN ([A-Z0-9 ]{1,40})-----")

KeyKind = Literal["RSA", "P-256", "P-384", "P-521", "Ed25519"]

_ALGORITHMS: dict[KeyKind, tuple[str, ...]] = {
    "RSA": ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    "P-256": ("ES256",),
    "P-384": ("ES384",),
    "P-521": ("ES512",),
    "Ed25519": ("EdDSA", "Ed25519"),
}
#: Every algorithm that some key may use. Symmetric ones and "none" are missing on purpose.
ALGORITHMS: frozenset[str] = frozenset(name for names in _ALGORITHMS.values() for name in names)


class JwsProblem(Exception):  # noqa: N818 - a finding about a token or key
    """What is wrong with a token or a key.

    check: "signed.form", "signed.header", "signed.algorithm", "signed.key-usable" or "signed.key-strength". cause: a stable
    name. message: a clean sentence without its full stop. undetermined: nothing is proven against the badge.
    """

    def __init__(self, check: str, cause: str, message: str, *, undetermined: bool = False) -> None:
        super().__init__(message)
        self.check = check
        self.cause = cause
        self.message = message
        self.undetermined = undetermined


@dataclass(frozen=True, slots=True)
class CompactJws:
    """A token taken apart. `claims` is the payload as strict JSON, so that nobody parses it a second time.

    payload_bom: a byte order mark stood before the payload's JSON.
    """

    header: JsonObject
    payload: bytes
    signing_input: bytes
    signature: bytes
    token: bytes
    claims: JsonObject = field(default_factory=dict)
    payload_bom: bool = False

    @property
    def algorithm(self) -> str | None:
        """What the header names, whether we know it or not. Foreign text."""
        name = self.header.get("alg")
        return name if isinstance(name, str) else None


# The alphabet of base64url in that of base64, and the final characters that leave no bits over, by what is left of a text
# after its groups of four (RFC 4648 sections 3.5 and 5).
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_TO_BASE64 = bytes.maketrans(b"-_", b"+/")
_FINAL = {2: b"AQgw", 3: b"AEIMQUYcgkosw048"}


def _parts(token: bytes) -> list[bytes] | None:
    """The three parts of `token`, or None: what `COMPACT` says, in a quarter of its time."""
    parts = token.split(b".") if token.translate(None, _ALPHABET) == b".." else []
    return parts if all(parts) and parts else None


def _segment(name: str, text: bytes) -> bytes:
    """What `text`, which has no character outside the alphabet of base64url, stands for."""
    rest = len(text) % 4
    if rest == 1:
        raise JwsProblem("signed.form", "jws-form", f"The {name} is not base64url")
    # A decoder drops left-over bits in the last character, so several spellings would give the same bytes. Looked at here
    # and not by encoding again, which took as long as decoding.
    if rest and text[-1] not in _FINAL[rest]:
        raise JwsProblem("signed.form", "jws-form", f"The {name} is not written in the one way that base64url has")
    return binascii.a2b_base64(text.translate(_TO_BASE64) + b"=" * (-rest % 4))


def _json_object(name: str, data: bytes) -> tuple[JsonObject, bool]:
    try:
        parsed = parse(data)
    except JsonProblem as problem:
        message = f"The {name} of the signed badge is not strict JSON. {problem.message}"
        raise JwsProblem("signed.form", problem.code, message, undetermined=problem.limit) from problem
    if not isinstance(parsed.value, Mapping):
        raise JwsProblem("signed.form", "jws-form", f"The {name} of the signed badge is not a JSON object")
    return parsed.value, parsed.bom


def _read_header(text: bytes) -> tuple[JsonObject, bool]:
    return _json_object("header", _segment("header", text))


# All badges of an issuer have the same few words there.
_SHARED_HEADER = 512
_header = lru_cache(maxsize=64)(_read_header)


def decode(token: bytes) -> CompactJws:
    """The parts of `token`, which holds nothing else. Raises `JwsProblem` (signed.form, signed.header)."""
    if len(token) > LIMITS.credential_bytes:
        raise JwsProblem("signed.form", "too-big", "The signed badge is too large to be read", undetermined=True)
    parts = _parts(token)
    if parts is None:
        raise JwsProblem(
            "signed.form", "jws-form", "It is not three base64url texts with dots between them, as a signed badge is"
        )
    first, second, third = parts
    header, header_bom = _header(first) if len(first) <= _SHARED_HEADER else _read_header(first)
    payload = _segment("payload", second)
    signature = _segment("signature", third)
    claims, bom = _json_object("payload", payload)
    if header_bom:
        raise JwsProblem("signed.form", "jws-form", "The header begins with a byte order mark")
    for name in ("crit", "b64"):
        if name in header:
            raise JwsProblem(
                "signed.header", "jws-header", f"The signature's header asks for “{name}”, which a badge must not use"
            )
    return CompactJws(header, payload, first + b"." + second, signature, token, claims, bom)


def peek(token: bytes) -> JsonObject | None:
    """The payload, if it can be read at all, for those who only want to know what a token claims. Never raises."""
    parts = _parts(token) if len(token) <= LIMITS.credential_bytes else None
    if parts is None:
        return None
    try:
        return _json_object("payload", _segment("payload", parts[1]))[0]
    except JwsProblem:
        return None


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key that may prove something. `exponent` of RSA only; `spki` is its SubjectPublicKeyInfo, DER."""

    kind: KeyKind
    bits: int
    exponent: int | None
    spki_sha256: str
    spki: bytes = field(default=b"", repr=False)


def _unusable(cause: str, message: str, *, failed: bool = False) -> JwsProblem:
    return JwsProblem("signed.key-usable", cause, message, undetermined=not failed)


def _weak(message: str) -> JwsProblem:
    return JwsProblem("signed.key-strength", "weak-key", message)


#: Several times what the longest key takes that may be used.
_SHORT_PEM = 16 * 2**10


def load_key(pem: str) -> PublicKey:
    """The public key in `pem` (labels PUBLIC KEY and RSA PUBLIC KEY). Raises `JwsProblem`.

    A private key is refused and fails: whoever reads it can sign. What cannot be read is undetermined.
    """
    return _kept_key(pem) if len(pem) <= _SHORT_PEM else _load_key(pem)


def _load_key(pem: str) -> PublicKey:
    # Imported here: loading the library costs more than listing a thousand badges.
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

    labels = _PEM_LABEL.findall(pem)
    if any("PRIVATE KEY" in label for label in labels):
        raise _unusable("private-key", "The issuer published a private key, so anybody can sign with it", failed=True)
    if len(labels) != 1:
        found = "There is no PEM block" if not labels else "There are several PEM blocks"
        raise _unusable("key-unreadable", f"{found} where the issuer's public key should stand")
    if labels[0] not in ("PUBLIC KEY", "RSA PUBLIC KEY"):
        raise _unusable("key-unreadable", f"A PEM block “{clean(labels[0])}” is not a public key")
    try:
        loaded = load_pem_public_key(pem.strip().encode("utf-8", "replace"))
    except (ValueError, UnsupportedAlgorithm) as error:
        # The library has its own idea of an RSA exponent, and says so before ours can be asked.
        if str(error).startswith("e must be"):
            raise _weak("The RSA key's exponent is even or less than 3") from error
        raise _unusable("key-unreadable", "The public key cannot be read") from error
    kind: KeyKind
    exponent: int | None = None
    if isinstance(loaded, rsa.RSAPublicKey):
        kind, bits, exponent = "RSA", loaded.key_size, loaded.public_numbers().e
        if not LIMITS.rsa_min_bits <= bits <= LIMITS.rsa_max_bits:
            wanted = f"between {LIMITS.rsa_min_bits} and {LIMITS.rsa_max_bits}"
            raise _weak(f"The RSA key has {bits} bits; {wanted} are accepted")
        if exponent.bit_length() > LIMITS.rsa_exponent_bits:
            raise _weak("The RSA key's exponent is larger than any in use")
    elif isinstance(loaded, ec.EllipticCurvePublicKey) and loaded.curve.name in _CURVES:
        kind, bits = _CURVES[loaded.curve.name], loaded.key_size
    elif isinstance(loaded, ed25519.Ed25519PublicKey):
        kind, bits = "Ed25519", 256
    else:
        raise _unusable("key-kind", "The key is of a kind that badges are not signed with")
    spki = loaded.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return PublicKey(kind, bits, exponent, sha256(spki).hexdigest(), spki)


_kept_key = lru_cache(maxsize=256)(_load_key)


_CURVES: dict[str, KeyKind] = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}


def allowed_algorithms(key: PublicKey) -> tuple[str, ...]:
    """The algorithms that this key may verify: the key decides, never the header."""
    return _ALGORITHMS[key.kind]


@lru_cache(maxsize=256)
def _jose_key(key: PublicKey) -> RSAKey | ECKey | OKPKey:
    from joserfc.jwk import ECKey, OKPKey, RSAKey

    pem = b"-----BEGIN PUBLIC KEY-----\n" + base64.encodebytes(key.spki) + b"-----END PUBLIC KEY-----\n"
    if key.kind == "RSA":
        return RSAKey.import_key(pem)
    return OKPKey.import_key(pem) if key.kind == "Ed25519" else ECKey.import_key(pem)


@lru_cache(maxsize=len(ALGORITHMS))
def _registry(algorithm: str) -> JWSRegistry:
    """A registry that knows one algorithm, so that nothing else can be picked whatever a header says."""
    from joserfc.jws import JWSRegistry

    # Two names of one algorithm; joserfc warns about the older one, which every published signer of badges uses.
    return JWSRegistry(algorithms=["Ed25519" if algorithm == "EdDSA" else algorithm], strict_check_header=False)


def verify(jws: CompactJws, key: PublicKey) -> bool:
    """Whether `key` made this signature, with an algorithm that this kind of key may use.

    False also for every other algorithm: ask `allowed_algorithms` to tell the two apart.
    """
    algorithm = jws.algorithm
    if algorithm is None or algorithm not in allowed_algorithms(key):
        return False
    registry = _registry(algorithm)
    # The header itself stays out: joserfc would read members that RFC 7515 tells us to ignore.
    method = registry.get_alg("Ed25519" if algorithm == "EdDSA" else algorithm)
    jose_key = _jose_key(key)
    method.check_key(jose_key)
    return method.verify(jws.signing_input, jws.signature, jose_key)


@lru_cache(maxsize=32)
def _signing_key(kind: str, pem: bytes) -> RSAKey | ECKey | OKPKey:
    """Loading an RSA key proves its primes, which costs a hundred signatures: an issuer signs many badges with one key."""
    from joserfc.jwk import ECKey, OKPKey, RSAKey

    family: type[RSAKey] | type[ECKey] | type[OKPKey]
    family = RSAKey if kind == "RSA" else OKPKey if kind == "Ed25519" else ECKey
    return family.import_key(pem)


def sign(payload: bytes, private_key_pem: str | bytes, algorithm: str = "RS256") -> bytes:
    """A compact token of `payload`, for issuers of demonstrations and for tests. Raises ValueError for a wrong key."""
    from joserfc.errors import JoseError

    pem = private_key_pem.encode("ascii") if isinstance(private_key_pem, str) else private_key_pem
    kind = next((kind for kind, names in _ALGORITHMS.items() if algorithm in names), None)
    if kind is None:
        raise ValueError(f"no key signs with {algorithm}")
    try:
        key = _signing_key(kind, pem)
        method = _registry(algorithm).get_alg("Ed25519" if algorithm == "EdDSA" else algorithm)
        method.check_key(key)
    except JoseError as error:
        raise ValueError(f"this key does not sign with {algorithm}") from error
    header = base64.urlsafe_b64encode(dumps_bytes({"alg": algorithm})).rstrip(b"=")
    signing_input = header + b"." + base64.urlsafe_b64encode(payload).rstrip(b"=")
    signature = method.sign(signing_input, key)
    return signing_input + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")
