"""Keys for tests: real ones made once a run, and weak ones that a library would refuse to make."""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa, x25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat


@lru_cache
def pair(kind: str = "RSA", number: int = 0) -> tuple[str, str]:
    """(private PEM, public PEM) of a kind; another `number` gives another pair."""
    makers = {
        "RSA": lambda: rsa.generate_private_key(65537, 2048),
        "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
        "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
        "P-521": lambda: ec.generate_private_key(ec.SECP521R1()),
        "secp256k1": lambda: ec.generate_private_key(ec.SECP256K1()),
        "Ed25519": ed25519.Ed25519PrivateKey.generate,
        "Ed448": ed448.Ed448PrivateKey.generate,
        "X25519": x25519.X25519PrivateKey.generate,
        "DSA": lambda: dsa.generate_private_key(1024),
    }
    key = makers[kind]()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return private, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _tlv(tag: int, body: bytes) -> bytes:
    size = len(body)
    length = bytes([size]) if size < 128 else bytes([0x80 | (size.bit_length() + 7) // 8]) + _bytes(size)
    return bytes([tag]) + length + body


def _bytes(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _integer(number: int) -> bytes:
    return _tlv(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def rsa_public_pem(bits: int, exponent: int = 65537) -> str:
    """The PEM of an RSA key of any size and exponent. Nobody has its private half."""
    modulus = (1 << (bits - 1)) | (1 << (bits // 2)) | 1
    numbers = _tlv(0x30, _integer(modulus) + _integer(exponent))
    algorithm = bytes.fromhex("300d06092a864886f70d0101010500")
    der = _tlv(0x30, algorithm + _tlv(3, b"\0" + numbers))
    return f"-----BEGIN PUBLIC KEY-----\n{base64.encodebytes(der).decode()}-----END PUBLIC KEY-----\n"


def b64url(data: bytes) -> bytes:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def forged(header: bytes, payload: bytes, signature: bytes = b"\1" * 256) -> bytes:
    """A token of any header, payload and signature."""
    return b".".join(b64url(part) for part in (header, payload, signature))
