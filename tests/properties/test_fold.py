"""The state of a wallet depends on what its logs say, not on how the lines came: in order, twice, or from several devices."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.wallets import NOW, HastyDisk, found, later, open_wallet, raw_sha, report
from wallet.errors import NotFoundError
from wallet.paths import Paths
from wallet.store.doctor import examine
from wallet.store.events import FIRST_PREV, Draft, LogEvent, decode, encode, read_log
from wallet.store.state import fold, touched
from wallet.verify.report import Verdict

RAWS = [character * 64 for character in "0123"]
DEVICES = ["a" * 16, "b" * 16, "c" * 16]


@dataclass(frozen=True)
class Written:
    """A line as a log holds it."""

    line: bytes
    event: LogEvent


raws = st.sampled_from(RAWS)
changes = st.one_of(
    st.builds(lambda raw: Draft("badge.added", raw, {"kind": "ob2-json", "carrier": "json"}), raws),
    st.builds(
        lambda raw: Draft("badge.added", raw, {"kind": "ob2-json", "carrier": "png", "container": "f" * 64}), raws
    ),
    st.builds(
        lambda kind, a, b: Draft(kind, a, {"a": a, "b": b}),
        st.sampled_from(["badge.joined", "badge.split"]),
        raws,
        raws,
    ),
    st.builds(lambda raw, on: Draft("badge.set", raw, {"field": "hidden", "value": on}), raws, st.booleans()),
    st.builds(
        lambda kind, raw, label: Draft(kind, raw, {"label": label}),
        st.sampled_from(["tag.added", "tag.removed"]),
        raws,
        st.sampled_from(["x", "y"]),
    ),
    st.builds(
        lambda raw, seen, more: Draft("badge.removed", raw, {"seen": seen, "raws": [raw, *more]}),
        raws,
        st.dictionaries(st.sampled_from(DEVICES), st.integers(0, 12)),
        st.lists(raws, max_size=2),
    ),
    st.builds(
        lambda raw, verdict: Draft(
            "verified",
            raw,
            {"report": "e" * 64, "line": 2, "verdict": verdict, "as_of": "2026", "evidence": [["key", "d" * 64]]},
        ),
        raws,
        st.sampled_from(["valid", "undetermined"]),
    ),
    st.builds(lambda kind, raw: Draft(kind, raw, {}), st.sampled_from(["identity.added", "identity.retired"]), raws),
    st.builds(lambda sha: Draft("file.saved", None, {"name": "n", "sha": sha}), st.one_of(st.none(), raws)),
    st.builds(
        lambda kind, on, sha: Draft(kind, None, {"pathway": "urn:p", "place": "a", "on": on, "about": sha}),
        st.sampled_from(["planned", "attested", "excepted"]),
        st.booleans(),
        raws,
    ),
    st.builds(
        lambda dev, op: Draft("undone", None, {"dev": dev, "op": op}), st.sampled_from(DEVICES), st.integers(1, 12)
    ),
    st.sampled_from([Draft("from.the.future", "0" * 64, {"what": [1, None]}), Draft("badge.added", "no hash", {})]),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Written]:
    """Lines of up to three devices, each a proper chain, with clocks that disagree."""
    made: list[Written] = []
    tails = dict.fromkeys(DEVICES, (0, FIRST_PREV))
    times = {dev: NOW + timedelta(seconds=draw(st.integers(-3, 3))) for dev in DEVICES}
    for draft in draw(st.lists(changes, max_size=20)):
        dev = draw(st.sampled_from(DEVICES))
        seq, prev = tails[dev]
        times[dev] += timedelta(microseconds=draw(st.integers(1, 3)))
        line, event = encode(draft, dev=dev, seq=seq + 1, op=seq + 1, time=times[dev], now=times[dev], prev=prev)
        tails[dev] = (event.seq, event.sum)
        made.append(Written(line, event))
    return made


@settings(max_examples=100, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_order_and_repetition_of_lines_do_not_matter(history: list[Written], random) -> None:
    events = [written.event for written in history]
    shuffled = events + random.choices(events, k=len(events)) if events else []
    random.shuffle(shuffled)
    assert fold(shuffled) == fold(events)


@settings(max_examples=100, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_distribution_of_lines_over_logs_does_not_matter(history: list[Written], random) -> None:
    logs = [b""] * 4
    for written in history:
        place = random.randrange(4)
        logs[place] += written.line
    read = [event for log in logs for event in read_log(log).events]
    assert fold(read) == fold([written.event for written in history])


@settings(max_examples=100, deadline=None)
@given(histories())
def test_a_line_says_the_same_when_it_is_read_back(history: list[Written]) -> None:
    for written in history:
        read = decode(written.line[:-1])
        assert read is not None
        assert fold([read]) == fold([written.event])
        assert touched(read) == touched(written.event)


@settings(max_examples=100, deadline=None)
@given(histories())
def test_undoing_everything_of_a_device_leaves_only_facts(history: list[Written]) -> None:
    events = [written.event for written in history if written.event.kind != "undone"]
    later_on = NOW + timedelta(days=1)
    for seq, event in enumerate(list(events), start=1):
        draft = Draft("undone", None, {"dev": event.dev, "op": event.op})
        moment = later_on + timedelta(microseconds=seq)
        _, undone = encode(draft, dev="z" * 16, seq=seq, op=seq, time=moment, now=moment, prev=FIRST_PREV)
        events.append(undone)
    state = fold(events)
    assert not state.badges and not state.identities and not state.files


commands = st.one_of(
    st.tuples(st.just("add"), st.lists(st.integers(0, 3), min_size=1, max_size=3), st.booleans()),
    st.tuples(st.just("copy"), st.integers(0, 3)),
    st.tuples(st.just("remove"), st.integers(0, 3)),
    st.tuples(st.just("hide"), st.integers(0, 3), st.booleans()),
    st.tuples(st.just("tag"), st.integers(0, 3), st.booleans()),
    st.tuples(st.just("verify"), st.integers(0, 3), st.sampled_from(list(Verdict))),
    st.tuples(st.just("undo")),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["one", "two"]), commands), max_size=12))
def test_an_index_that_followed_equals_one_made_anew(history) -> None:
    """Two devices write one folder, seeing each other's lines; doctor finds both indexes equal to fresh ones."""
    base = Path(tempfile.mkdtemp())
    try:
        homes = {
            name: Paths(base / "wallet", base / name / "cache", base / name / "state", base / "config.toml")
            for name in ("one", "two")
        }
        for step, (name, command) in enumerate(history):
            _run(homes[name], command, step)
        for paths in homes.values():
            _run(paths, ("add", [0], False), len(history))
            assert [item for item in examine(paths, now=later(days=1)) if item.severity != "ok"] == []
    finally:
        shutil.rmtree(base)


def _run(paths: Paths, command, step: int) -> None:
    from wallet.store.wallet import Wallet

    now = later(minutes=step)
    with Wallet.open(paths, now=now, disk=HastyDisk()) as wallet:
        try:
            match command:
                case ("add", numbers, picture):
                    wallet.add([found(number, picture=picture) for number in numbers], now=now)
                case ("copy", number):
                    wallet.add([found(number, narrative="copy")], now=now)
                case ("remove", number):
                    wallet.remove([raw_sha(found(number))], now=now)
                case ("hide", number, on):
                    wallet.hide([raw_sha(found(number))], on, now=now)
                case ("tag", number, on):
                    wallet.tag([raw_sha(found(number))], "label", on, now=now)
                case ("verify", number, verdict):
                    wallet.record(raw_sha(found(number)), report(found(number), verdict, at=now), now=now)
                case ("undo",):
                    wallet.undo(now=now)
        except NotFoundError:
            pass


def test_open_wallets_of_one_computer_agree() -> None:
    base = Path(tempfile.mkdtemp())
    try:
        with open_wallet(base) as one, open_wallet(base) as other:
            one.add([found(1)], now=NOW)
            assert other.refresh() and other.count() == 1
            assert not other.refresh()
            other.hide([raw_sha(found(1))], True, now=NOW)
            one.refresh()
            assert one.row(raw_sha(found(1))).hidden
    finally:
        shutil.rmtree(base)
