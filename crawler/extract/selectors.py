"""CSS selectors answered from one pass over a tree, where libxml2 passes over it once for each.

A page is asked some fifty selectors, nearly all of them a tag, a class, an id, an attribute or a few of these
one inside the other. Those are answered from an index; what else CSS can say is left to lxml.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import cast

from lxml.cssselect import CSSSelector
from lxml.etree import XPath
from lxml.html import HtmlElement

_PART = re.compile(
    r"(?P<tag>[a-zA-Z][\w-]*|\*)?"
    r"(?P<rest>(?:\.[\w-]+|\#[\w-]+|\[[\w-]+(?:[~^$*|]?=(?:'[^'\]]*'|\"[^\"\]]*\"|[\w-]+))?\])*)"
)
_PIECE = re.compile(
    r"\.(?P<class>[\w-]+)|\#(?P<id>[\w-]+)"
    r"|\[(?P<name>[\w-]+)(?:(?P<op>[~^$*|]?=)(?:'(?P<one>[^']*)'|\"(?P<two>[^\"]*)\"|(?P<bare>[\w-]+)))?\]"
)
_COMBINATOR = re.compile(r"\s*>\s*|\s+")

Test = Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What one element has to be; ``child``: its parent, not any ancestor, has to match the part before."""

    tag: str | None
    classes: frozenset[str]
    ident: str | None
    attributes: tuple[tuple[str, Test | None], ...]
    child: bool
    keys: tuple[str, ...]
    """Under which the index has all that could match; none for attributes alone."""
    is_one_key: bool
    """What the index has under the key is what matches."""

    def matches(self, element: HtmlElement) -> bool:
        if self.tag is not None and element.tag != self.tag:
            return False
        if self.ident is not None and element.get("id") != self.ident:
            return False
        if self.classes and not self.classes.issubset((element.get("class") or "").split()):
            return False
        for name, test in self.attributes:
            value = element.get(name)
            if value is None or (test is not None and not test(value)):
                return False
        return True


@lru_cache(maxsize=1024)
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")


@lru_cache(maxsize=256)
def _holders(name: str) -> XPath:
    """Elements with an attribute, the root included."""
    return XPath(f"descendant-or-self::*[@{name}]")


def select(element: HtmlElement, selector: str) -> list[HtmlElement]:
    """Elements under ``element`` that match a CSS selector, in document order."""
    return cast("list[HtmlElement]", _compiled(selector)(element))


class Index:
    """The elements of a tree by class, id and tag, for as long as nothing in it changes."""

    def __init__(self, tree: HtmlElement) -> None:
        self._tree = tree
        self._order: dict[HtmlElement, int] = {}
        self._keys: defaultdict[str, list[HtmlElement]] = defaultdict(list)
        self._found: dict[str, list[HtmlElement]] = {}
        self._are: dict[_Part, list[HtmlElement]] = {}
        order, keys = self._order, self._keys
        classed: defaultdict[str, list[HtmlElement]] = defaultdict(list)
        for at, element in enumerate(tree.iter("*")):
            order[element] = at
            keys[element.tag].append(element)
            if (names := element.get("class")) is not None:
                classed[names].append(element)
            if (ident := element.get("id")) is not None:
                keys[f"#{ident}"].append(element)
        self._valued = {"class": classed}
        self._file_by_class()

    def _file_by_class(self) -> None:
        """Under each class: most elements of a page share a few values of the attribute."""
        several: defaultdict[str, list[list[HtmlElement]]] = defaultdict(list)
        for value, elements in self._valued["class"].items():
            for name in set(value.split()):
                several[f".{name}"].append(elements)
        self._keys.update((key, self._in_order(found)) for key, found in several.items())

    def _in_order(self, found: Sequence[list[HtmlElement]]) -> list[HtmlElement]:
        """Lists of elements that share none, as one."""
        if len(found) < 2:
            return found[0] if found else []
        return sorted(chain.from_iterable(found), key=self._order.__getitem__)

    def select(self, selector: str) -> list[HtmlElement]:
        """Elements of the tree, its root included, that match, in document order."""
        found = self._found.get(selector)
        if found is None:
            found = self._found[selector] = self._select(selector)
        return found

    def _select(self, selector: str) -> list[HtmlElement]:
        alternatives = _parsed(selector)
        if alternatives is None:
            return select(self._tree, selector)
        matched = [found for parts in alternatives if (found := self._matches(parts))]
        if len(matched) < 2:
            return matched[0] if matched else []
        return sorted(set().union(*matched), key=self._order.__getitem__)

    def _matches(self, parts: tuple[_Part, ...]) -> list[HtmlElement]:
        last = parts[-1]
        if len(parts) == 1:
            return self._that_are(last)
        around = self._matches(parts[:-1])  # rarer than what stands in it: a class, and links
        found = self._that_are(last) if around else []
        if last.child:
            parents = set(around)
            return [e for e in found if e.getparent() in parents]
        return self._inside(around, found)

    def _inside(self, around: list[HtmlElement], found: list[HtmlElement]) -> list[HtmlElement]:
        """Those of the found that stand in one of the elements around: in a row, in the order of the page."""
        places = [self._order[e] for e in found]
        inside: list[HtmlElement] = []
        at = 0
        for element in around:
            at = bisect_right(places, self._order[element], at)
            end = bisect_left(places, self._end(element), at)
            inside += found[at:end]
            at = end
        return inside

    def _end(self, element: HtmlElement | None) -> int:
        """The place of what comes behind an element and all that is in it."""
        while element is not None and element is not self._tree:
            following = (self._order.get(e) for e in element.itersiblings())
            if (place := next((p for p in following if p is not None), None)) is not None:
                return place
            element = element.getparent()
        return len(self._order)

    def _that_are(self, part: _Part) -> list[HtmlElement]:
        """Looked for once: links are asked for in a dozen places."""
        found = self._are.get(part)
        if found is None:
            found = self._are[part] = self._look_for(part)
        return found

    def _look_for(self, part: _Part) -> list[HtmlElement]:
        if part.keys:
            found = self._candidates(part.keys)
            return found if part.is_one_key else [e for e in found if part.matches(e)]
        if not part.attributes:
            return list(self._order)
        (name, test), *more = part.attributes
        found = self._having(name, test)
        return [e for e in found if part.matches(e)] if more else found

    def _candidates(self, keys: tuple[str, ...]) -> list[HtmlElement]:
        found = self._keys.get(keys[0], [])
        for key in keys[1:]:
            found = min(found, self._keys.get(key, []), key=len)
        return found

    def _having(self, name: str, test: Test | None) -> list[HtmlElement]:
        """Elements with an attribute whose value passes: each value is looked at once."""
        valued = self._valued.get(name)
        if valued is None:
            valued = self._valued[name] = defaultdict(list)
            for element in cast("list[HtmlElement]", _holders(name)(self._tree)):
                if element in self._order:
                    valued[element.get(name, "")].append(element)
        return self._in_order([found for value, found in valued.items() if test is None or test(value)])


@lru_cache(maxsize=1024)
def _parsed(selector: str) -> tuple[tuple[_Part, ...], ...] | None:
    """The alternatives of a selector; None where it says more than tags, classes, ids and attributes."""
    found = tuple(_parts(one.strip()) for one in selector.split(","))
    return None if None in found else cast("tuple[tuple[_Part, ...], ...]", found)


def _parts(selector: str) -> tuple[_Part, ...] | None:
    parts: list[_Part] = []
    at, child = 0, False
    while at < len(selector):
        match = _PART.match(selector, at)
        if match is None or not match.group():
            return None
        parts.append(_part(match, child=child))
        at = match.end()
        if at == len(selector):
            return tuple(parts)
        joint = _COMBINATOR.match(selector, at)
        if joint is None:
            return None
        child, at = ">" in joint.group(), joint.end()
    return None


def _part(match: re.Match[str], *, child: bool) -> _Part:
    pieces = list(_PIECE.finditer(match["rest"]))
    tag = None if match["tag"] in (None, "*") else match["tag"].lower()
    classes = frozenset(p["class"] for p in pieces if p["class"])
    ident = next((p["id"] for p in pieces if p["id"]), None)
    attributes = tuple((p["name"].lower(), _test(p)) for p in pieces if p["name"])
    keys = (*([f"#{ident}"] if ident else []), *(f".{n}" for n in classes), *([tag] if tag else []))
    return _Part(
        tag=tag,
        classes=classes,
        ident=ident,
        attributes=attributes,
        child=child,
        keys=keys,
        is_one_key=len(keys) == 1 and not attributes,
    )


def _test(piece: re.Match[str]) -> Test | None:
    wanted = next((said for key in ("one", "two", "bare") if (said := piece[key]) is not None), "")
    return None if piece["op"] is None else _TESTS[piece["op"]](wanted)


_TESTS: Mapping[str, Callable[[str], Test]] = {
    "=": lambda wanted: lambda value: value == wanted,
    "~=": lambda wanted: lambda value: wanted in value.split(),
    "^=": lambda wanted: lambda value: bool(wanted) and value.startswith(wanted),
    "$=": lambda wanted: lambda value: bool(wanted) and value.endswith(wanted),
    "*=": lambda wanted: lambda value: bool(wanted) and wanted in value,
    "|=": lambda wanted: lambda value: value == wanted or value.startswith(f"{wanted}-"),
}
