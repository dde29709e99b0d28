"""The virtual list: only what is in sight is asked for, and the cursor stays on its badge."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import App, ComposeResult

from tests.support.screens import press, screen
from tui.app.views import RowView
from tui.app.widgets.badge_list import BadgeList
from tui.app.widgets.columns import columns, cut, fit
from wallet.verify.report import Verdict


def a_row(number: int, name: str = "") -> RowView:
    return RowView(f"{number:064x}", name or f"Badge {number}", "Rowan College", "2026-01-01", "", Verdict.VALID, False)


class Asked:
    """Pages of a long wallet, and which were asked for."""

    def __init__(self, rows: Sequence[RowView]) -> None:
        self.rows = rows
        self.calls: list[tuple[int, int]] = []

    def __call__(self, offset: int, limit: int) -> Sequence[RowView]:
        self.calls.append((offset, limit))
        return self.rows[offset : offset + limit]


class ListApp(App[None]):
    def compose(self) -> ComposeResult:
        yield BadgeList()


async def test_ten_thousand_badges_cost_a_few_pages() -> None:
    pages = Asked([a_row(number) for number in range(10_000)])
    async with ListApp().run_test(size=(80, 24)) as pilot:
        badges = pilot.app.query_one(BadgeList)
        badges.focus()
        badges.show(10_000, pages)
        await press(pilot, "j", "j", "k")
        assert pages.calls == [(0, 100)]
        await press(pilot, "G")
        assert "Badge 9999" in screen(pilot)
        assert badges.current is not None
        assert badges.current.name == "Badge 9999"
        await press(pilot, "g")
        assert len(pages.calls) <= 3
        assert all(limit == 100 for _, limit in pages.calls)


async def test_the_cursor_stays_on_its_badge_when_the_list_is_sorted_anew() -> None:
    rows = [a_row(number) for number in range(1_000)]
    async with ListApp().run_test(size=(80, 24)) as pilot:
        badges = pilot.app.query_one(BadgeList)
        badges.focus()
        badges.show(1_000, Asked(rows))
        await press(pilot, *["pagedown"] * 3)
        before = badges.current
        pages = Asked([*rows[900:], *rows[:900]])
        badges.show(1_000, pages)
        await pilot.pause()
        assert badges.current == before
        assert before is not None
        assert before.name in screen(pilot)
        assert len(pages.calls) <= 7


async def test_the_cursor_stays_in_range_when_badges_go() -> None:
    rows = [a_row(number) for number in range(50)]
    async with ListApp().run_test(size=(80, 24)) as pilot:
        badges = pilot.app.query_one(BadgeList)
        badges.focus()
        badges.show(50, Asked(rows))
        await press(pilot, "G")
        badges.show(3, Asked(rows[:3]))
        await pilot.pause()
        assert badges.current == rows[2]
        badges.show(0, Asked([]))
        await press(pilot, "j", "G", "space", "enter", "A")
        assert badges.current is None


async def test_a_click_moves_the_cursor_and_a_second_one_opens() -> None:
    opened: list[str] = []

    class Listening(ListApp):
        def on_badge_list_opened(self, event: BadgeList.Opened) -> None:
            opened.append(event.row.name)

    async with Listening().run_test(size=(80, 24)) as pilot:
        badges = pilot.app.query_one(BadgeList)
        badges.show(50, Asked([a_row(number) for number in range(50)]))
        await pilot.click(BadgeList, offset=(5, 3))
        assert badges.current is not None
        assert badges.current.name == "Badge 3"
        await pilot.click(BadgeList, offset=(5, 4), times=2)
        assert opened == ["Badge 4"]


def test_columns_fill_the_width_and_leave_out_the_least_first() -> None:
    for width in range(20, 200):
        found = columns(width)
        assert 17 + found.name + found.issuer + found.issued + found.expires == width
    assert columns(50).issued == 0
    assert columns(60).issued > 0
    assert columns(60).issuer == 0
    assert columns(77).issuer > 0
    assert columns(100).expires > 0


def test_text_is_cut_by_cells_and_says_so() -> None:
    assert fit("abcdef", 5) == "abc… "
    assert fit("ab", 5) == "ab   "
    assert fit("漢字漢字", 6) == "漢字… "
    assert cut("漢字", 3) == "漢…"
    assert fit("x", 0) == ""
