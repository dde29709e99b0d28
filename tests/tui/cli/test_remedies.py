"""Each common failure says what happened, who can mend it and what to do next, in sentences that read well aloud."""

from __future__ import annotations

import pytest

from tests.tui.cli.test_asking import Hosted
from tui.demo.host import LoopbackHost, Page
from tui.demo.sample import EMAIL
from wallet.verify.remedies import REMEDIES, say
from wallet.verify.report import DEPENDS


@pytest.mark.parametrize("cause", REMEDIES)
def test_every_remedy_reads_as_sentences(cause: str) -> None:
    row = REMEDIES[cause]
    assert row.step.endswith(".")
    assert row.step[0].isupper()
    sentence = say(cause, "the hosted badge")
    assert sentence.endswith(".")
    assert sentence[0].isupper()
    assert "{" not in sentence
    for text in (row.step, sentence):
        assert "  " not in text
        assert "e.g." not in text
        assert "/" not in text.replace("https://", "")
    assert row.who is not None or cause == DEPENDS


def _elsewhere(hosted: Hosted) -> None:
    hosted.issuer["verification"] = {"type": "VerificationObject", "allowedOrigins": ["badges.elsewhere.example"]}


def _another_name(hosted: Hosted) -> None:
    hosted.award["id"] = f"{hosted.host.base_url}/other"


def _no_issuer(hosted: Hosted) -> None:
    del hosted.class_["issuer"]


def _date(hosted: Hosted) -> None:
    hosted.award["issuedOn"] = "2026-01-05"


FAILURES = {
    "scope": (_elsewhere, "hosted on 127.0.0.1", "the issuer", "allowedOrigins"),
    "missing": (_no_issuer, "no “issuer”", "the issuer", "--letter"),
    "date": (_date, "issuedOn", "the issuer", "2026-01-31T12:00:00Z"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_says_cause_culprit_and_cure(cli, name: str) -> None:
    fault, cause, culprit, cure = FAILURES[name]
    with LoopbackHost() as host:
        hosted = Hosted(host)
        fault(hosted)
        hosted.publish()
        ended = cli("verify", hosted.url, *hosted.allow)
    assert ended.code in (1, 4)
    assert cause in ended.out
    assert f"who can mend  {culprit}" in ended.out
    assert cure in ended.out


@pytest.mark.parametrize(("status", "body", "said"), [(404, b"", "no longer served"), (403, b"", "asks for a login")])
def test_a_document_that_cannot_be_had_says_whom_to_ask(cli, status: int, body: bytes, said: str) -> None:
    with LoopbackHost() as host:
        hosted = Hosted(host)
        host.publish("/class", Page(body, "text/plain", status))
        ended = cli("verify", hosted.url, *hosted.allow)
    assert ended.code == 4
    assert said in ended.out
    assert "next step" in ended.out


def test_an_address_that_matches_with_other_capitals_is_named(cli) -> None:
    with LoopbackHost() as host:
        hosted = Hosted(host)
        ended = cli("verify", hosted.url, "--recipient", f"email:{EMAIL.title()}", *hosted.allow)
    assert ended.code == 0
    assert f"It was awarded to the spelling “{EMAIL}” of “{EMAIL.title()}”. [recipient.variant]" in ended.out
    assert "Nothing needs to be done here." in ended.out


def test_somebody_elses_badge_says_how_to_add_an_identity(cli) -> None:
    with LoopbackHost() as host:
        hosted = Hosted(host)
        ended = cli("verify", hosted.url, "--recipient", "email:other@learner.example", *hosted.allow)
    assert ended.code == 1
    assert "badgefolio identity add" in ended.out
    assert "who can mend  you" in ended.out


def test_a_picture_that_lost_its_badge_says_how_to_get_the_original(cli, sample) -> None:
    ended = cli("verify", sample.downloads / "screenshot.png")
    assert ended.code == 3
    assert "picture without badge data" in ended.err
    assert "Download the original picture" in ended.err
