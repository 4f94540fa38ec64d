"""A small invented archive in which every view has rows: what the recipes are asked of.

A week of two sources: daily stories on both sites, a press release in five papers, corrections told and not
told, notices of several kinds, a page that went and came back, one that nobody understands, a day without a
crawl, a reporter who changed papers.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from crawler.deduplicate.likenesses import LIKENESSES
from crawler.deduplicate.match import decide
from storage.archive.writer import Writer
from storage.frontier.runs import close_run, open_run, record_seed
from storage.models import SlotState
from storage.operations.alarms import observe
from storage.operations.slots import PlannedSlot, write_plan
from storage.records import Article, Dateline, Instant, Outcome, PageKind, Person, Rights, Verdict
from storage.records.runs import RunSettings, SeedVisit, Settled
from tests.storage.samples import NOON, Desk

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
PAPERS = ("가람일보", "나래경제", "다솜신문", "라온뉴스", "마루타임스")
TOPICS = (
    ("시립 수영장 이용 시간 두 시간 늘어난다", "수영장", "사회", "부산"),
    ("햇감자 값 한 주 새 12% 내려", "감자", "경제", "춘천"),
    ("반도체 수출 석 달째 늘어", "반도체", "경제", "서울"),
    ("바닷가 산책로 3.2km 새로 놓는다", "산책로", "사회", "강릉"),
    ("청년 연극제 열흘 동안 열린다", "연극제", "문화", "대구"),
    ("마을버스 14대 전기차로 바꾼다", "마을버스", "사회", "광주"),
)
_SENTENCES = (
    "{word} 이야기를 들으려고 주민 {n}명이 강당에 모였다.",
    "담당 부서는 올해 예산 {n}억 원을 먼저 쓰고 나머지는 내년에 넣기로 했다.",
    "현장을 둘러본 {n}번째 방문객은 생각보다 조용하다고 말했다.",
    "{word} 일정은 다음 달 {n}일에 다시 알린다.",
    "지난해 같은 때보다 {n}건이 많다고 조사원은 설명했다.",
    "의회는 {n}쪽짜리 보고서를 받아 살피고 있다.",
    "이웃 도시에서도 {word} 준비를 {n}주 전에 시작했다.",
)
RELEASE = (
    "한빛은행은 전국 고객 센터 12곳의 운영 시간을 평일 오후 6시에서 오후 9시까지로 늘린다고 밝혔다.",
    "새 시간표는 다음 달 3일부터 모든 센터에서 함께 시작하며 공휴일에는 지금처럼 문을 열지 않는다.",
    "은행은 저녁 상담을 맡을 직원 140명을 새로 뽑아 지난주까지 두 주 동안의 교육을 마쳤다고 전했다.",
    "저녁 시간에 센터를 찾는 고객이 한 해 사이 27% 늘어 낮에 오기 어려운 직장인을 먼저 생각했다는 설명이다.",
    "휴대전화로 하는 상담은 지금처럼 하루 종일 이어지고 통역이 필요한 외국인은 미리 알리면 도움을 받는다.",
    "은행 관계자는 고객이 차례를 기다리는 시간을 평균 4분 안쪽으로 줄이는 것이 올해의 목표라고 말했다.",
    "센터의 위치와 운영 시간은 은행 누리집과 안내 전화에서 언제든지 다시 볼 수 있다.",
    "은행은 올해 안에 센터 5곳을 더 열어 어느 도시에서나 가까운 곳에서 상담을 받게 하겠다는 계획도 내놓았다.",
)
NO_AI = "저작권자 ⓒ {paper}. 무단전재 및 재배포, AI 학습 이용 금지"
PLAIN = "ⓒ {paper}. 무단전재-재배포 금지"


def fill(engine: Engine) -> Desk:
    """Write the week; the desk that wrote it."""
    desk = Desk(engine)
    desk.writer = Writer(engine, decide, LIKENESSES)
    for number in range(24):
        _daily(desk, number)
    _release(desk)
    _corrections(desk)
    _moved_reporter(desk)
    _presence(desk)
    _operations(desk)
    return desk


def at(days: float, hours: float = 0) -> datetime:
    """Noon in Seoul of 2026-09-21, and so much later."""
    return NOON - 6 * DAY + days * DAY + hours * HOUR


def instant(moment: datetime) -> Instant:
    return Instant(at=moment, precision="minute", raw=f"{moment:%Y-%m-%d %H:%M}")


def body(number: int, word: str) -> str:
    """Seven sentences of which no two articles share one."""
    return "\n".join(
        one.format(word=word, n=(number + 3) * 7 + place) for place, one in enumerate(_SENTENCES)
    )


def person(number: int, paper: int) -> Person:
    """Two reporters for each paper."""
    names = (
        "김가온",
        "이나현",
        "박다온",
        "최라희",
        "정마루",
        "강바다",
        "조사랑",
        "윤하늘",
        "임여울",
        "서초록",
    )
    desk = number // 5 % 2
    name = names[paper + 5 * desk]
    return Person(name=name, role="기자", email=f"reporter{desk}@paper{paper}.example", raw=f"{name} 기자")


def article(number: int, **changes: Any) -> Article:
    """One story of one of five papers, on its own page."""
    title, word, section, place = TOPICS[number % len(TOPICS)]
    paper = PAPERS[number % 5]
    notice = (NO_AI if number % 5 == 1 else PLAIN).format(paper=paper)
    who = person(number, number % 5)
    made = Article(
        url=f"https://www.fnnews.com/news/{202609210900 + number:012d}{number:06d}",
        source="fnnews",
        extractor="fnnews/2026",
        kind=PageKind.ARTICLE,
        publisher=paper,
        title=f"{title} ({number + 1})",
        body=body(number, word),
        section=section,
        tags=(word, section),
        language="ko",
        published=instant(at(number % 7, number % 9 - 4)),
        dateline=Dateline(place=place, agency=None, raw=f"({place}=)"),
        byline_line=who.raw,
        bylines=(who,),
        rights=_rights(notice, paper, no_ai=number % 5 == 1),
        rules={"title": "h1"},
    )
    return replace(made, **changes)


def _rights(notice: str, holder: str, *, no_ai: bool) -> Rights:
    return Rights(
        notice=notice,
        holder=holder,
        no_reproduction=True,
        no_redistribution=True,
        no_ai_training=no_ai,
        no_collection=False,
    )


def portal(story: Article, number: int, delay: timedelta) -> Article:
    """The portal's copy of a story, some time after (or before) the paper's own page."""
    assert story.published is not None
    return replace(
        story,
        url=f"https://v.daum.net/v/20260921{number:09d}",
        source="daum",
        extractor="daum/2026",
        published=instant(story.published.at + delay),
        syndicated=True,
        original_url=story.url if number % 2 else None,
        bylines=tuple(replace(one, email=None) for one in story.bylines),
        rules={"title": "h3"},
    )


def _daily(desk: Desk, number: int) -> None:
    story = article(number)
    assert story.published is not None
    desk.store(story, story.published.at + timedelta(minutes=12))
    if number % 3 == 0:
        copy = portal(story, number, timedelta(minutes=-9 if number % 6 == 0 else 4))
        assert copy.published is not None
        desk.store(copy, copy.published.at + timedelta(minutes=20))


def _release(desk: Desk) -> None:
    for place, paper in enumerate(PAPERS):
        number = 100 + place
        own = body(number, "은행")
        text = "\n".join((*RELEASE[: 8 - place % 2], *own.split("\n")[: 1 + place % 2]))
        story = article(
            number,
            publisher=paper,
            title=f"한빛은행, 고객 센터 저녁 9시까지 ({paper})",
            body=text,
            section="경제",
            published=instant(at(3, place * 0.75)),
            rights=_rights(PLAIN.format(paper=paper), paper, no_ai=False),
        )
        desk.store(story, at(3, place * 0.75 + 0.2))


def _corrections(desk: Desk) -> None:
    headline = article(4)
    desk.store(replace(headline, title=f"[정정] {headline.title}", modified=instant(at(5, 1))), at(5, 1.2))
    quiet = article(8)
    assert quiet.body is not None
    desk.store(replace(quiet, body=quiet.body.replace("예산", "새 예산")), at(5, 2))
    notice = article(12)
    told = replace(notice.rights, notice="ⓒ 다솜신문. AI 학습 금지", no_ai_training=True)
    desk.store(replace(notice, rights=told), at(5, 3))
    unclear = article(16)
    desk.store(replace(unclear, subtitle="읽는 법이 바뀌었다"), at(5, 4))
    with desk.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE revision SET cause = 'reader_or_site' WHERE subtitle = '읽는 법이 바뀌었다'"
        )


def _moved_reporter(desk: Desk) -> None:
    for number, paper, day in (
        (200, "가람일보", 0),
        (201, "가람일보", 1),
        (202, "라온뉴스", 5),
        (203, "라온뉴스", 6),
    ):
        who = Person(name="한이직", role="기자", raw="한이직 기자")
        story = article(
            number, publisher=paper, published=instant(at(day)), bylines=(who,), byline_line=who.raw
        )
        desk.store(story, at(day, 0.3))
    wire = article(204, publisher="연합뉴스", published=instant(at(2)), title="큰 눈 소식에 제설차 40대 준비")
    desk.store(
        replace(wire, rights=_rights("ⓒ 연합뉴스. 무단전재 금지", "연합뉴스", no_ai=False)), at(2, 0.1)
    )
    copied = replace(wire, url="https://v.daum.net/v/20260923120000204", source="daum", syndicated=True)
    desk.store(replace(copied, bylines=(), byline_line=None, published=instant(at(2, 0.5))), at(2, 0.6))


def _end(desk: Desk, url: str, source: str, outcome: Outcome, moment: datetime, reason: str) -> None:
    run = open_run(desk.engine, source, "latest", desk.owner, moment, RunSettings())
    known = desk.rows("SELECT id FROM address WHERE url = :url", url=url)
    address = int(known[0][0]) if known else desk.address(url, source)
    capture = None
    if outcome is Outcome.QUARANTINED:
        capture = desk.capture(url, moment, address, source)
    desk.frontier.settle(
        Settled(
            address_id=address,
            run_id=run,
            outcome=outcome,
            reason=reason,
            at=moment + timedelta(minutes=1),
            capture_id=capture,
        )
    )
    verdict = Verdict.HEALTHY if outcome is Outcome.UNCHANGED else Verdict.DEGRADED
    close_run(desk.engine, run, moment + timedelta(minutes=2), verdict, "invented", {outcome.value: 1}, {})


def _presence(desk: Desk) -> None:
    url = article(7).url
    _end(desk, url, "fnnews", Outcome.GONE, at(4, 3), "answered 404")
    _end(desk, url, "fnnews", Outcome.UNCHANGED, at(5, 3), "answered 304")
    _end(desk, article(9).url, "fnnews", Outcome.GONE, at(6, 3), "answered 410")
    for number, outcome, reason in (
        (1, Outcome.FAILED, "no whole answer in time"),
        (2, Outcome.BLOCKED, "forbidden by robots.txt"),
        (3, Outcome.QUARANTINED, "none of fnnews's page classes knows this page"),
        (4, Outcome.NOT_ARTICLE, "a photo gallery"),
    ):
        _end(
            desk,
            f"https://www.fnnews.com/news/20260926{number:010d}",
            "fnnews",
            outcome,
            at(5, number),
            reason,
        )


def _operations(desk: Desk) -> None:
    for source, url, outcome in (
        ("fnnews", "https://www.fnnews.com/rss/fn_realnews_all.xml", Outcome.STORED),
        ("daum", "https://news.daum.net/society", Outcome.FAILED),
    ):
        visit = SeedVisit(
            run_id=desk.runs[source],
            seed=url,
            kind="feed" if source == "fnnews" else "listing",
            section=None,
            outcome=outcome,
            reason="read" if outcome is Outcome.STORED else "answered 503",
            listed=30 if outcome is Outcome.STORED else 0,
            at=at(6, 1),
        )
        record_seed(desk.engine, visit)
        close_run(desk.engine, desk.runs[source], at(6, 2), Verdict.HEALTHY, "as expected", {}, {})
    planned = [
        PlannedSlot(
            due_at=at(3, -3), origin="cron 0 9 * * *", state=SlotState.ASLEEP, reason="the host slept"
        ),
        PlannedSlot(due_at=at(4, -3), origin="cron 0 9 * * *"),
    ]
    write_plan(desk.engine, "daum", "latest", planned, at(4))
    observe(desk.engine, "lists daum", "missed", "daum: one list could not be read", {"list": 1}, at(4))
    with desk.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO import_file (id, name, kind, sha256, size, started_at) "
            "SELECT 1, 'pages.warc.gz', 'warc', '00', 900, started_at FROM run WHERE id = 1"
        )
        connection.exec_driver_sql(
            "INSERT INTO import_entry (file_id, position, url, fetched_at, fate, outcome, reason, at) "
            "SELECT 1, '0', 'https://v.daum.net/v/1', started_at, 'taken', 'stored', 'new', started_at "
            "FROM run WHERE id = 1"
        )
    rereads = (
        "INSERT INTO rereading (appearance_id, capture_id, reader_after, at, changed) SELECT appearance.id, "
    )
    with desk.engine.begin() as connection:
        connection.exec_driver_sql(
            rereads + "appearance.capture_id, 9, appearance.first_seen_at, '{}' FROM appearance WHERE id = 1"
        )
