"""Every check there is, as a list: what `verify --list-checks` prints."""

from __future__ import annotations

from tui.cli.run import Run
from tui.words import QUESTION_WORDS
from wallet.model import Json
from wallet.verify.catalogue import CATALOGUE, Check
from wallet.verify.compositions import POLICIES, Demand


def print_checks(run: Run) -> int:
    """`badgefolio-checks/1`, or a table."""
    policies: list[Json] = [
        {"name": policy.name, "for": policy.words, "parts": [part.name for part in policy.parts]}
        for policy in POLICIES.values()
    ]
    checks: list[Json] = [
        {
            "id": check.id,
            "title": check.title,
            "question": check.question,
            "spec": check.spec,
            "mandatory": check.mandatory,
            "policies": list(_policies(check)),
        }
        for check in CATALOGUE
    ]
    run.out.json({"format": "badgefolio-checks/1", "checks": checks, "policies": policies})
    run.out.rows(
        ("Check", "Question", "Required by", "What holds when it passed", "Specification"),
        [
            (
                check.id,
                QUESTION_WORDS.get(check.question or "", "advice"),
                ", ".join(_policies(check)) or "none",
                check.title,
                check.spec,
            )
            for check in CATALOGUE
        ],
        fold=("What holds when it passed", "Specification"),
    )
    return 0


def _policies(check: Check) -> tuple[str, ...]:
    """The policies under which a badge that calls for this check has to pass it, or may not be remarked on by it."""
    return tuple(
        name for name, policy in POLICIES.items() if any(check.id in policy.checks(demand) for demand in Demand)
    )
