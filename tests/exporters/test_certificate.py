"""Certificates read back with foreign tools: pypdf for what they carry, pikepdf for how they are built."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader

from exporters.certificate import render_certificate, write_certificate, write_certificates
from exporters.certificate.press import Press
from exporters.fonts import FontMissingError
from exporters.model import Presentation
from tests.generate.presentations import EMAIL_CANARY, SALT_CANARY, a_presentation, a_source, mixed_sources
from wallet.errors import NotFoundError, TargetExistsError, UsageError


def _read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def _text(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in _read(pdf).pages).split())


def _only(presentation: Presentation, **options: object) -> bytes:
    (badge,) = presentation.badges
    paper, landscape = options.get("paper", "a4"), options.get("landscape", True)
    return render_certificate(presentation, badge.id, paper=str(paper), landscape=bool(landscape))


@pytest.fixture(scope="module")
def sample() -> bytes:
    return _only(a_presentation())


def test_the_certificate_carries_the_exact_assertion_and_picture(sample: bytes) -> None:
    source = a_source()
    attached = dict(_read(sample).attachments)
    assert attached == {"assertion.json": [source.raw], "badge.png": [source.container]}


def test_a_signed_badge_is_attached_as_its_token() -> None:
    source = a_source(signed=True)
    assert _read(_only(a_presentation(source))).attachments["assertion.jws"] == [source.raw]


@pytest.mark.parametrize(
    ("paper", "landscape", "size"),
    [
        ("a4", True, (841.89, 595.28)),
        ("a4", False, (595.28, 841.89)),
        ("letter", True, (792, 612)),
        ("letter", False, (612, 792)),
    ],
)
def test_paper_has_the_size_that_was_asked_for(paper: str, landscape: bool, size: tuple[float, float]) -> None:
    page = _read(_only(a_presentation(), paper=paper, landscape=landscape)).pages[0]
    assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(size, abs=0.02)


def test_its_words_can_be_selected_and_say_who_what_when_and_where(sample: bytes) -> None:
    text = _text(sample)
    for words in (
        "Ada Example",
        "has been awarded",
        "Recirculating Aquaponics: Water Quality",
        "Northgate College",
        "4 February 2026",
        "https://badges.northgate.example/assertions/1",
        "Valid as of 20 November 2026, as served by badges.northgate.example.",
        "Recorded by badgefolio 0.1.0 at the learner's request on 21 November 2026.",
    ):
        assert words in text


def test_it_is_tagged_and_made_as_ua_1_and_a_3a(sample: bytes) -> None:
    with pikepdf.open(io.BytesIO(sample)) as pdf:
        assert str(pdf.Root.Lang) == "en"
        assert "/StructTreeRoot" in pdf.Root
        assert bool(pdf.Root.MarkInfo.Marked)
        assert len(pdf.Root.AF) == 2
        with pdf.open_metadata() as xmp:
            assert xmp["pdfuaid:part"] == "1"
            assert xmp["pdfaid:part"] == "3"
            assert xmp["pdfaid:conformance"] == "A"
            assert xmp["dc:title"] == "Recirculating Aquaponics: Water Quality, Ada Example"


def test_each_of_the_six_statements_is_printed_with_its_date() -> None:
    shown = a_presentation(*mixed_sources())
    with Press() as press:
        for badge in shown.badges:
            pdf = press.certificate(shown, badge)
            assert badge.statement.sentence in _text(pdf) or unicodedata.bidirectional(badge.name[0]) in ("R", "AL")
            assert len(_read(pdf).pages) >= 2


def test_only_a_valid_badge_makes_a_certificate_of_achievement() -> None:
    revoked = mixed_sources()[2]
    assert "RECORD OF A DIGITAL BADGE" in _text(_only(a_presentation(revoked)))
    assert "CERTIFICATE OF ACHIEVEMENT" in _text(_only(a_presentation()))


def test_an_award_is_claimed_only_where_the_recipient_was_matched() -> None:
    from wallet.verify.report import Outcome

    text = _text(_only(a_presentation(replace(a_source(), yours=Outcome.SKIPPED))))
    assert "has been awarded" not in text
    assert "presents the digital badge" in text
    assert "was not checked" in text


@pytest.mark.parametrize(
    "name", ["مريم الزهراني", "נועה כהן", "अदिति शर्मा", "Łucja Žižka", "Ada (مريم) Example", "Ώρα Юлия"]
)
def test_names_in_many_scripts_are_drawn_and_kept_in_the_title(name: str) -> None:
    pdf = _only(a_presentation(person=name))
    metadata = _read(pdf).metadata
    assert metadata is not None
    assert name in str(metadata.title)


def test_a_character_without_a_font_is_an_error_that_names_it() -> None:
    # Linear A and the like may come with the system; a private noncharacter-like script rarely does.
    shown = a_presentation(a_source("Cuneiform \U00012f90 reading"))
    with pytest.raises(FontMissingError) as caught:
        _only(shown)
    assert caught.value.code == "font-missing"
    assert "in the badge name" in caught.value.message
    assert "apt install fonts-noto-core" in caught.value.remedy


def test_the_same_badge_twice_is_the_same_bytes(sample: bytes) -> None:
    shown = a_presentation(*mixed_sources())
    first = next(badge for badge in shown.badges if badge.name == a_source().name)
    with Press() as press:
        for badge in shown.badges[:2]:
            press.certificate(shown, badge)
        in_a_batch = press.certificate(shown, first)
    assert in_a_batch == render_certificate(shown, first.id)


def test_recipient_address_and_salt_are_nowhere_outside_the_originals(sample: bytes) -> None:
    source = a_source(f"For {EMAIL_CANARY}", description=f"{SALT_CANARY} {EMAIL_CANARY}")
    pdf = _only(a_presentation(source))
    words = _text(pdf) + str(_read(pdf).metadata)
    with pikepdf.open(io.BytesIO(pdf)) as opened, opened.open_metadata() as xmp:
        words += str(xmp)
    assert EMAIL_CANARY not in words
    assert SALT_CANARY not in words


def test_a_very_long_name_keeps_the_certificate_on_its_page() -> None:
    source = a_source("Extraordinarily Comprehensive " * 6, issuer="A College of Considerable Name " * 5)
    pdf = _only(a_presentation(source, person="Wolfeschlegelsteinhausenbergerdorff " * 4))
    reader = _read(pdf)
    assert "Valid as of" in reader.pages[0].extract_text()
    assert "Valid as of" not in reader.pages[1].extract_text()


def test_long_criteria_go_on_to_further_pages() -> None:
    source = a_source(
        criteria="\n\n".join(f"{n}. Show that you can do the task number {n} alone and safely." for n in range(1, 120))
    )
    reader = _read(_only(a_presentation(source)))
    assert len(reader.pages) > 2
    assert "continued" in reader.pages[2].extract_text()
    assert "Valid as of" in reader.pages[0].extract_text()


def test_certificates_of_a_batch_have_names_of_their_own(tmp_path: Path) -> None:
    twins = [a_source("Same Name", number=n) for n in (1, 2)]
    shown = a_presentation(*twins)
    paths = write_certificates(shown, [badge.id for badge in shown.badges], tmp_path / "out")
    assert len(set(paths)) == 2
    assert all(path.name.startswith("same-name-") and path.suffix == ".pdf" for path in paths)


def test_writing_refuses_what_is_there_and_wrong_requests(tmp_path: Path) -> None:
    shown = a_presentation()
    badge_id = shown.badges[0].id
    target = write_certificate(shown, badge_id, tmp_path / "c.pdf")
    with pytest.raises(TargetExistsError):
        write_certificate(shown, badge_id, target)
    with pytest.raises(UsageError):
        render_certificate(shown, badge_id, paper="a5")
    with pytest.raises(NotFoundError):
        render_certificate(shown, "nothing")
