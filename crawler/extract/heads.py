"""Lines in a body's container of an unknown site that are none of its text: its head and captions."""

from __future__ import annotations

import re
from dataclasses import replace

from lxml.html import HtmlElement

from crawler.extract.blocks import clean
from crawler.extract.body import Body
from crawler.extract.follow import SENTENCE, is_signature
from crawler.extract.hidden import hides
from crawler.extract.nature import consent_line
from crawler.extract.prune import drop
from crawler.extract.selectors import Index
from crawler.extract.stamps import CLOCKED, labelled
from crawler.letters import letters
from storage.records import Removal
from storage.records.extraction import RawImage

_HEADLINE = 60
"""Characters of a line that may stand before a title at the top of a body; after a longer one it is a
subhead."""
_AROUND_CLOCK = 45
"""Characters beside the times in a line of the page's head: labels, a reporter."""
_LONGEST_CAPTION = 600
"""Characters; those of agencies tell the news again and have up to 400."""
_PARAGRAPH = 40
"""Characters of a sentence from which it is the article's and no label."""
_SILENT = frozenset({"script", "style", "noscript", "figcaption"})
_HEAD = 3
"""Lines at the top of a body that may be its head."""
CONSENT = "consent"
"""The rule of a paragraph by which a site asks for its cookies."""
SUBTITLES = (
    ".mid_title, .midtitle_text, .subtitle, .sub-title, .sub_title, .sub-tit, .sub_tit, [class^=sub-tit]"
    ", [class^=sub_tit], .tit_sub, .article_subtitle, .summary_view, .article-summary, .news_subtitle"
    ", .summury, .dek, .standfirst"
)
ABOVE_SUBTITLES = (
    ".subheading, .articleSubTitle, .article-subtitle, .subhead, .sub-head, .sub_head, .sub-headline"
    ", .sub_headline, .art_subtit, .news_subtit, .article_sub, .subtit, .sub_subject, .view_subtitle, .deck"
)
"""Names of subtitles over a body; within one they are subheads."""
_CREDITED = re.compile(
    r"^[▲△◀▶]\s?.*(?:사진|제공|촬영|[ⓒ©⊙]\s?|뉴시스|뉴스1|연합뉴스)\S*(?:\s?(?:제공|DB|자료))?[.)\]]*$"
)
"""A caption printed as a line of the body: a triangle before, a credit behind."""
_AGENCYS = re.compile(r"재판매\s?및\s?DB\s?금지[\s.)\]*]*$")
"""What agencies end the line under a picture with, and no text."""
_LABELLED = re.compile(r"[\s/.\])]사진\s?=\s?[ⓒ©]?\s?\S[^.=]{0,40}$|^사진\s?=\s?\S[^.=]{0,40}$")
"""The same without a triangle: the label 사진= with a name ends the line."""


def leading_subtitle(container: HtmlElement) -> list[Removal]:
    """A subtitle that stands in the container before any paragraph; inside the text it is a subhead."""
    for element in [e for e in Index(container).select(SUBTITLES) if e is not container][:1]:
        before = "".join(t for t in _texts_before(container, element))
        if len(clean(before)) < 2 * len(clean(element.text_content())):
            return drop(element, "subtitle")
    return []


def _texts_before(container: HtmlElement, element: HtmlElement) -> list[str]:
    texts: list[str] = []
    for other in container.iter():
        if other is element:
            break
        if other.tag not in {"script", "style"} and isinstance(other.tag, str):
            texts.append(other.text or "")
    return texts


def follows_text(element: HtmlElement) -> bool:
    """True where a sentence of the text stands beside the element and before it: it is a subhead then."""
    beside = [e for e in element.itersiblings(preceding=True) if e.tag in ("p", "div", "br")]
    said = (clean((e.tail if e.tag == "br" else e.text_content()) or "") for e in beside if not hides(e))
    return any(SENTENCE.search(text) for text in said)


def stands_over(element: HtmlElement, place: HtmlElement, container: HtmlElement) -> bool:
    """True where ``element``, somewhere in ``place``, stands before the text of ``container``: what is called
    a subtitle heads a box as well (How was this article?)."""
    around = {element, *element.iterancestors()}
    is_inside, in_text = container in around, container is place
    for other in place.iter():
        if other is element:
            return True
        if other is container:
            if not is_inside:
                return False
            in_text = True
        said = (None if other.tag in _SILENT else other.text, None if other in around else other.tail)
        if in_text and any(map(_tells, said)):
            return False
    return False


def _tells(text: str | None) -> bool:
    """A sentence as long as a paragraph's."""
    return text is not None and len(text) >= _PARAGRAPH and SENTENCE.search(clean(text)) is not None


def without_lines(body: Body, head: set[str], headline: str | None = None) -> Body:
    """The body without the page's head at its top (title, subtitle, time) and without captions set as
    lines.

    Args:
        head: lines of it; a line is one of them by its letters, whatever signs it sets or hides (``: `` for
            a screen reader, taz.de).
        headline: what stands above it is none of the text (a section).
    """
    headlike = {told for line in head if (told := letters(line))}
    removed = list(body.removed)
    kept: list[str] = []
    captions: list[str] = []
    has_begun = False
    for text in body.paragraphs:
        if not has_begun and letters(text) in headlike:
            above = kept if text == headline else []
            removed += [Removal(rule="title line", text=line) for line in (*above, text)]
            above.clear()
        elif len(kept) < _HEAD and _is_clock(text):
            removed.append(Removal(rule="header line", text=text))
        elif consent_line(text):
            removed.append(Removal(rule=CONSENT, text=text))
        elif _is_caption(text):
            removed.append(Removal(rule="caption", text=text))
            captions.append(text)
        else:
            kept.append(text)
            has_begun = has_begun or len(text) > _HEADLINE or SENTENCE.search(text) is not None
    images = _captioned(body.images, captions)
    return replace(body, paragraphs=tuple(kept), removed=tuple(removed), images=images)


def _is_caption(text: str) -> bool:
    if len(text) > 200:
        return len(text) <= _LONGEST_CAPTION and _AGENCYS.search(text) is not None
    if _CREDITED.search(text) or _AGENCYS.search(text):
        return True
    labelled = _LABELLED.search(text)  # 한도윤 기자 han@x.kr 사진=박솔 기자: who signed, and no caption
    return labelled is not None and not is_signature(text[: labelled.start()].strip(" ,/|·"))


def _is_clock(text: str) -> bool:
    """A time and a few words; with a label of the page's own a few more."""
    rest = CLOCKED.sub("", text)
    if rest == text:
        return False
    if SENTENCE.search(text):
        return labelled(text).published is not None and len(rest) <= _AROUND_CLOCK
    return len(rest) <= (2 * _AROUND_CLOCK if labelled(text).published else _AROUND_CLOCK)


def _captioned(images: tuple[RawImage, ...], captions: list[str]) -> tuple[RawImage, ...]:
    """Caption lines go to the pictures where it is beyond doubt: one line for each picture without one."""
    bare = [i for i in images if i.caption is None]
    if len(bare) != len(captions):
        return images
    lines = iter(captions)
    return tuple(i if i.caption is not None else replace(i, caption=next(lines)) for i in images)
