"""Attacks on signed badges (security.md T1 to T7): none of these tokens may ever verify with the issuer's key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.generate.keys import b64url, forged, pair
from wallet.documents import jws
from wallet.documents.jws import JwsProblem

PAYLOAD = b'{"id":"urn:uuid:1","type":"Assertion"}'


def proves(token: bytes, kind: str = "RSA") -> bool:
    """Whether the wallet would take the token for the issuer's."""
    try:
        return jws.verify(jws.decode(token), jws.load_key(pair(kind)[1]))
    except JwsProblem as problem:
        assert not problem.undetermined
        return False


@pytest.mark.parametrize(
    "name", ["none", "None", "nOnE", "NONE", "", "HS256", "hs256", "rs256", "RS256 ", "RS1", "ES256K"]
)
@pytest.mark.parametrize("signature", [b"\0", b"x" * 256])
def test_t1_other_algorithms_prove_nothing(name, signature) -> None:
    assert not proves(forged(json.dumps({"alg": name}).encode(), PAYLOAD, signature))


@pytest.mark.parametrize("header", [{}, {"alg": None}, {"alg": 256}, {"alg": ["RS256"]}, {"alg": {"RS256": 1}}])
def test_t1_an_algorithm_that_is_no_text_proves_nothing(header) -> None:
    assert not proves(forged(json.dumps(header).encode(), PAYLOAD))


def test_t1_an_empty_signature_is_no_token() -> None:
    header, payload, _ = forged(b'{"alg":"none"}', PAYLOAD).split(b".")
    assert not proves(header + b"." + payload + b".")


@pytest.mark.parametrize("secret", ["pem", "stripped", "der"])
def test_t1_the_public_key_is_no_shared_secret(secret) -> None:
    public = pair("RSA")[1]
    body = "".join(public.splitlines()[1:-1])
    key = {"pem": public.encode(), "stripped": public.strip().encode(), "der": base64.b64decode(body)}[secret]
    for name in ("HS256", "RS256"):
        head = b64url(json.dumps({"alg": name}).encode()) + b"." + b64url(PAYLOAD)
        assert not proves(head + b"." + b64url(hmac.new(key, head, hashlib.sha256).digest()))


def test_t2_a_key_in_the_header_lends_nothing() -> None:
    private = load_pem_private_key(pair("RSA", 7)[0].encode(), None)
    numbers = private.public_key().public_numbers()
    jwk = {
        "kty": "RSA",
        "n": b64url(numbers.n.to_bytes(256, "big")).decode(),
        "e": b64url(numbers.e.to_bytes(3, "big")).decode(),
    }
    for extra in (
        {"jwk": jwk},
        {"jku": "https://evil.example/k"},
        {"x5u": "file:///k"},
        {"x5c": ["AAAA"]},
        {"kid": "../../x"},
    ):
        head = b64url(json.dumps({"alg": "RS256", **extra}).encode()) + b"." + b64url(PAYLOAD)
        assert not proves(head + b"." + b64url(private.sign(head, PKCS1v15(), SHA256())))


@pytest.mark.parametrize("extra", [{"crit": ["b64"], "b64": False}, {"b64": False}, {"crit": []}, {"crit": None}])
def test_t3_headers_that_change_the_rules_are_refused_though_the_signature_is_right(extra) -> None:
    private = load_pem_private_key(pair("RSA")[0].encode(), None)
    head = b64url(json.dumps({"alg": "RS256", **extra}).encode()) + b"." + b64url(PAYLOAD)
    assert not proves(head + b"." + b64url(private.sign(head, PKCS1v15(), SHA256())))


@pytest.mark.parametrize("name", ["RS256", "PS256", "ES384", "ES512", "EdDSA", "HS256"])
def test_t5_a_key_of_another_kind_is_never_tried(name) -> None:
    private = load_pem_private_key(pair("P-256")[0].encode(), None)
    head = b64url(json.dumps({"alg": name}).encode()) + b"." + b64url(PAYLOAD)
    assert not proves(head + b"." + b64url(private.sign(head, ECDSA(SHA256()))), "P-256")


def test_t5_a_signature_in_der_is_not_a_jws_signature() -> None:
    private = load_pem_private_key(pair("P-256")[0].encode(), None)
    head = b64url(b'{"alg":"ES256"}') + b"." + b64url(PAYLOAD)
    assert not proves(head + b"." + b64url(private.sign(head, ECDSA(SHA256()))), "P-256")


@pytest.mark.parametrize(
    ("kind", "name", "size"), [("P-256", "ES256", 64), ("P-384", "ES384", 96), ("P-521", "ES512", 132)]
)
@pytest.mark.parametrize("fill", [b"\x00", b"\xff"])
@pytest.mark.parametrize("more", [-1, 0, 1])
def test_t5_signatures_of_zeros_or_ones_prove_nothing(kind, name, size, fill, more) -> None:
    token = forged(json.dumps({"alg": name}).encode(), PAYLOAD, fill * (size + more))
    assert not proves(token, kind)


@pytest.mark.parametrize("kind", ["RSA", "Ed25519"])
@pytest.mark.parametrize("size", [1, 63, 64, 65, 255, 256, 257, 1024])
def test_signatures_of_any_length_prove_nothing(kind, size) -> None:
    name = "RS256" if kind == "RSA" else "EdDSA"
    assert not proves(forged(json.dumps({"alg": name}).encode(), PAYLOAD, b"\x01" * size), kind)


@pytest.mark.parametrize("sign", [b"\n", b"!", b"=", b"==", b" ", b"\r\n", b"\0", b"\xef\xbb\xbf"])
def test_t6_a_true_token_with_one_more_sign_is_refused(sign) -> None:
    token = jws.sign(PAYLOAD, pair("RSA")[0])
    assert proves(token)
    for place in (0, 5, token.index(b"."), token.rindex(b"."), len(token)):
        assert not proves(token[:place] + sign + token[place:])


def test_t7_an_algorithm_given_twice_is_refused() -> None:
    private = load_pem_private_key(pair("RSA")[0].encode(), None)
    head = b64url(b'{"alg":"none","alg":"RS256"}') + b"." + b64url(PAYLOAD)
    assert not proves(head + b"." + b64url(private.sign(head, PKCS1v15(), SHA256())))
