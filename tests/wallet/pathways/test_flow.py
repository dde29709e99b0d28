"""The network that places badges: it moves earlier badges where that helps and takes nothing back."""

from __future__ import annotations

from wallet.pathways.flow import SINK, Network


def test_an_earlier_badge_moves_aside_for_a_later_one() -> None:
    network = Network()
    flexible, fixed, first, second = (network.node() for _ in range(4))
    used = [network.edge(flexible, first, 1), network.edge(flexible, second, 1), network.edge(fixed, first, 1)]
    for place in (first, second):
        network.edge(place, SINK, 1)
    assert network.push(flexible)
    assert network.used(used[0]) == 1
    assert network.push(fixed)
    assert [network.used(edge) for edge in used] == [0, 1, 1]


def test_a_full_place_takes_no_more_until_it_is_widened() -> None:
    network = Network()
    first, second, place = (network.node() for _ in range(3))
    for badge in (first, second):
        network.edge(badge, place, 1)
    outlet = network.edge(place, SINK, 1)
    assert network.push(first)
    assert not network.push(second)
    network.widen(outlet, 1)
    assert network.push(second)
    assert network.used(outlet) == 2
