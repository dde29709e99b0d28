"""Verifying any number of large badges takes what one of them does: nothing that is kept for the next one keeps the last."""

from __future__ import annotations

import tracemalloc

from tests.conformance.world import MINE, NOW
from tests.generate import badges, keys
from wallet.fetch.recorded import RecordedFetcher
from wallet.found import Kind
from wallet.verify.dossier import Content, Subject, once
from wallet.verify.service import verify_all

LARGE = 300_000


def signed(award: object) -> bytes:
    return keys.forged(b'{"alg":"RS256"}', badges.encode(award))


def verified(numbers: range) -> None:
    """Verify badges of this size and let go of each report; bytes are made when they are asked for."""

    class Awards(list[tuple[str, Subject]]):
        def __iter__(self):
            return (
                (str(n), Subject(signed(badges.signed_assertion(n, narrative=str(n) * (LARGE // 4))), Kind.OB2_JWS))
                for n in numbers
            )

        def __len__(self) -> int:
            return len(numbers)

    net = RecordedFetcher(lambda _: None, now=NOW)
    done = [key for key, _ in verify_all(Awards(), fetcher=net, identities=(MINE,), now=NOW, offline=True)]
    assert done == [str(n) for n in numbers]


def test_large_badges_are_forgotten_once_they_were_reported_on() -> None:
    verified(range(1_000, 1_002))  # loads what is needed for it
    tracemalloc.start()
    try:
        verified(range(2_000, 2_012))
        left, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert left < LARGE
    assert peak < 30 * LARGE


def test_what_is_worked_out_of_a_document_is_kept_with_it() -> None:
    asked = []

    @once
    def size(content: Content, unit: int) -> int:
        asked.append(unit)
        return len(content.node or {}) * unit

    first, second = Content("", {"a": 1}), Content("", {"a": 1})
    assert [size(first, 2), size(first, 2), size(first, 3), size(second, 2)] == [2, 2, 3, 2]
    assert asked == [2, 3, 2]
