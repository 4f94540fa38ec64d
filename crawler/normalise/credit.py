"""Captions of pictures: what the picture shows, and who made or gave it."""

from __future__ import annotations

import re

from .byline import parse_lead, parse_signature
from .byline.lexicon import is_house, is_place, longest_house_ending
from .text import tidy

_LONGEST_CREDIT = 80
"""Characters; the longest credit seen (three agencies and a photographer) has under 60."""

_AGENCY = (
    r"(?:EPA|AP|AFP|UPI|REUTERS|로이터|신화|교도|타스|게티|Getty|TASS|XINHUA|Reuters|Xinhua|DPA|dpa"
    r"|연합뉴스|뉴시스|뉴스1|NEWSIS|YONHAP)"
)
_LABEL = (
    r"(?:사진\s*(?:\([^()]{1,10}\))?\s*[·,/]?\s*(?:자료|글|영상)?\s*(?:제공|출처|촬영)?|자료\s*사진|자료\s*(?:제공|출처)|화면\s*(?:제공|출처|캡처|캡쳐)|그래픽"
    r"|일러스트|이미지\s*(?:제공|출처)?|영상\s*(?:제공|출처|캡처)?|출처|제공|캡처|캡쳐|Photo|photo|PHOTO)"
)
_BRACKETED = re.compile(
    r"[\[(【<〈]\s*(?P<inside>[^\[\]()【】<>〈〉]{1,80})\s*[\])】>〉]?\s*[\])】>〉]\s*\.?\s*\Z"
)
_INSIDE = re.compile(
    rf"{_LABEL}\s*[=:｜|/ⓒ©\-]|{_AGENCY}\s*[=/]|[=/]\s*{_AGENCY}|\A{_AGENCY}(?:\s|\Z)|제공\Z|자료\s*사진\Z|캡[처쳐]\Z|ⓒ|©|\A사진\s"
    r"|DB\Z|홈페이지\Z|인스타그램\Z|SNS\Z|페이스북\Z|유튜브\Z|공동취재단?\Z|사진기자단\Z|(?:기자|작가|특파원)\Z"
)
_LABELLED = re.compile(
    rf"(?:\A|(?<=[\s/／|│.\])”\"’'다임함요#]))[/／|│]?\s*{_LABEL}\s*[=:：｜|│_]\s*(?P<credit>\S.{{0,79}})\Z"
)
_LABELLED_BLANK = re.compile(
    r"(?:\A|(?<=[\s/／|│.]))[/／|│]?\s*사진\s?(?:제공|출처|캡처)?\s*[-–ⓒ©]?\s+(?P<credit>(?:제공|[가-힣A-Za-z0-9ⓒ©]+).{0,60}?)\Z"
)
_SIGNED = re.compile(
    r"(?:\A|(?<=[\s/／.,다\])”\"]))[/／]?\s*(?P<credit>(?:[가-힣A-Za-z0-9]{1,12}\s*)?[ⓒ©Ⓒ]\s*\S.{0,59})\Z"
)
_SLASHED = re.compile(r"[/／]\s*(?P<credit>[^/／=]{2,50})\Z")
_TRAILER = re.compile(
    r"(?P<date>(?:(?<=[\s.)\]】])|(?<![\d/]))\d{4}\.\s?\d{1,2}\.\s?\d{1,2}\.?)?"
    r"(?P<email>\s*\(?[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9.-]{1,64})?\)?)?"
    r"(?P<reserved>\s*\*?\s*재판매\s*및\s*DB\s*금지\.?)?\s*\Z"
)
"""What a wire prints behind the credit: the day, the photographer's e-mail (whole or cut), a reservation."""
_RESERVED = re.compile(r"[.,]?\s*\*?\s*재판매\s*및\s*DB\s*(?:사용\s*)?금지\.?\Z")
_PLACED = re.compile(
    rf"(?:\A|(?<=[\s.]))(?P<place>[가-힣·]{{2,10}})\s?=\s?(?P<credit>{_AGENCY}(?:[/·]{_AGENCY})*)\Z"
)
_PHOTOGRAPHER = re.compile(r"(?:\A|(?<=[\s/.]))(?P<credit>[가-힣]{2,4}\s?(?:선임|사진|인턴|객원)?기자)\Z")
_GIVEN = re.compile(
    r"(?P<giver>[^.。!?\"”…\[\]()]{1,40}?)\s*(?P<how>제공|자료\s?사진|캡처|캡쳐|갈무리)\s*[.]?\s*\Z"
)
_NOT_GIVERS = re.compile(r"(?:을|를|로|으로|에서|에게|무료|서비스|정보|기회|편의|숙식|식사)\Z")
_LAST_SENTENCE = re.compile(r"(?<=[.!?다”\"’])\s+(?P<credit>[^.!?]{2,40})\.?\s*\Z")
_AGENCIES = re.compile(rf"{_AGENCY}(?:[\s=/·,]*{_AGENCY})*")
_CREW = re.compile(
    r"(?:취재단|기자단|공동취재(?:사진)?|게티이미지(?:뱅크|코리아)?|픽사베이|언스플래시|셔터스톡|클립아트코리아)\Z"
    r"|\A\S{2,14}(?:연맹|협회|위원회|구단|재단)(?:\([A-Z]{2,8}\))?\Z"
)
_GIVES = re.compile(r"제공|출처|캡[처쳐]|ⓒ|©|(?:기자|작가)\Z")
_PICTURE_TAG = re.compile(r"\s*\[사진\]\s*[^.!?]{2,40}\Z")
"""[사진] OSEN DB (OSEN's bodies)."""
_EDGES = " \t/／|│-–=#"


def split_caption(line: str) -> tuple[str | None, str | None]:
    """Split a caption line into (what it shows, who is credited); None for the part that is not there.

    The credit is as printed, without brackets and without a label such as ``사진=``. It is looked for at
    the end of the line, before the day and the e-mail that a wire prints there; these stay in the caption,
    save an e-mail right behind the photographer's name. Without one there the lead-in is the credit: agency
    and photographer in the words printed (``뉴시스 홍효식 기자`` of ``【서울=뉴시스】홍효식 기자 =``); the
    caption keeps the lead-in as the body keeps its own. A line of credit alone gives (None, credit); an empty
    one (None, None).
    """
    text = " ".join(tidy(line).split("\n"))
    if not text:
        return None, None
    core, trailer = _without_trailer(text)
    signed = (_photographer,) if "@" in trailer else ()
    for read in (_bracketed, _placed, _labelled, _signed, _given, _slashed, *signed, _last_sentence):
        found = read(core)
        if found is not None:
            caption, credit = found
            kept = "" if _names_photographer(core, credit) else trailer
            return _bare(f"{caption.strip()} {kept}"), _bare(credit)
    return text, _lead_credit(core)


def is_credit_line(line: str) -> bool:
    """True for a paragraph that is nothing but a picture's credit (``사진 제공 = WKBL``)."""
    if len(line) > _LONGEST_CREDIT or not re.match(rf"[\[(【<〈/*▲#\s]*(?:{_LABEL}|[ⓒ©])", line):
        return False
    if _PICTURE_TAG.match(line):
        return True
    if not re.search(r"[=:：｜|│/ⓒ©\-–_]|제공|출처|캡[처쳐]", line):
        return False  # 사진 콘테스트
    caption, credit = split_caption(line)
    return caption is None and credit is not None


def _bare(part: str) -> str | None:
    return part.strip(_EDGES) or None


def _without_trailer(text: str) -> tuple[str, str]:
    """The line before the day, e-mail and reservation at its end, and these."""
    match = _TRAILER.search(text, max(0, len(text) - 200))
    start = match.start() if match else len(text)
    return (text[:start].rstrip(), text[start:].strip()) if start else (text, "")


def _names_photographer(core: str, credit: str) -> bool:
    """강진형 기자aymsdream@: the e-mail behind a person is the person's and no part of the caption."""
    return core.endswith(credit) and credit.endswith(("기자", "특파원", "작가"))


def _lead_credit(text: str) -> str | None:
    """Agency and photographer of the lead-in, without the place."""
    lead = parse_lead(text, None)
    agency = lead.dateline.agency if lead.dateline else None
    if lead.dateline is None or agency is None or not (lead.people or lead.dateline.place):
        return None
    people = lead.raw.removeprefix(lead.dateline.raw).strip(" =")
    return f"{agency} {people}" if people else agency


def _placed(text: str) -> tuple[str, str] | None:
    """``... 인천=연합뉴스``: place and agency end the caption."""
    match = _PLACED.search(text, max(0, len(text) - _LONGEST_CREDIT))
    if match is None or not is_place(match["place"]):
        return None
    return text[: match.start()] + match["place"], match["credit"]


def _bracketed(text: str) -> tuple[str, str] | None:
    match = _BRACKETED.search(text, max(0, len(text) - 100))
    if match is None:
        return None
    inside = _RESERVED.sub("", match["inside"].strip())
    if (placed := _PLACED.fullmatch(inside)) and is_place(placed["place"]):
        place = f"[{placed['place']}]" if match.start() else placed["place"]
        return f"{text[: match.start()]}{place}", placed["credit"]
    if not (_INSIDE.search(inside) or is_house(inside) or parse_signature(inside, None) is not None):
        return None
    return text[: match.start()], _unlabelled(inside)


def _unlabelled(credit: str) -> str:
    return re.sub(rf"\A{_LABEL}\s*(?:[=:：｜|/\-]\s*|(?=[ⓒ©]))", "", credit).strip()


def _labelled(text: str) -> tuple[str, str] | None:
    floor = max(0, len(text) - 2 * _LONGEST_CREDIT)
    for pattern in (_LABELLED, _LABELLED_BLANK):
        match = pattern.search(text, floor)
        if match is None or match["credit"].rstrip(".").endswith("다"):
            continue
        credit = match["credit"].strip(" .])")
        if pattern is _LABELLED or _GIVES.search(credit) or _is_credit(credit):
            return text[: match.start()], credit
    return None


def _signed(text: str) -> tuple[str, str] | None:
    match = _SIGNED.search(text, max(0, len(text) - _LONGEST_CREDIT))
    if match is None or match["credit"].rstrip(".").endswith("다"):
        return None
    return text[: match.start()], match["credit"]


def _given(text: str) -> tuple[str, str] | None:
    """``삼성전자 HBM4. 삼성전자 제공``: the giver reaches back to the sentence's end, or is the last word."""
    floor = max(0, len(text) - 60)
    match = _GIVEN.search(text, floor)
    if match is None or _NOT_GIVERS.search(match["giver"]):
        return None
    return _divide_giver(text, match.start("giver"), match["giver"].rstrip())


def _divide_giver(text: str, start: int, giver: str) -> tuple[str, str]:
    boundary = text[:start].rstrip()
    house = longest_house_ending(giver)
    if house is not None:
        start += len(giver) - len(house)
    elif "/" in giver:
        start += giver.rfind("/") + 1
    elif (boundary and boundary[-1] not in ".!?”\"'’…") or len(giver.split()) > 3:
        start += giver.rfind(" ") + 1
    return text[:start], text[start:].strip(" .")


def _slashed(text: str) -> tuple[str, str] | None:
    match = _SLASHED.search(text, max(0, len(text) - _LONGEST_CREDIT))
    if match is None or not _is_credit(match["credit"].strip(" .")):
        return None
    return _cut(text, match)


def _photographer(text: str) -> tuple[str, str] | None:
    match = _PHOTOGRAPHER.search(text, max(0, len(text) - _LONGEST_CREDIT))
    return _cut(text, match) if match else None


def _last_sentence(text: str) -> tuple[str, str] | None:
    match = _LAST_SENTENCE.search(text, max(0, len(text) - _LONGEST_CREDIT))
    if match is not None and _is_credit(match["credit"].strip()):
        return _cut(text, match)
    return ("", text) if len(text) <= 30 and _is_credit(text) else None


def _is_credit(part: str) -> bool:
    if is_house(part) or _AGENCIES.fullmatch(part) or _CREW.search(part):
        return True
    people = parse_signature(part, None)
    return people is not None and part.endswith(("기자", "특파원", "작가"))


def _cut(text: str, match: re.Match[str]) -> tuple[str, str]:
    return text[: match.start()], match["credit"].strip(" .")
