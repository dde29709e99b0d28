"""Compact tokens and the keys that prove them."""

from __future__ import annotations

import base64
import warnings
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generate.keys import b64url, forged, pair, rsa_public_pem
from wallet.documents import jws
from wallet.documents.jws import JwsProblem
from wallet.limits import LIMITS

PAYLOAD = b'{"id":"urn:uuid:1","type":"Assertion"}'
ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
PAIRS = [
    ("RSA", ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")),
    ("P-256", ("ES256",)),
    ("P-384", ("ES384",)),
    ("P-521", ("ES512",)),
    ("Ed25519", ("EdDSA", "Ed25519")),
]


def refused(token: bytes) -> JwsProblem:
    with pytest.raises(JwsProblem) as caught:
        jws.decode(token)
    return caught.value


def key_refused(pem: str) -> JwsProblem:
    with pytest.raises(JwsProblem) as caught:
        jws.load_key(pem)
    return caught.value


@pytest.mark.parametrize(("kind", "algorithm"), [(kind, name) for kind, names in PAIRS for name in names])
def test_what_a_key_signs_that_key_verifies_and_no_other(kind, algorithm) -> None:
    private, public = pair(kind)
    token = jws.decode(jws.sign(PAYLOAD, private, algorithm))
    key = jws.load_key(public)
    assert token.algorithm == algorithm and token.payload == PAYLOAD and token.claims["id"] == "urn:uuid:1"
    assert key.kind == kind and algorithm in jws.allowed_algorithms(key)
    assert jws.verify(token, key)
    assert not jws.verify(token, jws.load_key(pair(kind, 1)[1]))
    assert not jws.verify(replace(token, signing_input=token.signing_input + b"x"), key)


def test_algorithms_and_kinds_of_key_belong_together() -> None:
    assert dict(PAIRS) == {kind: jws.allowed_algorithms(jws.load_key(pair(kind)[1])) for kind, _ in PAIRS}
    assert frozenset(name for _, names in PAIRS for name in names) == jws.ALGORITHMS


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=40), st.data())
def test_every_other_spelling_of_base64url_is_refused(data, draw) -> None:
    """The same bytes have one spelling: padding, another last character, white space or a foreign sign is another token."""
    good = forged(b'{"alg":"RS256"}', b'{"x":"%s"}' % data.hex().encode(), data or b"\0")
    assert jws.decode(good).signature == (data or b"\0")
    segments = good.split(b".")
    which = draw.draw(st.integers(0, 2))
    segment = segments[which]
    last = ALPHABET.index(segment[-1:])
    spare = {0: 0, 2: 4, 3: 2}[len(segment) % 4]
    variants = [segment + b"=" * n for n in (1, 2)] + [segment + sign for sign in (b"\n", b" ", b"!", b"+", b"/", b"A")]
    variants += [
        ALPHABET[n : n + 1].join([segment[:-1], b""])
        for n in range(64)
        if n != last and spare and n >> spare == last >> spare
    ]
    variants += [segment[: len(segment) // 2] + b"\n" + segment[len(segment) // 2 :]]
    for variant in variants:
        other = b".".join([*segments[:which], variant, *segments[which + 1 :]])
        try:
            again = jws.decode(other)
        except JwsProblem as problem:
            assert problem.check == "signed.form"
        else:
            # One more letter may give a longer signature, but never the same bytes again.
            assert again.signature != jws.decode(good).signature


def test_non_canonical_last_letters_are_refused_by_name() -> None:
    first, second, _ = forged(b'{"alg":"RS256"}', b"{}").split(b".")
    assert jws.decode(b".".join([first, second, b"QQ"])).signature == b"A"
    assert "one way" in refused(b".".join([first, second, b"QR"])).message
    assert refused(b".".join([first, second, b"A"])).check == "signed.form"


@pytest.mark.parametrize(
    "token", [b"", b"a", b"a.b", b"a.b.", b".b.c", b"a..c", b"a.b.c.d", b"a.b.c\n", b" a.b.c", b"a.b.c=", b"\xff.b.c"]
)
def test_what_is_not_three_segments_is_no_token(token) -> None:
    assert refused(token).check == "signed.form"
    assert jws.peek(token) is None


@pytest.mark.parametrize("part", [b"[]", b"null", b'"x"', b"", b"{", b'{"alg":1,"alg":2}', b'{"a":NaN}', b"\xff{}"])
def test_header_and_payload_are_strict_json_objects(part) -> None:
    if part:
        assert refused(forged(part, PAYLOAD)).check == "signed.form"
    problem = refused(forged(b'{"alg":"RS256"}', part))
    assert problem.check == "signed.form" and not problem.undetermined


def test_a_byte_order_mark_is_told_in_the_payload_and_refused_in_the_header() -> None:
    assert jws.decode(forged(b'{"alg":"RS256"}', b"\xef\xbb\xbf{}")).payload_bom
    assert refused(forged(b'\xef\xbb\xbf{"alg":"RS256"}', b"{}")).check == "signed.form"


def test_a_payload_over_a_cap_is_undetermined() -> None:
    deep = b'{"a":' + b"[" * 70 + b"]" * 70 + b"}"
    assert refused(forged(b'{"alg":"RS256"}', deep)).undetermined
    large = b"a" * LIMITS.credential_bytes + b".b.c"
    assert refused(large).undetermined
    assert jws.peek(large) is None


@pytest.mark.parametrize("header", [b'{"alg":"RS256","crit":[]}', b'{"alg":"RS256","b64":true}'])
def test_headers_that_change_the_rules_are_refused(header) -> None:
    assert refused(forged(header, PAYLOAD)).check == "signed.header"


def test_peek_reads_the_payload_of_a_token_whose_header_is_none() -> None:
    assert jws.peek(forged(b"not json", PAYLOAD)) == {"id": "urn:uuid:1", "type": "Assertion"}
    assert jws.peek(forged(b"{}", b"not json")) is None


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60) | st.lists(st.binary(max_size=20), min_size=3, max_size=3).map(lambda p: forged(*p)))
def test_arbitrary_tokens_raise_nothing_but_their_problems(token) -> None:
    jws.peek(token)
    try:
        jws.decode(token)
    except JwsProblem as problem:
        assert problem.check in ("signed.form", "signed.header")


def test_a_key_is_known_by_its_digest_in_every_spelling() -> None:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

    _, public = pair("RSA")
    loaded = load_pem_public_key(public.encode())
    pkcs1 = loaded.public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode()
    key = jws.load_key(public)
    der = loaded.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert (key.bits, key.exponent, key.spki_sha256) == (2048, 65537, sha256(der).hexdigest())
    assert jws.load_key(pkcs1) == key == jws.load_key("\n  " + public.replace("\n", "\r\n"))
    assert "RSA PUBLIC KEY" in pkcs1


@pytest.mark.parametrize(("bits", "exponent"), [(2048, 3), (8192, 65537), (2048, 2**33 - 1)])
def test_keys_at_the_edge_of_strength_are_read(bits, exponent) -> None:
    assert jws.load_key(rsa_public_pem(bits, exponent)).bits == bits


@pytest.mark.parametrize(
    ("bits", "exponent"),
    [
        (512, 65537),
        (1024, 65537),
        (2047, 65537),
        (16384, 65537),
        (2048, 1),
        (2048, 4),
        (2048, 2**33 + 1),
        (2048, 2**70 + 1),
    ],
)
def test_keys_that_prove_nothing_are_refused(bits, exponent) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        problem = key_refused(rsa_public_pem(bits, exponent))
    assert (problem.check, problem.cause, problem.undetermined) == ("signed.key-strength", "weak-key", False)


@pytest.mark.parametrize("kind", ["secp256k1", "Ed448", "X25519", "DSA"])
def test_keys_of_other_kinds_are_undetermined(kind) -> None:
    problem = key_refused(pair(kind)[1])
    assert problem.check == "signed.key-usable" and problem.undetermined


@pytest.mark.parametrize("around", ["{private}", "{public}{private}", "-----BEGIN RSA PRIVATE KEY-----"])
def test_a_published_private_key_fails(around) -> None:
    private, public = pair("P-256")
    problem = key_refused(around.format(private=private, public=public))
    assert (problem.check, problem.cause, problem.undetermined) == ("signed.key-usable", "private-key", False)


@pytest.mark.parametrize(
    "pem",
    [
        "",
        "ssh-rsa AAAA",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\n\ud800\n-----END PUBLIC KEY-----",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
    ],
)
def test_what_is_no_public_key_is_undetermined(pem) -> None:
    problem = key_refused(pem)
    assert problem.check == "signed.key-usable" and problem.undetermined


def test_two_keys_in_one_text_are_not_chosen_between() -> None:
    assert "several" in key_refused(pair("RSA")[1] + pair("P-256")[1]).message


def test_a_key_of_an_algorithm_nobody_knows_is_undetermined() -> None:
    # SubjectPublicKeyInfo with the object identifier 1.2.3.4
    der = bytes([0x30, 0x0B, 0x30, 0x05, 0x06, 0x03, 0x2A, 0x03, 0x04, 0x03, 0x02, 0x00, 0x01])
    pem = f"-----BEGIN PUBLIC KEY-----\n{base64.b64encode(der).decode()}\n-----END PUBLIC KEY-----\n"
    assert key_refused(pem).undetermined


def test_signing_refuses_a_key_that_does_not_fit() -> None:
    private = pair("P-256")[0]
    for algorithm in ("none", "HS256", "ES512", "RS256", "Ed25519"):
        with pytest.raises(ValueError, match=algorithm):
            jws.sign(PAYLOAD, private, algorithm)
    assert jws.sign(PAYLOAD, private.encode(), "ES256")


def test_a_large_payload_is_no_obstacle() -> None:
    """joserfc caps payloads at 128 kB; a badge that carries its picture is larger."""
    private, public = pair("RSA")
    payload = b'{"image":"data:image/png;base64,' + b"A" * 300_000 + b'"}'
    assert jws.verify(jws.decode(jws.sign(payload, private)), jws.load_key(public))


def test_the_header_of_a_token_may_say_more_than_is_read() -> None:
    private, public = pair("RSA")
    header, payload, _ = jws.sign(PAYLOAD, private).split(b".")
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    header = b64url(b'{"alg":"RS256","typ":7,"kid":["../../x"],"x5c":"?","example":{"a":1}}')
    signature = load_pem_private_key(private.encode(), None).sign(header + b"." + payload, PKCS1v15(), SHA256())
    token = b".".join([header, payload, b64url(signature)])
    assert jws.verify(jws.decode(token), jws.load_key(public))
