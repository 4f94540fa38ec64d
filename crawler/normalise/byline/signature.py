"""The signature under a body."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from crawler.normalise.text import tidy
from crawler.rare import Rare
from storage.records import Person

from . import lexicon
from .grammar import parse_people
from .lexer import EMAIL, LONGEST_LINE
from .names import reads_well
from .people import Parsed

_LONGEST_SIGNATURE = 200
"""Characters; the longest seen (four reporters, each with an e-mail) has under 150."""
_LONGEST_STATION_LINE = 16
"""Characters of a line of house and name alone: 연합뉴스TV 남궁민수 has 11."""

_CONTACT = re.compile(
    r"제보|보도자료|문의|구독|카톡|카카오톡|고객센터|바로가기|뉴스레터|채널(?!A)|다운로드|내려받기|클릭|기사\s*보기|다른\s*기사|모든\s*기사"
    r"|팔로우|홈페이지|저작권|무단|배포|금지|ⓒ|©"
)
_PROSE_END = re.compile(r"(?:[다요죠까네]|니다)[.?!”\"’']*\Z")
_MARKS = (
    *("@", "=", ":", "/", "／", "입니다", "습니다", "protected", "뉴스", "취재", "편집", "보도", "디지털"),
    *("온라인", "사진", "글", "정리", "번역", "필자"),
)
_DIGIT_OR_SIGN = re.compile(r"[\d@a-z]\W*\Z")
_MAY_SIGN = re.compile(
    r",\s[A-Z]|,\sstaff\s|PD|b[yY]\s|B[yY]\s|\[[a-z]|" + "|".join(sorted(lexicon.ROLE_ENDINGS))
)
"""One of these is in every signature, or a bracket opens it: a cheap look before the grammar, for this is
asked of many lines. Each begins with a letter of its own, so that the search skips to those."""
_SENTENCE_INSIDE = re.compile(r"[가-힣](?:다|요|죠)[.!?”\"]")
_PROSE_INSIDE = Rare(
    r"[가-힣][.!?…”\"](?!\w)|[가-힣](?:는|은|을|를|이|가|에서|으로|에게|에는|했다|한다|며|고|한|된|던)(?=[\s,])"
)
_DECORATION = " \t/／☞◎▶►■※*-–—─━―=＝|│ㅣ:：·•ㆍ,.➤→"
_END_MARK = re.compile(r"[(<\[〈/-]?\s*(?:끝|END)\s*[)>\]〉/-]\.?\Z|\A\s*[(<\[]\s*(?:끝|END)\s*[)>\]]")
_SIGN_OFF = re.compile(
    r"(?P<closing>(?:지금까지|이상)[,]?\s+)?(?:(?P<place>[가-힣A-Z]{1,12}(?:\s[가-힣]{1,8}){0,2})에서[,]?\s+)?"
    r"(?:(?P<house>(?:[A-Z]\s)?[가-힣A-Za-z0-9]{2,10}(?:\s(?:뉴스|라디오|사이언스|월드|TV|NEWS|Biz|News))?)\s*)??(?P<name>[가-힣]{2,4}?)"
    r"(?:\s?[·,]\s?(?P<second>[가-힣]{2,4}?))?(?:\s?(?P<role>기자|특파원|리포터|캐스터|기상캐스터|앵커))?"
    r"\s?(?P<verb>입니다|이었습니다|였습니다)(?:[.!]|(?=\s|\Z))"
)
_INDOORS = re.compile(r"(?:재판소|청사|법원|검찰|지법|고법|지검|고검|위원회|병원|학교|본부|청|부)\Z")
"""헌법재판소에서, 정부청사에서: houses of the state in some town."""
_ENGLISH_SIGN_OFF = re.compile(
    r"(?P<name>[A-Z][a-z]+(?:[ -][A-Z]?[a-z]+){1,3}),\s"
    r"(?P<house>[A-Z][A-Za-z0-9]+(?:\s(?:News|TV|Today|Radio))?|[A-Z]{2,5}(?:\sNews)?)\.?"
)
"""Kim Do-yeon, Arirang News."""
_STATION = Rare(r"(?:[A-Z]\s)?[가-힣A-Za-z0-9]{2,10}\s?(?:뉴스|방송|TV|NEWS)|[A-Z][A-Z0-9]{1,4}(?:\sBiz)?")
"""A broadcaster that no list has: what signs off by its name."""
_ENGLISH_LABEL = re.compile(
    r"\(?(?:[A-Z][a-z]+ )?(?:reporting |[Rr]eporting |Written |Writing )?[Bb][Yy] [A-Z]"
)
_HOUSED = Rare(
    r"(?P<house>(?:[A-Z]{2,5}\s)?[가-힣A-Za-z0-9]{3,12})\s?(?:\s|=\s?)(?P<name>[가-힣]{3})\s?(?:[가-힣]{2}\s?)?(?:기자|특파원)\Z"
)
"""한빛비즈 홍길동 기자: nothing but a word, a name and the role."""
_WORD_ALONE = re.compile(r"(?P<name>[가-힣]{2,3}) (?:기자|특파원)\Z")
_WHERE = Rare(r"\sin\s[A-Z][A-Za-z.]+(?:\s[A-Z][a-z]+)?(?=[,;)]|\sand\s|\Z)")
"""Reporting by Kim Seo-yun in Seoul and ..: where the agency's people were."""
_BOXED = re.compile(r"[\[(][^\[\]()]{5,40}(?:기자|특파원)\s?[\])]")
"""[한빛비즈 홍길동 기자]: a line that is nothing else."""
_HELP = re.compile(r"[<\[(■▶※*\s]*(?:도움말|자문|도움\s?주신)")
"""도움말=홍길동 한빛병원 교수: who was asked, and no author."""
_FURNITURE = re.compile(
    r"((?:@[A-Za-z0-9.-]{3,64}\)?|기자|특파원)(?=\s*(?:메일|이메일)\s?보내기|(?<=[A-Za-z)])))\s*(?:이?메일\s?보내기|다른\s?기사(?:\s?보기)?|기사\s?더\s?보기|모든\s?기사(?:\s?보기)?|구독(?:하기)?|기자\s?페이지)\Z"
)
"""Buttons that a page glues to the reporter's address."""
_DAY_BEFORE = re.compile(
    r"\A\s*[/／]?\s*(?:19|20)\d\d\.\s?\d{1,2}\.\s?\d{1,2}\.?\s*(?=[/／|]?\s*[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+\.)"
)
"""2026.04.07 /hong@x.com: the day of a picture before its reporter's address."""
_SELECTORS = re.compile("[\ufe00-\ufe0f]")
"""What chooses the look of the letter before it: of no account in a byline."""
MORE = re.compile(
    r"(?<=기자|파원|위원|앵커|PD|피디|포터|디터|스트)님?(?:의|이|가|에게|께)?\s*"
    r"(?:(?:쓴\s|(?:다른|모든|최신|관련)\s?)?기사(?:\s?목록)?(?:\s?(?:더\s?|모아\s?)?보기)?"
    r"|이?메일\s?보내기|제보하기|구독(?:하기|중)?|알림(?:\s?(?:받기|신청|설정))?|프로필(?:\s?보기)?|응원하기)"
    r"(?:\s*\Z|(?=\s*[A-Za-z0-9._%+-]{1,64}@))"
    r"|(?<=[A-Za-z])\s+Follow(?:ing)?\s*\Z"
)
"""홍길동 기자의 다른 기사 보기, 홍길동 기자님 구독하기: a button behind the reporter."""
_RESERVED = re.compile(r"(?<=\S)\s*\*?\s*재판매\s?및\s?DB\s?금지\.?\s*\Z")
_PICTURE_END = re.compile(
    r"(?<=\S)\s*(?:[/／|│]\s*(?:사진|영상|그래픽|이미지)\s*(?:제공|출처)?\s*[=:：]|[\[<](?:사진|영상)[\]>]).{2,60}\Z"
)
"""홍길동 기자 hong@x.com / 사진 = 채널 방송화면 캡처: a picture's credit behind the signature."""
_REACHED = Rare(
    r"(?:(?:(?<=[)\]])|(?<![\s,/|·(])[\s,/|·(]+)(?:"
    r"(?:카카오톡|카톡|텔레그램|트위터|엑스|인스타(?:그램)?|페이스북|페북|라인|시그널|스레드|X|SNS)"
    r"(?:\s?(?:아이디|ID|id))?\s?[:=]?\s?@?[A-Za-z0-9][A-Za-z0-9._/-]{2,40}(?!\S*@)"
    r"|(?:☎|전화|휴대전화|핸드폰|연락처|[Tt][Ee][Ll]\.?|HP|H\.P\.?)?\s?[:=]?\s?"
    r"\(?0\d{1,2}[)\s.-]{1,2}\d{3,4}[\s.-]\d{4}|@[A-Za-z0-9_.]{3,30}))+\s*[)\]]?\Z"
)
"""홍길동 기자 hong@x.com 카카오톡 @hong 010-0000-0000: other ways to the reporter, behind the signature."""
_GIVEN_PICTURE = Rare(
    r"(?<=\S)\s*[/／|│,·(]?\s*사진\s?(?:제공)?\s?[=:：]?\s?[^=@/]{2,30}?\s?"
    r"(?:제공|인스타(?:그램)?|SNS|페이스북|트위터|유튜브|틱톡|블로그|홈페이지|누리집|방송\s?화면|캡[처쳐]|갈무리"
    r"|\s?DB(?=\s?,)|[‘'“<《「][^‘'“<《「’'”>》」]{1,20}[’'”>》」])"
    r"(?:\s?(?:제공|캡[처쳐]|갈무리|화면|영상|채널|계정))*(?:\s?,\s?[^=@/,]{2,15}){0,3}[).]*\s*\Z",
    re.IGNORECASE,
)
"""홍길동 기자 hong@x.com 사진=한빛시 제공: who gave a picture, or shows it, took none for the house."""
_PICTURE_BEFORE = re.compile(
    r"\A\s*[\[(<]\s?사진\s?(?:제공|출처)?\s?[=:：][^\[\]()<>]{2,40}[\])>]\s*(?=[^\[\]()<>]{2,30}(?:기자|특파원|@))"
)
"""(사진=한빛시 제공) 홍길동 기자: a picture's credit in brackets of its own before who signs."""
_PROGRAMME = re.compile(
    r"[\[<〈(【][^\[\]<>]{0,30}(?:뉴스쇼|뉴스데스크|뉴스룸|뉴스공장|시선집중|뉴스하이킥|한판승부|최강시사|출발\s?새아침|뉴스파이터"
    r"|뉴스업|이슈\s?&\s?피플|라디오|초대석|전격시사|오늘)[\]>〉)】]"
)
_SLOGAN_MAIL = re.compile(rf"[◎☞▶■●]\s?[^\s@]{{2,12}}(?:\s[^\s@]{{2,12}}){{0,2}}\s(?P<email>{EMAIL.pattern})")
"""◎튜브가이드 hong@x.com: a column's or a house's slogan before the address."""
_OWN_MAIL = re.compile(r"(?P<email>(?P<who>[A-Za-z0-9._-]+)@[A-Za-z0-9.-]+)\s+(?P=who)")
"""fnRASSI@fnnews.com fnRASSI: a program signs."""
_TITLE_ALONE = re.compile(
    r"[/／]\s?(?:[가-힣A-Za-z]{1,12}\s?){1,4}(?:장|교수|대표|의원|위원|변호사|총재|장관|대사)"
)
"""/한국 수출입은행장: an outside author's office, the name stands in the headline (fnnews, 2000)."""
NEWSROOM_TEAM = re.compile(r"뉴스|편집|취재|온라인|디지털|특별|보도")


@lru_cache(maxsize=64)
def parse_signature(line: str, publisher: str | None) -> tuple[Person, ...] | None:
    """Read one line at the end of a body (docs/sites/credits.md 3); None when it is no signature.

    Empty for a line that credits others than authors (``사진=홍길동 기자``) or a programme only. The last
    lines asked are remembered: those at the end of a body are asked for more than once.
    """
    text = _DAY_BEFORE.sub("", one_line(line))
    text = _FURNITURE.sub(r"\1", _RESERVED.sub("", text) if "재판매" in text else text)
    text = MORE.sub(" ", text).strip() if "@" in text or "Follow" in text else text
    text = _without_given_picture(_PICTURE_BEFORE.sub("", text)) if "사진" in text else text
    found = _reached(text, publisher) or _signature(text, publisher)
    if found is None and (picture := _PICTURE_END.search(text)) is not None:
        return _signature(text[: picture.start()], publisher)
    return found


def _reached(text: str, publisher: str | None) -> tuple[Person, ...] | None:
    """Who signs before a handle or a telephone number: a person with an address or a reporter's role."""
    if not _DIGIT_OR_SIGN.search(text) or (other := _REACHED.search(text)) is None:
        return None
    people = _signature(text[: other.start()].rstrip(" ,/|·("), publisher)
    sure = (p for p in people or () if p.name and (p.email or lexicon.is_reporter_role(p.role or "")))
    return people if next(sure, None) else None


def _without_given_picture(text: str) -> str:
    """The line without who gave its picture, where a role or an address before that says who signed."""
    rest = _GIVEN_PICTURE.sub("", text)
    return rest if "@" in rest or "기자" in rest else text


def _signature(text: str, publisher: str | None) -> tuple[Person, ...] | None:
    if not text or len(text) > _LONGEST_SIGNATURE or _CONTACT.search(text):
        return None
    if not _may_sign(text) or _HELP.match(text):
        return None
    if (signers := _sign_off(text, publisher)) is not None:
        return signers
    if _PROGRAMME.fullmatch(text):
        return ()
    core = _END_MARK.sub("", text).strip(_DECORATION)
    core = without_where(core)
    if not core or _SENTENCE_INSIDE.search(core):
        return None
    is_bold = "@" in core or _is_bare(core) or _BOXED.fullmatch(text) is not None
    parsed = parse_people(core, publisher, bold=is_bold)
    if parsed.unknown and (mail := _SLOGAN_MAIL.fullmatch(text) or _OWN_MAIL.fullmatch(core)) is not None:
        return (Person(name=None, role=None, email=mail["email"], raw=text),)
    if _signs(core, parsed):
        return parsed.people if parsed.people or not core.startswith("#") else None
    return () if _TITLE_ALONE.fullmatch(text) else None


def without_where(line: str) -> str:
    """Reporting by Kim Seo-yun: the line without the towns that an agency names behind its people."""
    return _WHERE.sub("", line) if _ENGLISH_LABEL.match(line) else line


def _is_bare(core: str) -> bool:
    """A line that is nothing but who signs: By .., a house that no list has, a name that is a word."""
    if _ENGLISH_LABEL.match(core) is not None:
        return True
    if (word := _WORD_ALONE.match(core)) is not None:
        return lexicon.is_word_for_name(word["name"])
    housed = _HOUSED.match(core)
    return housed is not None and reads_well(housed["name"]) and not lexicon.reads_as_prose(housed["house"])


def _may_sign(text: str) -> bool:
    is_marked = text.lstrip().startswith(("[", "(", "<")) or any(mark in text for mark in _MARKS)
    return is_marked or _MAY_SIGN.search(text) is not None


_BARS = re.compile("기자\\s?[ㅣ|│:：]")
_GLUED_LABEL = re.compile(
    r"(?<=[가-힣])(?<!영상)(?=(?:(?:취재|촬영)기자|영상\s?(?:편집|취재|촬영)|자막뉴스|그래픽|디자인)(?:\s?제작)?\s?[ㅣ|│:：])"
)
"""취재기자ㅣ홍길동촬영기자ㅣ이순신: what each did, with no blank before it."""


def one_line(text: str) -> str:
    line = " ".join(tidy(text[: 4 * LONGEST_LINE]).split("\n"))
    if line.isascii():
        return line
    return _SELECTORS.sub("", _GLUED_LABEL.sub(" ", line) if _BARS.search(line) else line)


def _sign_off(text: str, publisher: str | None) -> tuple[Person, ...] | None:
    """MBC뉴스 홍길동입니다., with an e-mail or the crew behind it; KBS 뉴스 홍길동, 이순신입니다."""
    email = EMAIL.search(text)
    if email is None and (english := _ENGLISH_SIGN_OFF.fullmatch(text)) is not None:
        reporter = _english_sign_off(english, publisher)
        return (reporter,) if reporter else None
    bare = re.sub(r"[\[(<]\s*[\])>]", "", EMAIL.sub("", text, count=1)).strip() if email else text
    match = _SIGN_OFF.match(_without_comma(bare, publisher))
    if match is None or not lexicon.is_name(match["name"]) or not _is_sign_off(match, publisher):
        return None
    rest = match.string[match.end() :].strip()
    if rest and not _credits_crew(rest, publisher):
        return None
    first = Person(
        name=match["name"],
        role=match["role"],
        email=email.group() if email else None,
        organisation=None if lexicon.is_desk(match["house"] or "") else match["house"],
        place=_sign_off_place(match["place"]),
        raw=text,
    )
    second = match["second"]
    if second is None:
        return (first,)
    return (first, replace(first, name=second, email=None)) if lexicon.is_name(second) else None


def _without_comma(text: str, publisher: str | None) -> str:
    """KBS, 홍길동입니다.: the comma behind a house says nothing."""
    head, comma, said = text.partition(", ")
    words = head.split()[-2:]
    houses = (" ".join(words), *words[-1:])
    is_housed = any(lexicon.is_house(w, publisher) or _STATION.fullmatch(w) for w in houses)
    return f"{head} {said}" if comma and is_housed else text


def _english_sign_off(match: re.Match[str], publisher: str | None) -> Person | None:
    house = match["house"]
    if not (lexicon.is_house(house, publisher) or house.endswith((" News", " TV", " Today"))):
        return None
    return Person(
        name=match["name"], role=None, email=None, organisation=house, place=None, raw=match.group()
    )


def _is_sign_off(match: re.Match[str], publisher: str | None) -> bool:
    """지금까지 ... 기자였습니다., or a broadcaster's name before the reporter's."""
    if match["house"] is None:
        is_past = match["verb"] != "입니다"
        return (
            match["closing"] is not None if match["role"] is None else is_past or match["closing"] is not None
        )
    if match["closing"] and match["role"] and lexicon.is_desk(match["house"]):
        return True  # 지금까지 사회부 홍길동 기자였습니다.
    house = re.sub(r"\s(?:뉴스|라디오|사이언스|월드|TV|NEWS)\Z", "", match["house"])
    is_listed = lexicon.is_house(match["house"], publisher) or lexicon.is_house(house, publisher)
    return is_listed or _STATION.fullmatch(match["house"]) is not None


def _sign_off_place(text: str | None) -> str | None:
    """파리에서: the town. 국회에서 is a house in one, and where it is the line does not say."""
    is_house = text is not None and (lexicon.is_venue(text) or _INDOORS.search(text) is not None)
    return text if text and lexicon.is_place(text) and not is_house else None


def _credits_crew(text: str, publisher: str | None) -> bool:
    """영상취재: 이순신 / 영상편집: 강감찬"""
    parsed = parse_people(text, publisher, bold=False)
    return parsed.labelled and not parsed.people and not parsed.unknown


def _signs(core: str, parsed: Parsed) -> bool:
    named = [person for person in parsed.people if person.name]
    if parsed.unknown:
        sure = named and parsed.has_email and parsed.has_role and parsed.unknown <= 2
        return bool(sure) and len(core) <= 100 and not _reads_as_prose(core, named)
    if parsed.has_email or (parsed.labelled and parsed.credited):
        return True
    if not named:
        return False
    if parsed.credited == 0:
        return NEWSROOM_TEAM.search(core) is not None or bool(parsed.houses)
    if parsed.has_role:
        return lexicon.is_reporter_role(core) or all(_is_signing_role(person) for person in named)
    if parsed.houses and parsed.credited == 1 and not parsed.places:
        return len(core) <= _LONGEST_STATION_LINE  # MBC뉴스 홍길동
    return bool(parsed.places) and "=" in core


def _reads_as_prose(core: str, named: list[Person]) -> bool:
    rest = EMAIL.sub(" ", core)
    for person in named:
        rest = rest.replace(person.name or "", " ")
    return _PROSE_END.search(rest) is not None or _PROSE_INSIDE.search(rest) is not None


def _is_signing_role(person: Person) -> bool:
    """A title before a name alone is a line of an appointments list (부장 홍길동), not a signature."""
    if person.role is None or person.name is None:
        return False
    first_word = person.role.split()[0]
    return lexicon.is_reporter_role(person.role) or person.raw.find(person.name) < person.raw.find(first_word)
