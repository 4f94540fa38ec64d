"""Captions of pictures: what the picture shows, and who made or gave it."""

from __future__ import annotations

import re
from importlib.resources import files

from .byline import parse_lead, parse_signature
from .byline.lexicon import (
    house_key,
    is_common_word,
    is_house,
    is_name,
    is_place,
    is_role,
    longest_house_ending,
)
from .byline.names import reads_unlike
from .text import tidy

_LONGEST_CREDIT = 80
"""Characters; the longest credit seen (three agencies and a photographer) has under 60."""

_AGENCY = (
    r"(?:EPA|AP|AFP|UPI|REUTERS|로이터|신화|교도|타스|게티|Getty|TASS|XINHUA|Reuters|Xinhua|DPA|dpa"
    r"|[Yy]onhap|연합뉴스|연합|뉴시스|뉴스1|NEWSIS|Newsis|News1|NEWS1|YONHAP)"
)
_LABEL = (
    r"(?:사진\s*(?:\([^()]{1,10}\))?\s*[·,/]?\s*(?:자료|글|영상)?\s*(?:제공|출처|촬영)?|자료\s*사진|자료\s*(?:제공|출처)|화면\s*(?:제공|출처|캡처|캡쳐)|그래픽"
    r"|일러스트|이미지\s*(?:제공|출처)?|촬영|영상\s*(?:제공|출처|캡처)?|출처|제공|캡처|캡쳐|Photo|photo|PHOTO)"
)
_BRACKETED = re.compile(
    r"[\[(【<〈]\s*(?P<inside>[^\[\]()【】<>〈〉]{1,80})\s*[\])】>〉]?\s*[\])】>〉]\s*\.?"
    r"\s*(?:(?:사진\s*합성|일러스트(?:레이션)?|그래픽|이미지|사진|합성사진)[\s·,/]*)*\Z"
)
_INSIDE = re.compile(
    rf"{_LABEL}\s*[=:｜|/ⓒ©\-]|{_AGENCY}\s*[=/]|[=/]\s*{_AGENCY}|\A{_AGENCY}(?:\s|\Z)|제공\Z|제작\Z|자료\s*(?:사진|화면)\Z|캡[처쳐]\Z|갈무리\Z|ⓒ|©|\A(?:사진|촬영)\s"
    r"|DB\Z|홈페이지\Z|인스타그램\Z|SNS\Z|페이스북\Z|유튜브\Z|공동취재단?\Z|사진기자단\Z|(?:기자|작가|특파원)\Z"
)
_LABELLED = re.compile(
    rf"(?:\A|(?<=[\s/／|│.\])”\"’'다임함요#▲△▼■◆]))[/／|│]?\s*{_LABEL}\s*[=:：｜|│ㅣ_]\s*(?P<credit>\S.{{0,79}})\Z"
)
_LABELLED_BLANK = re.compile(
    r"(?:\A|(?<=[\s/／|│.]))[/／|│]?\s*(?:사진|그래픽|일러스트(?:레이션)?)\s?(?:제공|출처|캡처)?\s*[-–ⓒ©]?\s+(?P<credit>(?:제공|[가-힣A-Za-z0-9ⓒ©]+).{0,60}?)\Z"
)
_SIGNED = re.compile(
    r"(?:\A|(?<=[\s/／.,다\])”\"]))[/／]?\s*(?P<credit>(?:(?P<house>[가-힣A-Za-z0-9]{1,12})\s*)?(?:[ⓒ©Ⓒ]|\([cC]\))\s*\S.{0,59})\Z"
)
_SLASHED = re.compile(r"(?P<mark>[/／│|ㅣ])\s*(?P<credit>[^/／=│|ㅣ]{2,50})\Z")
_TRAILER = re.compile(
    r"(?P<date>(?:(?<=[\s.)\]】])|(?<![\d/]))\d{4}\.\s?\d{1,2}\.\s?\d{1,2}\.?)?"
    r"(?P<email>\s*[/|]?\s*\(?[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9.-]{1,64})?\)?)?"
    r"(?P<reserved>\s*\*?\s*재판매\s*및\s*DB\s*금지\.?)?\s*\Z"
)
"""What a wire prints behind the credit: the day, the photographer's e-mail (whole or cut), a reservation."""
_RESERVED = re.compile(
    r"[.,]?\s*\*?\s*재판매\s*및\s*DB\s*(?:사용\s*)?금지\.?\Z|\s*\(무단\s?전재[^()]{0,30}금지\)\.?\Z"
)
_PLACED = re.compile(
    rf"(?:\A|(?<=[\s.]))(?P<place>[가-힣·]{{2,10}})\s?=\s?(?P<credit>{_AGENCY}(?:[/·\s]{_AGENCY})*)\Z"
)
_WIRES = re.compile(
    rf"(?:\A|(?<=[\s/／|.!?)\]”\"’'다]))[/／|]?\s?(?P<credit>(?:[ⓒ©]\s?)?(?<![A-Za-z]){_AGENCY}(?:\s?[=/·\-–]\s?{_AGENCY}|\s{_AGENCY})+"
    r"(?:\s?자료\s?사진)?)\.?\Z"
)
"""AP=연합뉴스, EPA/연합뉴스, Reuters-Yonhap: two agencies that end a caption are nothing else."""
_COURTESY = re.compile(
    r"(?:\A|(?<=[\s/(\[.]))(?P<credit>(?:photos?|images?|pictures?)?\s?(?:courtesy\s(?:of|:)|(?:provided\s|taken\s|photo(?:graph(?:ed)?)?\s)by)"
    r"\s[A-Z][^.!?]{1,60})[)\]]?\Z",
    re.IGNORECASE,
)
_SIDE = re.compile(r"왼쪽|오른쪽|가운데|위|아래|앞|뒤|속|맨|중앙|좌|우|윗|맨앞|(?:왼쪽|위|오른쪽)부터")
"""사진 왼쪽부터, 사진 속: where in the picture somebody stands."""
_LABELLED_AFTER_STOP = re.compile(r"(?<=[.!?”\"’'])\s+[/|]?\s?사진\s(?P<credit>[^.!?=:]{2,24})\Z")
_PHOTOGRAPHER = re.compile(r"(?:\A|(?<=[\s/.]))(?P<credit>[가-힣]{2,4}\s?(?:선임|사진|인턴|객원)?기자)\Z")
_GIVEN = re.compile(
    r"(?P<giver>[^.。!?\"”…\[\]()]{1,40}?)\s*(?P<how>제공|자료\s?사진|캡처|캡쳐|갈무리)\s*[.]?\s*\Z"
)
_NOT_GIVERS = re.compile(r"(?:을|를|로|으로|에서|에게|무료|서비스|정보|기회|편의|숙식|식사)\Z")
_LAST_SENTENCE = re.compile(r"(?<=[.!?다”\"’])\s+(?P<credit>[^.!?]{2,40})\.?\s*\Z")
_DAY_CUT = re.compile(r".{0,11}?\d{4}\.\s?\d{1,2}\.\s?\d{1,2}\.?\s+")
_LONGEST_GIVER = 20
"""Characters of a name behind a slash; the longest seen (스튜디오 and a company) has 14."""
_SHORTEST_CAPTION = 8
"""Characters of a caption before a slash without a blank: 남/여 and 서울/부산 are pairs."""
_AGENCIES = re.compile(rf"{_AGENCY}(?:[\s=/·,]*{_AGENCY})*")
_CREW = re.compile(
    r"(?:취재단|기자단|공동취재(?:사진)?|게티이미지(?:뱅크|코리아)?|gettyimages(?:bank|korea)?|getty\s?images|픽사베이|Pixabay"
    r"|언스플래시|Unsplash|셔터스톡|shutterstock|클립아트코리아|아이클릭아트|프리픽|Freepik|이미지투데이|크라우드픽|위키미디어(?:\s?커먼스)?"
    r"|Wikimedia(?:\s?Commons)?|스톡사진|갈무리)\Z"
    r"|\A\S{2,14}(?:연맹|협회|위원회|구단|재단)(?:\([A-Z]{2,8}\))?\Z"
)
_MADE = re.compile(
    r"(?:\A|(?<=[.!?…)\]\s/=]))(?P<credit>(?:(?:오픈AI(?:의)?|구글(?:의)?|생성형|인공지능\(AI\))\s?)*"
    r"(?:생성형\s?AI|AI|인공지능|챗\s?GPT|ChatGPT|GPT|제미나이|나노\s?바나나|Gemini|미드저니|Midjourney|달리|DALL.?E|코파일럿|Copilot|그록"
    r"|Grok|소라|Sora|클로드|뤼튼|스테이블\s?디퓨전)(?:\s?\d(?:\.\d)?)?\s?(?:를|을|로|으로|가|이|에서|의)?\s?(?:이용해|활용해|통해|사용해)?\s?"
    r"(?:생성|제작|만든|만들어진|그린|합성|가상|생성한|제작한|생성된)[^.!?]{0,30})[.]?\s*\Z",
    re.IGNORECASE,
)
"""챗GPT로 생성한 이미지: a picture that nobody took; what made it is its credit, as printed."""
_SENTENCE_START = re.compile(r".*[.!?…)\]]\s+", re.DOTALL)
_LONGEST_SUBJECT = 12
"""Characters of a sentence before what made the picture (이 이미지는, 해당 사진은)."""
_CHROME = re.compile(r"\A(?:이미지|사진)\s*(?:크게|확대)\s*(?:보기|하기)\s*")
_GIVES = re.compile(r"제공|출처|캡[처쳐]|ⓒ|©|(?:기자|작가)\Z")
_PICTURE_TAG = re.compile(r"\s*[\[(]사진[\])]\s*[^.!?]{2,40}\.?\s*\Z")
"""[사진] OSEN DB (OSEN's bodies)."""
_HASH_LABEL = re.compile(r"\s*#\s*(?:사진|영상|그래픽)\s*(?:제공|출처)?\s*[=_:]\s*\S")
_RESERVED_NOTICE = re.compile(r"\s*\(무단\s?전재[^()]{0,30}금지\)\.?\Z")
_GIVERS = frozenset(
    house_key(line)
    for line in files(__package__).joinpath("givers.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
)
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
    core, trailer = _without_trailer(_RESERVED_NOTICE.sub("", _CHROME.sub("", text)))
    signed = (_photographer,) if "@" in trailer else ()
    for read in (
        _bracketed,
        _placed,
        _wires,
        _labelled,
        _made,
        _signed,
        _given,
        _slashed,
        *signed,
        _last_sentence,
    ):
        found = read(core)
        if found is not None:
            caption, credit = found
            kept = "" if _names_photographer(core, credit) else trailer
            return _bare(f"{caption.strip().rstrip(',')} {kept}"), _bare(credit)
    return text, _lead_credit(core)


def is_credit_line(line: str) -> bool:
    """True for a paragraph that is nothing but a picture's credit (``사진 제공 = WKBL``)."""
    if len(line) > _LONGEST_CREDIT or not re.match(rf"[\[(【<〈/*▲#\s]*(?:{_LABEL}|[ⓒ©])", line):
        return False
    if _PICTURE_TAG.match(line):
        return True
    if not re.search(r"[=:：｜|│/ⓒ©\-–_]|제공|출처|캡[처쳐]", line):
        return False  # 사진 콘테스트
    if _HASH_LABEL.match(line):  # # 사진_점프볼 DB(홍길동 기자)
        return True
    caption, credit = split_caption(line)
    return caption is None and credit is not None


def _bare(part: str) -> str | None:
    bare = part.strip(_EDGES)
    return bare if bare.strip("▲▼◀▶△▽") else None


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
    if not people:  # [OSEN=잠실, 홍길동 기자]: the people stand in the bracket
        people = " ".join(f"{person.name} {person.role or ''}".strip() for person in lead.people)
    return f"{agency} {people}" if people else agency


def _made(text: str) -> tuple[str, str] | None:
    match = _MADE.search(text, max(0, len(text) - _LONGEST_CREDIT))
    if match is None:
        return None
    start = match.start("credit")
    sentence = _SENTENCE_START.search(text, 0, start)
    begin = sentence.end() if sentence else 0
    if start - begin <= _LONGEST_SUBJECT:  # 이 이미지는 생성형 AI로 제작했습니다.
        start = begin
    return text[:start], text[start:].strip(" .")


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
    if _MADE.search(inside) is not None:
        return text[: match.start()], _unlabelled(inside)
    if not (
        _INSIDE.search(inside)
        or _CREW.search(inside)
        or is_house(inside)
        or parse_signature(inside, None) is not None
    ):
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
        is_person = is_name(credit) and len(credit) == 3 and not reads_unlike(credit)
        if pattern is _LABELLED or _GIVES.search(credit) or _is_credit(credit) or is_person:
            return text[: match.start()], credit
    return _after_stop(text)


def _wires(text: str) -> tuple[str, str] | None:
    floor = max(0, len(text) - _LONGEST_CREDIT)
    match = _WIRES.search(text, floor) or _COURTESY.search(text, floor)
    return _cut(text, match) if match else None


def _after_stop(text: str) -> tuple[str, str] | None:
    """``... 본사 전경. 사진 한빛전자``: a few words that are no place in the picture."""
    match = _LABELLED_AFTER_STOP.search(text, max(0, len(text) - _LONGEST_CREDIT))
    if match is None or _SIDE.match(match["credit"]) or len(match["credit"].split()) > 3:
        return None
    return None if re.search(r"[은는을를]\Z|다\Z", match["credit"]) else _cut(text, match)


def _signed(text: str) -> tuple[str, str] | None:
    match = _SIGNED.search(text, max(0, len(text) - _LONGEST_CREDIT))
    if match is None or match["credit"].rstrip(".").endswith("다"):
        return None
    if match["house"] and not (is_house(match["house"]) or _AGENCIES.fullmatch(match["house"])):
        start = match.end("house")  # 개막전을 기다리는 서윤호 ⓒ박도현 기자: whom the picture shows
        return text[:start], text[start:].strip()
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
    if re.search("['‘’]", giver):  # 유튜브 채널 '새 길' 캡처
        return text[:start], text[start:].strip(" .")
    house = longest_house_ending(giver)
    if house is not None:
        start += len(giver) - len(house)
    elif "/" in giver:
        start += giver.rfind("/") + 1
    elif (boundary and boundary[-1] not in ".!?”\"'’…") or len(giver.split()) > 3:
        start += giver.rfind(" ") + 1
    if (day := _DAY_CUT.match(text, max(0, start - 12))) is not None and day.end() > start:
        start = day.end()  # 2023.10.26 KLPGA 제공: a date has dots too
    return text[:start], text[start:].strip(" .")


def _slashed(text: str) -> tuple[str, str] | None:
    match = _SLASHED.search(text, max(0, len(text) - _LONGEST_CREDIT))
    if match is None:
        return None
    credit = match["credit"].strip(" .")
    apart = match["mark"] in "/／" and _stands_apart(text[: match.start()], credit)
    return _cut(text, match) if _is_credit(credit) or apart else None


def _stands_apart(caption: str, credit: str) -> bool:
    """``... 놀고 있다. /넷플릭스``: a short name behind a slash that ends a caption, no half of a pair."""
    if not caption.strip():
        return not re.search(r"다\Z", credit)
    is_name = len(credit.split()) <= 3 and len(credit) <= _LONGEST_GIVER and not is_place(credit)
    if not is_name or re.search(r"\d|[은는을를]\Z|다\Z", credit) or not re.search("[가-힣A-Za-z]{2}", credit):
        return False
    if is_common_word(credit) or is_role(credit):  # 감독/선수
        return False
    ends = re.search(r"[.!?)\]”’\"'>다]\s*\Z|\s\Z", caption) is not None
    return ends or (len(caption) >= _SHORTEST_CAPTION and " " in caption)


def _photographer(text: str) -> tuple[str, str] | None:
    match = _PHOTOGRAPHER.search(text, max(0, len(text) - _LONGEST_CREDIT))
    return _cut(text, match) if match else None


def _last_sentence(text: str) -> tuple[str, str] | None:
    match = _LAST_SENTENCE.search(text, max(0, len(text) - _LONGEST_CREDIT))
    if match is not None and _is_credit(match["credit"].strip()):
        return _cut(text, match)
    return ("", text) if len(text) <= 30 and _is_credit(text) else None


def _is_credit(part: str) -> bool:
    bare = part.removesuffix("DB").strip()
    if is_house(part) or is_house(bare) or _AGENCIES.fullmatch(part) or _CREW.search(part):
        return True
    if house_key(part) in _GIVERS:
        return True
    people = parse_signature(part, None)
    return people is not None and part.endswith(("기자", "특파원", "작가"))


def _cut(text: str, match: re.Match[str]) -> tuple[str, str]:
    return text[: match.start()], match["credit"].strip(" .")
