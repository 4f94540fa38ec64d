"""What a page is when no article was found on it: gone, or simply no article."""

from __future__ import annotations

import re

from crawler.extract.blocks import clean, walk
from crawler.extract.document import Document
from crawler.rare import Rare

_THING = r"(?:기사|뉴스|페이지|게시물|콘텐츠|글)"
_SHOWN = r"(?:서비스|게재|제공|게시|노출|공개|열람)"
_CJK_THING = r"(?:記事|ページ|ニュース|页面|頁面|文章|新闻|新聞|网页|網頁|内容|內容|稿件)"
_GONE = Rare(
    rf"(?:삭제(?:된|되었|됐|한)|없어진|사라진|만료된)\s?{_THING}"
    rf"|{_THING}(?:가|이|는|은)?\s?(?:이미\s)?삭제"
    rf"|존재하지\s?않는\s?{_THING}|{_THING}[을를]?\s?찾을\s?수\s?(?:가\s)?없"
    r"|(?:요청|사정)(?:으로|에 의해|에 따라)\s?(?:인해\s)?(?:삭제|노출\s?중단|서비스가?\s?중단)"
    rf"|^\W*(?:(?:이|본|해당|요청하신|찾으시는)\s)?{_THING}[이가은는]?\s(?:더\s?이상\s)?존재하지\s?않(?:습니다|거나|음)"
    rf"|^\W*(?:없는|비공개(?:\s?처리)?(?:된)?|유효하지\s?않은)\s{_THING}(?:\s?(?:번호|주소))?입니다"
    rf"|{_THING}의?\s?주소가\s?(?:잘못|변경)"
    r"|\bpage (?:not found|can(?:no|'|’)t be found|does not exist)|^\W*404\b.{0,20}not found"
    r"|^\W*the resource cannot be found"
    r"|\b(?:article|story|page|post|content) "
    r"(?:is no longer available|has (?:been (?:removed|deleted)|expired))"
    rf"|(?:요청하신|찾으시는)\s?{_THING}[을를]?\s?(?:볼|찾을|열)\s?수\s?없"
    rf"|더\s?이상\s?(?:제공|서비스)(?:되지|하지)\s?않는\s?{_THING}"
    rf"|{_THING}[은는이가]?\s더\s?이상\s(?:제공|서비스|노출)(?:되지|하지)\s?않습니다"
    rf"|^\W*(?:(?:이|본|해당)\s)?{_THING}의?\s(?:노출|게재|제공|서비스)[이가]?\s?(?:중지|중단|종료)된\s상태[가-힣]{{0,3}}니다"
    rf"|삭제(?:되었|됐)거나\s[^.]{{0,20}}{_THING}"
    rf"|(?:^\W*|(?:에 따라|으?로)\s)(?:이|본|해당|요청하신)\s{_THING}[이가은는]?\s[^.“\"]{{0,25}}"
    r"(?:비공개|노출\s?중지|게재\s?중지|삭제)\s?(?:처리\s?)?(?:되었|됐|된\s상태)[가-힣]{0,3}니다"
    rf"|{_SHOWN}\s?(?:기간)?[이가]?\s?(?:종료|만료|중단|중지)된\s{_THING}"
    rf"|{_THING}(?:의|[은는]\s)?\s?{_SHOWN}\s?(?:기간)?[이가은는]?\s?(?:이미\s)?(?:종료|만료|중단|중지)(?:되었|됐|하였|했)[가-힣]{{0,3}}니다"
    rf"|{_THING}[은는이가]\s[^.“\"]{{0,12}}{_SHOWN}[이가]?\s?(?:되지|하지)\s않습니다"
    rf"|{_THING}\s(?:원문|본문|내용|자료)[이가은는]?\s(?:삭제|존재하지\s?않)"
    rf"|{_THING}[은는이가]\s[^.“\"]{{0,20}}(?:작성자|기자|언론사|관리자|운영자|본인)"
    r"(?:가|이|에서|에\s?의해|의\s요청으로)\s[^.“\"]{0,12}삭제"
    rf"|^\W*(?:잘못된\s접근입니다\W*)?(?:해당|요청하신|찾으시는|등록된)\s{_THING}[이가은는]?\s없습니다"
    r"|\bpage (?:that )?(?:you(?:'|’)?(?:re| are|ve)? ?)?"
    r"(?:requested|looking for|were looking for|tried to reach) (?:could not|cannot|can(?:'|’)?t"
    r"|does(?:n(?:'|’)t| not)|no longer|is no longer|is(?:n(?:'|’)t| not)|has been|was) "
    r"|\b(?:we |sorry,? )(?:could(?:n(?:'|’)| no)t|can(?:'|’|no)?t) find "
    r"(?:the|that|this) (?:page|article|story)\b"
    rf"|{_CJK_THING}は[^。]{{0,30}}(?:見つかりません|削除|終了し|存在しません|公開されていません)"
    rf"|{_CJK_THING}が(?:見つかりません|削除されました|存在しません)"
    rf"|{_CJK_THING}(?:不存在|已不存在|已?(?:被)?(?:删除|刪除)|已(?:下线|下線|下架|失效|过期|過期)|(?:找不到|无法找到|無法找到))"
    rf"|(?:找不到|未找到)(?:您[^。]{{0,8}}的)?{_CJK_THING}"
    r"|(?:요청|사정|문제|사유)(?:으?로|에 의해|에 따라)\s[^.]{0,20}"
    r"(?:제공|서비스|노출)(?:되지|하지)\s?않습니다",
    re.IGNORECASE,
)
_BARE, _MOSTLY, _FEW = 0.85, 0.5, 5
"""A block is a link from this share of linked characters; a page is a list from this share of such blocks,
and has at least so many. Daum's article pages of 2022 have 0.15 and 0.33, the list pages in the shared
pages 0.83 and 0.84; asked only of pages on which no article was found."""
_LINE = 120
"""A longer line is prose that mentions a deleted article, not the page saying so of itself."""


STATES = re.compile(r"(?<!니)다[.”\"’')\]]*\s*\Z")
"""A sentence in the plain register tells of others: of deleted articles, of paid ones; no site speaks so."""


def gone_line(text: str) -> bool:
    """True for a line by which a page says that its article is not there any more."""
    return len(text) <= _LINE and bool(_GONE.search(text)) and not STATES.search(text)


_COOKIES = Rare(
    r"\b(?:we|us|our (?:site|website|partners)|this (?:web)?site)\b.{0,120}"
    r"\b(?:cookies|tracking technologies)\b"
    r"|\b(?:by (?:continuing|using|choosing)|use of) .{0,80}\bcookies\b"
    r"|\b(?:wir|unsere?[rn]?|nous|nos|nosotros|nuestr[oa]s?|noi|nostr[oi])\b.{0,160}\bcookies?\b"
    r"|(?:저희|당사|본 (?:웹)?사이트|이 (?:웹)?사이트|누리집).{0,80}(?:쿠키|개인\s?정보 처리)",
    re.IGNORECASE | re.DOTALL,
)
_ASKED = ("cook", "track", "쿠키", "개인")
"""One of these is in each: a cheap look first, for every paragraph is asked."""
_AGREE = re.compile(
    r"\b(?:accept|agree|consent|opt[- ]out|preferences|(?:privacy|cookie) (?:policy|notice|settings))\b"
    r"|\b(?:einwillig|zustimm|akzeptier|ablehn|datenschutz|accepte|refus|consent|acept|rechaz|accett|rifiut)\w*"
    r"|동의|계속 이용|거부하",
    re.IGNORECASE,
)


def consent_line(text: str) -> bool:
    """True for a paragraph by which a site asks for its cookies; news about cookies speaks of others."""
    lower = text.lower()
    return any(word in lower for word in _ASKED) and bool(_COOKIES.search(text) and _AGREE.search(text))


_ALERT = re.compile(r"\balert\(\s*(?P<quote>[\"'])(?P<said>[^\"']{4,200})(?P=quote)\s*\)")


_FRAME = frozenset({"nav", "footer", "aside"})


def said_lines(document: Document) -> list[str]:
    """The page's lines, its menus and footer apart; of one without any what its script tells the reader.

    A message stands in the frame of its site, whose footer may be longer than it (``alert('없는 기사')``).
    """
    framed = {b.text for e in document.tree.iter(*_FRAME) for b in walk(e)}
    lines = [b.text for b in walk(document.tree)]
    return (
        [t for t in lines if t not in framed]
        or lines
        or [
            match["said"].replace("\\n", " ")
            for _, text in document.scripts
            for match in _ALERT.finditer(text)
        ]
    )


_TOLD = re.compile(r"(?:니다|세요|시오)\W*$|\b(?:found|exist|available|removed|deleted)\W*$", re.IGNORECASE)


def gone_heading(document: Document) -> str | None:
    """A heading that tells the reader that the article is not there, over other stories (soft 404)."""
    headings = (clean(e.text_content()) for e in document.tree.iter("h1", "h2", "h3", "h4"))
    return next((text for text in headings if gone_line(text) and _TOLD.search(text)), None)


def is_titled_as_site(document: Document) -> bool:
    """The page calls itself by the site's name alone, as lists, home pages and error pages do.

    One that prints a headline of its own only has a careless head.
    """
    title, site = document.meta("og:title"), document.meta("og:site_name")
    if title is None or site is None or clean(title.value) != clean(site.value):
        return False
    headings = [clean(e.text_content()) for e in document.tree.iter("h1")]
    return all(text in ("", clean(site.value)) for text in headings) or len(headings) > 1


def is_list(document: Document) -> bool:
    """True for a page that is mostly links: a home page, a section, a channel."""
    kind = document.meta("og:type")
    if kind is not None and kind.value.lower() == "website":
        return True
    blocks = walk(document.tree)
    linked = sum(1 for b in blocks if b.link_share >= _BARE)
    return len(blocks) >= _FEW and linked >= _MOSTLY * len(blocks)


def declares_article(document: Document) -> bool:
    """True when the page says that it is an article: JSON-LD, og:type, microdata, one post, a time of
    publication. The type alone says nothing on a page that calls itself by the site's name."""
    return shows_article(document) or (is_typed_article(document) and not is_titled_as_site(document))


def is_typed_article(document: Document) -> bool:
    """The page's og:type is an article's; careless templates give it to their lists, too."""
    kind = document.meta("og:type")
    return kind is not None and kind.value.lower() in {"article", "news"}


def shows_article(document: Document) -> bool:
    """The same without the type of its head, which careless templates give to their messages, too."""
    stated = document.meta("article:published_time", "og:regdate")
    return bool(
        document.news_data
        or stated
        or document.all("[itemprop=articleBody]")
        or len(document.all(".hentry, .h-entry, [itemtype$=BlogPosting]")) == 1
    )
