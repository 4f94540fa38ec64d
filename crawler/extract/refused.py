"""Pages that answer 200 and refuse: a block, a captcha, a login, a consent wall, a paywall, an error message.

A service message speaks to its reader (``접속이 제한되었습니다``, ``please verify``); news speaks of others.
So a message has a form of address or is a known label, and it is all or most of what the page says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extract.begun import PAYWALL, shows_beginning
from crawler.extract.blocks import clean
from crawler.extract.boxes import dialogs
from crawler.extract.document import Document
from crawler.extract.intake import Refusal
from crawler.extract.nature import consent_line, declares_article, shows_article
from crawler.extract.prune import still_in
from crawler.extract.walls import MEMBERS, WALLS, tell, tells
from crawler.rare import Rare
from storage.records import REFUSES, PageKind

_POLITE = r"[^.]{0,60}(?:니다|세요|시오|니까|주시기 바랍니다)"
_TO_READER = (
    r"[^.]{0,40}(?:세요|시오|시기 바랍니다|실 수|(?:있는|필요한|전용) (?:기사|콘텐츠|서비스|페이지)입니다)"
)
"""How a message speaks to its reader and of itself: news in polite forms does neither."""
_CAPTCHA = r"(?:자동\s?(?:등록|입력|가입)\s?방지|보안\s?문자|캡차)"
_BLOCK_KO = Rare(
    rf"(?:접속|접근|이용|요청|서비스)[이을가]?\s?(?:일시적으로\s)?(?:제한|차단|거부){_POLITE}"
    rf"|(?:비\s?정상적인?|과도한|자동화된)\s?(?:접근|접속|트래픽|요청|프로그램|이용){_POLITE}"
    rf"|{_CAPTCHA}{_POLITE}|^\W*(?:{_CAPTCHA}|(?:접속|접근|이용)\s?(?:제한|차단|거부)\s?(?:안내|알림)?)\W*$"
    r"|로봇이\s?아(?:닙|님)"
    rf"|(?:접근|이용|열람)\s?권한이\s?없{_POLITE}|정상적인\s?(?:경로|접근)[^.]{{0,20}}(?:아닙|않){_POLITE}"
)
_BLOCK_EN = Rare(
    r"^(?:\W*(?:\d{3}\W+)?(?:access (?:to this page has been )?denied|forbidden"
    r"|attention required|just a moment"
    r"|request (?:blocked|rejected)|too many requests|security check|pardon our interruption|bot verification"
    r"|robot check|are you a (?:robot|human)|blocked)\W*(?:$|[|\-–—:].*))"
    r"|you(?:'|’)?(?: have been| are|ve been|r (?:access|request|ip)[^.]{0,40}(?:has been|was|is)) "
    r"(?:temporarily )?(?:blocked|denied|restricted|rate.limited)"
    r"|(?:verify|confirm|prove|checking|check) (?:that |if )?you(?:'re| are)? (?:a |not a )?"
    r"(?:human|robot|real)"
    r"|unusual (?:traffic|activity) from your|(?:complete|solve) the (?:captcha|security check)"
    r"|i(?:'|’)?m not a robot|\bre?captcha\b"
    r"|(?:enable|turn on) (?:javascript|cookies)(?: and (?:cookies|javascript))? (?:to|in) "
    r"(?:continue|your browser)"
    r"|checking your browser|you don(?:'|’)t have permission to access|ddos protection by",
    re.IGNORECASE,
)
_SITE, _BAR = r"[^|:·>»–—.?!]{1,30}", r"\s*(?:[|:·>»–—]+|\s-\s)\s*"
_LOGIN = Rare(
    rf"로그인(?:이 필요|\s?후|을?\s?하(?:셔야|신|시면)|해\s?주){_POLITE}"
    rf"|(?:로그인|(?:성인|본인|실명)\s?(?:인증|확인))[^.]{{0,20}}(?:해야|하면|하고|거쳐|마쳐|완료|필요){_TO_READER}"
    rf"|(?:로그인\s?)?(?:회원|사용자|이용자)(?:만|에게만)\s{_TO_READER}"
    r"|(?:회원|구독자|이용자)(?:만|에게만)\s[^.]{0,12}(?:볼|읽을|이용할|열람할)\s수\s있습니다\W*$"
    r"|^\W*(?:이|본|해당)\s(?:기사|콘텐츠|글)[은는]\s(?:\S{1,8}\s)?(?:구독자|회원|유료|멤버십)\s?(?:회원\s?)?전용[^.]{0,10}니다\W*$"
    r"|(?:로그인|인증|확인|가입)[이가]?\s?필요한\s(?:기사|콘텐츠|서비스|페이지)입니다"
    r"|(?:please |you (?:must|need to) )(?:log|sign) ?in"
    r"|(?:log|sign) ?in to (?:continue|your account)"
    rf"|^(?:{_SITE}{_BAR})?(?:(?:회원|통합)\s?)?(?:로그인|log ?in|sign ?in)(?:{_BAR}{_SITE})?$",
    re.IGNORECASE,
)
_ERROR = Rare(
    r"^\W*(?:시스템|서버|서비스|홈페이지|사이트)\s?(?:정기\s?|긴급\s?)?점검\s?(?:안내|공지|중)?(?:입니다)?\W*$"
    rf"|(?:시스템|서버|서비스|홈페이지|사이트)\s?(?:정기\s?)?점검{_POLITE}"
    rf"|(?:일시적인?|알\s?수\s?없는|시스템|서버|내부|처리\s?중)\s?(?:오류|장애|에러){_POLITE}"
    r"|잠시\s?(?:후|뒤)\s?(?:에\s)?다시\s?(?:시도|이용|접속|방문|확인)[^.]{0,20}(?:세요|시오|바랍니다)"
    r"|(?:기사|뉴스|페이지|본문|내용|정보|데이터|콘텐츠)[를을]?\s?(?:정상적으로\s)?(?:불러오|표시하|가져오|로드하)"
    r"[^.]{0,15}(?:못했습니다|못하였습니다|없습니다|실패했습니다|실패하였습니다)"
    r"|(?:기사|페이지|본문|데이터|콘텐츠)[를을]?\s?(?:불러오는|로딩)\s?중(?:입니다)?[.…\s]*$"
    r"|(?:이용|서비스)에\s불편을\s(?:드려|끼쳐)[^.]{0,12}(?:죄송합니다|사과드립니다)"
    r"|^\W*(?:\d{3}\W+)?(?:internal server error|service (?:temporarily )?unavailable|bad gateway"
    r"|gateway time-?out|database error|error establishing a database connection|under maintenance"
    r"|fatal error)\b|an error occurred while processing your request|HTTP Status 5\d\d\b"
    r"|^\W*(?:php )?(?:warning|notice|parse error)\W{1,4}.{4,200}\bon line \d+"
    r"|\b(?:SQLSTATE\W|ORA-\d{5})"
    r"|\b(?:OLE DB|ODBC|VBScript|ADODB|MySQL|JDBC)\b.{0,60}(?:error|오류|exception|gone away)"
    r"|^\W*(?:server error in '.{0,40}' application|runtime error|whitelabel error page)\W*$"
    r"|^\W*application error: a (?:client|server)-side exception has occurred"
    r"|^\W*(?:description: )?an (?:application )?error (?:has )?occurred (?:on the server|in the application)"
    r"|\b(?:sorry,? but|oops,?|whoops,?(?: looks like)?) (?:something went wrong|an error occurred)\b"
    r"|^\W*traceback \(most recent call last\)|\buncaught (?:\w+)?(?:error|exception)\b"
    r"|\bjava\.lang\.\w+exception\b"
    r"|(?:승인|등록|게재)\s?대기\s?중인\s?(?:기사|글|게시물)입니다",
    re.IGNORECASE,
)
_SHORT = 800
"""A page whose text is longer is no message, whatever words it has; block pages of four services have up to
500."""
_TEASER = 300
"""Characters of a text below which a message in it is all that it is (our choice)."""
_MOSTLY, _NEARLY_ALL = 0.3, 0.7
"""Share of the text in such lines, on a page that claims nothing and on one that says that it is an
article."""
_SOME = 0.15
"""Enough of a vendor's own words where nothing is told of others: support ids and addresses stand beside."""


def refusal(document: Document, paragraphs: Sequence[str]) -> Refusal | None:
    """Why the page is no article although it has text; None for an article or for a page that says
    nothing."""
    length = sum(map(len, paragraphs))
    if length < _SHORT and (wall := _alone(paragraphs)) is not None:
        return wall
    if shows_beginning(document, paragraphs):
        reason = "The page shows only the beginning of an article that is for subscribers."
        return Refusal(kind=PageKind.NOT_ARTICLE, reason=reason)
    if length >= _SHORT:
        return None
    for pattern, kind, reason in _MESSAGES:
        said = _said(document, paragraphs, pattern)
        if said:
            return Refusal(kind=kind, reason=f"{reason}: {said}")
    for pattern, kind, reason in WALLS:
        said = _said(document, paragraphs, pattern, tags=("title", "h1"), least=_SOME)  # a player's box: h2
        if said and not tells(document):
            return Refusal(kind=kind, reason=f"{reason}: {said}")
    lines = [p for p in paragraphs if consent_line(p)]
    if lines and sum(map(len, lines)) >= _MOSTLY * length:
        return Refusal(kind=PageKind.BLOCKED, reason=f"The page asks for consent first: {lines[0][:120]}")
    return None


_MESSAGES = (
    (_BLOCK_KO, PageKind.BLOCKED, REFUSES),
    (_BLOCK_EN, PageKind.BLOCKED, REFUSES),
    (_LOGIN, PageKind.BLOCKED, "The page asks for a login"),
    (_ERROR, PageKind.QUARANTINED, "The page is an error message"),
)


_SAID = re.compile(r"(?:[.!?。…]|니다|세요|시오|です|ます)\W*$")
"""The end of a sentence: headlines, buttons and pointers (▶ 채팅방 들어오기) beside a message have none."""
_BESIDE = 0.4
"""Share of all lines, those beside it included, that the message has at least (our choice)."""
_BUTTON = 12
"""Characters of what may be a button (본인 인증하기, Create account)."""
_PAID = (PAYWALL, PageKind.BLOCKED, MEMBERS)


def _alone(lines: Sequence[str]) -> Refusal | None:
    """Why the page is no article where its text says hardly anything else, whatever its frame prints around
    it: a headline, a time and a reporter stand above a wall too."""
    told = _unsigned(lines)
    length = sum(map(len, told))
    if length >= _TEASER:
        return None
    paragraphs = [p for p in told if len(p) > _BUTTON and _SAID.search(p)] or told
    least = max(_NEARLY_ALL * sum(map(len, paragraphs)), _BESIDE * length)
    for pattern, kind, reason in (*_MESSAGES, *WALLS, _PAID):
        hits = [p for p in paragraphs if pattern.search(p)]
        if hits and sum(map(len, hits)) >= least:
            return None if tell(told) else Refusal(kind=kind, reason=f"{reason}: {hits[0][:120]}")
    return None


_SIGNED = re.compile(r"[\w.+-]@[\w.-]+\.\w|기자\W*$|ⓒ|©|저작권자|무단\s?전재")
_SIGNATURE = 80
"""Characters of a line that may be a signature or a notice, which a template prints below any text."""
_TOLD = re.compile(r"(?:니다|세요|시오|니까)\W*$")


def _unsigned(paragraphs: Sequence[str]) -> Sequence[str]:
    """The lines without signatures and notices; all of them where there is nothing else."""
    return [p for p in paragraphs if len(p) > _SIGNATURE or not _SIGNED.search(p)] or paragraphs


def is_believed(document: Document) -> bool:
    """The page says that it is an article, and not by its type alone where it tells of nobody."""
    return declares_article(document) and (shows_article(document) or tells(document))


def _said(
    document: Document,
    lines: Sequence[str],
    pattern: Rare,
    *,
    tags: Sequence[str] = ("title", "h1", "h2"),
    least: float = _MOSTLY,
) -> str | None:
    """The line that says so, where the page's head or most of its text does."""
    paragraphs = _unsigned(lines)
    hits = [p for p in paragraphs if pattern.search(p)]
    share = sum(map(len, hits)) / (sum(map(len, paragraphs)) or 1)
    head = _head(document, pattern, tags)
    if is_believed(document):
        said = hits[0] if hits and share >= _NEARLY_ALL else None
        if said is None and head is not None and all(_TOLD.search(p) for p in paragraphs):
            said = head  # an error's headline over an apology
        return said[:120] if said is not None and sum(map(len, paragraphs)) < _TEASER else None
    if head is not None and (hits or not paragraphs or share == 0):
        return head[:120]
    return hits[0][:120] if share >= least else None


def _head(document: Document, pattern: Rare, tags: Sequence[str]) -> str | None:
    """The page's title or heading that says so; what opens over the page has headings of its own."""
    heads = [(e, clean(e.text_content())) for e in document.tree.iter(*tags)]
    found = [(e, said) for e, said in heads if len(said) <= _TEASER and pattern.search(said)]
    over = dialogs(document) if found else []
    return next((said for e, said in found if not any(still_in(e, one) for one in over)), None)
