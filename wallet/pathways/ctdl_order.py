"""What CTDL says about order: `precededBy`, `precedes`, and `preceeds`, as a published schema spells it.

Where it puts all children of a group into one line it is the order of that group, else it is advice between two parts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wallet.model import Json
from wallet.pathways.ctdl_graph import Graph
from wallet.pathways.drafting import Draft, strings


def apply_order(graph: Graph, draft: Draft, ids: Mapping[str, str], *, own: bool) -> None:
    """Put it into the draft. `ids`: from components to groups and elements; `own`: the file came from badgefolio."""
    before = {} if own else _before(graph, ids)
    used: set[tuple[str, str]] = set()
    for key, group in draft.groups.items():
        if group.get("ordered") == "no":
            del group["ordered"]
        of = strings(group["of"])
        chain = _chain(of, before) if len(of) > 1 else None
        if chain is not None:
            group.update(of=chain, ordered="advice")
            draft.guess(f"The parts of '{key}' follow one another; that order is advice.")
            used.update(zip(chain[1:], chain, strict=False))
    for name, firsts in before.items():
        table = draft.groups.get(name) or draft.elements.get(name)
        fresh = [one for one in firsts if one and one != name and (name, one) not in used]
        if table is not None and fresh:
            table["requires"] = list(dict.fromkeys([*strings(table.get("requires")), *fresh]))
            draft.guess(f"'{name}' comes after {', '.join(map(repr, fresh))}; taken as advice.")


def _before(graph: Graph, ids: Mapping[str, str]) -> dict[str, dict[str, None]]:
    """What comes directly before each part."""
    found: dict[str, dict[str, None]] = {}

    def known(value: Json) -> str:
        node = graph.get(value)
        return ids.get(node.id if node is not None else graph.reference(value) or "", "")

    for node in graph.nodes.values():
        mine = ids.get(node.id)
        if mine is None:
            continue
        for value in node.all("precededBy"):
            found.setdefault(mine, {})[known(value)] = None
        for value in node.all("precedes", "preceeds"):
            found.setdefault(known(value), {})[mine] = None
    return found


def _chain(of: Sequence[str], before: Mapping[str, Mapping[str, None]]) -> list[str] | None:
    """The children in their order, if each but one follows exactly one other."""
    inside = set(of)
    after: dict[str, str] = {}
    for name in of:
        firsts = [one for one in before.get(name, ()) if one in inside]
        if len(firsts) > 1 or (firsts and firsts[0] in after):
            return None
        for first in firsts:
            after[first] = name
    starts = inside - set(after.values())
    if len(starts) != 1:
        return None
    chain = [starts.pop()]
    while chain[-1] in after:
        chain.append(after[chain[-1]])
    return chain if len(chain) == len(of) else None
