"""A hand-built scan with one learner of each kind, for everything that shows a cohort."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from wallet.cohort.model import (
    CheckedBadge,
    Consent,
    Learner,
    Loss,
    NextStep,
    OpenPlace,
    PathwayUsed,
    Problem,
    ProblemCode,
    Proof,
    Scan,
    Standing,
)
from wallet.model import Alignment, Identity, Text
from wallet.pathways.candidates import OFFLINE, UNVERIFIED, VERIFIED, Candidate

AT = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
PATHWAY = "https://badges.riverbend.example/pathways/aquaponics"
ELEMENTS = (
    ("water", "Water Chemistry"),
    ("fish", "Fish Health"),
    ("raft", "Raft Systems"),
    ("food", "Food Safety"),
)
USED = PathwayUsed(PATHWAY, "Aquaponics Technician", "2026.2", "5f" * 32, ELEMENTS)
SKILL = Alignment(Text.of("Water quality"), "https://skills.example/wq", None, "Skills Canada", "WQ-1")
FORMULA = '=HYPERLINK("http://evil.example","Ada")'
CANARIES = ("ada@learners.example", "urn:credential:secret-7", "https://work.example/evidence")

_FORMS = {Proof.NOW: VERIFIED, Proof.EARLIER: VERIFIED, Proof.OFFLINE: OFFLINE}


def badge(key: str, name: str, proof: Proof = Proof.NOW, *, why: str = "", **more: object) -> CheckedBadge:
    """A badge whose id tells nobody apart; `more` replaces fields."""
    return CheckedBadge(
        original=key * 8,
        credential_id=f"urn:credential:secret-{key}",
        candidate=Candidate(
            f"badge-{key}",
            f"https://badges.riverbend.example/{key}",
            "https://badges.riverbend.example/issuer",
            name,
            issuer_name="Riverbend College",
            alignments=(SKILL,),
            issued_on=date(2026, 3, 14),
            expires=date(2027, 1, 9),
            status=_FORMS.get(proof, UNVERIFIED),
            invalid=proof is Proof.FAILED,
        ),
        proof=proof,
        checked=datetime(2026, 11, 20, 9, tzinfo=UTC) if proof in (Proof.NOW, Proof.EARLIER) else None,
        why=why,
        mismatch=more.get("mismatch") is True,
    )


WATER = NextStep("water", "Water Chemistry", Decimal(12), "https://college.example/enrol/water", date(2027, 1, 12))
FOOD = NextStep("food", "Food Safety", Decimal(8), "https://college.example/food", None)


def learner(number: int, name: str, **more: object) -> Learner:
    """One who agreed until the summer; `more` replaces fields."""
    fields: dict[str, object] = {
        "number": f"L-{number:04}",
        "name": name,
        "source": f"{name}.zip",
        "identities": (Identity("email", "ada@learners.example"),),
        "badges": (badge("7", "Fish Health"), badge("8", "Raft Systems", Proof.OFFLINE)),
        "consent": Consent("You may look", date(2026, 9, 1), date(2027, 6, 30), "advice"),
        "bundle_date": date(2026, 11, 2),
        "closest": PATHWAY,
    }
    return Learner(**{**fields, **more})  # type: ignore[arg-type]  # a builder for tests


def standing(number: int, filled: int = 2, **more: object) -> Standing:
    """So many of four places filled."""
    fields: dict[str, object] = {
        "learner": f"L-{number:04}",
        "pathway": PATHWAY,
        "required": 4,
        "filled": filled,
        "percent": 25 * filled,
        "verified_percent": 25 * max(filled - 1, 0),
        "state": "met" if filled == 4 else "in-progress" if filled else "not-started",
        "missing": 4 - filled,
        "hours": Decimal(20) if filled < 4 else Decimal(0),
        "open": (
            OpenPlace("water", "Water Chemistry", 1, Decimal(12)),
            OpenPlace("food", "Food Safety", 1, Decimal(8)),
        ),
        "steps": (WATER, FOOD) if filled < 4 else (),
        "last": date(2026, 3, 14) if filled else None,
        "places": (
            ("program", "in-progress"),
            *((key, "met" if place in (1, 2) and filled else "open") for place, (key, _) in enumerate(ELEMENTS)),
        ),
    }
    return Standing(**{**fields, **more})  # type: ignore[arg-type]  # a builder for tests


def cohort() -> Scan:
    """Seven learners: half way, close, done by exception, formula as a name, alarms, nothing begun, consent ended."""
    people = (
        learner(1, "Ada Example"),
        learner(2, "Benoît Exemple", badges=(badge("7", "Fish Health"),)),
        learner(3, "ᐱᓯᒻ Example"),
        learner(4, FORMULA),
        learner(
            5,
            "نور مثال",
            problems=(
                Problem(ProblemCode.MISMATCH, "First Aid was awarded to ada@learners.example, not to نور مثال.", "aa"),
                Problem(ProblemCode.DUPLICATE, "Fish Health was handed over by Ada Example too.", "bb"),
                Problem(ProblemCode.UNREADABLE, "holiday.zip cannot be opened.", ""),
            ),
        ),
        learner(6, "Chris Example", badges=(), problems=(), consent=None, bundle_date=None, closest=None),
        learner(7, "Dana Hidden", consent=Consent("Until summer", date(2026, 1, 1), date(2026, 6, 30))),
    )
    rows = (
        standing(1, at_risk=(Loss("fish", date(2027, 1, 9), "badge-7"),), target=True),
        standing(2, 3, missing=1, hours=Decimal(8), steps=(FOOD,)),
        standing(
            3, 4, at_risk=(Loss("water", date(2027, 1, 31), "", "exception"),), exceptions=2, forced=True, without=50
        ),
        standing(4, 1, exact=False, hours_at_least=True),
        standing(5, 2),
        standing(6, 0),
        standing(7, 3),
    )
    return Scan(
        "S-0002", AT, NOW, (USED,), people, rows, oldest=datetime(2026, 11, 20, 9, tzinfo=UTC), tool="badgefolio 0.1.0"
    )
