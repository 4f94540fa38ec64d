"""Pages of an unknown site whose text is missing: what is left are a standfirst, captions, other stories.

Nothing of that says so itself. What does: the page tells machines in a sentence what its article is about,
and prints nothing of it; or all that it prints stands in what is named a standfirst.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from html import unescape
from itertools import islice

from lxml.html import HtmlElement

from crawler.extract.blocks import clean, walk
from crawler.extract.document import Document
from crawler.extract.headline_words import marks, share_within
from crawler.extract.linked import kinds_of
from crawler.extract.title import cleaned_title
from crawler.letters import letters

_SHORT = 1500
"""Characters of a text that may be what is left (our choice): longer remains are other stories alone."""
_ABOUT = 8
"""Marks of a description from which it says what an article tells, half of them beyond the headline's."""
_SHARED = 0.25
"""Share of a description's marks from which a text is what it describes: whole ones had 0.3 and more."""
_FEW, _HARDLY = 4, 0.15
"""Marks of a headline from which a text has more than that share of them (our choice)."""
_HALF = 0.5
"""The same of a text with hardly a sentence."""
_SAYING = 0.4
"""Share of a text's letters in sentences below which it has hardly any."""
_BEGINNING = 25
"""Letters of a description by which it is found on the page."""
_SENTENCE = 25
"""Characters of a line from which it may be one."""
_STANDFIRST = 350
"""Characters of all lines of a standfirst; of longer ones the name is that of a text (an editor's lede)."""
_ENDS = re.compile(r"[.!?。…][\"'”’」』)\]]*\Z")
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:chapo|chapeau|dec?k|dek|stand-?first|synopsis|detail-?summary|subtitulo|entradilla"
    r"|sub-?head(?:line|ing)?|excerpt|intro|preamble|story-lead(?:-text)?"
    r"|(?:article|story|post|news|page)[-_]*(?:abstract|desc(?:ription)?|summary|head(?:er|ing|line)?))(?:$|[\s_-])",
    re.IGNORECASE,
)
"""What a standfirst, or the head around it is named, in a dozen houses' templates (2023)."""
_HEADS = frozenset({"header", "hgroup"})
_LEVELS = 4
"""Elements around a line among which its head stands (our choice)."""
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "figcaption"})
DESCRIBES = ("og:description", "description", "twitter:description")
_FILMED = re.compile(
    r"/(?:videos?|photos?|galler(?:y|ies)|vod|clips?|podcasts?|cartoons?|tv|pictures?)(?=[/_-])",
    re.IGNORECASE,
)
_FILMS = frozenset({"VideoObject", "ImageGallery", "ImageObject", "AudioObject", "PodcastEpisode"})


def is_missing(document: Document, lines: Sequence[str]) -> bool:
    """Whether ``lines``, all that a page tells, are too few and other than what it says of its article.

    False for a film's or a picture's own page, which may say what it shows to machines alone.
    """
    if _is_film(document):
        return False
    if sum(map(len, lines)) >= _SHORT:
        return _is_elsewhere(document, lines)
    text = _without_standfirst(document, lines)
    if len(text) < len(lines) and len(marks(" ".join(filter(_says, text)))) < _ABOUT:
        return True
    if _is_roll(document, lines):
        return False
    head, said = _headline(document), marks(" ".join(lines))
    told = _descriptions(document)
    described = _described(told, head)
    about = marks(described)
    if len(about) < _ABOUT:
        return bool(told and lines) and _is_strange(head, marks(told[0]), said)
    share = _share(about, said)
    has_sentences = sum(len(t) for t in lines if _says(t)) >= _SAYING * sum(map(len, lines)) > 0
    if share >= _HALF or (share >= _SHARED and has_sentences):
        return False
    if _share(head, said) >= _HALF and has_sentences:
        return False
    if not _is_printed(document, described):
        return True
    return bool(lines) and share < _SHARED and _share(head, said) < _SHARED


def _is_elsewhere(document: Document, lines: Sequence[str]) -> bool:
    """Whether a long text has hardly a mark of its headline, nor of what the page tells of its article:
    other stories. Of 1,346 articles of five sets one has so little of its headline (2026-11-28)."""
    text, head = " ".join(lines).lower(), _headline(document)
    if len(head) < _FEW or share_within(head, text) >= _HARDLY:
        return False
    about = marks(_described(_descriptions(document), head))
    return len(about) >= _ABOUT and share_within(about, text) < _SHARED


def _is_roll(document: Document, lines: Sequence[str]) -> bool:
    """Names and offices under a headline that says of what kind: such a text has no sentence, and no other
    description than the site's."""
    title = cleaned_title(document)
    return title is not None and _ROLL.match(title.value) is not None and any(map(_ENTRY.search, lines))


_ROLL = re.compile(
    r"\W*(?:인사|부고|부음|승진|전보|임명|발령|결혼|화촉|궂긴\s?소식|동정|모임|본사\s?손님)(?![가-힣])"
)
"""How papers head their rolls of people (our list)."""
_ENTRY = re.compile(r"[◇◆△▲▷▶□■○●※☎]|\S\s?[=＝]\s?\S")


def _described(told: Sequence[str], head: Set[str]) -> str:
    """The longest description that is the article's; empty where none is."""
    return next((text for text in told if _is_about(marks(text), head)), "")


def _is_about(told: Set[str], head: Set[str]) -> bool:
    """Whether a description is the article's: a site's own may have its region's name from the headline."""
    return len(head & told) > 1 and _share(head, told) >= _HARDLY and len(told - head) >= _ABOUT // 2


def _is_strange(head: Set[str], about: Set[str], said: Set[str]) -> bool:
    """Hardly a mark of the headline, nor of a description that may be the site's own."""
    if len(head) < _FEW or len(about - head) < _ABOUT:
        return False
    return _share(head, said) < _HARDLY and _share(about, said) < _SHARED


def _share(about: Set[str], said: Set[str]) -> float:
    return len(about & said) / (len(about) or 1)


def _headline(document: Document) -> set[str]:
    title = cleaned_title(document)
    return marks(title.value) if title is not None else set()


def _without_standfirst(document: Document, lines: Sequence[str]) -> list[str]:
    """The lines without those of a heading or a standfirst; all of them where these say nothing."""
    told = set(lines)
    above = {
        b.text for b in walk(document.tree) if b.text in told and b.place is not None and is_above(b.place)
    }
    if sum(map(len, above)) > _STANDFIRST or not any(map(_says, above)):
        return list(lines)
    return [t for t in lines if t not in above]


def is_above(place: HtmlElement) -> bool:
    """Whether a line stands in a heading, in the head of a page, or in what is named a standfirst."""
    near = [place, *islice(place.iterancestors(), _LEVELS)]
    if any(e.tag in _HEADS for e in near) or any(e.tag in _HEADINGS for e in near[:2]):
        return True
    return any(_NAMED.search(f"{e.get('class') or ''} {e.get('id') or ''}") for e in near[:3])


def _says(line: str) -> bool:
    return len(line) >= _SENTENCE and _ENDS.search(line) is not None


def _descriptions(document: Document) -> list[str]:
    """What the page tells machines of its article, or of its site (:func:`_is_about`), the longest first."""
    told = [v for name in DESCRIBES for v in document.metas.get(name, [])]
    told += [v for v in [document.news_data.get("description")] if isinstance(v, str)]
    said = dict.fromkeys(clean(unescape(v)) for v in told)  # of two that are as long the first, always
    return sorted(said, key=len, reverse=True)


def _is_printed(document: Document, description: str) -> bool:
    beginning = letters(description)[:_BEGINNING]
    return beginning in letters("".join(b.text for b in walk(document.tree)))


def _is_film(document: Document) -> bool:
    """The page says that it is a film's, a picture's or a broadcast's."""
    kind = document.meta("og:type")
    if kind is not None and kind.value.lower().startswith(("video", "music")):
        return True
    kinds = {kind for item in document.linked_data for kind in kinds_of(item)}
    is_only = not document.news_data and not _FILMS.isdisjoint(kinds)
    return is_only or _FILMED.search(document.url) is not None
