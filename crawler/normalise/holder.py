"""Who a notice names as the holder of the rights."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

from crawler.rare import Rare

from .byline.lexicon import holds_house, house_key, is_house, longest_house_ending, looks_like_house
from .publisher import publisher_of_url

SIGN = r"(?:[ⓒ©Ⓒⓒ]|\(\s*[cCⓒ]\s*\)|&copy;)"
OWNER = (
    r"(?:저작권자(?![와의는가에로들를측])|저작권(?!법|료|자|[을의]\s|\s(?:문의|침해|보호|분쟁|소송|협회|위원회))"
    r"|copyright(?:ed|s)?(?![a-z]))"
)
MARK = re.compile(rf"(?:{OWNER}\s*(?:by\b)?\s*[:：]?\s*{SIGN}?|{SIGN}\s*{OWNER}?)", re.IGNORECASE)
URL = re.compile(r"\(?\s*(?:https?://|www\.)[^\s)\]>,│|]{1,200}\s*\)?", re.IGNORECASE)
DOMAIN = re.compile(
    r"\(\s*[A-Za-z0-9.-]{1,80}\.(?:com|net|kr|co\.kr|org|tv|news)[^\s)]{0,80}\s*\)", re.IGNORECASE
)
EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,64}")
_COMPANY = Rare(
    r"㈜|㈔|\((?:주|유|사|재)\)|（주）|주식회사|유한회사|(?:사단|재단)법인|\bInc\.?(?![a-z])|\bCorp(?:oration)?\.?(?![a-z])|\bCo\.,?\s*Ltd\.?",
    re.IGNORECASE,
)
_FIRM = re.compile(r"\W*(?:㈜|\(주\)|（주）|주식회사\s)")
QUOTED = re.compile(
    r"'[^']{1,60}'|\"[^\"]{1,60}\"|‘[^’]{1,60}’|“[^”]{1,60}”|[<《〈「][^>》〉」]{1,60}[>》〉」]"
)
_HOLDER_END = Rare(
    r"\sCC[\s-]BY\b|[，,]?\s*(?:未[经經]|無断|无断|擅自|版[权權]所有)|무단|의\s(?:모든\s)?(?:[콘컨]텐[츠트]|기사|저작물)[을를은는의]|\s(?:사전|허락|동의|승인|허가)\s|상업적|크롤링|스크래핑|수집(?:\s|·)|(?:본|이)\s(?:기사|콘텐츠|저작물)|all\s+rights?|\s(?:prohibit|forbid)s?\b|unauthori|no\s+(?:part|reproduction|copying)|reproduc|금지|불허|[,.]?\s*(?:AI|인공지능)\s*(?:학습|데이터|활용)|전재|재배포|복제|[│|│]|\.(?=\s|\Z|[가-힣])|※",
    re.IGNORECASE,
)
EDGES = " \t.,:;·-–—|│/&'\"‘’“”<>[](){}〈〉《》【】「」『』※*=~"


_CLAIM = re.compile(
    r"\b(?:is|are|may|must|be|not|without)\b|^(?:any|copying|unauthorized|all\s+rights?)\b", re.IGNORECASE
)
"""Copying ... is not allowed: words of a clause, and nobody's name."""
_PROPERTY = re.compile(
    r"의\s(?:\S{2,4}\s)?(?:저작물|저작권|[콘컨]텐[츠트]|기사|자산|재산)(?:입니다)?\.?\s*\Z"
)
"""ⓒ한빛일보의 소중한 저작물입니다."""
_PARTICLE = Rare(r"[가-힣](?:을|를|는|은|의|한|운|린)\Z")
_SENTENCE = re.compile(r"[니습]다[.!]*\s*\Z|[세시]요[.!]*\s*\Z|(?:으면|하면|히면|려면)\s")
"""출처를 밝히면 이용할 수 있습니다: a sentence holds no rights."""


_NAMES = tomllib.loads(files(__package__).joinpath("holders.toml").read_text(encoding="utf-8"))
_ALIASES: dict[str, str] = {house_key(name): kept for name, kept in _NAMES["alias"].items()}
_SLOGANS: tuple[str, ...] = tuple(_NAMES["slogan"]["words"])
_PRAISE = frozenset(_NAMES["praise"]["words"])
_BEHIND = re.compile(rf"(?P<house>.{{2,20}}?)\s(?:{'|'.join(_NAMES['behind']['words'])})")

_LIES_WITH = Rare(
    r"저작권은\s+(?P<holder>[^,.]{2,30}?)에(?:게)?\s*(?:있|귀속)"
    r"|permission\s+(?:of|from|by)\s+(?P<grants>[A-Z][^.,]{2,40})"
    r"|\bproperty\s+of\s+(?P<owner>[A-Z][^.,]{2,40}?)(?=\s+and\s|[.,]|\Z)"
    r"|all\s+rights?\s+reserved\s+(?:by|to)\s+(?P<by>[^.,]{2,40})"
    r"|(?:\A|[<〈\[(\s])(?P<wields>[가-힣A-Za-z0-9]{2,15})[은는]\s[^.]{0,60}저작권을\s행사"
    r"|(?P<whose>[가-힣A-Za-z0-9]{2,15})(?:의|에서\s*제공하는)\s*(?:모든\s*)?(?:[콘컨]텐[츠트]|기사)(?:\([^()]{1,20}\))?(?:는|의|을|를)\s",
    re.IGNORECASE,
)
_DOMAIN_ALONE = re.compile(
    r"[A-Za-z0-9-]{1,40}(?:\.[A-Za-z0-9-]{1,40})?\.(?:com|net|kr|co\.kr|org|tv)", re.IGNORECASE
)


def holder_of(text: str) -> str | None:
    stated = _LIES_WITH.search(text)
    if stated and not (
        (stated["whose"] or stated["grants"])
        and (MARK.search(text) or stated["whose"] in ("본", "이", "당사"))
    ):
        return _clean_holder(
            stated["holder"]
            or stated["owner"]
            or stated["wields"]
            or stated["by"]
            or stated["grants"]
            or stated["whose"]
        )
    bare = EMAIL.sub(" ", DOMAIN.sub(" ", URL.sub(" ", text)))
    bare = _COMPANY.sub(" ", bare)
    marks = [mark for mark in MARK.finditer(bare) if mark.group().strip()]
    if marks:
        rest = bare[_end_of_run(bare, marks) :]
        found = _clean_holder(until_clause(rest))
        if found is not None and not is_house(found):
            found = _behind_slogan(rest) or found
        return found or _clean_holder(until_clause(bare[: marks[0].start()]).rpartition("|")[2])
    name = _clean_holder(re.split(r"\.\s", until_clause(bare.strip(EDGES), dots=False))[-1])
    has_domain = (
        name is not None
        and re.search(re.escape(name) + r"\s*\(\s*(?:https?://)?[\w.-]+\.\w+", text) is not None
    )
    is_firm = _FIRM.match(text) is not None
    is_known = name is not None and (is_house(name) or looks_like_house(name) or has_domain or is_firm)
    return name if is_known else None  # without a mark, only a house is a holder


def _behind_slogan(text: str) -> str | None:
    """ⓒ 건강을 위한 정직한 지식. 한빛닷컴 / 무단전재 금지: a listed house behind a slogan."""
    slogan, stop, rest = until_clause(text, dots=False).partition(". ")
    name = _clean_holder(until_clause(rest)) if stop and len(slogan) <= _LONGEST_SLOGAN else None
    return name if name is not None and is_house(name) else None


_LONGEST_SLOGAN = 40
"""Characters; the longest in the saved notices (문화일보's) has 21."""


def _end_of_run(text: str, marks: list[re.Match[str]]) -> int:
    """Copyright ⓒ, 저작권자 (c): marks that stand together count as one; the first run wins."""
    end = marks[0].end()
    for mark in marks[1:]:
        if text[end : mark.start()].strip(EDGES):
            break
        end = mark.end()
    return end


def until_clause(text: str, *, dots: bool = True) -> str:
    for match in _HOLDER_END.finditer(text):
        if not dots and match.group().startswith("."):
            continue
        if text[: match.start()].strip(EDGES + "0123456789"):
            return text[: match.start()]
    return text


def _out_of_quotes(text: str) -> str:
    """A quoted slogan goes; a quoted name stays (산업전문지 '동네신문')."""
    bare = text.strip(" \t.,:;·-–—|│/()")
    last = next(reversed(list(QUOTED.finditer(bare))), None)
    unquoted = QUOTED.sub(" ", bare).strip(EDGES)
    quoted = "" if last is None else last.group().strip(EDGES)
    if last is not None and last.end() == len(bare) and unquoted and quoted.split():
        named = longest_house_ending(quoted) or quoted.split()[-1]
        if _DOMAIN_ALONE.fullmatch(unquoted) and (is_house(named) or holds_house(named)):
            return named  # munhwa.com '대한민국 오후를 여는 유일석간 문화일보'
        if (is_house(quoted) or looks_like_house(quoted)) and not is_house(unquoted):
            return quoted
    return unquoted or bare.strip(EDGES)


_NOBODY = re.compile(
    r"(?:(?:원\s?)?저작권자|제공처|제공자|각\s?(?:사|언론사)|해당\s?언론사|원\s?저작자|작성자)(?:\s?(?:또는|및|와|과|·)\s?\S{2,6})?"
)
"""저작권자 또는 제공처: whoever that may be."""


def _clean_holder(text: str) -> str | None:
    found = _name_of_holder(text)
    return None if found is not None and _NOBODY.fullmatch(found) else found


def _name_of_holder(text: str) -> str | None:
    text = re.sub(
        r"\A[^\w'\"‘“<《〈「]*(?:by\b)?\s*(?:(?:19|20)\d{2}\s*[-~–.,]?\s*){0,3}(?:by\b\s*)?[ⓒ©Ⓒ]?\s*",
        "",
        text.strip(),
        flags=re.IGNORECASE,
    )
    text = re.sub(r"\s(?:제공|콘텐츠)\Z", "", _out_of_quotes(_PROPERTY.sub("", text)))
    if house_key(text) in _ALIASES:
        return _ALIASES[house_key(text)]
    if _DOMAIN_ALONE.fullmatch(text) and (owner := publisher_of_url(f"https://{text.lower()}/")) is not None:
        return owner
    text = re.split(r"\s:\s", text)[0].strip(EDGES) or text  # 조인스랜드 : JTBC Content Hub: the first named
    parts = [part for part in re.split(r",\s*|\s+[-–|│]\s+", text) if not _SENTENCE.search(part)]
    named = [part for part in parts if not _DOMAIN_ALONE.fullmatch(part.strip())] or parts
    listed = [part.strip() for part in named if is_house(part.strip())] or [
        part.strip() for part in named if looks_like_house(part.partition("&")[0].strip())
    ]
    text = (listed or named)[-1].strip(EDGES) or text if named else text
    text = re.sub(r"\s*\([^()]*\)?\Z", "", text)  # 오마이뉴스(시민기자)
    text = re.sub(r"\s*(?:19|20)\d{2}\Z", "", " ".join(text.split())).strip(EDGES)
    text = re.sub(
        r"\s*(?:&|and)\s*[A-Za-z0-9.-]+\.(?:com|net|kr|co\.kr)\Z", "", text, flags=re.IGNORECASE
    ).strip(EDGES)
    at_home = re.fullmatch(r"(.{2,20}?)\s(?:[A-Za-z0-9-]{1,30}\.){1,2}(?:com|net|kr|tv|org)", text)
    if at_home is not None and re.search("[가-힣]", at_home[1]):  # [아주경제 ajunews.com]
        text = at_home[1]
    text = _first_named(text)
    if " " not in text and text.endswith(("일보사", "신문사")):  # the company of the paper
        text = text[:-1]
    for slogan in _SLOGANS:
        text = text.removeprefix(slogan).strip() or text
    if house_key(text) in _ALIASES:
        return _ALIASES[house_key(text)]
    first, also, _ = text.partition("와 ")
    text = first if also and (is_house(first) or looks_like_house(first)) else text  # 새벽일보와 필자
    known = longest_house_ending(text) or _house_within(text)
    if known is not None:
        return _ALIASES.get(house_key(known), known)
    if _CLAIM.search(text):
        return None
    words = text.split()
    is_praised = any(word in _PRAISE or _PARTICLE.search(word) for word in words[:-1])
    if len(words) > 2 and holds_house(words[-1]) and is_praised:
        # 세계를 보는 창 한빛방송, 대표 경제지 한빛경제: a slogan and a house that no list has
        return words[-1]
    return text if any(map(str.isalpha, text)) and not text.startswith("무단") else None


_JOINED = re.compile(r"(?<=[가-힣A-Z])\s?and\s(?=[A-Z가-힣])")
"""중앙일보and JTBC Content Hub, 중앙SUNDAY and 중앙일보"""


def _first_named(text: str) -> str:
    """전자신문 & 전자신문인터넷, MBC&iMBC, 한빛일보/한빛일보플러스, 한빛일보 홈페이지: the first."""
    joined = _JOINED.sub(" & ", text)
    first, mark, rest = (part.strip() for part in joined.partition("&" if "&" in joined else "/"))
    is_repeated = bool(first) and house_key(rest).startswith(house_key(first))
    is_listed = mark == "&" and (
        is_house(first) or looks_like_house(first) or (holds_house(first) and " & " in joined)
    )
    text = first if mark and (is_repeated or is_listed) else text
    behind = _BEHIND.fullmatch(text)
    return behind["house"] if behind and (is_house(behind["house"]) or holds_house(behind["house"])) else text


def _house_within(text: str) -> str | None:
    """대한경제신문, KBS 라디오: a listed house and the kind of house that it is."""
    match = re.fullmatch(r"(?P<house>.{2,20}?)\s*(?:신문사?|방송|라디오|보도국|뉴스|미디어그룹)", text)
    return match["house"] if match is not None and is_house(match["house"]) and not is_house(text) else None
