"""What in a caption says that a credit follows: agencies, labels, signs, and what wires print behind it."""

from __future__ import annotations

import re
from importlib.resources import files

from crawler.normalise.byline.lexicon import house_key
from crawler.rare import Rare

LONGEST_CREDIT = 80
"""Characters; the longest credit seen (three agencies and a photographer) has under 60."""

AGENCY = (
    r"(?:EPA|AP|AFP|UPI|REUTERS|로이터(?:통신)?|신화(?:통신)?|교도(?:통신)?|타스(?:통신)?|게티|Getty|TASS|XINHUA|Reuters|Xinhua|DPA|dpa"
    r"|[Yy]onhap|연합뉴스|연합|뉴시스|뉴스1|NEWSIS|Newsis|News1|NEWS1|YONHAP)"
)
LABEL = (
    r"(?:글\s?[·,/]\s?사진(?=\s*[=＝:：|])|사진\s*(?:\([^()]{1,10}\))?\s*[·,/]?\s*(?:자료|글|영상)?\s*(?:제공|출처|촬영)?|자료\s*사진|자료\s*(?:제공|출처)|자료(?=\s*[=＝:：])|도?표(?=\s*[=＝:：])|인포그래픽|화면\s*(?:제공|출처|캡처|캡쳐)|그래픽"
    r"|일러스트|삽화|이미지\s*(?:제공|출처|생성|제작|합성)?|촬영|영상\s*(?:제공|출처|캡처)?|출처|제공|캡처|캡쳐|Photo|photo|PHOTO)"
)
BRACKETED = re.compile(
    r"[\[(【<〈〔［（]\s*(?P<inside>[^\[\]()【】<>〈〉〔〕［］（）]{1,80})\s*[\])】>〉〕］）]?\s*[\])】>〉〕］）]\s*\.?"
    r"\s*(?:(?:사진\s*합성|일러스트(?:레이션)?|그래픽|이미지|사진|합성사진)[\s·,/]*)*\Z"
)
INSIDE = re.compile(
    rf"{LABEL}\s*[=＝:：｜|│ㅣ┃/ⓒ©\-]|{AGENCY}\s*[=/\-]|[=/\-]\s*{AGENCY}|\A{AGENCY}(?:\s|\Z)|제공\Z|제작\Z|\A제작\s|자료\s*(?:사진|화면)\Z|캡[처쳐]\Z|갈무리\Z|ⓒ|©|\A(?:사진|촬영)\s"
    r"|DB\Z|홈페이지\Z|인스타그램\Z|SNS\Z|페이스북\Z|유튜브\Z|공동취재단?\Z|사진기자단\Z|(?:기자|작가|특파원)\Z"
)
LABELLED = re.compile(
    rf"(?:\A[*※]?|(?<=[\s/／|│.\])”\"’'다임함요#▲△▼■◆]))[/／|│]?\s*{LABEL}\s*(?:[=＝:：｜|│ㅣ┃¦_]|(?<=사진)[/／](?=\s?[가-힣]{{2,4}}\s?\S{{0,4}}기자)|(?<=사진\s)[lI](?=\s))\s*(?P<credit>\S.{{0,79}})\Z"
)
LABELLED_BLANK = re.compile(
    r"(?:\A|(?<=[\s/／|│.]))[/／|│]?\s*(?:사진|그래픽|일러스트(?:레이션)?|[Pp]hoto|PHOTO)\s?(?:제공|출처|캡처)?\s*[-–ⓒ©]?\s+(?P<credit>(?:제공|[가-힣A-Za-z0-9ⓒ©]+).{0,60}?)\Z"
)
SIGNED = re.compile(
    r"(?:\A|(?<=[\s/／.,다\])”\"]))[/／]?\s*(?P<credit>(?:(?P<house>[가-힣A-Za-z0-9]{1,12})\s*)?(?:[ⓒ©Ⓒ]|\([cC]\))\s*\S.{0,59})\Z"
)
SLASHED = re.compile(r"(?P<mark>[/／│|ㅣ｜┃])\s*(?P<credit>[^/／=│|ㅣ｜┃]{2,50})\Z")
TRAILER = re.compile(
    r"(?P<date>(?:(?<=[\s.)\]】])|(?<![\d/]))\d{4}\.\s?\d{1,2}\.\s?\d{1,2}\.?)?"
    r"(?P<email>\s*[/|]?\s*\(?[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9.-]{1,64})?\)?)?"
    r"(?P<behind>(?<=[A-Za-z])\s*/\s*\d{4}\.\s?\d{1,2}\.\s?\d{1,2}\.?\s*/?)?"
    r"(?P<reserved>\s*\*?\s*재판매\s*및\s*DB\s*금지\.?)?\s*\Z"
)
"""What a wire prints behind the credit: the day, the photographer's e-mail (whole or cut), a reservation."""
RESERVED = re.compile(
    r"[.,]?\s*\*?\s*재판매\s*및\s*DB\s*(?:사용\s*)?금지\.?\Z|\s*\(무단\s?전재[^()]{0,30}금지\)\.?\Z"
)
PLACED = re.compile(
    rf"(?:\A|(?<=[\s.]))(?P<place>[가-힣·]{{2,10}})\s?=\s?(?P<credit>{AGENCY}(?:[/·\s]{AGENCY})*)\Z"
)
WIRES = re.compile(
    rf"(?:\A|(?<=[\s/／|.!?)\]”\"’'다]))[/／|]?\s?(?P<credit>(?:[ⓒ©]\s?)?(?<![A-Za-z]){AGENCY}(?:\s?[=/·\-–]\s?{AGENCY}|\s{AGENCY})+"
    r"(?:\s?자료\s?사진)?)\.?\Z"
)
"""AP=연합뉴스, EPA/연합뉴스, Reuters-Yonhap: two agencies that end a caption are nothing else."""
WIRE_NAME = re.compile(
    rf"(?:\A|(?<=[\s(\[.]))(?P<credit>{AGENCY}\s?/\s?[A-Z][\w.'’-]*(?:\s[A-Z][\w.'’-]*){{1,3}})[)\]]?\.?\Z"
)
"""REUTERS/John Smith: an agency and its photographer."""
COURTESY = re.compile(
    r"(?:\A|(?<=[\s/(\[.]))(?P<credit>(?:(?-i:[A-Z][A-Za-z]+\s){1,3}(?=photo))?(?:photos?|images?|pictures?)?\s?(?:courtesy\s(?:of|:)|(?:provided\s|taken\s|photo(?:graph(?:ed)?)?\s)by)"
    r"\s[A-Z](?:[^.!?()\[\]]|\([^()]{1,30}\)){1,60})[)\]]?\Z",
    re.IGNORECASE,
)
FILED = re.compile(
    r"(?<=[.!?])\s+(?P<credit>(?:[A-Z][A-Za-z]+\s){1,3}(?:file|archive)(?:\s(?:photo|image|picture))?)\Z"
)
"""Korea Times file: from the house's own archive."""
SIDE = re.compile(r"(?:왼쪽|오른쪽|가운데|중앙|[위아앞뒤속좌우맨윗]|아래|[앞뒷]줄)(?=[\s부에의은이,()]|\Z)")
"""사진 왼쪽부터, 사진 속: where in the picture somebody stands."""
GAVE = re.compile(
    r"(?:\A|(?<=[\s/／|│.]))[/／|│]?\s*(?:사진|자료|영상|이미지|화면)\s?(?:제공|출처)\s+(?P<credit>\S{2,20}(?:\s\S{1,15}){0,2})\Z"
)
"""사진제공 한빛전자: who gave the picture, without a mark."""
LABELLED_AFTER_STOP = re.compile(r"(?<=[.!?”\"’'])\s+[/|]?\s?사진\s(?P<credit>[^.!?=:]{2,24})\Z")
PHOTOGRAPHER = Rare(r"(?:\A|(?<=[\s/.]))(?P<credit>[가-힣]{2,4}\s?(?:선임|사진|인턴|객원)?기자)\Z")
GIVEN = Rare(
    r"(?P<giver>(?:[가-힣A-Za-z]{1,12}\([^()]{1,20}\)|[^.。!?\"”…\[\]()])[^.。!?\"”…\[\]()]{0,39}?)\s*(?P<how>제공|자료\s?사진|캡처|캡쳐|갈무리)\s*[.]?\s*\Z"
)
NOT_GIVERS = re.compile(r"(?:을|를|로|으로|에서|에게|무료|서비스|정보|기회|편의|숙식|식사)\Z")
LAST_SENTENCE = re.compile(r"(?<=[.!?다”\"’])\s+(?P<credit>[^.!?]{2,40})\.?\s*\Z")
DATED = re.compile(r"(?<!\d)\d{4}\.\s?\d{1,2}\.\s?\d{1,2}\.?\s+(?P<credit>[^.!?]{2,40})\Z")
GLUED_AGENCY = re.compile(rf"(?<=[가-힣][.!?])(?P<credit>{AGENCY}|[가-힣A-Za-z0-9]{{2,10}})\Z")
"""... 웃고 있다.뉴스1: a house behind the stop, without a blank."""
DAY_CUT = re.compile(r".{0,11}?\d{4}\.\s?\d{1,2}\.\s?\d{1,2}\.?\s+")
LONGEST_GIVER = 20
"""Characters of a name behind a slash; the longest seen (스튜디오 and a company) has 14."""
SHORTEST_CAPTION = 8
"""Characters of a caption before a slash without a blank: 남/여 and 서울/부산 are pairs."""
AGENCIES = re.compile(rf"{AGENCY}(?:[\s=/·,]*{AGENCY})*")
CREW = Rare(
    r"(?:취재단|기자단|자료\s?사진|공동취재(?:사진)?|게티이미지(?:뱅크|코리아)?|gettyimages(?:bank|korea)?|getty\s?images|픽사베이|Pixabay"
    r"|언스플래시|Unsplash|셔터스톡|shutterstock|클립아트코리아|아이클릭아트|프리픽|Freepik|이미지투데이|크라우드픽|위키미디어(?:\s?커먼스)?"
    r"|Wikimedia(?:\s?Commons)?|스톡사진|갈무리|[가-힣]{2,6}\s?포토)\Z"
    r"|\A\S{2,14}(?:연맹|협회|위원회|구단|재단)(?:\([A-Z]{2,8}\))?\Z"
    r"|\A(?:시청자|독자|시민|목격자|네티즌|누리꾼)\s?(?:제보|제공)(?:\s?(?:영상|화면|사진))?\Z"
    r"|\A[가-힣]{2,4}\s(?:프리랜서|사진작가|사진가|포토그래퍼|디자이너|일러스트레이터)\Z|\A(?:프리랜서|사진작가|사진가)\s[가-힣]{2,4}\Z"
)
MADE = re.compile(
    r"(?:\A|(?<=[.!?…)\]\s/=]))(?P<credit>(?:(?:오픈AI(?:의)?|구글(?:의)?|생성형|인공지능\(AI\))\s?)*"
    r"(?:생성형\s?AI|AI|인공지능|챗\s?GPT|ChatGPT|GPT|제미나이|나노\s?바나나|Gemini|미드저니|Midjourney|달리|DALL.?E|코파일럿|Copilot|그록"
    r"|Grok|소라|Sora|클로드|뤼튼|스테이블\s?디퓨전)(?:\s?\d(?:\.\d)?)?\s?(?:를|을|로|으로|가|이|에서|의)?\s?(?:이용해|활용해|통해|사용해)?\s?"
    r"(?:생성|제작|만든|만들어진|그린|합성|가상|생성한|제작한|생성된)[^.!?]{0,30})[.]?\s*\Z",
    re.IGNORECASE,
)
"""챗GPT로 생성한 이미지: a picture that nobody took; what made it is its credit, as printed."""
SENTENCE_START = re.compile(r".*[.!?…)\]]\s+", re.DOTALL)
LONGEST_SUBJECT = 12
"""Characters of a sentence before what made the picture (이 이미지는, 해당 사진은)."""
PHOTO_BY = re.compile(
    r"(?:\A|(?<=[\s/／|│.(\[]))(?:[Pp]hotos?|PHOTO|사진)\s(?:by|By|BY)\s(?P<credit>[가-힣]{2,4}(?:\s[가-힣]{2,6})?)\Z"
)
LABEL_SLASH = re.compile(
    r"\A\s*(?:사진|그래픽|일러스트(?:레이션)?|삽화|촬영|자료)\s?[/／]\s?(?P<credit>[가-힣A-Za-z0-9]{2,15}(?:\s[가-힣A-Za-z]{2,8})?)\s*\Z"
)
"""일러스트/홍길동: a label and a name alone."""
TAGGED = re.compile(
    r"\A\s*[\[(<]\s?(?:사진|그래픽|일러스트|영상|삽화)\s?[\])>]\s*(?P<credit>[^.!?]{2,40}?)\.?\s*\Z"
)
"""[사진] OSEN DB, 홍길동 SNS (OSEN): whose pictures they are."""
TOOK = re.compile(r"(?P<name>[가-힣]{2,4})\s?(?:기자|작가)?\s?촬영\Z")
CHROME = re.compile(
    r"\A(?:(?:이미지|사진)\s*(?:크게|확대)\s*(?:보기|하기)|(?:크게보기|큰사진보기)(?=\s)|이미지\s?확대\s?닫기)\s*"
    r"|\s*(?:관련|큰)\s?사진\s?보기\s*\Z|\s(?:이미지|사진)?\s?(?:크게|확대)\s?보기\s*\Z"
)
"""Buttons that a page sets before or behind its captions."""
GIVES = re.compile(r"제공|출처|캡[처쳐]|ⓒ|©|(?:기자|작가)\Z")
PICTURE_TAG = re.compile(r"\s*[\[(]사진[\])]\s*[^.!?]{2,40}\.?\s*\Z")
"""[사진] OSEN DB (OSEN's bodies)."""
FIGURES = re.compile(r"[\[(【<〈/*▲#\s]*(?:자료|도?표)\s*[=＝:：]")
"""자료=통계청: under a picture its credit; in a body it may be what the figures above it rest on."""
HASH_LABEL = re.compile(r"\s*#\s*(?:사진|영상|그래픽)\s*(?:제공|출처)?\s*[=_:]\s*\S")
TITLED = re.compile(r"\s*[\[(][^=\[\]()]{2,40}[.,]\s사진\s?=\s?[^=\[\]()]{2,40}[\])]\.?\s*")
"""[홍길동. 사진 = 한빛일보 DB]: what a picture shows and who gave it, in one bracket."""
TAGGED_RESERVED = re.compile(
    r"\s*[\[(]사진[\])][^@]{2,60}[ⓒ©][^@]{2,30}\((?:무단|재판매)[^()]{2,40}금지\)\.?\s*\Z"
)
"""[사진] 무엇. ⓒ게티이미지(무단전재 및 재배포 금지): what a picture shows, and its agency."""
RESERVED_NOTICE = re.compile(r"\s*\(무단\s?전재[^()]{0,30}금지\)\.?\Z")
GIVERS = frozenset(
    house_key(line)
    for line in files(__package__).joinpath("givers.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
)
MAKERS = ("기자", "특파원", "작가")
"""Roles of those who make pictures, at the end of a credit."""
EDGES = " \t/／|│ㅣ｜┃-–=#"
