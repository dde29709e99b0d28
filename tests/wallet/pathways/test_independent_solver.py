"""Exclusive groups of any size come to what networkx's maximum flow says: both the evaluation and the figures for a cohort."""

from __future__ import annotations

import pytest

from tests.support.flows import Exclusive, as_pathway, best, drawn
from tests.support.pathways import TODAY, badges
from wallet.pathways.counting import count
from wallet.pathways.figures import compile
from wallet.pathways.results import Figures


def solved(one: Exclusive) -> tuple[Figures, Figures]:
    """By the evaluation and by the cohort's figures."""
    asked, held = as_pathway(one), badges(one.held)
    return count(asked, held, TODAY).figures, compile(asked, TODAY).figures(held).accepted


@pytest.mark.parametrize("start", range(0, 2000, 500))
def test_thousands_of_small_exclusive_groups_come_to_what_networkx_says(start: int) -> None:
    for seed in range(start, start + 500):
        one = drawn(seed, parts=3, elements=3, held=6)
        required, filled = best(one)
        expected = Figures(required, filled, required - filled)
        assert solved(one) == (expected, expected), seed


def test_exclusive_groups_too_large_to_try_out_come_to_what_networkx_says() -> None:
    for seed in range(200):
        one = drawn(seed, parts=5, elements=8, held=30)
        required, filled = best(one)
        expected = Figures(required, filled, required - filled)
        assert solved(one) == (expected, expected), seed
