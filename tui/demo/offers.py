"""What the two sample issuers award, and the pathways that ask for it. Everything is invented."""

from __future__ import annotations

from datetime import datetime, timedelta

from tui.demo import art
from tui.demo.issuer import BadgeClass, SampleIssuer
from wallet.model import Json

COLLEGE = "Prairie Rivers College"
GROWERS = "Growers' Co-operative"
_FRAMEWORK = "Controlled Environment Skills"


def _skill(code: str, name: str) -> dict[str, Json]:
    """An alignment to the sample framework."""
    return {
        "type": "AlignmentObject",
        "targetName": name,
        "targetUrl": f"https://skills.prairierivers.example/framework/{code}",
        "targetFramework": _FRAMEWORK,
        "targetCode": code,
    }


def sample_classes() -> dict[str, BadgeClass]:
    """What can be earned, by slug."""
    classes = (
        BadgeClass(
            "chem-safety",
            "Workplace Safety and Chemical Handling",
            "Handles, stores and disposes of water-treatment chemicals safely.",
            "Pass the safety quiz with **80 %** and show safe handling to a supervisor.",
            art.medal_png("shield", art.CLAY, 1),
            ("safety", "aquaponics"),
            _skill("SF-1", "Handle chemicals safely"),
        ),
        BadgeClass(
            "water-chem",
            "Water Chemistry",
            "Measures and adjusts pH, ammonia, nitrite and nitrate in a living system.",
            "Keep a water log for two weeks that an inspector can follow.",
            art.medal_png("drop", art.LAKE, 1),
            ("water", "aquaponics"),
            _skill("WQ-2", "Monitor water quality"),
        ),
        BadgeClass(
            "plant-nutrition",
            "Plant Nutrition in Soilless Systems",
            "Recognises and mends nutrient deficiencies in soilless crops.",
            "Diagnose five crops from pictures and plan a feed for one of them.",
            art.medal_svg("leaf", art.FIELD, 1),
            ("plants", "aquaponics"),
            _skill("PL-3", "Feed soilless crops"),
        ),
        BadgeClass(
            "nft",
            "Nutrient Film Technique",
            "Builds and runs a nutrient film channel for leafy greens.",
            "Run a channel for one crop cycle and hand in the records.",
            art.medal_png("waves", art.LAKE, 2),
            ("systems", "aquaponics"),
            _skill("SY-1", "Run a growing system"),
        ),
        BadgeClass(
            "raft",
            "Raft Systems",
            "Runs a deep-water raft system.",
            "Run a raft for one crop cycle and hand in the records.",
            art.medal_png("raft", art.LAKE, 2),
            ("systems", "aquaponics"),
            _skill("SY-1", "Run a growing system"),
        ),
        BadgeClass(
            "sensors",
            "Sensors and Monitoring",
            "Sets up sensors for water and climate, and reads what they say.",
            "Run a monitored tank for two weeks and explain every alarm.",
            art.medal_png("chart", art.SLATE, 3),
            ("systems", "aquaponics"),
            _skill("SY-4", "Monitor a growing system"),
        ),
        BadgeClass(
            "first-aid",
            "First Aid at Work",
            "Gives first aid until help arrives. To be renewed every two years.",
            "Attend the course and pass the practical test.",
            art.medal_png("cross", art.CLAY),
            ("safety",),
            _skill("SF-2", "Give first aid"),
        ),
        BadgeClass(
            "forklift",
            "Forklift Basics",
            "Moves pallets safely in a greenhouse.",
            "Pass the driving test.",
            art.medal_png("truck", art.SLATE),
            ("safety",),
        ),
        BadgeClass(
            "master-grower",
            "Master Grower",
            "Leads a growing team through a season.",
            "Awarded by a panel of three growers.",
            art.medal_png("star", art.DUSK, 5),
            ("leadership",),
        ),
    )
    return {badge_class.slug: badge_class for badge_class in classes}


FIELD_HOURS = BadgeClass(
    "field-hours-30",
    "Field Hours 30",
    "Thirty supervised hours in a member's greenhouse.",
    "Thirty hours, signed off by the grower in charge.",
    art.medal_svg("sprout", art.DUSK, 3),
    ("field", "aquaponics"),
)


def aquaponics(college: SampleIssuer, growers: SampleIssuer, classes: dict[str, BadgeClass], now: datetime) -> str:
    """A stack of three stages with hours, facilitation and dates, as TOML for these issuers' addresses."""
    begins = (now + timedelta(days=60)).date()
    ends = (now + timedelta(days=85)).date()
    url = {slug: college.class_url(badge_class) for slug, badge_class in classes.items()}
    root = college.id.removesuffix("/issuer")
    return f"""\
# A sample pathway: what the badges of two issuers add up to.
format   = "badge-pathway/1"
id       = "{root}/pathways/aquaponics"
name     = {{ en = "Aquaponics Technician", fr = "Technique aquaponique" }}
version  = "3"
status   = "published"
language = "en-CA"
license  = "CC-BY-4.0"
audience = "People who want to work in a controlled environment greenhouse"
root     = "stack"

[publisher]
name = "{college.name}, School of Agriculture"
url  = "https://prairierivers.example/agriculture"
support_url = "https://prairierivers.example/agriculture/help"

[[qualification]]
name = "Diploma in Controlled Environment Agriculture"
relation = "component"
awarded_by = "{college.name}"
recognition = "by-assessment"

[group.stack]
name = "Aquaponics Technician"
of   = ["foundations", "systems", "workplace"]

[group.foundations]
name = "Stage 1: Foundations"
of   = ["safety", "water", "plants"]

[group.systems]
name = "Stage 2: Systems, two of three"
of   = ["nft", "raft", "monitoring"]
need = 2

[group.workplace]
name = "Stage 3: Workplace"
of   = ["first-aid", "field-hours"]

[element.safety]
name = "Workplace Safety and Chemical Handling"
match = [{{ achievement = "{url["chem-safety"]}" }}]
hours = 4
facilitation = "supervised"
delivery = "in-person"

[element.water]
name = "Water Chemistry"
match = [{{ achievement = "{url["water-chem"]}" }}]
hours = 6
facilitation = "lightly-facilitated"
delivery = "online"
pace = "self-paced"
outcomes = ["Measure and adjust pH, ammonia, nitrite and nitrate", "Keep a water log that an inspector can follow"]

[element.plants]
name = "Plant Nutrition in Soilless Systems"
match = [{{ achievement = "{url["plant-nutrition"]}" }}]
hours = 6
facilitation = "self-directed"
delivery = "online"
pace = "self-paced"

[element.nft]
name = "Nutrient Film Technique"
match = [{{ achievement = "{url["nft"]}" }}]
hours = 8
requires = ["water"]

[element.raft]
name = "Raft Systems"
match = [{{ achievement = "{url["raft"]}" }}]
hours = 8
requires = ["water"]

[element.monitoring]
name = "Sensors and Monitoring"
match = [{{ issuer = "{college.id}", name = "Sensors and Monitoring" }}]
hours = 10
facilitation = "fully-facilitated"
facilitator = "Greenhouse technician, named at enrolment"
delivery = "blended"
pace = "scheduled"

[[element.monitoring.offering]]
begins = {begins}
ends   = {ends}
place  = "Teaching greenhouse"
url    = "https://prairierivers.example/courses/monitoring"

[element.first-aid]
name = "First Aid at Work, in date"
match = [{{ achievement = "{url["first-aid"]}" }}]
hours = 7
delivery = "in-person"

[element.field-hours]
name = "Supervised field experience (30 h)"
match = [{{ issuer = "{growers.id}", name = "Field Hours 30" }}]
hours = 30
facilitation = "supervised"
delivery = "in-person"
"""


def greenhouse_assistant(college: SampleIssuer) -> str:
    """A job profile: an ordinary pathway whose elements ask for skills by their code, whoever awarded the badge."""
    root = college.id.removesuffix("/issuer")
    skills = (
        ("safety", "Handles chemicals safely", "SF-1", 4),
        ("first-aid", "Gives first aid", "SF-2", 7),
        ("water", "Monitors water quality", "WQ-2", 6),
        ("plants", "Feeds soilless crops", "PL-3", 6),
        ("system", "Runs a growing system", "SY-1", 8),
    )
    elements = "\n".join(
        f"""[element.{key}]
name = "{name}"
match = [{{ any_issuer = true, framework = "{_FRAMEWORK}", code = "{code}" }}]
hours = {hours}
"""
        for key, name, code, hours in skills
    )
    return f"""\
# A job profile, as an employer may write it: skills, not courses.
format   = "badge-pathway/1"
id       = "{root}/profiles/greenhouse-assistant"
name     = {{ en = "Greenhouse Assistant (job profile)", fr = "Aide-serriste (profil d'emploi)" }}
version  = "1"
status   = "published"
language = "en-CA"
root     = "skills"
trusted_issuers = ["{college.id}"]

[publisher]
name = "{GROWERS}"

[group.skills]
name = "Greenhouse Assistant"
of   = [{", ".join(f'"{key}"' for key, *_ in skills)}]

{elements}"""
