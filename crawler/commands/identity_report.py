"""In words: why two pages are one article or are not, and what changed on a page."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.deduplicate.link import compare, name_kinds
from crawler.deduplicate.match import decide
from crawler.deduplicate.texts import compare_texts
from crawler.deduplicate.word_diff import Change, word_diff
from storage.query.looks import TAKEN_DOWN, Looks
from storage.query.page_contents import PageContent, Shown, StoredLink
from storage.seoul import written

RULES = {
    "original_url": "one page names the other as its original",
    "alias": "both addresses lead to one page",
    "site_id": "the site gives both one number",
    "text": "publisher, time and text agree",
}
Line = tuple[str, object]
"""What is said, and its value."""


def newest_end(looks: Looks) -> str:
    """What became of an address when it was asked last."""
    if not looks.ended:
        return asked_next(looks) if looks.waits else "it was not asked for"
    newest = looks.ended[-1]
    return f"{newest.outcome} at {written(newest.at)} ({newest.reason}); {asked_next(looks)}"


def looks_in_words(looks: Looks, page: Shown | None) -> Iterator[Line]:
    """What is held of an address, and every end that it came to, the oldest first."""
    held = "not in the archive" if page is None else f"in the archive, as article {page.article_id}"
    yield "address", f"{looks.url}, {held}; {asked_next(looks)}"
    for look in looks.ended:
        yield written(look.at), f"{look.outcome} ({look.reason})"


def asked_next(looks: Looks) -> str:
    """Who asks for an address next, and from when on."""
    if any(look.outcome == TAKEN_DOWN for look in looks.ended):
        return "not asked again: taken down"
    if looks.waits:
        return f"the next crawl of {looks.source} asks for it"
    if looks.due_at is None:
        return "asked again only when a list or newsarchive fetch names it"
    return f"the first crawl of {looks.source} from {written(looks.due_at)} on asks for it"


def why(one: Shown, two: Shown, link: StoredLink | None) -> Iterator[Line]:
    """The stored evidence of two pages; for pages that nothing joins, the comparison made now."""
    if one.appearance_id == two.appearance_id:
        yield "verdict", "one page: both addresses lead to it"
        return
    if one.article_id == two.article_id:
        yield "verdict", f"one article, number {one.article_id}"
        for page in (one, two):
            yield "page", _place(page)
    elif link is not None:
        yield "verdict", f"two articles, {one.article_id} and {two.article_id}, linked as {link.kind}"
        if link.wire:
            yield "wire", link.wire
        yield "score", link.score
        yield from link.evidence.items()
    else:
        yield "verdict", f"two articles, {one.article_id} and {two.article_id}, not linked"
    yield from _compared(one, two)


def _place(page: Shown) -> str:
    if page.preferred:
        return f"{page.url} is the preferred page"
    if page.match_rule is None:
        return f"{page.url} belongs to it through a third page"
    said = RULES.get(page.match_rule, page.match_rule)
    return f"{page.url} by {page.match_rule}, score {page.match_score or 0:.4f}: {said}"


def _compared(one: Shown, two: Shown) -> Iterator[Line]:
    """What today's rules say of the two pages as they are now."""
    match = decide(one.record, [two.candidate]) or decide(two.record, [one.candidate])
    if match is not None:
        yield "as pages", f"one article by {match.rule}, score {match.score:.4f}"
    compared = compare_texts(one.record, two.candidate)
    if compared is None:
        yield "as texts", "not compared: publisher or time differ or are unknown, or there is no text"
    else:
        yield "as texts", compared.why
        yield from compared.measures.items()
    if one.article_id == two.article_id:
        return
    likeness = compare(one.side, two.side)
    if likeness is None:
        yield "as articles", "no near-duplicates"
        return
    pair = (min(one.article_id, two.article_id), max(one.article_id, two.article_id))
    kind = name_kinds([one.side, two.side], [pair])[pair]
    yield "as articles", f"{kind.kind.value}, score {likeness.score:.4f}"


def changed_parts(old: PageContent, new: PageContent) -> list[tuple[str, list[Change]]]:
    """The parts that differ between two contents of a page, each with its words compared."""
    parts = (
        ("headline", old.title, new.title),
        ("subtitle", old.subtitle, new.subtitle),
        ("body", old.body, new.body),
        ("byline", old.byline_line, new.byline_line),
        ("notice", old.notice, new.notice),
    )
    return [(name, word_diff(before or "", now or "")) for name, before, now in parts if before != now]


def is_quiet(old: PageContent, new: PageContent) -> bool:
    """The text changed, and the page gives the same time of modification as before."""
    return old.body != new.body and old.modified_at == new.modified_at
