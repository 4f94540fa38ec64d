"""What a word of a byline can be: name, role, place, house, desk, field, label.

The lists beside this file are data; add a word there, not here. Judgements are about one word, or a few
that make one term; what a word is in its line is the grammar's business.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files


def _words(name: str) -> frozenset[str]:
    lines = files(__package__).joinpath(name).read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def house_key(text: str) -> str:
    """Return the spelling by which houses are compared: no blanks, no case."""
    return "".join(text.split()).casefold()


SURNAMES = _words("surnames.txt")
ROLES = _words("roles.txt")
FIELDS = _words("fields.txt")
PLACES = _words("places.txt")
_ROMAN_SURNAMES = _words("surnames_roman.txt")
FOREIGN = _words("foreign.txt")
_NONNAMES = _words("nonnames.txt")
_DESKS = _words("desks.txt")
_LABELS = _words("labels.txt")
LABELS = {word.removeprefix("-"): not word.startswith("-") for word in _LABELS}
"""Label -> True when the person behind it wrote the text."""
_HOUSES = frozenset(map(house_key, _words("houses.txt")))

IGNORED = frozenset(["외", "등", "겸", "끝", "이메일", "메일", "전자우편", "email", "e-mail", "mail"])

_HANGUL_NAME = re.compile(r"[가-힣○]{2,5}")
_LATIN_NAME = re.compile(r"[A-Z][a-z]+(?:-[A-Za-z]?[a-z]+)?\.?|[A-Z]\.|[A-Z]{2,12}-[A-Z]{2,12}")
_SENTENCE_END = re.compile(
    r"(?:니다|한다|했다|에서|으로|에게|까지|부터|에는|하는|된다|됐다|이다|라고|라며|면서|지만|인데)\Z"
)
_FOUR_PARTICLE = re.compile(r"[은는을를의에가와과로도]\Z")

ROLE_ENDINGS = frozenset(role[-2:] for role in ROLES)
"""The last two letters of every listed role."""

_REPORTER = re.compile(r"(?:기자|특파원|통신원|리포터|논설위원|주재원)\Z")
_ROLE_ENDING = re.compile(
    r"(?:기자|특파원|통신원|칼럼니스트|컬럼니스트|평론가|비평가|작가|위원|캐스터|앵커|아나운서|에디터|교수|변호사|부장|차장|국장"
    r"|실장|팀장|본부장|센터장|영양사|전문의|디자이너|크리에이터|스토리텔러|감독|해설가|여행가|사진가|연구가|활동가|운동가"
    r"|전문가|학자|치료사|상담사|지도사|해설사|큐레이터|애널리스트|컨설턴트|트레이너|이코노미스트|저널리스트|셰프|소믈리에"
    r"|바리스타|PD|총장|은행장|연구위원|편집장|편집인|시의원|도의원|구의원|관리사|스타일리스트|랩장|디렉터|연구관|연구소장|연구원장|대표이사|이사장|협회장|병원장|회계사|세무사|노무사|소설가|번역가|기고가|비서관|위원장)\Z"
)
_GLUED = re.compile(
    r"([가-힣○]{2,5}?[1-9]?)((?:선임|인턴|객원|수습|전문|명예|시민|사진|온라인)?기자|특파원|논설위원|앵커|아나운서|PD|기상캐스터|리포터)"
)
_UNIVERSITY = re.compile(
    r"(?:[가-힣A-Z]{2,8}(?:대학교|대학원|여대|의대|공대|법대|교대|한의대|과기대|예대)"
    r"|(?:서울|연세|고려|한양|성균관|중앙|경희|이화|부산|경북|전남|전북|충남|충북|강원|제주|인하|아주|건국|동국|홍익|국민"
    r"|하버드|예일|스탠퍼드|스탠포드|옥스퍼드|케임브리지|컬럼비아|코넬|프린스턴|도쿄|와세다|게이오|교토|베이징|칭화|푸단|뉴욕"
    r"|조지타운|조지워싱턴|미시간|존스홉킨스|듀크|시카고|펜실베이니아|워싱턴|텍사스|캘리포니아|런던|파리|베를린"
    r"|숭실|세종|단국|가천|한국외|한국외국어|서강|광운|명지|상명|한성|동아|경성|영남|계명|대구|인천|경기|경남|순천향|한림|울산"
    r"|조선|원광|우석|한남|배재|목원|한밭|공주|목포|순천|창원|한신|한국체|용인|동덕|덕성|성신|숙명|삼육|차의과학|을지|한동)대|포스텍|카이스트|유니스트|지스트|디지스트|KAIST|POSTECH|UNIST|GIST|DGIST)"
)
_ORG_ENDING = re.compile(
    r"(?:병원|의료원|클리닉|한의원|치과|약국|학교|학부|학과|학원|대학|연구소|연구원|연구회|협회|협의회|재단|학회|법인|은행|증권"
    r"|센터|공사|공단|위원회|그룹|전자|물산|생명|화재|카드|보험|자산운용|투자자문|교육청|시청|구청|경찰청|교회|성당|박물관"
    r"|미술관|도서관|법률사무소|컴퍼니|코리아|엔터테인먼트|출판사|연대|연맹|노조|과학관|기념관|문화원|체험관|수목원|진흥원|개발원|정보원|평가원|파트너스|랩스)\Z"
)
_MEDIA_ENDING = re.compile(
    r"(?:뉴스|일보|신문|방송|타임즈|타임스|스포츠|미디어|닷컴|TV|저널|투데이|데일리|헤럴드|매거진|통신|경제|뉴스24|리포트|FM)\Z"
)
_SURE_MEDIA_ENDING = re.compile(r"(?:뉴스|일보|신문|타임즈|타임스|닷컴|TV|저널|투데이|데일리|헤럴드)\Z")
_DESK_STEM = (
    r"(?:뉴스|취재|편집|보도|사회|정치|경제|산업|문화|국제|전국|지방|디지털|온라인|인터넷|콘텐츠|스포츠|체육|연예|사진|영상|금융"
    r"|증권|부동산|유통|생활|과학|의학|법조|탐사|기획|교육|환경|IT|미디어|통일|외교|외신|논설|여론|오피니언|정책|종합|건설|국방"
    r"|그래픽|교열|멀티|모바일|데이터|융합|라이프|중기|바이오|테크|테크|글로벌|마켓|대중|엔터|이슈|속보|호남|영남|충청|수도권"
    r"|제2?사회|사회2?|경인|특집|특별|통합|심층|보건|복지|노동|중소기업|벤처|자동차|신산업|재계|재테크|건강|여행|레저|골프)"
)
_DESK = re.compile(
    _DESK_STEM + r"[0-9A-Za-z가-힣·]{0,8}?[0-9]{0,2}(?:부|국|실|센터|본부|데스크|랩|팀|취재단|연구소|TF)"
    r"|[0-9A-Za-z가-힣]{2,10}(?:팀|취재본부|데스크|뉴스부|편집부|TF팀|연구소|취재단)"
)
_VENUE_ENDING = re.compile(
    r"(?:경기장|체육관|구장|아레나|스타디움|파크|돔|센터|공항|시청|도청|국회|법원|선수촌|월드컵경기장|CC|GC|컨트리클럽)\Z"
)
_AREA_ENDING = re.compile(r"[가-힣]{2,6}(?:시|군|구|도|읍|면|동|항|섬)")


def is_house(text: str, publisher: str | None = None) -> bool:
    """True for the name of a news house: a listed one, or this page's publisher."""
    key = house_key(text)
    return bool(key) and (key in _HOUSES or (publisher is not None and key == house_key(publisher)))


def looks_like_house(text: str) -> bool:
    """True for a word that ends as only news houses do (일보, 신문 ...)."""
    return len(text) >= 4 and " " not in text and bool(_SURE_MEDIA_ENDING.search(text))


@lru_cache(maxsize=4096)
def is_name(word: str) -> bool:
    """True for two to four syllables that begin with a family name and are no other known word.

    A word that is a place too (이천, 정선) is a name here: which of the two it is depends on the line. A
    digit behind three syllables tells namesakes apart (이정은6).
    """
    if len(word) == 4 and word[-1] in "123456789":
        word = word[:-1]
    if not _HANGUL_NAME.fullmatch(word) or word in _NONNAMES or word in FIELDS or word in ROLES:
        return False
    if word in LABELS or is_house(word) or is_desk(word) or _UNIVERSITY.fullmatch(word) or is_field(word):
        return False
    if len(word) == 3 and word[-1] in "가는를에와" and word[:2] in _NONNAMES:  # 정부가
        return False
    if len(word) == 3 and word.endswith("과"):  # 신경과, 정형외과: departments
        return False
    given = len(word) - 2 if word[:2] in SURNAMES and len(word) > 2 else len(word) - 1
    if (word[0] not in SURNAMES and word[:2] not in SURNAMES) or given > 3:
        return False
    if len(word) >= 3 and (_REPORTER.search(word) or (len(word) > 3 and _ROLE_ENDING.search(word))):
        return False
    if len(word) >= 4 and word[:2] not in SURNAMES and _reads_as_other(word):
        return False
    return not (len(word) >= 3 and _SENTENCE_END.search(word))


def _reads_as_other(word: str) -> bool:
    return any(
        ending.search(word) for ending in (_FOUR_PARTICLE, _ORG_ENDING, _MEDIA_ENDING, _VENUE_ENDING)
    ) or bool(_AREA_ENDING.fullmatch(word))


def is_hangul_word(word: str) -> bool:
    """True for a word of one to five Hangul syllables: what a foreign name's part can be."""
    return bool(re.fullmatch(r"[가-힣○]{1,5}", word)) and word not in _NONNAMES and word not in FIELDS


def is_latin_name(word: str) -> bool:
    """True for a capitalised Latin word (Smith, Soo-yeon, J.)."""
    return bool(_LATIN_NAME.fullmatch(word))


def is_upper_name(words: list[str]) -> bool:
    """True for two or three words in capitals, the first or the last a Korean family name (KIM MINSOO)."""
    return (
        1 < len(words) < 4
        and all(re.fullmatch(r"[A-Z]{2,12}", word) for word in words)
        and bool(_ROMAN_SURNAMES & {words[0], words[-1]})
    )


@lru_cache(maxsize=4096)
def is_role(word: str) -> bool:
    """True for a listed role, or a word that ends as one and does not begin with a name (과학전문기자)."""
    if word in ROLES:
        return True
    if len(word) > 12 or not _ROLE_ENDING.search(word) or split_glued(word) is not None:
        return False
    return not is_name(word) and not word.endswith("들") and not _UNIVERSITY.match(word)


def is_reporter_role(role: str) -> bool:
    """True for the roles that only newsrooms give (기자, 특파원 ...)."""
    return bool(_REPORTER.search(role))


@lru_cache(maxsize=4096)
def split_glued(word: str) -> tuple[str, str] | None:
    """Split a name, or a place, from the role that is printed without a blank (박준범기자, 도쿄특파원)."""
    if word in ROLES:
        return None
    match = _GLUED.fullmatch(word)
    if match is None:
        return None
    head, role = match.groups()
    if is_name(head) or (head in PLACES and role in ("특파원", "기자")):
        return head, role
    return None


def is_college(word: str) -> bool:
    """True for a word that ends as the short names of universities do (한국대, 가톨릭관동대)."""
    return bool(re.fullmatch(r"[가-힣A-Z]{2,6}대", word))


def is_desk(word: str) -> bool:
    """True for a desk or team of a newsroom (정치부, 온라인뉴스팀), not for the programme 뉴스데스크."""
    if word == "뉴스데스크":
        return False
    return word in _DESKS or (len(word) >= 3 and bool(_DESK.fullmatch(word)))


def is_organisation(word: str) -> bool:
    """True for an institution, by its ending (이대서울병원, 서울대, 경제학부)."""
    if _UNIVERSITY.fullmatch(word):
        return True
    return len(word) >= 4 and bool(_ORG_ENDING.search(word))


def is_place(text: str) -> bool:
    """True for a listed place, places joined by a dot, or words that end as a ground or a district does."""
    parts = re.split(r"[·ㆍ・/,]\s*", text)
    if len(parts) > 1:
        return all(map(is_place, parts))
    if text in PLACES:
        return True
    words = text.split()
    if len(words) > 1:
        return len(words) <= 4 and (all(map(is_place, words)) or bool(_VENUE_ENDING.search(text)))
    is_district = text[-1:] in ("시", "군", "구") and text[:-1] in PLACES  # 김제동 is a man, 김제시 a city
    return is_district or (len(text) >= 4 and bool(_VENUE_ENDING.search(text)))


def is_ground(word: str) -> bool:
    """True for the second word of a sports ground that is named after a house (KBS 아레나)."""
    return word in ("아레나", "체육관", "경기장", "구장", "스타디움", "돔", "홀", "실내체육관")


def is_common_word(word: str) -> bool:
    """True for a word that the lists know as neither name nor place (현장, 정치)."""
    return word not in PLACES and (word in _NONNAMES or word in FIELDS)


def is_field(word: str) -> bool:
    """True for a word that narrows a role (중국, 기후환경, IT전문)."""
    if word in FIELDS or word.endswith(("전문", "담당")):
        return True
    return len(word) == 4 and word[:2] in FIELDS and word[2:] in FIELDS  # 음식문화


def longest_house_ending(text: str) -> str | None:
    """Return the longest run of last words of ``text`` that is a listed house, as printed."""
    words = text.split()[-8:]
    for count in range(len(words), 0, -1):
        tail = " ".join(words[-count:])
        if house_key(tail) in _HOUSES:
            return tail
    return None
