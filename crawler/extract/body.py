"""A container -> paragraphs: trafilatura judges what is article, the plain walk sees that nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise

from lxml.etree import SubElement
from lxml.html import HtmlElement

from crawler.extract.blocks import Block, walk
from crawler.extract.boxes import player_lines, prune_boxes, prune_choices
from crawler.extract.copies import copied_lines
from crawler.extract.follow import SENTENCE, follow, is_signed, span
from crawler.extract.hidden import prune_hidden
from crawler.extract.images import Absolute, collect_images, is_picture_box, is_picture_table
from crawler.extract.inserted import prune_forms
from crawler.extract.prune import Prune, drop, everywhere, outermost, prune, prune_furniture, prune_posts
from crawler.extract.selectors import Index
from crawler.extract.stamps import STAMP
from crawler.extract.whole import Whole, read_whole
from crawler.letters import letters
from crawler.rare import Rare
from storage.records import Removal
from storage.records.extraction import RawImage

_LINK_SHARE = 0.85
"""Share of linked characters from which a block is a link and nothing else."""
_ALL_LINK = 0.97
"""The same for a single line at the end, where nothing beside it confirms the judgement."""
_MOSTLY_LINKS, _NOTHING_BUT_LINKS = 0.6, 0.9
"""Share of a body's letters in links from which a page that claims nothing, and one that says that it is an
article, is a list. Articles of the two public sets have up to 0.5."""
_FEW, _TEASED, _TEASER = 3, 0.6, 400
"""A page that claims nothing is a list with so many teasers that have so much of its prose; a teaser has at
most so many characters. The list pages in the shared pages have all of it, articles of the public sets up to
0.4."""
_MOST_ELEMENTS = 20_000
"""Elements of a container from which trafilatura is not asked: it needs seconds there, and the largest real
body in the shared pages has 230."""
_PLACEHOLDER = re.compile(
    r"^\$\$\w+\$\$$|^(?=\{\{|<%|\$\{)(?>(?:\{\{[^{}]{1,80}\}\}|<%[^%]{1,80}%>|\$\{[^{}]{1,80}\}|(?<!^)\W)+)$|^(?:가[\s+\-]*){2,5}(?:인쇄|프린트)?$|^[\[\-–\s]*(?:광고|AD|Advertisement|(?:이미지|사진)\s?(?:크게\s?보기|확대(?:\s?(?:보기|하기))?)|기사\s?공유하기)[\]\-–\s]*$"
    r"|^(?:(?:영상\s?)?재생\s?시간|읽는\s?데?\s?(?:걸리는\s?)?시간)\s?[:：]?\s?(?:약\s?)?(?:\d{1,2}:\d{2}|\d{1,3}\s?분(?:\s?\d{1,2}\s?초)?)$"
    r"|^(?:읽어주기|음성\s?듣기|본문\s?듣기|TTS)\s?(?:기능|서비스)[은는]\s[^.]{0,40}브라우저에서만[^.]{0,30}$"
    r"|^(?:읽어주기|음성\s?듣기)\s?(?:기능|서비스)[은는]\s[^.]{0,40}(?:니다\.?|기반의)$|^브라우저에서만\s사용하실\s수\s있습니다\.?$"
    r"|^(?=[^.]*(?:브라우저|자바\s?스크립트|플래시|Flash))(?=[^.]*(?:재생|동영상|비디오|오디오|플레이어|video|audio))"
    r"[^.]{10,60}(?:않습니다|하세요|해야\s합니다|바랍니다|(?:주|십)시오|주세요)\.?$"
    r"|^(?:(?:\d+ )?comments?|leave a (?:comment|reply)|share this(?: (?:article|story|post))?"
    r"|댓글(?:\s?\d+개?)?)[:.]?$"
    r"|^(?:(?:story|article|content) continues (?:below|after)"
    r"(?: (?:this )?(?:ad(?:vertisement)?|video|image))?|(?:about )?\d{1,3}[ -]min(?:ute)?s? (?:read|listen)"
    r"|(?:now )?loading(?:\.{2,3}|…)?|click here to (?:get|download|subscribe|sign up)"
    r"[^.]{1,40}\b(?:app|newsletters?|alerts?)"
    r"|your browser (?:does not|doesn(?:'|’)t) support [^.]{1,40}"
    r"|listen to (?:this|the) (?:article|story)(?:\s?[\d:]+(?:\s*/\s*[\d:]+)?(?: min(?:ute)?s?)?)?)\.?$"
    r"|^-?\d{1,2}:\d{2}(?::\d{2})?\s*[/|]\s*-?\d{1,2}:\d{2}(?::\d{2})?(?:\s*\d(?:\.\d+)?\s?(?:[xX]|배속?))?$"
    r"|^(?>(?:누적\s?)?(?:조회\s?수?|좋아요|싫어요|공유(?:하기)?|공감|추천(?:해요)?|응원|댓글|스크랩|구독자?|투표(?:\s?참여)?|참여"
    r"|읽음|views?|likes?|shares?|comments?|hits?|sad|angry|love|wow|haha)(?:\s?수)?\s*[:：]?\s*\d[\d,.]*\s?[만천kKmM]?\s?[회개명건번표]?[\s·|/,]*)+$",
    re.IGNORECASE,
)
"""Lines that a template left behind (``$$ARTICLEAD$$``, hankookilbo.com 2026-01), a control prints (``00:00 /
03:12``) or that count a page's readers: they are others at every look."""
_PAGER = re.compile(r"^(?:(?:이전|처음|다음|마지막|맨\s?앞|맨\s?뒤|[<>«»‹›◀▶|\[\]]|\d)\s*+){2,}$")
_SHARES = re.compile(
    r"^(?>(?:페이스북|트위터|엑스|카카오(?:톡|스토리)?|네이버(?:\s?블로그)?|밴드|라인|텔레그램|인스타그램|이메일|메일|Facebook|Twitter|X"
    r"|(?:URL|링크|주소)\s?복사|인쇄(?:하기)?|프린트|스크랩|공유(?:하기)?|글자\s?크기)[\s|·,]*){2,}$",
    re.IGNORECASE,
)
_ROW_LINKS = 0.3
"""Share of links in such a row: of an article's pages all but the shown one; a draw's numbers are none."""
_RELATED = re.compile(
    r"^[\[<【◆■▶☞\s]*(?:관련\s?(?:기사|뉴스|글|영상)"
    r"|(?:이\s?시각|주요|추천|핫|인기|많이\s?본|함께\s?볼\s?만한|이\s?기사와\s?관련된)\s?(?:주요\s?)?"
    r"(?:뉴스|기사|콘텐츠)(?:\s?보기)?"
    r"|이\s?기사도\s?(?:함께\s?|같이\s?)?보세요|(?:같이|함께)\s?(?:보면|읽으면)\s?좋은\s?(?:기사|뉴스|글)"
    r"|기자의\s?다른\s?기사|(?:당신이\s?)?관심\s?있을\s?만한\s?(?:이슈|기사|뉴스|콘텐츠)"
    r"|(?:related|more|latest|top|recent|popular|trending|recommended|most[ -](?:read|popular|viewed|shared))"
    r" (?:stories|articles|news|posts|headlines|topics|content|videos|reads)(?: [^.]{1,30})?"
    r"|(?:most[ -](?:read|popular|viewed)|trending(?: now)?|(?:you )?(?:may|might) also like"
    r"|lesen sie auch|auch interessant|mehr zum thema|das könnte sie (?:auch )?interessieren"
    r"|関連記事|おすすめ(?:情報|記事)"
    r"|more (?:from|on|in) [^.]{1,30}|read (?:more|next|also)|recommended for you|don(?:'|’)t miss|see also"
    r"|also read|editors?(?:'|’)? (?:picks?|choice))"
    r")[\]>】:\s]*$",
    re.IGNORECASE,
)
"""A line that only announces a list of other articles."""
_ONE_RELATED = re.compile(
    r"^[\[<【◆■▶☞\s]*(?:(?:관련\s?(?:기사|뉴스)|이\s?기사도\s?보세요)[\]>】:\s]"
    r"|(?:(?:also|must) read|read (?:more|also|next)|see also|related(?: (?:story|article))?|watch|more)"
    r"\s?[:：])",
    re.IGNORECASE,
)
_POINTED = Rare(r"[▶▷►☞👉]")
"""How a line begins that points to another article; the marks of a list in the text are no links."""
_TOLD = Rare(r"\A[^▶▷►☞■●◆※\[<].{28,}다\.\Z")
"""A linked paragraph: headlines are shorter, and end in no full stop."""
_RELATED_SHARE = 0.5
"""Share of a line in its link from which such a word before it announces that one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """How a text is mixed with links, in letters: what tells a list of stories from a story with links."""

    share: float = 0.0
    """Linked letters among all."""
    teasers: int = 0
    """Short texts right behind a link of their own: the heads of other stories ..."""
    teased: float = 0.0
    """... and their share of the letters that are no link."""

    def is_list(self, declared: bool) -> bool:
        """``declared``: the page says that it is an article; then only links and hardly anything else are a
        list."""
        if declared:
            return self.share >= _NOTHING_BUT_LINKS
        return self.share >= _MOSTLY_LINKS or (self.teasers >= _FEW and self.teased >= _TEASED)


def links_of(blocks: Sequence[Block], kept: Sequence[Block]) -> Links:
    """Measure the links of a body (``kept``) and of the lines among it that were left out (``blocks``)."""
    whole = sum(len(STAMP.sub("", b.text) if 0 < b.link_share < 1 else b.text) for b in kept)  # a list's days
    if not whole:
        return Links()
    mine = {id(b) for b in kept}
    prose = [len(b.text) for b in kept if b.link_share < _LINK_SHARE]
    teasers = [
        len(b.text)
        for before, b in pairwise(blocks)
        if before.link_share >= _LINK_SHARE
        and id(b) in mine
        and b.link_share < _LINK_SHARE
        and len(b.text) <= _TEASER
    ]
    return Links(
        share=sum(b.linked for b in kept) / whole,
        teasers=len(teasers),
        teased=sum(teasers) / sum(prose) if prose else 0.0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """``rule`` says how many of the walk's blocks trafilatura had dropped and were put back."""

    paragraphs: tuple[str, ...]
    removed: tuple[Removal, ...] = ()
    images: tuple[RawImage, ...] = ()
    rule: str = ""
    links: Links = Links()


def read_body(
    container: HtmlElement,
    rules: Sequence[Prune],
    absolute: Absolute,
    trim: Callable[[HtmlElement], list[Removal]] | None = None,
    whole: Whole | None = None,
    hidden: Sequence[HtmlElement] = (),
) -> Body:
    """Paragraphs, pictures and removals of one container. The container itself is not changed.

    ``trim`` runs first, then the pictures are read, then ``rules`` (the page class's own) and the common
    rules take out what is not text of the article.
    """
    work = deepcopy(container)
    styled = _copies(container, work, hidden)
    work.tail = None
    index = Index(work)  # of all that was in it; it also keeps the elements that every rule looks at
    removed = trim(work) if trim else []
    images = collect_images(work, absolute, index)
    removed += prune(work, rules, index)
    removed += [*prune_choices(work), *prune_boxes(work), *prune_forms(work)]
    removed += _prune_picture_frames(work)
    removed += prune(work, everywhere(work, index), index)
    removed += [*prune_hidden(work, styled), *prune_posts(work), *prune_furniture(work)]
    blocks = walk(work)
    outside: list[Removal] = []
    asked = whole if whole is not None else _main_text(work)
    kept, dropped, restored = _judge(blocks, asked)
    if whole is not None and whole.lines:
        kept, outside, restored = follow(kept, whole)
        blocks = span(blocks, kept)
    return Body(
        paragraphs=tuple(b.text for b in kept),
        removed=(*removed, *dropped, *outside),
        images=images,
        rule=_rule(restored, asked.failure),
        links=links_of(blocks, kept),
    )


def _copies(container: HtmlElement, work: HtmlElement, elements: Sequence[HtmlElement]) -> list[HtmlElement]:
    """The elements of the copy ``work`` that stand where ``elements`` stand in ``container``."""
    if not elements:
        return []
    chosen = set(elements)
    return [copy for own, copy in zip(container.iter(), work.iter(), strict=True) if own in chosen]


def _rule(restored: int, failure: str | None) -> str:
    if failure:
        return f"walk alone: {failure}"
    return f"trafilatura, {restored} blocks put back by the walk" if restored else "trafilatura"


def _main_text(work: HtmlElement) -> Whole:
    """What trafilatura takes for the article within ``work`` (which is used up).

    ``div`` paragraphs are made ``p`` first: beside ``p`` ones trafilatura drops them without a word
    (docs/stack.md 6: 17 of 143 pages). Its ``deduplicate`` stays off: it is global and not deterministic.
    """
    for element in list(work.iter("div")):
        if element.get("dmcf-ptype") or not _has_blocks(element):
            element.tag = "p"
    page = work.makeelement("html")  # of the page's own classes
    article = SubElement(SubElement(page, "body"), "article")
    article.append(work)
    return read_whole(page, fast=True, recall=True, most=_MOST_ELEMENTS)


def _has_blocks(element: HtmlElement) -> bool:
    return any(
        c.tag in {"div", "p", "ul", "ol", "table", "blockquote", "section", "h2", "h3", "h4"} for c in element
    )


def _prune_picture_frames(work: HtmlElement) -> list[Removal]:
    frames = [t for t in work.iter("table") if t is not work and is_picture_table(t)]
    frames += [b for b in work.iter("div", "span", "dl") if b is not work and is_picture_box(b)]
    return [r for f in outermost(frames) for r in drop(f, "caption")]


def _judge(blocks: list[Block], seen: Whole) -> tuple[list[Block], list[Removal], int]:
    """Keep every block, but for runs of bare links that trafilatura left out too, and for a second copy."""
    known = [seen.says(letters(b.text)) for b in blocks]
    drop_at = _link_runs(blocks, known)
    marks = {i for i, b in enumerate(blocks) if _is_placeholder(b)} | player_lines([b.text for b in blocks])
    marks -= drop_at
    gone = drop_at | marks
    copies = copied_lines([b.text if b.tag != "tr" else f"{i}" for i, b in enumerate(blocks)]) - gone
    gone |= copies
    kept = [b for i, b in enumerate(blocks) if i not in gone]
    dropped = [Removal(rule="related links", text=blocks[i].text) for i in sorted(drop_at)]
    dropped += [Removal(rule="placeholder", text=blocks[i].text) for i in sorted(marks)]
    dropped += [Removal(rule="copy", text=blocks[i].text) for i in sorted(copies)]
    restored = sum(1 for i, k in enumerate(known) if not k and i not in gone)
    return kept, dropped, restored


def _is_placeholder(block: Block) -> bool:
    if block.link_share >= _ROW_LINKS and (_PAGER.match(block.text) or _SHARES.match(block.text)):
        return True
    return _PLACEHOLDER.match(block.text) is not None


def _link_runs(blocks: list[Block], known: list[bool]) -> set[int]:
    bare = [b.link_share >= _LINK_SHARE for b in blocks]
    drop_at = _trailing_links(blocks)
    for i, block in enumerate(blocks):
        follows = i + 1 == len(blocks) or bare[i + 1]
        if _announces(block, follows=follows) or (
            bare[i]
            and ((i - 1) in drop_at or (not known[i] and _beside_bare(bare, i) and not _tells(blocks, i)))
        ):
            drop_at.add(i)
    return drop_at


def announces(text: str) -> bool:
    """Whether a line only announces other articles (관련 기사, 많이 본 뉴스)."""
    return _RELATED.match(text) is not None


def _announces(block: Block, *, follows: bool) -> bool:
    """Other articles: those whose links follow, or the one that the line itself links to."""
    if block.link_share >= _RELATED_SHARE and _ONE_RELATED.match(block.text):
        return True
    if block.link_share >= _LINK_SHARE and _POINTED.match(block.text) and not SENTENCE.search(block.text):
        return True
    return follows and announces(block.text)


def _trailing_links(blocks: list[Block]) -> set[int]:
    """Indexes of the lines at the very end that are one link and nothing else; a single sentence is text."""
    end = len(blocks)
    while end > 2 and blocks[end - 1].link_share >= _ALL_LINK and blocks[end - 1].tag != "tr":
        end -= 1
    if end == len(blocks) - 1 and SENTENCE.search(blocks[end].text):
        return set()
    while end < len(blocks) and (is_signed(blocks[end]) or _TOLD.search(blocks[end].text)):
        # Linked sentences and who signed come right under the text; below a head they are its teaser.
        end += 1
    return set(range(end, len(blocks)))


def _tells(blocks: list[Block], i: int) -> bool:
    """A linked paragraph that stands under no head of its own: text, where the same line below one is a
    teaser."""
    above = blocks[i - 1] if i else None
    is_under_head = above is not None and above.link_share >= _LINK_SHARE and not _TOLD.search(above.text)
    return bool(_TOLD.search(blocks[i].text)) and not is_under_head


def _beside_bare(bare: list[bool], i: int) -> bool:
    return (i > 0 and bare[i - 1]) or (i + 1 < len(bare) and bare[i + 1])
