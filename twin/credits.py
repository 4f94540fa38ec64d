"""Who wrote it, in each house's form: header line, lead-in and signature from one cast of people.

The forms are those of docs/sites/credits.md 1 to 3; every name in them is invented.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from twin.korean import mailbox, person_name
from twin.model import Person
from twin.publishers import Publisher

CITIES = (
    "서울",
    "부산",
    "대구",
    "인천",
    "광주",
    "대전",
    "수원",
    "춘천",
    "창원",
    "전주",
    "청주",
    "포항",
    "제주",
    "세종",
)
ABROAD = ("도쿄", "워싱턴", "베이징", "파리", "런던", "베를린")
VENUES = ("잠실", "안양", "장충", "고척", "수원", "이천", "부산", "창원")


@dataclass(frozen=True, slots=True)
class Cast:
    """The people and the place from which one story's credits are made."""

    first: str
    second: str
    mail: str
    second_mail: str
    place: str


@dataclass(frozen=True, slots=True)
class Credits:
    """What is printed where, and the people that a reader takes from all of it together."""

    header: str | None
    lead: str
    """Printed before the first word, with its own trailing space or none."""
    dateline: str | None
    signature: str | None
    glued: bool
    people: tuple[Person, ...]


# {n} {m}: first person and mail; {k} {w}: second person and mail; {pl}: place; {cut}: a mail without its host
HEADERS: dict[str, str] = {
    "bare": "{n}",
    "reporter": "{n} 기자",
    "reporter_mail": "{n} 기자({m})",
    "place_bare": "{pl}={n}",
    "place_slash": "{pl}/{n}",
    "place_spaced": "{pl} = {n} 기자",
    "place_cbs": "{pl}=CBS노컷뉴스 {n} 기자",
    "house_mail": "{n} {house} 기자({m})",
    "name_mail": "{n} {m}",
    "field_china": "{n} 중국 전문기자",
    "field_science": "{n} 과학전문기자",
    "caster": "{n} 기상캐스터",
    "outside": "{n} 한빛대병원 영양팀 임상영양사",
    "publisher": "{house}",
    "senior": "{n} 선임기자",
    "place_correspondent": "{pl}={n} 특파원",
    "correspondent": "{n} 특파원",
    "two": "{n}·{k} 기자",
    "intern": "{n} 인턴기자",
    "columnist": "{n} 칼럼니스트",
    "duty": "{pl} {n} 특파원·서울 {k} 기자",
}
LEADS: dict[str, str] = {
    "none": "",
    "wire_paren": "({pl}={house}) {n} 기자 = ",
    "wire_square": "[{pl}={house}] {n} 기자 = ",
    "house": "[{house}] ",
    "anchor": "",
    "jumpball": "[점프볼={pl}/{n} 기자] ",
    "zdnet": "(지디넷코리아={n} 기자)",
    "herald": "[헤럴드경제={n} 기자] ",
    "edaily": "[이데일리 {n} 기자] ",
    "sportsseoul": "[스포츠서울 | {pl}={n}기자] ",
    "spotv": "[스포티비뉴스={pl}, {n} 기자] ",
    "xports": "(엑스포츠뉴스 {n} 기자) ",
    "osen": "[OSEN={n} 기자] ",
    "tomato": "[뉴스토마토 {n} 기자] ",
    "newsen": "[뉴스엔 {n} 기자] ",
    "interfootball": "[인터풋볼] {n} 기자 = ",
    "citizen": "[{n} 기자]",
    "correspondent": "【{pl}={n} 특파원】 ",
}
SIGNS: dict[str, str | None] = {
    "none": None,
    "mail": "{m}",
    "arrow_mail": "☞공감언론 뉴시스 {m}",
    "reporter_mail": "{n} 기자 {m}",
    "reporter_paren": "{n} 기자({m})",
    "name_paren": "{n} ({m})",
    "house_mail": "{house} {n} ({m})",
    "place_cbs": "{pl}=CBS노컷뉴스 {n} 기자 {m}",
    "bracket_notice": "[{n} {house} 기자 / {m}]",
    "field_china": "{n} 중국 전문기자({m})",
    "two": "{n}·{k} 기자",
    "two_mail": "{n} 기자 ({m}) {k} 기자 ({w})",
    "glued": "/ {m}",
    "place_photo": "{pl}=글·사진 {n} 기자 {m}",
    "senior": "{n} 선임기자 {m}",
    "photo_by": "글·사진={n} 기자 {m}",
    "place_correspondent": "{pl}={n} 특파원 {m}",
    "intern_bracket": "[{n} 디지털뉴스부 인턴기자 {m}]",
    "columnist": "{n} 칼럼니스트 {m}",
    "duty": "{pl} {n} 특파원·서울 {k} 기자",
    "wrote": "글={n} 기자({m})",
    "cut_mail": "{n} 기자 {cut}@",
    "fn": "{m} {n} 기자",
    "fn_abroad": "{m} {n} 특파원",
}
ROLES = {
    "bare": None,
    "place_bare": None,
    "place_slash": None,
    "name_mail": None,
    "publisher": None,
    "field_china": "중국 전문기자",
    "field_science": "과학전문기자",
    "caster": "기상캐스터",
    "outside": "임상영양사",
    "senior": "선임기자",
    "place_correspondent": "특파원",
    "correspondent": "특파원",
    "intern": "인턴기자",
    "columnist": "칼럼니스트",
    "duty": "특파원",
}
ORGANISATIONS = {"outside": "한빛대병원 영양팀", "place_cbs": "CBS노컷뉴스"}
# Forms in which the house's own name stands beside the reporter's.
_HEADER_HOUSE = frozenset({"house_mail"})
_LEAD_HOUSE = frozenset(LEADS) - {"none", "house", "anchor", "citizen", "correspondent"}
_SIGN_HOUSE = frozenset({"house_mail", "bracket_notice"})
_LEAD_PLACE = frozenset(name for name, form in LEADS.items() if "{pl}" in form)
_SIGN_PLACE = frozenset(name for name, form in SIGNS.items() if form and "{pl}" in form)
_TWO = frozenset({"two", "two_mail", "duty"})
_HEADER_PLACE = frozenset(
    {"place_bare", "place_slash", "place_spaced", "place_cbs", "place_correspondent", "duty"}
)


def cast(rng: random.Random, house: Publisher) -> Cast:
    """People and a place that suit the house."""
    first, second = person_name(rng), person_name(rng)
    foreign = house.header in {"place_correspondent", "duty"}
    sports = house.topics[0] == "sports"
    return Cast(
        first=first,
        second=second,
        mail=mailbox(rng, first, house.domain),
        second_mail=mailbox(rng, second, house.domain),
        place=rng.choice(ABROAD if foreign else VENUES if sports else CITIES),
    )


def credits_of(
    house: Publisher,
    people: Cast,
    *,
    header: str | None = None,
    lead: str | None = None,
    sign: str | None = None,
) -> Credits:
    """The printed credits of one page; a form given by name replaces the house's own."""
    header, lead, sign = header or house.header, lead or house.lead, sign or house.sign
    words = {
        "n": people.first,
        "k": people.second,
        "m": people.mail,
        "w": people.second_mail,
        "cut": people.mail.partition("@")[0],
        "pl": people.place,
        "house": house.name,
    }
    line = None if header == "none" else HEADERS[header].format(**words)
    opening = LEADS[lead].format(**words)
    signature = SIGNS[sign]
    printed = f"{line} {opening} {signature and signature.format(**words)}"
    return Credits(
        header=line,
        lead=opening,
        dateline=opening.strip() or None,
        signature=signature.format(**words) if signature else None,
        glued=sign == "glued",
        people=_people(house, (header, lead, sign), people, printed),
    )


def _people(house: Publisher, forms: tuple[str, str, str], people: Cast, printed: str) -> tuple[Person, ...]:
    """What a reader takes from header, lead-in and signature together."""
    header, lead, sign = forms
    if people.first not in printed:
        return ()
    role = ROLES.get(header, "기자" if header != "none" else None)
    role = role or ("기자" if "기자" in printed else None)
    if lead == "correspondent":
        role = "특파원"
    is_named = header in _HEADER_HOUSE or lead in _LEAD_HOUSE or sign in _SIGN_HOUSE
    first = Person(
        name=people.first,
        role=role,
        email=people.mail if people.mail in printed else None,
        organisation=ORGANISATIONS.get(header) or (house.name if is_named else None),
        place=people.place if header in _HEADER_PLACE or lead in _LEAD_PLACE or sign in _SIGN_PLACE else None,
    )
    if header not in _TWO and sign not in _TWO:
        return (first,)
    second = Person(
        name=people.second,
        role="기자",
        email=people.second_mail if people.second_mail in printed else None,
        place="서울" if header == "duty" else None,
    )
    return (first, second)
