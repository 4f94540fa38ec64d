"""What one line at the end of a body is: signature, notice, promotion, credit, or the article's own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.normalise.byline import parse_signature
from crawler.normalise.byline.lexer import EMAIL
from crawler.normalise.byline.lexicon import is_house, is_place, is_reporter_role
from crawler.normalise.credit import is_credit_line
from crawler.normalise.rights import is_notice, split_notice
from crawler.rare import Rare

from .promotion import LONGEST_LINE, PLAIN_PROMOTION, POINTER, STATEMENT, asks_the_reader, is_promotion

_GLUED_REACH = 160
"""Characters at the end of a paragraph in which a glued signature is looked for."""

_HASHTAGS = re.compile(r"\s*#[^\s#]{1,40}(?:[\s,]+#[^\s#]{1,40})*\s*")
_END_MARK = re.compile(
    r"\s*[(<\[〈（–—-]?\s*(?:끝|END|完)\s*[)>\]〉）–—-]?\.?\s*|\s*[-=~*_─━★☆◆■●]{3,}\s*|\s*\*재판매\s?및\s?DB\s?금지\s*"
)
_DAY = r"(?:\d{4}[./-]\s?\d{1,2}[./-]\s?\d{1,2}\.?|\d{4}년\s?\d{1,2}월\s?\d{1,2}일)\s*"
_CLOCK = r"(?:\d{1,2}:\d{2}(?::\d{2})?\s*|\d{1,2}시\s?\d{1,2}분\s*)?"
_SENT = r"(?:최초|최종|기사|등록)?\s?(?:송고|입력|게재|작성|수정|등록|승인)(?:시간|일시)?"
_DISPATCH = re.compile(
    rf"\s*[(\[]?\s*(?:(?:{_SENT}\s*[:：]?\s*)?{_DAY}{_CLOCK}(?:{_SENT})?\s*[/|,]?\s*){{1,2}}[)\]]?\s*"
    rf"|\s*[\[(]?\s*(?:{_DAY})자?\s*(?:신문\s*)?(?:[A-Z]?\d{{1,3}}면)?\s*[\])]?\s*"
)
"""A day alone, or with what the house did then: 2026.04.01., 2026년04월01일 10시23분 송고."""
_EXPLAINS = re.compile(r"[\s■▲◆●※<\[(]*사진\s?(?:설명|캡션)\s*[=:：]")
"""사진설명=...: a picture's caption, printed under the signature (fnnews, 2009)."""
_LONGEST_POINTER = 100
"""Characters; lines that point to a house's own channel have under 60."""
_LONGEST_SLOGAN = 30
"""Characters; the slogan of this kind seen (노컷뉴스) has 9."""
_LONGEST_FRAGMENT = 60
"""Characters: the slogan seen has 40."""
_REPORTERS = ("기자", "특파원", "통신원", "리포터", "위원")
_LONGEST_HOUSE = 20
"""Characters of a house's name alone in its line."""
_SELF = re.compile(
    r"[\s※*▶▷■□●◆◇\-·<\[(【〈]*(?:이|본|위|해당|외부)\s?(?:기사|콘텐[츠트]|컨텐[츠트]|글|칼럼|보도|원고|기고|필자|영상|뉴스|자료|리포트|기획|연재"
    r"|시리즈|인터뷰|방송|프로그램|작품|내용|서비스)[가-힣\s]{0,8}?(?:[는은의을를가와과에]|내용|작성|제작)"
)
_MAKING = Rare(
    r"(?:작성(?:된\s것|했|하였|됐|되었)|제작|생성|번역|제휴|협찬|협력|게재|실렸|실린|실립|연재|광고|후원|편집|요약|AI|인공지능|알고리즘|저작권|제공|취재|기고|의견|견해|입장|서비스|출고|전송"
    r"|투자|참고|수정|정정|송고|기획|인용|출처|무관|책임|보호|재구성|기사입|글입|콘텐츠입).{0,80}"
    r"(?:니다|음|됨|함|세요|시오)[.!]?\s*[>\])】〉]?\s*\Z"
)
"""What is said of the making, in the register of a notice: the article's own sentences end otherwise."""
_SPEAKERS = "<◀◇◆■□●▶【"
"""What opens a line that says who speaks now (<홍길동 기자>)."""
_LONGEST_PIECE = 60
"""Characters of a signature within the page: a place, a name, a role and an e-mail."""

_BEHIND_NOTICE = re.compile(r"(?<=금지)[)\]>〉》】.]*\s*(?P<sign>[^\s)\]>〉》】.].{4,80})\Z")

_SIGNS = re.compile("[ⓒ©]")
_BESIDE_SIGN = re.compile(
    r"\s*[ⓒ©]\s*(?P<house>[^\s/,|·@]{2,20})\s*[/,|·\s]\s*(?P<behind>[^ⓒ©]{4,80}@[^ⓒ©\s]{3,60}\s*)"
    r"|(?P<before>[^ⓒ©]{4,80}@[^ⓒ©]{3,60})[ⓒ©]\s*(?P<last>[^\s/,|·@]{2,20})\s*"
)
"""ⓒ 한빛일보 / 홍길동 기자 hong@..., and the other way round."""

_TEXT_END = re.compile(r"[다요죠까임음함됨][.!?…]*[\"”’'」』)\]】>]*\Z|[.!?…”\"’]\Z")
_SIGNED_END = re.compile(
    r"(?:@[A-Za-z0-9.-]{3,64}\)?|(?:기자|특파원|위원|리포터|통신원|캐스터)[)\]】]?|[:：/]\s?[가-힣]{2,4}|https?://[\w./?=&%-]{4,80})\Z"
)
"""An address, a reporter's role, the last of a crew or a link end what stands before promotion."""
_BRACKET_END = re.compile(r"[\[(][^\[\]()]{4,80}[\])]\Z")
_CHANNEL = Rare(r"\(\s*[가-힣A-Za-z ]{2,16}방송[^()]{0,40}www\.[^()\s]{4,30}\s*\)")
"""( 누리TV 케이블방송 ch164, www.nuri.example ): where a broadcaster is seen."""
_OPEN = re.compile(r"[\[(][^\])]*\Z")
_POINTERS = re.compile("[▶▷►☞▣■]")
_SENTENCE_BREAK = re.compile(r"[.!?…。”\"’'」』)\]】>]+(?=\s*\S)|(?<=[다요죠])\s+(?=\S)|\s+(?=[\[(【</／])")


def is_whole_notice(text: str) -> bool:
    """True for a line that is a copyright notice and nothing else."""
    return is_notice(text) and split_notice(text)[0] == ""


def promotes(text: str) -> bool:
    """A line of promotion; ☞가람통신 hong@x.com▶ 가람통신 구독하기 signs before it promotes."""
    if not is_promotion(text):
        return False
    second = _POINTERS.search(text.lstrip(), 2)
    return second is None or parse_signature(text.lstrip()[: second.start()], None) is None


def ends_in_notice(text: str) -> bool:
    """▶ 한빛일보 바로가기<저작권자 ⓒ 한빛일보, 무단전재 금지>: a notice behind something else."""
    return split_notice(text)[1] is not None


def rule_of(text: str, publisher: str | None) -> str | None:
    """The rule that takes the whole line, or None for a line of the article."""
    if is_whole_notice(text):
        return "notice"
    if len(text) > LONGEST_LINE or corrects(text):
        return None
    if (PLAIN_PROMOTION.match(text) and not STATEMENT.search(text)) or asks_the_reader(text):
        return None if ends_in_notice(text) else "promotion"
    if parse_signature(text, publisher) is not None:
        return "signature"
    if _HASHTAGS.fullmatch(text):
        return "hashtags"
    if _is_note(text) or names_helpline(text):
        return "note"
    if _END_MARK.fullmatch(text) or _is_dispatch(text, publisher):
        return "end"
    return "credit" if is_credit_line(text) or _EXPLAINS.match(text) else None


def glued_part(text: str, publisher: str | None) -> tuple[str, str, str] | None:
    """(what stays, rule, what goes) where something is glued to the last sentence; None without."""
    before, notice = split_notice(text)
    if notice is not None:
        return before, "notice", notice
    floor = max(0, len(text) - _GLUED_REACH)
    for end in _breaks(text, floor):
        before, after = text[:end].rstrip(), text[end:].strip()
        if (rule := _glued_rule(before, after, publisher)) is not None:
            return before, rule, after
    return None


def _breaks(text: str, floor: int) -> list[int]:
    """Where one thing may end and the next begin: behind a sentence or an address, before a pointer."""
    addresses = [found.span() for found in EMAIL.finditer(text, floor)]
    ends = {match.end() for match in _SENTENCE_BREAK.finditer(text, floor)}
    ends = {
        end for end in ends if not any(start < end < stop for start, stop in addresses)
    }  # never at its dot
    ends.update(match.start() for match in _POINTERS.finditer(text, floor))
    return sorted(ends | {stop for _, stop in addresses if stop < len(text)})


def _glued_rule(before: str, after: str, publisher: str | None) -> str | None:
    if not before or len(after) < 3:
        return None
    if not _TEXT_END.search(before):
        return _behind_signature(before, after, publisher)
    if parse_signature(after, publisher) is not None and _signs_behind(after):
        return "signature"
    if promotes(after) or (after[0] in "▶☞※" and PLAIN_PROMOTION.match(after)):
        return "promotion"
    if _CHANNEL.fullmatch(after):
        return "promotion"
    if after[0] in "▶☞※[(<" and (asks_the_reader(after) or _is_note(after)):
        return "note"
    if re.fullmatch(r"[(<\[]\s*끝\s*[)>\]]", after):
        return "end"
    if after[0] not in "([</／사" or _OPEN.search(before):
        return None
    return "credit" if is_credit_line(after.lstrip("/／ ")) else None


def _is_note(text: str) -> bool:
    return speaks_of_itself(text) and not is_to_be_known(text)


def _behind_signature(before: str, after: str, publisher: str | None) -> str | None:
    """홍길동 기자 hong@x.com▶ 한빛일보 구독하기: what a house says behind who signed."""
    crew = _BRACKET_END.search(before)
    if crew is not None and parse_signature(crew[0], publisher) == () and parse_signature(after, publisher):
        return "signature" if _signs_behind(after) else None  # (영상편집: 홍길동) 누리TV 이순신입니다.
    if promotes(after) or (after[0] in "▶☞※" and asks_the_reader(after)):
        return "promotion" if _SIGNED_END.search(before) else None
    if after.startswith("사진") and "@" in before[-_LONGEST_PIECE:] and is_credit_line(after):
        return "credit" if parse_signature(before[-_LONGEST_PIECE:], publisher) is not None else None
    return None


def parted(text: str, publisher: str | None) -> tuple[str, ...]:
    """A signature beside a notice or a house's sign, as a line of its own (... 재배포 금지 홍길동 기자)."""
    if len(text) > LONGEST_LINE:
        return (text,)
    match = _BEHIND_NOTICE.search(text) if "금지" in text else None
    if match is not None and is_notice(text[: match.start()]) and parse_signature(match["sign"], publisher):
        return text[: match.start("sign")].rstrip(), match["sign"]
    signed = _BESIDE_SIGN.fullmatch(text) if "@" in text and _SIGNS.search(text) else None
    if signed is None or not is_house(signed["house"] or signed["last"], publisher):
        return (text,)
    behind = signed["house"] is not None
    at = signed.start("behind") if behind else signed.end("before")
    parts = text[:at].rstrip(), text[at:].strip()
    return parts if parse_signature(parts[1] if behind else parts[0], publisher) else (text,)


def _signs_behind(after: str) -> bool:
    """Behind a sentence: an address, a reporter's role, or a station's reporter with an id cut short."""
    if "@" in after or re.search(r"(?:기자|특파원|위원|리포터|통신원|캐스터)[)\]】>〉.]?\s*\Z", after):
        return True
    return (
        re.search(r"(?:기자|\[)\s?[a-z][a-z0-9._]{2,19}\]?\Z|입니다\.?(?:\Z|\s)|[eE]mail\s?protected", after)
        is not None
    )


def is_sure_signature(text: str, publisher: str | None) -> bool:
    """A signature beyond doubt: an e-mail with or without a person, a reporter with the role, a sign-off."""
    if len(text) > LONGEST_LINE:
        return False
    if "@" in text or "protected" in text:
        return parse_signature(text, publisher) is not None
    is_speaker = text.lstrip()[:1] in _SPEAKERS
    return _signs_off(text, publisher) or (not is_speaker and _names_reporter(text, publisher))


def _signs_off(text: str, publisher: str | None) -> bool:
    """KBS 뉴스 홍길동입니다."""
    if len(text) > _LONGEST_PIECE or not re.search(r"(?:입니다|였습니다|이었습니다)\s?[.!]?\s*\Z", text):
        return False
    return bool(parse_signature(text, publisher))


def signs_piece(text: str, publisher: str | None) -> bool:
    """A reporter's line under one of several pieces; ``<홍길동 기자>`` says who speaks now."""
    return text.lstrip()[:1] not in _SPEAKERS + "[" and _names_reporter(text, publisher)


def _names_reporter(text: str, publisher: str | None) -> bool:
    if len(text) > _LONGEST_PIECE or not any(role in text for role in _REPORTERS):
        return False
    people = parse_signature(text, publisher)
    return bool(people) and all(p.name and p.role and is_reporter_role(p.role) for p in people or ())


def _is_dispatch(text: str, publisher: str | None) -> bool:
    """The day, the hour or the house alone, or the first before the last (2026.11.20/뉴스1)."""
    if _DISPATCH.fullmatch(text) is not None:
        return True
    day = re.match(rf"\s*{_DAY}[/／|]\s*", text)
    return _is_house_alone(text[day.end() :] if day else text, publisher)


def _is_house_alone(text: str, publisher: str | None) -> bool:
    """(Yonhap): the agency closes its copy with its name, in brackets or not."""
    bare = text.strip()
    if len(bare) > _LONGEST_HOUSE:
        return False
    match = re.fullmatch(r"[(\[<]([^()\[\]<>]{2,20})[)\]>]", bare)
    named = match[1].strip() if match else bare.strip("-=/ ")
    place, equals, agency = named.partition("=")
    return is_house(agency if equals and is_place(place.strip()) else named, publisher)


def speaks_of_itself(text: str) -> bool:
    """이 기사는 ... 작성됐습니다: the house on the making of the article, to the reader."""
    return _SELF.match(text) is not None and _MAKING.search(text) is not None


def is_fragment(line: str) -> bool:
    """True for a short line that is no sentence and no speech."""
    text = _SLOGAN_HOUSE.sub("", _out_of_brackets(line.strip()))
    return len(text) <= _LONGEST_FRAGMENT and not re.search(
        r"[다요죠까]\s*[.?!”\"'’)]*\Z|[.?!…:”\"]\Z|>", text
    )


def _out_of_brackets(text: str) -> str:
    return text[1:-1].strip() if text[:1] + text[-1:] in ("<>", "〈〉", "[]", "()", "【】") else text


def is_marked(text: str) -> bool:
    """A line behind a pointing mark, or in brackets."""
    return POINTER.match(text) is not None or _out_of_brackets(text.strip()) != text.strip()


def solicits(text: str) -> bool:
    """뉴스레터를 받아보시려면 클릭하세요.: a line that wants something of its reader."""
    return len(text) <= LONGEST_LINE and _SOLICITS.search(text) is not None


def is_to_be_known(text: str) -> bool:
    """Who paid (※ ... 지원을 받아 작성됐습니다.) and what is corrected: readers need it."""
    return _PAID.search(text) is not None or corrects(text)


def corrects(text: str) -> bool:
    """※ 위 기사의 이용자 수를 정정합니다.: what was done, wherever it stands."""
    return _CORRECTS.search(text) is not None


def names_helpline(text: str) -> bool:
    """※ 고민이 있으면 상담전화 109에서 ..: what houses print under a story of a suicide."""
    return is_marked(text) and _HELPLINE.search(text) is not None


def is_polite(text: str) -> bool:
    return _POLITE.search(text) is not None


def is_statement(text: str) -> bool:
    """A line that is too long for anything but an article's, or a sentence in the plain register."""
    return len(text) > LONGEST_LINE or _PLAIN_END.search(text) is not None


def is_plain(texts: Sequence[str]) -> bool:
    """True where the lines' last sentences end in 다 (newspapers), false for 니다 and 요 (broadcasters)."""
    ends = [match["polite"] is None for text in texts if (match := _REGISTER.search(text)) is not None]
    return bool(ends) and 2 * sum(ends) > len(ends)


def ends_sentence(text: str) -> bool:
    return re.search(r"[.?!…”\"'’)\]]\s*\Z", text) is not None


def is_trailing(line: str, *, plain: bool) -> bool:
    """A line that no article ends with: a fragment, a slogan, a pointer, a word to the reader.

    ``plain``: the article's sentences end in 다 and not in 니다, so that a line in the polite register is the
    house's own word.
    """
    text = line.strip()
    if len(text) > LONGEST_LINE or corrects(text):
        return False
    if plain and _POLITE_INSIDE.search(text):
        return True
    if _POLITE.search(text) and (_TO_THE_READER.search(text) or speaks_of_itself(text)):
        return True
    if len(text) > _LONGEST_POINTER:
        return False
    if (
        text.endswith("!")
        or is_fragment(text)
        or (len(text) <= _LONGEST_SLOGAN and re.search(r"[가-힣]\Z", text))
    ):
        return True
    return POINTER.match(text) is not None and STATEMENT.search(text) is None


_HELPLINE = Rare(
    r"(?:상담\s?(?:전화|센터)|핫라인|(?:생명의|희망의|청소년)\s?전화)[^.]{0,20}?(?<!\d)(?:1\d{2,3}(?:-\d{4})?)(?!\d)"
)
_PLAIN_END = re.compile(r"(?<!니)다\.[”\"’')\]]*\s*\Z")
_REGISTER = re.compile(r"(?:(?P<polite>니다|요)|다)[.!?]?[”\"’')\]]*\s*\Z")
_SLOGAN_HOUSE = re.compile(r"(?<=\s)[<〈《『「\[]\s?[^<>〈〉《》『』「」\[\]]{2,20}[>〉》』」\]]\Z")
"""세상을 밝히는 힘 <한빛일보>"""
_POLITE = re.compile(r"(?:니다|세요|시오|까요|해요)[.!?~]*\s*[)\]>]*\Z")
_POLITE_INSIDE = Rare(r"(?:니다|[가-힣]요|시오|니까)(?:[.!?~]+|\s*[)\]>]?\s*\Z)[)\]>\s]*(?=[^”\"’'」]|\Z)")
_PAID = re.compile(
    r"(?:지원|후원|협찬|기금)(?:을|으로|를|로)?\s?(?:받아|통해|이뤄|이루어|작성|제작|취재|보도)"
    r"|(?:원고료|제작비|협찬금)[^.]{0,12}받아|기사형\s?광고|광고성\s?(?:기사|콘텐츠)"
)
_CORRECTS = re.compile(
    r"바로\s?잡(?:습니다|았습니다|음|는다|았다)|정정(?:합니다|했습니다|하였습니다|됐습니다|함(?=[.\s)\]]|\Z))"
    r"|(?:오류|오기|오보|사실과\s?다[르른]|잘못)[^.]{0,40}(?:수정|고[쳤치])[가-힣]{0,4}니다"
    r"|\A[\s\[<【〈(■▶※]*(?:정정|반론|추후)(?:[·및\s]{0,3}(?:정정|반론))?\s?보도(?:문)?\s?[\]>】〉):](?!.*(?:청구|신청|문의|요청))"
    r"|삭제[가-힣]{1,4}\s?[^.]{0,20}복원[가-힣]{1,4}니다"
)
"""What was done, not what a house would do (오류를 바로잡겠습니다, 정정보도 청구)."""
_SOLICITS = re.compile(r"구독|제보|클릭|뉴스레터|후원|채널|팔로우|독자\s?여러분")
_TO_THE_READER = re.compile(
    r"여러분|독자|시청자|제보|구독|문의|기다립니다|바랍니다|드립니다|만듭니다|만들어집니다|제공됩니다|이용|클릭|확인|받아"
)
