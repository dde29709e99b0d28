"""What is verified is read a piece at a time, told in the order in which it was named, and counted for the bar."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

from tests.generate import badges
from tui.cli.reports import print_judged
from tui.cli.run import Run
from tui.cli.verifying import Judged
from tui.cli.windows import Count, windows
from wallet.progress import Event

MB = 2**20


def cut(sizes: list[int], kind=lambda _: "loose") -> list[int]:
    pieces = []
    for _, some in windows(sizes, kind, lambda size: size):
        pieces.append(len(some))
        some.clear()
    return pieces


def test_the_first_piece_is_small_and_the_others_grow_to_a_limit() -> None:
    assert cut([1] * 1_000) == [16, 32, 64, 128, 256, 256, 248]
    assert cut([]) == []


def test_a_piece_ends_with_what_is_too_heavy_or_of_another_kind() -> None:
    assert cut([5 * MB, 5 * MB, 9 * MB, 1, 1]) == [2, 1, 2]
    assert cut([1, 1, 2, 2, 1], lambda size: "even" if size == 2 else "odd") == [2, 2, 1]


def test_nothing_is_asked_for_before_the_piece_at_hand_is_done() -> None:
    asked = []
    pieces = windows((asked.append(number) or number for number in range(100)), lambda _: "", lambda _: 1)
    next(pieces)
    assert asked == list(range(16))


def test_the_bar_knows_how_much_there_is_as_far_as_it_was_seen() -> None:
    told: list[tuple[int, int | None]] = []

    def bar(event: Event) -> None:
        told.append((event.done, event.total))

    count = Count(3)
    count.unread, count.found, count.endless = 2, 1, True
    count.one_more(bar)
    count.endless, count.found = False, 3
    inner = count.of(2, bar)
    inner(Event("verify", 0, 4))  # two more forms than things
    inner(Event("verify", 4, 4))
    assert told == [(1, None), (1, 7), (5, 7)]


def test_any_number_of_files_is_told_in_their_order(cli, tmp_path: Path) -> None:
    names = []
    for number in range(40):
        path = tmp_path / f"{number:02}.json"
        path.write_bytes(b"{}" if number % 7 == 3 else badges.encode(badges.assertion(number)))
        names.append(str(path))
    told = cli("verify", "--offline", "--json", *names).documents
    assert [each["input"] for each in told] == names
    assert [each["credential"] is None for each in told] == [number % 7 == 3 for number in range(40)]


def test_a_name_that_is_a_slip_is_told_before_anything_is_judged(cli, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(badges.encode(badges.assertion(1)))
    for slip in ("nothing.json", "nothing"):
        done = cli("verify", "--offline", str(path), slip)
        assert done.out == ""
        assert "There is no file" in done.err


def test_what_was_told_before_a_stop_stays_and_the_rest_is_not_read(cli, tmp_path: Path, monkeypatch) -> None:
    names = []
    for number in range(60):
        path = tmp_path / f"{number:02}.json"
        path.write_bytes(badges.encode(badges.assertion(number)))
        names.append(str(path))
    told = 0

    def stop(run: Run, judged: Judged, **how: bool) -> None:
        nonlocal told
        for name in names[30:]:
            Path(name).unlink(missing_ok=True)  # nobody looks there
        if told == 5:
            raise KeyboardInterrupt
        told += 1
        print_judged(run, judged, **how)

    monkeypatch.setattr("tui.cli.commands.verify.print_judged", stop)
    ended = cli("verify", "--offline", "--json", *names)
    assert ended.code == 130
    assert [each["input"] for each in ended.documents] == names[:5]


def test_large_files_are_not_all_in_memory(cli, tmp_path: Path) -> None:
    names = []
    for number in range(12):
        path = tmp_path / f"{number}.png"
        path.write_bytes(
            badges.png(badges.itxt(badges.encode(badges.assertion(number))), badges.chunk(b"junk", bytes(4 * MB)))
        )
        names.append(str(path))
    tracemalloc.start()
    try:
        cli("verify", "--offline", "--json", *names)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 30 * MB
