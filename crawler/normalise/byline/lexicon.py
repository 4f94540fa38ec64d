"""What a word of a byline can be: name, role, place, house, desk, field, label.

The lists beside this file are data; add a word there, not here. Judgements are about one word, or a few
that make one term; what a word is in its line is the grammar's business.
"""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.rare import Rare

from .data import endings
from .data import words as _words
from .institutions import ORG_ENDING, UNIVERSITIES, is_university
from .lexer import DOTS
from .names import SURNAMES, is_usual, reads_well, surname_of
from .parts import LABELS
from .sisters import is_of_publisher


def house_key(text: str) -> str:
    """Return the spelling by which houses are compared: no blanks, no case."""
    return "".join(text.split()).casefold()


_ROLE_ENDING = endings("role_endings.txt")
ROLES = _words("roles.txt") | frozenset(ending for ending in _ROLE_ENDING if len(ending) > 2)
FIELDS = _words("fields.txt")
_SECOND_FIELDS = FIELDS | {"뉴스", "이슈", "분석", "콘텐츠"}
PLACES = _words("places.txt")
FOREIGN = _words("foreign.txt")
COUNTRIES = _words("countries.txt")
_NONNAMES = _words("nonnames.txt")
_DESKS = _words("desks.txt")
_NAMES_AS_WORDS = _words("names_as_words.txt")
_HOUSES = frozenset(map(house_key, _words("houses.txt")))
_HOUSE_BEGINNINGS = frozenset(key[:length] for key in _HOUSES for length in range(1, len(key) + 1))

IGNORED = _words("noise.txt")

_HANGUL_NAME = re.compile(r"[가-힣○]{2,5}")
_SENTENCE_END = re.compile(
    r"(?:니다|한다|했다|에서|으로|에게|까지|부터|에는|하는|된다|됐다|이다|라고|라며|면서|지만|인데)\Z"
)
_FOUR_PARTICLE = re.compile(r"[은는을를의에가와과로도]\Z")

ROLE_ENDINGS = frozenset(role[-2:] for role in ROLES if not role.isascii())
"""The last two letters of every listed Korean role."""

_REPORTER = re.compile(r"(?:기자|특파원|통신원|리포터|논설위원|[記记]者|特派[員员])\Z")
_TITLE_ENDING = endings("title_endings.txt")
_GLUED = re.compile(
    r"([가-힣○]{2,5}?[1-9]?)((?:선임|인턴|객원|수습|전문|명예|시민|사진|온라인)?기자|특파원|논설위원|앵커|아나운서|PD|기상캐스터|리포터)"
)
_GLUED_LONG = re.compile(
    r"([가-힣○]{3})([가-힣]{2,6}(?:기자|특파원|통신원|캐스터|앵커|아나운서|칼럼니스트|평론가|논설위원|해설위원|편집위원|에디터))"
)
"""김서윤외신캐스터: a name of three syllables and any role of a newsroom."""
_GLUED_HAN = re.compile("([\u4e00-\u9fff々]{2,4})([記记]者|特派[員员])")
"""金夏潭記者"""
_GLUED_TITLE = re.compile(r"([가-힣]{3})(차장|(?<!본)부장|팀장|국장|본부장|편집장|대표|교수|변호사)")
"""김서윤차장: behind what reads like a name alone, for 정치부장 is a title."""
_MEDIA = _words("house_endings.txt")
_MEDIA_ENDING = tuple(ending.lstrip("!") for ending in _MEDIA)
_SURE_MEDIA_ENDING = tuple(ending[1:] for ending in _MEDIA if ending[0] == "!")
_DESK_STEM = (
    r"(?:뉴스|취재|편집|보도|사회|정치|경제|산업|문화|국제|전국|지방|디지털|온라인|인터넷|콘텐츠|스포츠|체육|연예|사진|영상|금융"
    r"|증권|부동산|유통|생활|과학|의학|법조|탐사|기획|교육|환경|IT|뉴?미디어|통일|외교|외신|논설|여론|오피니언|정책|종합|건설|국방"
    r"|그래픽|교열|멀티|모바일|데이터|융합|라이프|중기|바이오|테크|테크|글로벌|마켓|대중|엔터|이슈|속보|호남|영남|충청|수도권"
    r"|제2?사회|사회2?|경인|특집|특별|통합|심층|보건|복지|노동|중소기업|벤처|자동차|신산업|재계|재테크|건강|여행|레저|골프)"
)
_DESK = re.compile(
    _DESK_STEM
    + r"[0-9A-Za-z가-힣·]{0,8}?[0-9]{0,2}(?:부|국|실|센터|본부|데스크|랩|팀|취재단|연구소|TF)[0-9]{0,2}"
    r"|[0-9A-Za-z가-힣]{2,10}(?:팀|취재본부|데스크|뉴스부|편집부|TF팀|연구소|취재단)"
)
_MINISTRIES = _words("ministries.txt")
_VENUE_ENDING = endings("venue_endings.txt")
_INDOORS = frozenset(["국회", "청와대", "대통령실", "법원", "검찰청", "경찰청"])
_AREA_ENDING = Rare(r"[가-힣]{2,6}(?:시|군|구|도|읍|면|동|항|섬)")


@lru_cache(maxsize=4096)
def is_house(text: str, publisher: str | None = None) -> bool:
    """True for the name of a news house: a listed one, or this page's publisher."""
    key = house_key(text)
    if not key:
        return False
    return key in _HOUSES or (publisher is not None and is_of_publisher(key, house_key(publisher), PLACES))


@lru_cache(maxsize=4096)
def begins_house(word: str, publisher: str | None) -> bool:
    """True for a word with which a listed house's name, or this page's publisher's, begins."""
    key = house_key(word.strip(".\"'“”‘’*…"))
    if key in _HOUSE_BEGINNINGS:
        return True
    return publisher is not None and (house_key(publisher).startswith(key) or is_house(word, publisher))


def looks_like_house(text: str) -> bool:
    """True for a word that ends as only news houses do (일보, 신문 ...)."""
    return len(text) >= 4 and " " not in text and text.endswith(_SURE_MEDIA_ENDING)


def house_and_place(text: str) -> tuple[str, str] | None:
    """브레이크뉴스 강릉: a house by its ending, and a place; None for anything else."""
    house, blank, place = text.partition(" ")
    return (house, place) if blank and looks_like_house(house) and is_place(place) else None


def holds_house(text: str) -> bool:
    """True for a word that ends, or begins, as news houses do (위클리서울)."""
    is_one = len(text) >= 4 and " " not in text
    return is_one and (
        text.endswith(_MEDIA_ENDING) or text.startswith((*_MEDIA_ENDING, "월간", "주간", "계간"))
    )


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
    if word in LABELS or is_house(word) or is_desk(word) or is_university(word) or is_field(word):
        return False
    if len(word) == 3 and word[-1] in "가는를에와" and word[:2] in _NONNAMES:  # 정부가
        return False
    if is_machine(word):
        return False
    if len(word) == 3 and word.endswith("과"):  # 신경과, 정형외과: departments
        return False
    family = surname_of(word)
    if family is None or not 0 < len(word) - len(family) <= 3:
        return False
    if len(word) >= 3 and (_REPORTER.search(word) or (len(word) > 3 and word.endswith(_ROLE_ENDING))):
        return False
    if len(word) >= 4 and word[:2] not in SURNAMES and _reads_as_other(word):
        return False
    return not (len(word) >= 3 and _SENTENCE_END.search(word))


def _reads_as_other(word: str) -> bool:
    if word.endswith((*ORG_ENDING, *_MEDIA_ENDING, *_VENUE_ENDING)):
        return True
    return bool(_FOUR_PARTICLE.search(word) or _AREA_ENDING.fullmatch(word))


def is_word_for_name(word: str) -> bool:
    """True for a word, a field or a role that people are called, too (우주)."""
    return word in _NAMES_AS_WORDS


def is_like_college(word: str) -> bool:
    """True for a name that only ends as colleges do (어윤대): no listed one, and of no town."""
    is_ended = len(word) == 3 and word.endswith("대") and word not in UNIVERSITIES
    return is_ended and word[:-1] not in PLACES and not is_common_word(word) and reads_well(word)


def is_hangul_word(word: str) -> bool:
    """True for a word of one to five Hangul syllables: what a foreign name's part can be."""
    return bool(re.fullmatch(r"[가-힣○]{1,5}", word)) and word not in _NONNAMES and word not in FIELDS


def is_han_name(word: str) -> bool:
    """True for two to five Chinese characters that are no role: a name printed in them (金夏潭).

    Of 韓도윤 the family name alone: what 韓총리 has behind it no given name has.
    """
    if re.fullmatch("[\u4e00-\u9fff々]{2,5}", word):
        return word not in ROLES and word not in _NONNAMES and not _REPORTER.search(word)
    family = _HAN_SURNAMES.get(word[:1])
    return family is not None and bool(re.fullmatch("[가-힣]{2}", word[1:])) and is_usual(family + word[1:])


_HAN_SURNAMES = dict(
    zip(
        "金李朴崔鄭姜趙尹張林韓吳徐申權黃安宋柳洪全高文孫梁裵白曺許南沈劉盧河郭成車朱禹具羅閔陳嚴蔡元千方孔玄咸卞廉",
        "김이박최정강조윤장임한오서신권황안송유홍전고문손양배백조허남심유노하곽성차주우구나민진엄채원천방공현함변염",
        strict=True,
    )
)
"""The commonest family names in Chinese characters (census of 2015), each of one character."""


@lru_cache(maxsize=4096)
def is_role(word: str) -> bool:
    """True for a listed role, or a word that ends as one and does not begin with a name (과학전문기자)."""
    if word in ROLES:
        return True
    if len(word) > 14 or split_glued(word) is not None:
        return False
    if word.endswith("시장") and word[:-2] in PLACES:  # 춘천시장, not 전통시장
        return True
    if not word.endswith(_ROLE_ENDING):
        return False
    return not is_name(word) and not any(word.startswith(name) for name in UNIVERSITIES)


def is_title(word: str) -> bool:
    """True for a word that right behind a name is what the person is, by its ending (교육연수생)."""
    return 2 <= len(word) <= 10 and word.endswith(_TITLE_ENDING) and word not in _NONNAMES


def is_reporter_role(role: str) -> bool:
    """True for the roles that only newsrooms give (기자, 특파원 ...)."""
    return bool(_REPORTER.search(role))


@lru_cache(maxsize=4096)
def split_glued(word: str) -> tuple[str, str] | None:
    """Split a name, or a place, from the role that is printed without a blank (박준범기자, 도쿄특파원)."""
    if word in ROLES:
        return None
    if (han := _GLUED_HAN.fullmatch(word)) is not None and is_han_name(han[1]):
        return han[1], han[2]
    match = _GLUED.fullmatch(word) or _GLUED_LONG.fullmatch(word)
    if match is None:
        titled = _GLUED_TITLE.fullmatch(word)
        return (titled[1], titled[2]) if titled and is_name(titled[1]) and reads_well(titled[1]) else None
    head, role = match.groups()
    if head.endswith("주재") and head[:-2] in PLACES:
        return None  # 서울주재기자
    if is_name(head) or (head in PLACES and role in ("특파원", "기자")):
        return head, role
    return None


def is_desk(word: str) -> bool:
    """True for a desk or team of a newsroom (정치부, 온라인뉴스팀); 뉴스데스크 is a programme."""
    if word == "뉴스데스크" or word in _MINISTRIES:
        return False
    return word in _DESKS or (len(word) >= 3 and bool(_DESK.fullmatch(word)))


def is_machine(word: str) -> bool:
    """True for what a house calls its machine or account (증시봇, AI, 관리자): it is nobody."""
    return word.endswith("봇") or word in ("AI", "인공지능", "관리자", "운영자")


def is_place(text: str) -> bool:
    """True for a listed place, places joined by a dot, or words that end as a ground or a district does."""
    parts = re.split(rf"[{DOTS}/,]\s*", text)
    if len(parts) > 1:
        return all(map(is_place, parts))
    if text in PLACES:
        return True
    words = text.split()
    if len(words) > 1:
        return len(words) <= 4 and (all(map(is_place, words)) or text.endswith(_VENUE_ENDING))
    is_district = text[-1:] in ("시", "군", "구") and text[:-1] in PLACES  # 김제동 is a man, 김제시 a city
    return is_district or (len(text) >= 4 and text.endswith(_VENUE_ENDING))


def is_venue(text: str) -> bool:
    """True for a house in which news is made (국회, 법원): a place, and no town."""
    return text.endswith(_VENUE_ENDING) or text in _INDOORS


def is_ground(word: str) -> bool:
    """True for the second word of a sports ground that is named after a house (KBS 아레나)."""
    return word in ("아레나", "체육관", "경기장", "구장", "스타디움", "돔", "홀", "실내체육관")


def is_common_word(word: str) -> bool:
    """True for a word that the lists know as neither name nor place (현장, 정치)."""
    return word not in PLACES and (word in _NONNAMES or word in FIELDS)


_PROSE_WORD = Rare(
    r"[가-힣]{2,}(?:은|는|을|를|이|가|의|에|에서|에게|으로|로|와|과|도|만|한|된|던|할|고|며|면|서|다|요|게|인|들)\Z"
)


_PARTICLE = Rare(r"[가-힣]{2,}(?:은|는|을|를|의|에|에서|으로|에게|했다|한다|하는)\Z")


def has_particle(word: str) -> bool:
    """True for a word with a particle that no name ends in."""
    return _PARTICLE.match(word) is not None


def reads_as_prose(word: str) -> bool:
    """True for a word that ends as words of a sentence do: a particle or a verb's ending."""
    return _PROSE_WORD.match(word) is not None


def is_field(word: str) -> bool:
    """True for a word that narrows a role (중국, 기후환경, IT전문)."""
    if word in FIELDS or word.endswith(("전문", "담당")):
        return True
    if len(word) not in (4, 5, 6) or not word.isalpha():
        return False
    return any(word[:cut] in FIELDS and word[cut:] in _SECOND_FIELDS for cut in (2, 3, 4))  # 음식문화


def longest_house_ending(text: str) -> str | None:
    """Return the longest run of last words of ``text`` that is a listed house, as printed."""
    words = text.split()[-8:]
    for count in range(len(words), 0, -1):
        tail = " ".join(words[-count:])
        if house_key(tail) in _HOUSES:
            return tail
    return None
