"""Badges baked and signed by other people's tools, at test time: what they write, badgefolio reads byte for byte.

PyPI's openbadges-bakery and openbadgeslib come with the development tools. npm's openbadges-bakery is used where Node finds it:
in `NODE_PATH`, or in `build/foreign` after `npm install --prefix build/foreign openbadges-bakery@1.0.5`. What is missing is
skipped by name.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from importers.find import find
from tests.generate.badges import HOST, assertion, cdata, encode, itxt, png, signed_assertion, svg, token
from wallet.documents import jws
from wallet.found import Carrier, Kind

# The tools are older than the Python that runs them, and say so.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
ROOT = Path(__file__).parent.parent.parent
FOREIGN = ROOT / "build" / "foreign"
JSON = encode(assertion(narrative="Zażółć gęślą jaźń & <tag>"))
SIGNED = token(signed_assertion())
URL = f"{HOST}/awards/1".encode()
PLAIN_PNG, PLAIN_SVG = png(size=2_000), svg(baked=False)

needs_bakery = pytest.mark.skipif(
    importlib.util.find_spec("openbadges_bakery") is None, reason="openbadges-bakery of PyPI is not installed"
)
needs_lib = pytest.mark.skipif(
    importlib.util.find_spec("openbadgeslib") is None, reason="openbadgeslib is not installed"
)


def bake(picture: bytes, text: str) -> bytes:
    """What PyPI's openbadges-bakery makes of `picture`."""
    from openbadges_bakery import bake as bake_file

    # The SVG baker leaves its temporary file to the collector, which says so.
    with contextlib.closing(bake_file(io.BytesIO(picture), text, io.BytesIO())) as out:
        content = out.read()
    return content if isinstance(content, bytes) else content.encode()


@needs_bakery
@pytest.mark.parametrize("text", [JSON, SIGNED, URL], ids=["JSON", "JWS", "address"])
def test_a_png_baked_by_openbadges_bakery_is_read_byte_for_byte(text: bytes) -> None:
    baked = bake(PLAIN_PNG, text.decode())
    (found,) = find(baked).found
    assert (found.raw, found.container, found.carrier) == (text, baked, Carrier.PNG)


@needs_bakery
@pytest.mark.parametrize(
    ("text", "kind"),
    [(JSON, Kind.OB2_JSON), (SIGNED, Kind.OB2_JWS), (URL, Kind.OB2_URL)],
    ids=["JSON", "JWS", "address"],
)
def test_an_svg_baked_by_openbadges_bakery_is_read(text: bytes, kind: Kind) -> None:
    baked = bake(PLAIN_SVG, text.decode())
    (found,) = find(baked).found
    assert (found.kind, found.container, found.carrier) == (kind, baked, Carrier.SVG)
    assert json.loads(found.raw) == json.loads(JSON) if kind is Kind.OB2_JSON else found.raw == text


@needs_bakery
def test_openbadges_bakery_reads_what_we_bake() -> None:
    from openbadges_bakery import unbake

    from exporters.bake import bake_png, bake_svg

    assert unbake(io.BytesIO(bake_png(PLAIN_PNG, SIGNED.decode()))) == SIGNED.decode()
    assert unbake(io.BytesIO(bake_png(PLAIN_PNG, JSON.decode()))) == JSON.decode()
    assert unbake(io.BytesIO(bake_svg(PLAIN_SVG, SIGNED.decode(), None))) == SIGNED.decode()


# openbadgeslib: a whole foreign issuer


CONFIG = """
[paths]
base = {folder}
base_key = {folder}/keys
base_log = {folder}/log
base_image = {folder}/images
base_status = {folder}/status
[logs]
general = general.log
signer = signer.log
[smtp]
smtp_server = localhost
smtp_port = 25
use_ssl = False
mail_from = no-reply@badges.rowan-college.example
[issuer]
name = Rowan College
url = https://rowan-college.example
image = logo.png
email = badges@rowan-college.example
publish_url = {host}/
revocationList = revoked.json
{sections}
"""
SECTION = """
[badge_{number}]
name = Laboratory Safety {number}
description = Works safely in a teaching laboratory.
local_image = badge.{ending}
image = {host}/badge_{number}/badge.{ending}
criteria = {host}/badge_{number}/criteria.html
verify_key = {host}/badge_{number}/verify.pem
badge = {host}/badge_{number}/badge.json
crypto_key = {host}/badge_{number}/key.json
hosted_assertions_base = {host}/badge_{number}/assertions/
private_key = {folder}/keys/sign_{number}.pem
public_key = {folder}/keys/verify_{number}.pem
key_type = {key}
"""


def run_tool(name: str, *arguments: str | Path, folder: Path) -> str:
    program = f"import sys; from openbadgeslib.{name} import main; sys.argv[0] = {name!r}; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, *map(str, arguments)],
        capture_output=True, text=True, cwd=folder, check=False, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def foreign_issuer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A college that works with openbadgeslib: badge 1 is a PNG signed with RSA, badge 2 an SVG signed with P-256."""
    folder = tmp_path_factory.mktemp("openbadgeslib")
    for name in ("keys", "images", "log", "status", "out"):
        (folder / name).mkdir()
    (folder / "images" / "badge.png").write_bytes(PLAIN_PNG)
    (folder / "images" / "logo.png").write_bytes(PLAIN_PNG)
    (folder / "images" / "badge.svg").write_bytes(PLAIN_SVG)
    kinds = {1: ("png", "RSA"), 2: ("svg", "ECC")}
    sections = "".join(
        SECTION.format(number=number, ending=ending, key=key, host=HOST, folder=folder)
        for number, (ending, key) in kinds.items()
    )
    (folder / "config.ini").write_text(CONFIG.format(folder=folder, host=HOST, sections=sections))
    for number in kinds:
        run_tool("openbadges_keygenerator", "-c", "config.ini", "-g", str(number), folder=folder)
    return folder


def issue(folder: Path, number: int, *options: str) -> bytes:
    out = folder / "out"
    shutil.rmtree(out)
    out.mkdir()
    arguments = ("-c", "config.ini", "-b", str(number), "-r", "mina.okafor@learner.example", "-E", *options, "-o", out)
    run_tool("openbadges_signer", *arguments, folder=folder)
    (picture,) = (path for path in out.rglob("*") if path.suffix in (".png", ".svg"))
    return picture.read_bytes()


@needs_lib
@pytest.mark.parametrize(
    ("number", "options", "kind", "carrier"),
    [
        pytest.param(1, ("-V", "2"), Kind.OB2_JWS, Carrier.PNG, id="signed 2.0, PNG, RSA"),
        pytest.param(2, ("-V", "2"), Kind.OB2_JWS, Carrier.SVG, id="signed 2.0, SVG, P-256"),
        pytest.param(1, ("-V", "2", "-H"), Kind.OB2_JWS, Carrier.PNG, id="a token that says hosted"),
        pytest.param(1, ("-V", "3"), Kind.OB3_JWT, Carrier.PNG, id="3.0, PNG"),
        pytest.param(2, ("-V", "3"), Kind.OB3_JWT, Carrier.SVG, id="3.0, SVG"),
    ],
)
def test_what_openbadgeslib_issues_is_recognised_and_its_signature_stays_good(
    foreign_issuer: Path, number: int, options: tuple[str, ...], kind: Kind, carrier: Carrier
) -> None:
    baked = issue(foreign_issuer, number, *options)
    (found,) = find(baked).found
    assert (found.kind, found.carrier, found.container) == (kind, carrier, baked)
    assert (found.fetch_url is not None) is ("-H" in options)
    key = jws.load_key((foreign_issuer / "keys" / f"verify_{number}.pem").read_text())
    assert jws.verify(jws.decode(found.raw), key)


# npm's openbadges-bakery


def _node() -> str:
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed")
    return node


@pytest.fixture(scope="module")
def oven() -> Iterator[str]:
    """Node, when it finds openbadges-bakery."""
    node = _node()
    found = subprocess.run(
        [node, "-e", "require.resolve('openbadges-bakery')"], capture_output=True, env=_places(), check=False
    )
    if found.returncode != 0:
        pytest.skip("openbadges-bakery of npm is not installed")
    yield node


def _places() -> dict[str, str]:
    return {
        **os.environ,
        "NODE_PATH": os.pathsep.join([str(FOREIGN / "node_modules"), os.environ.get("NODE_PATH", "")]),
    }


def in_oven(node: str, program: str, picture: Path, text: str = "") -> bytes:
    code = f"const b = require('openbadges-bakery'), fs = require('fs'); const [file, text] = process.argv.slice(1); {program}"
    done = subprocess.run(
        [node, "-e", code, str(picture), text], capture_output=True, env=_places(), timeout=30, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def test_an_svg_baked_by_npm_is_read(oven: str, tmp_path: Path) -> None:
    # The tool never answers for a picture under 256 bytes.
    picture = tmp_path / "plain.svg"
    picture.write_bytes(PLAIN_SVG.replace(b"<circle", b"<!-- " + b"x" * 300 + b" --><circle"))
    document = assertion(verify={"type": "hosted", "url": f"{HOST}/awards/1"})
    write = "(error, out) => { if (error) throw error; process.stdout.write(out); }"
    baked = in_oven(
        oven,
        f"b.bake({{image: fs.readFileSync(file), assertion: JSON.parse(text)}}, {write})",
        picture,
        json.dumps(document),
    )
    (found,) = find(baked).found
    assert (found.kind, found.container, json.loads(found.raw)) == (Kind.OB2_JSON, baked, document)
    signed = in_oven(
        oven, f"b.bake({{image: fs.readFileSync(file), signature: text}}, {write})", picture, SIGNED.decode()
    )
    assert [item.raw for item in find(signed).found] == [SIGNED]


@pytest.mark.parametrize(
    ("name", "picture"),
    [
        ("a.png", png(itxt(SIGNED), size=2_000)),
        ("a.svg", svg(cdata(SIGNED) + "<!-- " + "x" * 300 + " -->", verify=SIGNED.decode())),
    ],
)
def test_npm_reads_what_we_read(oven: str, tmp_path: Path, name: str, picture: bytes) -> None:
    (tmp_path / name).write_bytes(picture)
    extract = "b.extract(fs.readFileSync(file), (error, out) => { if (error) throw error; process.stdout.write(String(out)); })"
    assert in_oven(oven, extract, tmp_path / name) == SIGNED == find(picture).found[0].raw
