"""The JSON of Badgr and Canvas comes in with all its traps."""

from __future__ import annotations

import json

import pytest

from tests.support.pathways import TODAY, badge
from wallet.errors import DefinitionError
from wallet.pathways import badgr, foreign
from wallet.pathways.drafting import Imported
from wallet.pathways.model import Need, Pathway
from wallet.pathways.progress import evaluate

BADGE = "https://badges.college.example/public/badges/"
Source = dict[str, object]


def part(name: str, *children: Source, badges: tuple[object, ...] = (), **more: object) -> Source:
    """An element as the source writes it: every block is there, used or not."""
    return {
        "entityId": f"el-{name}",
        "name": name.title(),
        "requiredForParentCompletion": True,
        "allowCompletionBadgeShortcut": True,
        "completionBadge": None,
        "shortcutBadges": [],
        "childElementRequirements": {"countRule": "all" if children else "atLeastN", "requiredCount": 0},
        "badgeRequirements": {
            "countRule": "all" if badges else "atLeastN",
            "requiredCount": 0,
            "requiredBadges": [{"badgeUrl": BADGE + one} if isinstance(one, str) else one for one in badges],
        },
        "nonChildElementRequirements": {"countRule": "all", "elementIds": []},
        "children": list(children),
        **more,
    }


def at_least(number: object, *badges: str) -> Source:
    return {
        "countRule": "atLeastN",
        "requiredCount": number,
        "requiredBadges": [{"badgeUrl": BADGE + b} for b in badges],
    }


def imported(source: object) -> Imported:
    (only,) = foreign.read(json.dumps(source).encode(), "canvas.json", today=TODAY)
    return only


def pathway(source: object) -> Pathway:
    return imported(source).pathway


def guesses(source: object) -> str:
    return "\n".join(imported(source).guesses)


TREE = part("nursing", part("first aid", badges=("aid",)), part("care", badges=("care-1", "care-2")))


def test_a_tree_becomes_groups_and_elements() -> None:
    found = pathway(TREE)
    assert (found.root, str(found.name)) == ("nursing", "Nursing")
    assert found.groups["nursing"].of == ("first-aid", "care")
    assert found.elements["first-aid"].match[0].achievement == BADGE + "aid"
    assert len(found.groups["care"].of) == 2
    assert all(not group.exclusive and not group.shortcut for group in found.groups.values())
    assert imported(TREE).source == "Badgr"


@pytest.mark.parametrize(
    "wrapped",
    [{"result": [TREE]}, {"data": {"pathway": {"rootElement": TREE}}}, [TREE], {"pathway": TREE}],
    ids=["result", "data", "list", "pathway"],
)
def test_the_wrapping_of_an_interface_is_taken_off(wrapped: object) -> None:
    assert pathway(wrapped).elements == pathway(TREE).elements


def test_a_name_on_the_wrapping_is_the_name_of_the_pathway() -> None:
    unnamed = {key: value for key, value in TREE.items() if key != "name"}
    assert (
        str(pathway({"pathway": {"name": "Care", "id": "https://college.example/p", "tree": unnamed}}).name) == "Care"
    )
    assert str(pathway({"pathway": {"name": "Care", "tree": TREE}}).name) == "Nursing"


def test_a_flat_list_of_elements_gives_the_same_tree() -> None:
    flat = {**part("nursing"), "children": ["el-a", "el-b", "el-gone"]}
    flat["elements"] = [part("a", badges=("a",)), part("b", badges=("b",))]
    found = pathway(flat)
    assert found.groups["nursing"].of[:2] == ("a", "b")
    assert len(found.groups["nursing"].of) == 3
    assert found.elements[found.groups["nursing"].of[2]].match[0].attested == "advisor"


def test_at_least_n() -> None:
    some = {**part("two", badges=("a",)), "badgeRequirements": at_least(2, "a", "b", "c")}
    assert pathway(part("root", some)).groups["two"].need == Need(children=2)
    children = part("root", *(part(n, badges=(n,)) for n in "abc"))
    children["childElementRequirements"] = {"countRule": "atLeastN", "requiredCount": 1}
    assert pathway(children).groups["root"].need == Need(children=1)


@pytest.mark.parametrize("number", [0, None, "2", 9, True])
def test_a_number_that_says_nothing_means_all_and_is_told(number: object) -> None:
    some = {**part("two", badges=("a",)), "badgeRequirements": at_least(number, "a", "b")}
    assert pathway(part("root", some)).groups["two"].need.all
    assert "all" in guesses(part("root", some))


def test_at_least_none_of_an_empty_list_means_nothing() -> None:
    assert "asks for 'atLeastN 0'" not in guesses(TREE)


def test_children_and_badges_are_both_needed() -> None:
    both = part("root", part("a", badges=("a",)), part("b", badges=("b",)), badges=("c", "d"))
    both["childElementRequirements"] = {"countRule": "atLeastN", "requiredCount": 1}
    both["badgeRequirements"] = at_least(1, "c", "d")
    found = pathway(both)
    assert found.groups["root"].need.all
    assert found.groups["root"].of == ("root-parts", "root-badges")
    assert found.groups["root-parts"].need == found.groups["root-badges"].need == Need(children=1)
    plain = part("root", part("a", badges=("a",)), badges=("c",))
    assert len(pathway(plain).groups["root"].of) == 2


def test_what_is_not_required_is_optional() -> None:
    free = part("b", badges=("b",), requiredForParentCompletion=False)
    assert pathway(part("root", part("a", badges=("a",)), free)).groups["root"].optional == ("b",)
    nothing = part("root", free)
    assert pathway(nothing).groups["root"].optional == ()
    assert "No child" in guesses(nothing)


def test_the_shortcut_flag_counts_only_beside_a_completion_badge() -> None:
    awarded = part("root", part("a", badges=("a",)), completionBadge={"badgeUrl": BADGE + "done"})
    group = pathway(awarded).groups["root"]
    assert (group.award[0].achievement, group.shortcut) == (BADGE + "done", True)
    assert not pathway({**awarded, "allowCompletionBadgeShortcut": False}).groups["root"].shortcut
    assert not pathway(TREE).groups["nursing"].shortcut


def test_shortcut_badges_are_more_awards_where_a_shortcut_is_allowed() -> None:
    source = part("root", part("a", badges=("a",)), completionBadge=BADGE + "done", shortcutBadges=[BADGE + "old"])
    assert [rule.achievement for rule in pathway(source).groups["root"].award] == [BADGE + "done", BADGE + "old"]
    closed = {**source, "allowCompletionBadgeShortcut": False}
    assert [rule.achievement for rule in pathway(closed).groups["root"].award] == [BADGE + "done"]
    assert "left out" in guesses(closed)


def test_an_element_with_nothing_but_its_own_badge_is_filled_by_it() -> None:
    source = part("root", part("a", completionBadge=BADGE + "a"), part("b"))
    found = pathway(source)
    assert found.elements["a"].match[0].achievement == BADGE + "a"
    assert found.elements["b"].match[0].attested == "advisor"


def test_a_single_badge_with_an_award_stays_a_group() -> None:
    found = pathway(part("root", part("a", badges=("a",), completionBadge=BADGE + "done")))
    assert found.groups["a"].award[0].achievement == BADGE + "done"
    assert pathway(part("root", badges=("a",))).groups["pathway"].of == ("root",)


def test_a_badge_is_a_text_or_an_object() -> None:
    entries = (BADGE + "text", {"badgeUrl": BADGE + "object"}, {"badge": {"id": BADGE + "inner", "name": "Inner"}})
    found = pathway({**part("root"), "badgeRequirements": {"countRule": "all", "requiredBadges": list(entries)}})
    assert [one.match[0].achievement for one in found.elements.values()] == [
        BADGE + n for n in ("text", "object", "inner")
    ]


@pytest.mark.parametrize("entry", [{"name": "Lost"}, {"badgeUrl": "not an address"}, 7, None])
def test_a_badge_without_an_address_is_never_met_by_accident(entry: object) -> None:
    source = {**part("root"), "badgeRequirements": {"countRule": "all", "requiredBadges": [BADGE + "a", entry]}}
    progress = evaluate(pathway(source), (badge("a", achievement_id=BADGE + "a"),), TODAY)
    assert (progress.accepted.filled, progress.accepted.required) == (1, 2)
    assert "no address" in guesses(source)


def test_an_old_address_is_told_and_two_addresses_of_one_badge_are_equal() -> None:
    old = "https://api.badgr.io/public/badges/abc"
    source = part(
        "root", part("a", badges=({"badgeUrl": old},)), part("b", badges=({"badgeUrl": old, "url": BADGE + "b"},))
    )
    assert "old address" in guesses(source)
    assert "[[equivalence]]" in guesses(source)
    assert set(pathway(source).equivalence[0].achievements) == {old, BADGE + "b"}


def test_what_another_element_has_to_come_before_is_advice() -> None:
    needs = {"countRule": "all", "elementIds": ["el-a", "el-gone"]}
    source = part("root", part("a", badges=("a",)), part("b", badges=("b",), nonChildElementRequirements=needs))
    assert pathway(source).elements["b"].requires == ("a",)
    assert "el-gone" in guesses(source)
    assert "blocks completion" not in guesses(source)
    source["children"][0]["requiredForParentCompletion"] = False
    assert "blocks completion" in guesses(source)


def test_alignments_become_competencies() -> None:
    aligned = {"alignmentUrl": "https://skills.example/1", "frameworkName": "Skills", "targetCode": "S-1"}
    competency = pathway(part("root", part("a", badges=("a",), **aligned))).elements["a"].competencies[0]
    assert (competency.target_framework, competency.target_code) == ("Skills", "S-1")
    assert "alignment" in guesses(part("root", part("a", badges=("a",)), **aligned))


def test_names_and_ids_may_be_missing() -> None:
    inner = part("a", badges=("a",))
    del inner["name"], inner["entityId"]
    source = {**part("root", inner, inner), "name": ""}
    found = pathway(source)
    assert str(found.name) == "Pathway"
    assert len(found.elements) == 2
    assert found.id.startswith("urn:sha256:")
    assert pathway({**TREE, "id": "https://college.example/p"}).id == "https://college.example/p"


def test_a_circle_through_requirements_is_cut() -> None:
    needs = {"elementIds": ["el-root"]}
    source = part("root", part("a", badges=("a",), nonChildElementRequirements=needs))
    assert pathway(source).elements["a"].requires == ()
    assert "circle" in guesses(source)


def test_a_flat_list_that_leads_in_a_circle_ends() -> None:
    flat = {
        **part("root"),
        "children": ["el-a"],
        "elements": [{**part("a", badges=("a",)), "children": ["el-root", "el-a"]}],
    }
    assert pathway(flat).groups
    assert "circle" in guesses(flat)


def test_an_element_that_stands_in_two_places_counts_in_the_first_and_is_told() -> None:
    again = part("a", badges=("a",))
    source = part("root", again, part("b", again, badges=("b",)))
    assert "two places" in guesses(source)
    assert len(pathway(source).groups["root"].of) == 2


def test_a_file_without_an_element_is_refused() -> None:
    with pytest.raises(DefinitionError, match="no pathway"):
        badgr.read(b'{"children": []}', "canvas.json", today=TODAY)
