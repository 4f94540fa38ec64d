"""The ways in which a line ends in a credit: each takes the line, and gives (caption, credit) or None."""

from __future__ import annotations

import re

from crawler.normalise.byline import parse_signature
from crawler.normalise.byline.institutions import is_organisation, reads_as_institution
from crawler.normalise.byline.lexicon import (
    house_key,
    is_common_word,
    is_house,
    is_name,
    is_place,
    is_role,
    longest_house_ending,
    reads_as_prose,
)
from crawler.normalise.byline.names import reads_unlike
from crawler.rare import Rare

from .marks import (
    AGENCIES,
    BRACKETED,
    COURTESY,
    CREW,
    DATED,
    DAY_CUT,
    FILED,
    GAVE,
    GIVEN,
    GIVERS,
    GIVES,
    GLUED_AGENCY,
    INSIDE,
    LABEL,
    LABEL_SLASH,
    LABELLED,
    LABELLED_AFTER_STOP,
    LABELLED_BLANK,
    LAST_SENTENCE,
    LONGEST_CREDIT,
    LONGEST_GIVER,
    LONGEST_SUBJECT,
    MADE,
    MAKERS,
    NOT_GIVERS,
    PHOTO_BY,
    PHOTOGRAPHER,
    PLACED,
    RESERVED,
    SENTENCE_START,
    SHORTEST_CAPTION,
    SIDE,
    SIGNED,
    SLASHED,
    TAGGED,
    TOOK,
    WIRE_NAME,
    WIRES,
)


def read_made(text: str) -> tuple[str, str] | None:
    match = MADE.search(text, max(0, len(text) - LONGEST_CREDIT))
    if match is None:
        return None
    start = match.start("credit")
    sentence = SENTENCE_START.search(text, 0, start)
    begin = sentence.end() if sentence else 0
    if start - begin <= LONGEST_SUBJECT:  # 이 이미지는 생성형 AI로 제작했습니다.
        start = begin
    return text[:start], text[start:].strip(" .")


def read_placed(text: str) -> tuple[str, str] | None:
    """``... 인천=연합뉴스``: place and agency end the caption."""
    match = PLACED.search(text, max(0, len(text) - LONGEST_CREDIT))
    if match is None or not is_place(match["place"]):
        return None
    return text[: match.start()] + match["place"], match["credit"]


def read_bracketed(text: str) -> tuple[str, str] | None:
    match = BRACKETED.search(text, max(0, len(text) - 100))
    if match is None:
        return None
    inside = RESERVED.sub("", match["inside"].strip())
    if (placed := PLACED.fullmatch(inside)) and is_place(placed["place"]):
        place = f"[{placed['place']}]" if match.start() else placed["place"]
        return f"{text[: match.start()]}{place}", placed["credit"]
    if MADE.search(inside) is not None:
        return text[: match.start()], _unlabelled(inside)
    if " " not in inside and is_role(inside):
        return None  # 사진 홍길동(사진작가): what the person is
    if not (
        INSIDE.search(inside)
        or CREW.search(inside)
        or is_house(inside)
        or parse_signature(inside, None) is not None
        or any(map(is_house, re.split("[/·]", inside)))
        or ((took := TOOK.fullmatch(inside)) is not None and is_name(took["name"]))
        or (_ends(text[: match.start()]) and _is_named_alone(inside))
    ):
        return None
    if (within := _WITHIN.fullmatch(inside)) is not None:
        return f"{text[: match.start()]} {within['caption']}", within["credit"]
    return text[: match.start()], _unlabelled(inside)


_WITHIN = re.compile(r"(?P<caption>[^=]{2,40}?[.,])\s사진\s?=\s?(?P<credit>[^=]{2,40})")
"""[홍길동. 사진 = 한빛일보 DB]: what the picture shows, in the bracket with who gave it."""


def _ends(caption: str) -> bool:
    """A sentence, or the stop behind a name, ends here: what is bracketed next is not part of it."""
    return re.search(r"[.!?][”\"’']?\s*\Z", caption) is not None


def _unlabelled(credit: str) -> str:
    if not SIDE.match(named := re.sub(r"\A사진\s+(?=[가-힣A-Za-z])", "", credit)):
        credit = named  # [사진 가상시]
    return re.sub(rf"\A{LABEL}\s*(?:[=＝:：｜|/\-]\s*|(?=[ⓒ©]))", "", credit).strip()


def read_labelled(text: str) -> tuple[str, str] | None:
    floor = max(0, len(text) - 2 * LONGEST_CREDIT)
    if (alone := LABEL_SLASH.match(text) or PHOTO_BY.search(text, floor)) is not None:
        return text[: alone.start()], alone["credit"]
    for pattern in (LABELLED, LABELLED_BLANK):
        match = pattern.search(text, floor)
        if match is None or match["credit"].rstrip(".").endswith("다"):
            continue
        if re.search(r"(?:\A|\s)['‘\"“]\Z", text[: match.start()]):
            continue  # '사진=기억' 연작: a title
        credit = match["credit"].strip(" .])" if "(" not in match["credit"] else " .]")
        is_person = is_name(credit) and len(credit) == 3 and not reads_unlike(credit)
        if pattern is LABELLED or GIVES.search(credit) or _is_credit(credit) or is_person:
            return text[: match.start()], credit
    return _after_stop(text)


def read_tagged(text: str) -> tuple[str, str] | None:
    """``[사진] OSEN DB, 홍길동 SNS``; behind the tag may stand what the picture shows."""
    match = TAGGED.match(text)
    if match is None or not all(_is_owner(part.strip()) for part in match["credit"].split(",")):
        return None
    return "", match["credit"].strip()


def _is_owner(part: str) -> bool:
    return _is_credit(part) or GIVES.search(part) is not None or _CHANNEL.search(part) is not None


def read_wires(text: str) -> tuple[str, str] | None:
    floor = max(0, len(text) - LONGEST_CREDIT)
    match = (
        WIRES.search(text, floor)
        or WIRE_NAME.search(text, floor)
        or COURTESY.search(text, floor)
        or FILED.search(text, floor)
    )
    return (
        (_LABEL_BEFORE.sub("", text[: match.start()]).rstrip(" (["), match["credit"].strip(" ."))
        if match
        else None
    )


_LABEL_BEFORE = re.compile(rf"(?:\A|(?<=[\s.])|[/|]\s?){LABEL}\s*[=:｜|ㅣ]?\s*\Z")
"""사진 | before AP=연합뉴스"""


def _after_stop(text: str) -> tuple[str, str] | None:
    """``... 본사 전경. 사진 한빛전자``: a few words that are no place in the picture."""
    gave = GAVE.search(text, max(0, len(text) - LONGEST_CREDIT))
    if gave is not None and not re.search(r"[은는을를]\Z|다\Z", gave["credit"].strip(" .")):
        return _cut(text, gave)
    match = LABELLED_AFTER_STOP.search(text, max(0, len(text) - LONGEST_CREDIT))
    if match is None or SIDE.match(match["credit"]) or len(match["credit"].split()) > 3:
        return None
    return None if re.search(r"[은는을를]\Z|다\Z", match["credit"]) else _cut(text, match)


def read_signed(text: str) -> tuple[str, str] | None:
    match = SIGNED.search(text, max(0, len(text) - LONGEST_CREDIT))
    if match is None or match["credit"].rstrip(".").endswith("다"):
        return None
    if match["house"] and not (is_house(match["house"]) or AGENCIES.fullmatch(match["house"])):
        start = match.end("house")  # 개막전을 기다리는 서윤호 ⓒ박도현 기자: whom the picture shows
        return text[:start], text[start:].strip()
    return text[: match.start()], match["credit"]


def read_given(text: str) -> tuple[str, str] | None:
    """``삼성전자 HBM4. 삼성전자 제공``: the giver reaches back to the sentence's end, or is the last word."""
    floor = max(0, len(text) - 60)
    match = GIVEN.search(text, floor)
    if match is None or NOT_GIVERS.search(match["giver"]):
        return None
    return _divide_giver(text, match.start("giver"), match["giver"].rstrip())


def _divide_giver(text: str, start: int, giver: str) -> tuple[str, str]:
    boundary = text[:start].rstrip()
    if re.search("['‘’]", giver):  # 유튜브 채널 '새 길' 캡처
        return text[:start], text[start:].strip(" .")
    house = longest_house_ending(giver)
    if house is not None:
        start += len(giver) - len(house)
    elif "|" in giver:
        start += giver.rfind("|") + 1
    elif "/" in giver and not AGENCIES.fullmatch(giver.split()[-1]):
        start += giver.rfind("/") + 1
    elif (boundary and boundary[-1] not in ".!?”\"'’…") or len(giver.split()) > 3:
        start += giver.rfind(" ") + 1
    if (day := DAY_CUT.match(text, max(0, start - 12))) is not None and day.end() > start:
        start = day.end()  # 2023.10.26 KLPGA 제공: a date has dots too
    return text[:start], text[start:].strip(" .")


_READS_ON = re.compile(r"\d(?<![A-Z]{2}\d)|[은는을를]\Z|다\Z")
"""Figures and particles are none of a name, but for a channel's number (KBS2)."""


def read_slashed(text: str) -> tuple[str, str] | None:
    match = SLASHED.search(text, max(0, len(text) - LONGEST_CREDIT))
    if match is None:
        return None
    credit = match["credit"].strip(" .")
    caption = text[: match.start()]
    is_between = caption[-1:] == " " and text[match.end("mark")] == " "
    is_apart = match["mark"] in "/／" or is_between or re.search(r"[.!?)\]”’\"'>]\s*\Z", caption) is not None
    apart = is_apart and _stands_apart(caption, credit)
    return _cut(text, match) if _is_credit(credit) or apart else None


def _stands_apart(caption: str, credit: str) -> bool:
    """``... 놀고 있다. /넷플릭스``: a short name behind a slash that ends a caption, no half of a pair."""
    if not caption.strip():
        return not re.search(r"다\Z", credit)
    if is_name(credit) and is_name(caption.split()[-1]) and caption[-1:] not in " .":
        return False  # 서울시장 후보 홍길동/이순신: two in the picture
    is_short = len(credit.split()) <= 3 and len(credit) <= LONGEST_GIVER and not is_place(credit)
    if not is_short or _READS_ON.search(credit) or not re.search("[가-힣A-Za-z]{2}", credit):
        return False
    if is_common_word(credit) or is_role(credit):  # 감독/선수
        return False
    ends = re.search(r"[.!?)\]”’\"'>다]\s*\Z|\s\Z", caption) is not None
    return ends or (len(caption) >= SHORTEST_CAPTION and " " in caption)


def read_photographer(text: str) -> tuple[str, str] | None:
    match = PHOTOGRAPHER.search(text, max(0, len(text) - LONGEST_CREDIT))
    return _cut(text, match) if match else None


def read_last_sentence(text: str) -> tuple[str, str] | None:
    match = LAST_SENTENCE.search(text, max(0, len(text) - LONGEST_CREDIT))
    if match is not None:
        start = match.start("credit")
        day = DAY_CUT.match(text, max(0, start - 12))
        start = day.end() if day is not None and day.end() > start else start  # 2026. 11. 20 공동취재단
        credit = text[start:].strip(" .")
        if _is_credit(credit) or _is_named_alone(credit):
            return text[:start], credit
    for pattern in (DATED, GLUED_AGENCY):
        behind = pattern.search(text, max(0, len(text) - LONGEST_CREDIT))
        if behind is not None and _is_credit(behind["credit"].strip()):
            return text[: behind.start("credit")], behind["credit"].strip()
    return ("", text) if len(text) <= 30 and _is_credit(text) else None


_OFFICE = Rare(r"[가-힣]{2,7}(?:시|군|구|도|청|처|부)(?:청|의회)?")
"""강릉시, 교육부, 관세청: an office of the state or a town's."""


_CHANNEL = re.compile(
    r"(?:(?:방송|뉴스)\s?(?:화면|영상)|홈페이지|누리집|인스타그램|SNS|페이스북|유튜브|블로그|엑스|트위터|틱톡|카페)\Z"
)


def _is_named_alone(part: str) -> bool:
    """``... 조감도. 한빛건설``: a name of few words behind a sentence, with no particle, figure or verb."""
    words = part.split()
    if not words or len(words) > 3 or len(part) > LONGEST_GIVER or SIDE.match(part):
        return False
    if _OFFICE.fullmatch(part):
        return True
    if is_place(part):
        return False
    if _CHANNEL.search(part) and not any(map(reads_as_prose, words[:-1])):
        return True
    if any(_READS_ON.search(word) or is_role(word) for word in words) or is_common_word(part):
        return False
    if not re.fullmatch(r"[가-힣A-Za-z0-9&+·. ]{3,}|[A-Z]{2,}(?:[ -][A-Z]{2,}){1,3}", part) or reads_as_prose(
        words[-1]
    ):
        return False
    is_latin = part.isascii() and all(word[:1].isupper() for word in words)
    return is_latin or reads_as_institution(words[-1]) or is_organisation(words[-1])


def names_giver(part: str) -> bool:
    """Houses, agencies and makers of stock pictures, joined by commas or not; nobody else."""
    return all(
        is_house(one) or AGENCIES.fullmatch(one) or CREW.fullmatch(one) or house_key(one) in GIVERS
        for one in map(str.strip, part.split(","))
    )


def _is_credit(part: str) -> bool:
    bare = part.removesuffix("DB").strip()
    if bare != part and 1 < len(bare) <= LONGEST_GIVER and len(bare.split()) < 3 and not reads_as_prose(bare):
        return True  # 한빛일보DB: a house's own archive
    if is_house(part) or is_house(bare) or AGENCIES.fullmatch(part) or CREW.search(part):
        return True
    if house_key(part) in GIVERS:
        return True
    people = parse_signature(part, None)
    return people is not None and part.endswith(MAKERS)


def _cut(text: str, match: re.Match[str]) -> tuple[str, str]:
    return text[: match.start()], match["credit"].strip(" .")
