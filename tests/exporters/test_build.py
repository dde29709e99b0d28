"""From a real wallet folder to what an export says of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from exporters.certificate import render_certificate
from exporters.model import Presentation, Standing
from exporters.pathways import NOT_SHOWN
from exporters.portfolio import render_portfolio
from exporters.presentation import build
from tests.generate import badges
from tests.generate.presentations import badge_png
from tests.support.wallets import NOW, answer, found, open_wallet, report, with_role
from wallet.errors import NotFoundError
from wallet.found import Carrier, Found, Kind
from wallet.pathways.candidates import from_rows
from wallet.pathways.definition import read
from wallet.pathways.progress import evaluate
from wallet.store.wallet import Wallet
from wallet.verify.report import Outcome, Role, Verdict

PATHWAY = f"""
format = "badge-pathway/1"
id = "https://northgate.example/p/lab"
name = "Lab Hand"
version = "1"
root = "all"
[publisher]
name = "Northgate College"
[[qualification]]
name = "Diploma of Laboratories"
relation = "component"
awarded_by = "Northgate College"
[group.all]
name = "All of it"
of = ["safety", "baking"]
[element.safety]
name = "Safety"
match = [{{ achievement = "{badges.HOST}/classes/0" }}]
hours = 6
facilitator = "R. Okafor"
facilitation = "fully-facilitated"
pace = "scheduled"
outcomes = ["Work safely with acids"]
offering = [{{ begins = 2026-01-05, ends = 2026-02-27 }}]
[element.baking]
name = "Baking"
match = [{{ achievement = "{badges.HOST}/classes/1" }}]
""".encode()


def _kept(wallet: Wallet, item: Found) -> str:
    return wallet.add([item], now=NOW)[0].badge


def _of(wallet: Wallet, *ids: str) -> Presentation:
    return build(wallet, ids, person="Ada Example", now=NOW)


def test_a_badge_never_checked_is_shown_with_what_it_says_of_itself(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        badge = _of(wallet, _kept(wallet, found(1))).badges[0]
    assert badge.name == "Bread Baking"
    assert badge.statement.standing is Standing.UNCHECKED
    assert badge.assertion is not None
    assert badge.assertion.data == found(1).raw


def test_a_checked_badge_says_who_served_it_and_when(tmp_path: Path) -> None:
    item = replace(found(1, picture=True), container=badge_png())
    with open_wallet(tmp_path) as wallet:
        badge_id = _kept(wallet, item)
        made = with_role(report(item, evidence=(answer(f"{badges.HOST}/awards/1", item.raw),)), Role.ASSERTION)
        wallet.record(badge_id, made, now=NOW)
        shown = _of(wallet, badge_id)
    badge = shown.badges[0]
    host = badges.HOST.removeprefix("https://")
    assert badge.statement.sentence == f"Valid as of 21 November 2026, as served by {host}."
    assert badge.picture is not None
    assert [original.data for original in badge.originals] == [item.raw, badge_png()]
    assert badge.name == "Checked Name"
    assert render_certificate(shown, badge_id).startswith(b"%PDF-1.7")


def test_a_badge_brought_as_an_address_carries_what_its_issuer_served(tmp_path: Path) -> None:
    url = f"{badges.HOST}/awards/1"
    item = Found(Kind.OB2_URL, Carrier.URL, url.encode(), claimed_id=url, fetch_url=url, source=url)
    served = found(1).raw
    with open_wallet(tmp_path) as wallet:
        badge_id = _kept(wallet, item)
        wallet.record(badge_id, with_role(report(item, evidence=(answer(url, served),)), Role.ASSERTION), now=NOW)
        badge = _of(wallet, badge_id).badges[0]
    assert badge.assertion is not None
    assert badge.assertion.captured
    assert badge.assertion.data == served


def test_an_attempt_without_answer_keeps_the_earlier_verdict_and_says_both(tmp_path: Path) -> None:
    item = found(1)
    with open_wallet(tmp_path) as wallet:
        badge_id = _kept(wallet, item)
        wallet.record(badge_id, report(item), now=NOW)
        wallet.record(badge_id, report(item, Verdict.UNDETERMINED), now=NOW)
        statement = _of(wallet, badge_id).badges[0].statement
    assert statement.standing is Standing.VALID
    assert "A later try to check it again had no answer." in statement.more


def test_a_badge_that_only_ever_had_no_answer_is_not_determined(tmp_path: Path) -> None:
    item = found(1)
    with open_wallet(tmp_path) as wallet:
        badge_id = _kept(wallet, item)
        wallet.record(badge_id, report(item, Verdict.UNDETERMINED), now=NOW)
        assert _of(wallet, badge_id).badges[0].statement.standing is Standing.UNDETERMINED


def test_a_valid_badge_whose_last_day_has_passed_since_is_shown_as_expired(tmp_path: Path) -> None:
    item = found(1)
    with open_wallet(tmp_path) as wallet:
        badge_id = _kept(wallet, item)
        made = report(item)
        assert made.credential is not None
        ends = datetime(2026, 12, 1, tzinfo=UTC)
        wallet.record(badge_id, replace(made, credential=replace(made.credential, expires=ends)), now=NOW)
        later = build(wallet, [badge_id], person=None, now=datetime(2027, 1, 1, tzinfo=UTC))
    assert later.badges[0].statement.standing is Standing.EXPIRED
    assert later.badges[0].statement.sentence.startswith("Expired on 1 December 2026.")


def test_a_pathway_states_what_the_badge_cannot_and_names_only_chosen_badges(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        ids = [_kept(wallet, found(number)) for number in (0, 1)]
        progress = evaluate(read(PATHWAY, "lab.pathway.toml"), from_rows(wallet.list_badges()), date(2026, 11, 21))
        shown = build(wallet, ids[:1], person=None, now=NOW, pathways=[progress])
    (way,) = shown.pathways
    assert (way.filled, way.required, way.percent) == (2, 2, 100)
    assert [place.badges for place in way.places] == [("Laboratory Safety",), (NOT_SHOWN,)]
    assert "With verified badges alone: 0 of 2." in way.notes
    stated = {detail.label: detail.values for detail in shown.badges[0].details}
    assert stated["Outcomes or competencies"][-1] == "Work safely with acids"
    assert stated["Course dates"] == ("5 January 2026 to 27 February 2026",)
    assert stated["Time commitment"] == ("6 hours",)
    assert stated["Facilitator"] == ("R. Okafor",)
    assert stated["Degree of facilitation"] == ("fully facilitated", "scheduled")
    assert "Diploma of Laboratories (this pathway is a component of it)" in stated["Pathways"]
    assert shown.badges[0].details_stated == 8
    assert b"Lab Hand" in render_portfolio(shown)


def test_what_was_left_out_is_counted_in_the_manifest(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        shown = build(wallet, [_kept(wallet, found(1))], person=None, now=NOW, left_out=[("hidden", 2)])
    assert json.dumps({"hidden": 2}, separators=(",", ":")).encode() in render_portfolio(shown)


def test_a_badge_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet, pytest.raises(NotFoundError):
        _of(wallet, "0" * 64)


def test_yours_is_never_claimed_for_a_badge_nobody_compared(tmp_path: Path) -> None:
    item = found(1)
    with open_wallet(tmp_path) as wallet:
        badge_id = _kept(wallet, item)
        wallet.record(badge_id, replace(report(item), yours=Outcome.SKIPPED), now=NOW)
        badge = _of(wallet, badge_id).badges[0]
    assert not badge.recipient_matched
    assert "Whether it was awarded to the person who shows it was not checked." in badge.statement.more
