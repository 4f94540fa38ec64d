"""Copyright notices: what is one, where it begins, who holds the rights and what is forbidden.

A notice needs a mark (ⓒ, ©, (c), 저작권자, Copyright) and a clause (무단전재 ... 금지, All rights
reserved), or a mark that can be nothing else (저작권자 ⓒ). 무단 and 저작권 alone are ordinary words of
ordinary sentences (docs/sites/credits.md 5). A photo's ⓒ, the portal's own footer and its note on machine
translation are not notices.
"""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.rare import Rare
from storage.records import Rights

from . import han_notice
from .byline import parse_signature
from .byline.lexicon import holds_house, is_house
from .holder import DOMAIN, EMAIL, MARK, OWNER, QUOTED, SIGN, URL, holder_of, until_clause
from .text import narrow, tidy

_LONGEST = 400
"""Characters of a notice: the longest seen (site footers with a sentence on AI) have under 250."""

_STRONG_MARK = Rare(
    rf"저작권자?\s*[:：]?\s*{SIGN}|저작권자\s*[:：]|copyrights?\s*{SIGN}|{SIGN}\s*copyrights?|copyright(?:ed|s)?\s+(?:by|19|20)|{SIGN}\s*(?:19|20)\d{{2}}(?![.\d/-]\s?\d)"
    r"|\A[-<\[\s]*copyrights?\s+[가-힣A-Za-z0-9]{2,20}\s*&\s*[A-Za-z.]{4,40}[->\]\s]*\Z",
    re.IGNORECASE,
)
_UNASKED = r"unauthori[sz]ed|without\s+(?:\w+\s+){0,4}(?:permission|consent|authori[sz]ation)"
_LIES = r"저작권은\s+[^,.]{2,30}?에(?:게)?\s*(?:있습|있으며|귀속)"
_USE = r"(?:전재|복제|복사|도용|사용|이용|게재|인용|배포|재배포|수집|학습|크롤링|활용|스크랩)"
_NOT_BE = r"(?:may\s+not|must\s+not|cannot|can\s+not|shall\s+not|not\s+to)\s+be(?!\s+able)"
_ACTS = (
    r"(?:reproduc|republi|publish|broadcast|rewrit|redistribut|distribut|cop(?:y|ied)|collect|scrap|crawl|mining|mined"
    r"|train|stor(?:ed|age)|transmi|used)"
)
_REFUSED = r"(?:prohibited|forbidden|banned|not\s+(?:allowed|permitted))"
_LEAVE = r"(?:허락|동의|승인|허가|계약)"
_NO_LEAVE = rf"{_LEAVE}(?:을|를)?\s*(?:없이|없는|받지\s*않|구하지\s*않|얻지\s*않)"
_LEAVE_FIRST = rf"{_LEAVE}[이가을를]?\s*(?:필요|받아야|얻어야|구해야|거쳐야|맺어야)"
_REFUSES = (
    r"허용(?:하|되)지\s*않|허락(?:하|되)지\s*않|거부(?:합|함|한)|불법|삼가|제한(?:합|됩|함)|안\s?(?:됩|된|됨)"
    rf"|(?:쓸|쓰일|{_USE}될)\s?수\s?없"
)
"""Other words than 금지 that forbid what they stand behind."""
_RESERVED = r"\breserved\b[^.]{0,80}(?:\bmining|\btrain)|(?:\bmining|\btrain)[^.]{0,80}\breserved\b"
_FORBIDDEN = Rare(
    r"금지|(?:전재|복제|복사|도용|사용|이용|배포|수집|학습|게재)[^.]{0,12}(?:할|하실)\s?수\s?없|불허|금합니다|금함|금하|엄금|불가"
    rf"|{_REFUSES}|{_NO_LEAVE}|{_LEAVE_FIRST}|지\s?마(?:세요|십시오|시기)|지\s?말아\s?(?:주|야)"
    rf"|\bmay\s+not\b|\bno\s+(?:AI|machine|scraping)\b|{_RESERVED}"
    rf"|{han_notice.FORBIDS}|prohibit|not\s+(?:be|allowed|permitted)|forbid|no\s+part|{_UNASKED}|\bdo\s+not\b|\bno\s+re(?:production|publication)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    rf"(?:무단[\s가-힣A-Za-z·,、/&\-–~∙ㆍ+()]{{0,60}}?|{_USE}[\s가-힣A-Za-z·,/&\-–+()]{{0,30}}?)"
    rf"(?:금지|불허|금합니다|금함|엄금|불가)|all\s+rights?\s+reserved|{_UNASKED}|{_LIES}"
    rf"|{_ACTS}[\w\s,/&()-]{{0,80}}{_REFUSED}"
    rf"|{_NO_LEAVE}[^.]{{0,60}}(?:금합니다|금지|수\s*없|{_REFUSES})|{_USE}[^.]{{0,40}}{_LEAVE_FIRST}"
    rf"|(?:AI|인공지능)\s*(?:학습|훈련|데이터)[^.]{{0,40}}(?:금지|금합|{_REFUSES})"
    rf"|\bmay\s+not\s+(?:\w+,?\s+){{0,3}}?{_ACTS}|\bno\s+(?:AI|machine)\s+(?:training|learning)|{_RESERVED}"
    rf"|no\s+part\s+of\s+this|{_NOT_BE}\s+(?:\w+,?\s+){{0,3}}?{_ACTS}|\bdo\s+not\s+(?:\w+,?\s+){{0,3}}?{_ACTS}",
    re.IGNORECASE,
)
_LONGEST_ENGLISH = 250
"""Characters of an English notice without a mark: one sentence."""
_BARE_CLAUSE = Rare(
    rf"{_NOT_BE}\s+(?:\w+,?\s+){{0,3}}?{_ACTS}[^.]{{0,120}}permission"
    rf"|(?:unauthori[sz]ed\s+)?(?:reproduction|republication|redistribution|copying)\b[^.]{{0,100}}{_REFUSED}"
    r"|저작권을\s행사합니다|저작권법[^.]{0,60}(?:할|하실)\s*수\s*없습니다"
    rf"|{_LIES}[^.]{{0,20}}(?:무단|{_USE})[^.]{{0,40}}(?:수\s*없습니다|금합니다|금지(?:합니다|됩니다)?\W*\Z)"
    r"|(?:\A|\.\s)\W*(?:(?:본|이|당사의?|모든|해당|[가-힣A-Za-z]{2,12}의)\s){0,3}(?:기사|콘텐츠|저작물|뉴스)[^.]{0,60}"
    r"(?:AI|인공지능)[^.]{0,30}(?:학습|훈련|수집|활용|이용)[^.]{0,30}(?:금지합니다|금합니다|금지됩니다|불허합니다)\W*\Z"
    r"|무단\s*(?:전재|복제|배포|도용|사용)[^.다]{0,50}?(?:금지|불허|금합니다|금함)",
    re.IGNORECASE,
)
_PORTAL = re.compile(
    r"kakao\s*corp|naver\s*corp|위\s*내용에\s*대한\s*저작권|copyright belongs to|machine translation"
    r"|자료제공사\s*또는"
    r"|해당\s*언론사에\s*있으며",
    re.IGNORECASE,
)
_PHOTO = re.compile(r"\A[\[(<【/\s]*(?:사진|그래픽|자료|이미지|영상|출처|화면|photo)", re.IGNORECASE)
_PHOTO_CREDIT = re.compile(
    rf"\A[\[(<【/▲\s]*(?:사진|그래픽|자료|이미지|영상|출처|화면|photo)\s*(?:제공|출처|자료)?\s*[=:/|]?\s*{SIGN}",
    re.IGNORECASE,
)
"""Whatever follows it: a picture's ⓒ speaks of the picture."""
_PHOTO_RESERVED = re.compile(
    r"\A[\[(<]\s?(?:사진|그래픽|이미지|영상)\s?[\])>][^@]{0,80}\((?:무단|재판매)[^()]{2,40}금지\)\s*\Z"
)
"""[사진] ... ⓒ게티이미지(무단전재 및 재배포 금지): what a picture's agency forbids."""
_PROSE = re.compile(
    r"(?:[가-힣](?<!니)다[.!?]|했다|한다|됐다|된다|였다|이다|있다|없다|라고|밝혔|말했|[가-힣]았다|[가-힣]었다|고\s있는|했습니다|됩니다|해요)"
)
_FORMAL = re.compile(
    r"(?:금합니다|금지합니다|있습니다|없습니다|금지됩니다|제한됩니다|안\s?됩니다|받을\s*수|보호를\s*받|속합니다|않습니다|물을\s*수)"
)
_LEFTOVER = re.compile(r"\s*해당 언론사로 (?:이동|연결)(?:합|됩)니다\.?\s*\Z")

_REPRODUCTION = re.compile(
    r"전재|복제|복사|도용|무단(?:으로)?\s*(?:사용|이용|게재|게시|인용|발췌|캡처)|다른\s?곳에[^.]{0,10}(?:게시|게재|올)"
    r"|(?:옮겨|다시)\s?(?:싣|실|쓰|적|담|게시)|퍼\s?(?:가|감|갈|옮)|(?:불|무단\s?)펌(?![가-힣])|베(?:끼|껴|낄)|reproduc|republi|reprint|\bcop(?:y|ied|ying)\b"
    rf"|\bbe\s+(?:\w+,?\s+){{0,3}}?(?:published|broadcast|rewritten)|{han_notice.REPRODUCTION}",
    re.IGNORECASE,
)
_REDISTRIBUTION = re.compile(
    rf"배포|전송|유포|퍼\s?(?:나르|뜨리)|(?:나눠|나누어)\s?(?:주|줄|줌)|distribut|\btransmi|{han_notice.REDISTRIBUTION}",
    re.IGNORECASE,
)
_AI_TRAINING = Rare(
    r"(?:AI|인공지능)\s*(?:\((?:AI|인공지능)\)\s*)?"
    r"(?:(?:등의?|모델의?|기술의?|의|를|을|에게?|이|가|용|관련|서비스|시스템)\s*)?"
    r"(?:학습|훈련|배우|가르치|데이터|활용|이용|사용|트레이닝|개발|목적)|생성형\s*(?:AI|인공지능)|기계\s*학습|머신\s*러닝|딥\s*러닝"
    r"|학습용?\s*데이터|(?:데이터|텍스트)\s*(?:학습|마이닝)|(?<![A-Za-z])TDM(?![A-Za-z])|LLM|machine\s+learning"
    r"|\b(?:AI|artificial\s+intelligence)[\w\s/-]{0,20}(?:training|learning|models?|systems?|development|use\b|usage|purposes?)"
    r"|\btrain(?:ing)?\b[\w\s,/-]{0,30}\b(?:AI|artificial\s+intelligence|models?)\b|data\s+mining"
    rf"|{han_notice.AI_TRAINING}",
    re.IGNORECASE,
)
_COLLECTION = re.compile(
    rf"수집|크롤링|스크래핑|스크랩|crawl|scrap(?:e|ing)|{han_notice.COLLECTION}", re.IGNORECASE
)
_ALLOWED = re.compile(
    r"[^,.;]{0,60}허용(?!하지|되지|\s*안)[^,.;]{0,20}|[^,.;]{0,60}(?:할|하실)\s?수\s?있[^,.;]{0,20}"
)

_SLOGANED = re.compile(
    rf"[\[<(]?\s*{SIGN}\s*[‘'“\"]?[^,()\[\]]{{4,25}},\s*(?P<house>[^,]{{2,20}}?)\s*[’'”\"]?[\]>)]?"
)
_PAIR = re.compile(
    rf"[\[<(]?\s*{SIGN}\s*(?P<first>[가-힣A-Za-z]{{2,12}})\s?&\s?(?P<second>[가-힣A-Za-z]{{2,12}})\s*[\]>)]?"
)
_AT_HOME = re.compile(
    rf"[\[<(\-\s]*{SIGN}\s*(?P<house>[^,()\[\]@|]{{2,20}}?)\s*[-–|,/&·(]\s*"
    r"(?:https?://)?(?:[A-Za-z0-9-]{1,30}\.){1,3}(?:com|net|kr|tv|org|news)/?[\s\])>\-.]*",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d./])((?:19|20)\d{2})(?![\d])")
_HINT = re.compile(
    r"[ⓒ©Ⓒ]|\([cC]\)|\( [cC] \)|&copy;|저작권|copyright|무단|전재|배포|permission|reproduc"
    rf"|(?:AI|인공지능).*금|{'|'.join(han_notice.BEGINNINGS)}",
    re.IGNORECASE,
)
"""One of these is in every notice: a cheap look first, for every paragraph is asked."""
_BEGINNINGS = (
    *("ⓒ", "©", "(c)", "( c )", "&copy;", "copyr", "perm", "reproduc"),
    *("저작권", "무단", "전재", "배포", "ai", "인공지능"),
    *han_notice.BEGINNINGS,
)
"""One of these is wherever the pattern finds something: cheaper still."""


def is_notice(line: str) -> bool:
    """True when the whole line is a copyright notice (docs/sites/credits.md 4)."""
    if len(line) > _LONGEST or not _may_hold_notice(line):
        return False
    text = narrow(tidy(line))
    if not text or _PORTAL.search(text) or _PHOTO_CREDIT.match(text) or _PHOTO_RESERVED.match(text):
        return False
    if han_notice.is_han_notice(text):
        return True
    has_clause = _CLAUSE.search(text) is not None
    if _PHOTO.match(text) and not has_clause:
        return False
    if _reads_as_prose(text):
        return False
    if _is_sloganed(text) or _is_at_home(text):
        return True
    if MARK.search(text):
        return has_clause or (_STRONG_MARK.search(text) is not None and _is_short_holder(text))
    bare = _BARE_CLAUSE.search(text)
    return bare is not None and len(text) <= (_LONGEST_ENGLISH if text.isascii() else 80)


def _may_hold_notice(text: str) -> bool:
    lower = text.lower()
    return any(word in lower for word in _BEGINNINGS) and _HINT.search(text) is not None


def _is_sloganed(text: str) -> bool:
    """ⓒ 세상을 보는 눈, 세계일보, ⓒ 세계일보&세계닷컴: a house behind its slogan, or before its own site; a
    picture's credit has none."""
    if (pair := _PAIR.fullmatch(text)) is not None:
        return all(is_house(pair[side]) or holds_house(pair[side]) for side in ("first", "second"))
    match = _SLOGANED.fullmatch(text)
    return match is not None and (is_house(match["house"]) or holds_house(match["house"].split()[-1]))


def _is_at_home(text: str) -> bool:
    """ⓒ한빛일보 - www.hanbit.example.com: a house and its own address; a picture's credit has none."""
    match = _AT_HOME.fullmatch(text)
    return match is not None and (is_house(match["house"].strip()) or holds_house(match["house"].strip()))


def _is_short_holder(text: str) -> bool:
    """Without a clause only the mark and a name may stand there, not a credit line."""
    return len(text) <= 80 and "기자" not in text and "사진" not in text and "=" not in text


def _reads_as_prose(text: str) -> bool:
    rest = QUOTED.sub("", _FORMAL.sub("", text)) if len(text) <= 120 else _FORMAL.sub("", text)
    return _PROSE.search(rest) is not None


_START = Rare(
    rf"[<\[【](?=[^<>\[\]【】]{{1,80}}(?:무단|{SIGN}))"  # a bracket around it all, a slogan first
    rf"|[<\[〈【({{※*▶■“‘\s]*(?:(?:기사\s*제보|취재\s*문의|보도자료|GoodNews)[^다]{{0,80}}?)?"
    rf"(?:저작권자|저작권(?=\s*{SIGN})|copyrights?|{SIGN}|무단\s*(?:전재|복제|배포))",
    re.IGNORECASE,
)


_OPENS = Rare(rf"[-<\[〈(※*\s]*(?:{OWNER}|{SIGN})", re.IGNORECASE)
_SAID_BEFORE = Rare(r"저작권은\s.{2,30}에(?:게)?\s*있|저작권법의?\s*보호를?\s*받")
"""이 기사의 저작권은 한빛일보에 있습니다. 무단 전재를 금지합니다.: one notice of two sentences."""
_LONGEST_SIGNED = 160
"""Characters of a signature before a notice: four reporters with e-mails have under 150."""
_TEXT_END = re.compile(
    r"(?:[다요죠까][.!?]?[\"'”’」』]?|@[A-Za-z0-9.-]{3,64}\)?|(?:기자|특파원)[)\]】]?|끝\s*[)>\]]|송고)\Z"
)
"""Where a body's text or signature ends: what is before such a point belongs to it, not to the notice."""
_OPEN_BRACKET = re.compile(r"[\[<(〈【][^\])>〉】]*\Z")
_SENTENCE_INSIDE = re.compile(r"[가-힣]다[.!?][”\"’']?\s")
_POINTERS = re.compile("[▶▷►☞]")
_ANY_END = re.compile(r"[.!?…。\"'”’」』>)\]】〉*▲ㅣ|│/A-Za-z0-9가-힣]\Z")


_BEHIND = re.compile(
    r"(?<!\s)\s*+(?:(?:\d{4}[./-]\d{1,2}[./-]\d{1,2}\s\d{1,2}:\d{2}\s*송고|\d{4}년\d{1,2}월\d{1,2}일\s\d{1,2}시\d{1,2}분\s*송고"
    r"|(?<=[\s|>])(?:(?:이\s?)?기자의?\s?)?다른\s?(?:기사|뉴스)\s?보기|(?<=[\s|])(?:기사\s?)?제보하기|(?<=[\s|])저작권\s?(?:문의|정책|규약)(?:\s?바로가기)?)[\s|]*+)+\Z"
)


def without_buttons(text: str) -> str:
    """The notice without what a template prints behind it in the same element: a dispatch time, a link."""
    return _BEHIND.sub("", text).rstrip(" |")


def split_notice(paragraph: str) -> tuple[str, str | None]:
    """Split off a notice that is glued to the end of ``paragraph``: (what is before it, the notice verbatim).

    The whole paragraph may be the notice: then the text before it is empty. (paragraph, None) without one.
    """
    floor = max(0, len(paragraph) - _LONGEST)
    plain = narrow(paragraph)
    if not _may_hold_notice(plain[floor:]) or _PHOTO_RESERVED.match(plain):
        return paragraph, None
    whole = is_notice(paragraph)
    for match in _START.finditer(plain, floor):
        before = paragraph[: match.start()].rstrip(" \t-–—")  # - Copyrights ...: the dash is the notice's
        notice = paragraph[len(before) :].strip()
        if whole and (_OPENS.match(before) or _SAID_BEFORE.search(before)):
            continue  # ⓒ한빛일보의 소중한 저작물입니다. 무단전재를 금합니다.: one notice of two sentences
        if before and is_notice(notice) and _ends_text(before, whole=whole):
            return before, notice
    return _behind_signature(paragraph) if whole else (paragraph, None)


def _behind_signature(paragraph: str) -> tuple[str, str]:
    """홍길동 기자▶ 모바일에서 만나는 한빛일보ⓒ한빛일보 무단 전재 금지: who signed, and the rest."""
    for match in _POINTERS.finditer(paragraph, 2, _LONGEST_SIGNED):
        before = paragraph[: match.start()].rstrip()
        if parse_signature(before, None) is not None:
            return before, paragraph[match.start() :].strip()
    return "", paragraph.strip()


def _ends_text(before: str, *, whole: bool) -> bool:
    """Whether what stands before a notice is text or a signature, and no part of the notice."""
    if (_TEXT_END if whole else _ANY_END).search(before):
        return True
    if _SENTENCE_INSIDE.search(_FORMAL.sub("", before)) and not _OPEN_BRACKET.search(before):
        return True
    return len(before) <= _LONGEST_SIGNED and parse_signature(before, None) is not None


@lru_cache(maxsize=256)  # a house prints one on all its pages
def parse_notice(notice: str) -> Rights:
    """Read a notice: holder, last year printed, and what it forbids. The notice itself is kept verbatim.

    A flag is set only when the notice forbids at all (금지, 불허 ...) and names the act. Rights() for an
    empty string and for the portal's own footer: nothing is known then.
    """
    text = narrow(tidy(notice))
    if not text or _PORTAL.search(text[:_LONGEST]):
        return Rights()
    forbids = _ALLOWED.sub(_terms, text[:_LONGEST]) if _FORBIDDEN.search(text[:_LONGEST]) else ""
    acts = _without_holder(forbids)
    years = _YEAR.findall(until_clause(URL.sub(" ", text[:_LONGEST])))
    return Rights(
        notice=notice.strip(),
        holder=han_notice.han_holder(text) or holder_of(_LEFTOVER.sub("", text[:_LONGEST])),
        year=int(years[-1]) if years else None,
        no_reproduction=_REPRODUCTION.search(acts) is not None,
        no_redistribution=_REDISTRIBUTION.search(acts) is not None,
        no_ai_training=_AI_TRAINING.search(acts) is not None,
        no_collection=_COLLECTION.search(acts) is not None,
    )


def _terms(allowed: re.Match[str]) -> str:
    """What a notice allows goes; 허락을 받아야 할 수 있다 forbids."""
    return allowed[0] if re.search(_LEAVE_FIRST, allowed[0]) else ""


def _without_holder(text: str) -> str:
    """Addresses may hold any word: they forbid nothing."""
    return EMAIL.sub(" ", DOMAIN.sub(" ", URL.sub(" ", text)))
