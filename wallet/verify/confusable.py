"""Whether two names or two hosts look alike to a reader though they are not the same (security.md T21).

A small table of letters that are drawn like others, not a copy of Unicode's: enough for the scripts in which a forger writes a
college's name. Pure; what follows from a likeness is for others to say.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Letters of other scripts, and digits, that are drawn like these Latin letters.
_DRAWN_LIKE = {
    "a": "аɑαạ@4",
    "b": "ЬьƄβ",
    "c": "сϲⅽ",
    "d": "ԁⅾ",
    "e": "еєҽε3",
    "g": "ɡց9",
    "h": "һհ",
    "i": "іιıɩ1l|!ⅰӏ",
    "j": "јϳ",
    "k": "кκ",
    "m": "мⅿ",
    "n": "пոη",
    "o": "оοσօ0ӧ",
    "p": "рρ",
    "q": "ԛգ",
    "r": "г",
    "s": "ѕƽ5$",
    "t": "тτ7",
    "u": "υսц",
    "v": "νѵⅴ",
    "w": "ωшѡԝ",
    "x": "хχⅹ",
    "y": "уүγ",
    "z": "ᴢ2",
}
_TABLE = str.maketrans({odd: letter for letter, alike in _DRAWN_LIKE.items() for odd in alike})
# In shorter names one letter makes another word more often than a slip.
_LONG = 6
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("ci", "d"))


@lru_cache(maxsize=4_096)
def skeleton(text: str) -> str:
    """What is left of a text for a hurried reader: equal skeletons look alike."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in plain.translate(_TABLE) if unicodedata.category(c)[0] in "LN")
    bare = unicodedata.normalize("NFKD", bare.casefold()).translate(_TABLE)
    for pair, letter in _PAIRS:
        bare = bare.replace(pair, letter)
    return bare


@lru_cache(maxsize=4_096)
def host_skeleton(host: str) -> str:
    """The skeleton of a host as a browser would show it: names in other scripts come as `xn--` and are read back."""
    return skeleton(_shown(host))


def _shown(host: str) -> str:
    if "xn--" not in host:
        return host
    # Only names in other scripts pay for this import.
    import idna

    try:
        return idna.decode(host)
    except (idna.IDNAError, UnicodeError):
        return host


def same_name(one: str, other: str) -> bool:
    """Whether two issuers' names are the same to a reader. Names without letters are nobody's."""
    return bool(skeleton(one)) and skeleton(one) == skeleton(other)


def alike_hosts(one: str, known: str) -> bool:
    """Whether `one` could be taken for the host `known`: drawn alike, one letter off, or `known` put before another host."""
    if one == known:
        return False
    if one.startswith(f"{known}."):
        return True
    if host_skeleton(one) == host_skeleton(known):
        return True
    labels = zip(one.split("."), known.split("."), strict=False)
    odd = [(host_skeleton(first), host_skeleton(second)) for first, second in labels if first != second]
    return one.count(".") == known.count(".") and len(odd) == 1 and len(odd[0][1]) >= _LONG and _one_step(*odd[0])


def _one_step(one: str, other: str) -> bool:
    """Whether one letter was added, dropped, changed, or swapped with the next."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    first, second = one[start:], other[start:]
    return (
        first[1:] == second[1:]
        or first[1:] == second
        or first == second[1:]
        or (first[:2] == second[:2][::-1] and first[2:] == second[2:])
    )
