"""A container -> paragraphs. trafilatura judges what is article; the plain walk makes sure nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction

from crawler.extract.blocks import Block, walk
from crawler.extract.images import Absolute, collect_images, is_picture_table
from crawler.extract.prune import EVERYWHERE, Prune, drop, prune
from storage.records import RawImage, Removal

_LINK_SHARE = 0.85
"""Share of linked characters from which a block is a link and nothing else."""
_SPACES = re.compile(r"\s+")
_RELATED = re.compile(
    r"^[\[<【◆■▶\s]*(?:관련\s?(?:기사|뉴스|글|영상)|(?:이\s?시각|주요|추천|핫|인기|많이\s?본|함께\s?볼\s?만한)\s?(?:주요\s?)?(?:뉴스|기사)(?:\s?보기)?|기자의\s?다른\s?기사)[\]>】:\s]*$"
)
"""A line that only announces a list of other articles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """``rule`` says how many of the walk's blocks trafilatura had dropped and were put back."""

    paragraphs: tuple[str, ...]
    removed: tuple[Removal, ...] = ()
    images: tuple[RawImage, ...] = ()
    rule: str = ""


def read_body(
    container: HtmlElement,
    rules: Sequence[Prune],
    absolute: Absolute,
    trim: Callable[[HtmlElement], list[Removal]] | None = None,
) -> Body:
    """Paragraphs, pictures and removals of one container. The container itself is not changed.

    ``rules`` are the page class's own prunes and run before the common ones; ``trim`` may take out more.
    """
    work = deepcopy(container)
    work.tail = None
    images = collect_images(work, absolute)
    removed = prune(work, rules)
    removed += _prune_picture_tables(work)
    removed += prune(work, EVERYWHERE)
    removed += trim(work) if trim else []
    blocks = walk(work)
    seen = main_text(work)
    kept, dropped, restored = _judge(blocks, seen)
    rule = "trafilatura" if not restored else f"trafilatura, {restored} blocks put back by the walk"
    return Body(
        paragraphs=tuple(b.text for b in kept), removed=(*removed, *dropped), images=images, rule=rule
    )


def main_text(container: HtmlElement) -> str:
    """What trafilatura takes for the article within ``container``; empty when it finds none.

    ``div`` paragraphs are made ``p`` first: beside ``p`` ones trafilatura drops them without a word
    (stack.md, 17 of 143 pages). Its ``deduplicate`` stays off: it is global and not deterministic.
    """
    copy = deepcopy(container)
    for element in copy.iter("div"):
        if element.get("dmcf-ptype") or not _has_blocks(element):
            element.tag = "p"
    page = etree.Element("html")
    body = etree.SubElement(page, "body")
    article = etree.SubElement(body, "article")
    article.append(copy)
    tree = etree.tostring(page, encoding="unicode", method="html")
    found = bare_extraction(tree, fast=True, include_comments=False, include_tables=True, favor_recall=True)
    return (getattr(found, "text", None) or "") if found is not None else ""


def _has_blocks(element: HtmlElement) -> bool:
    return any(
        c.tag in {"div", "p", "ul", "ol", "table", "blockquote", "section", "h2", "h3", "h4"} for c in element
    )


def _prune_picture_tables(work: HtmlElement) -> list[Removal]:
    tables = [t for t in work.iter("table") if t is not work and is_picture_table(t)]
    return [r for t in tables for r in drop(t, "caption")]


def _judge(blocks: list[Block], seen: str) -> tuple[list[Block], list[Removal], int]:
    """Keep every block, but for runs of bare links that trafilatura left out too."""
    text = _SPACES.sub("", seen)
    known = [
        _SPACES.sub("", b.text).replace("|", "") in text or _SPACES.sub("", b.text) in text for b in blocks
    ]
    drop_at = _link_runs(blocks, known)
    kept = [b for i, b in enumerate(blocks) if i not in drop_at]
    dropped = [Removal(rule="related links", text=blocks[i].text) for i in sorted(drop_at)]
    restored = sum(1 for i, k in enumerate(known) if not k and i not in drop_at)
    return kept, dropped, restored


def _link_runs(blocks: list[Block], known: list[bool]) -> set[int]:
    bare = [b.link_share >= _LINK_SHARE for b in blocks]
    drop_at: set[int] = set()
    for i, block in enumerate(blocks):
        if _RELATED.match(block.text) and (i + 1 == len(blocks) or bare[i + 1]):
            drop_at.add(i)
        elif bare[i] and ((i - 1) in drop_at or (not known[i] and _beside_bare(bare, i))):
            drop_at.add(i)
    return drop_at


def _beside_bare(bare: list[bool], i: int) -> bool:
    return (i > 0 and bare[i - 1]) or (i + 1 < len(bare) and bare[i + 1])
