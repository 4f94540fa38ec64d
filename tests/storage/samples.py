"""Invented records for the storage tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from crawler.deduplicate.match import decide
from storage.archive.writer import Writer
from storage.frontier.captures import record_capture
from storage.frontier.frontier import Frontier
from storage.frontier.leases import this_process
from storage.frontier.runs import open_run
from storage.records import (
    Article,
    Capture,
    FetchSignals,
    Image,
    Instant,
    PageKind,
    Person,
    Rights,
    WarcPlace,
)
from storage.records.discovery import Discovery
from storage.records.matching import Stored
from storage.records.runs import RunSettings

UNREADABLE = Path("/sys/class/net/lo/speed")
"""Linux opens it and says 4,096 bytes, and refuses to read: a loopback has no speed."""
NOON = datetime(2026, 9, 27, 3, 0, tzinfo=UTC)
"""12:00 in Seoul."""

DAUM = "https://v.daum.net/v/20260927120100001"
DAUM_ALIAS = "https://v.daum.net/v/jvTmrluST6"
FNNEWS = "https://www.fnnews.com/news/202609271158000001"

BODY = "\n".join(
    (
        "시립 도서관이 이달부터 야간 개관을 시작한다고 27일 밝혔다.",
        "평일에는 오후 10시까지, 주말에는 오후 8시까지 문을 열며 하루 평균 1,240명이 찾을 것으로 본다.",
        "관장은 퇴근 뒤에 들르는 시민이 늘었다며 열람석 320석을 더 놓겠다고 말했다.",
        "이용 요금은 없고 회원증만 있으면 책 다섯 권을 두 주 동안 빌릴 수 있다.",
    )
)


def minutes(count: float) -> datetime:
    """Noon and so many minutes."""
    return NOON + timedelta(minutes=count)


def instant(at: datetime) -> Instant:
    return Instant(at=at, precision="minute", raw=at.isoformat())


def fnnews_article(**changes: Any) -> Article:
    """The publisher's own page."""
    article = Article(
        url=FNNEWS,
        source="fnnews",
        extractor="fnnews/2026",
        kind=PageKind.ARTICLE,
        site_id="202609271158000001",
        names_itself=True,
        publisher="파이낸셜뉴스",
        title="시립 도서관, 이달부터 야간 개관",
        body=BODY,
        section="사회",
        tags=("도서관", "개관"),
        language="ko",
        published=instant(minutes(-2)),
        byline_line="홍길동 기자",
        bylines=(Person(name="홍길동", role="기자", email="Hong@example.com", raw="홍길동 기자"),),
        rights=Rights(
            notice="저작권자 ⓒ 파이낸셜뉴스, 무단전재-재배포 금지",
            holder="파이낸셜뉴스",
            no_reproduction=True,
            no_redistribution=True,
            no_ai_training=False,
            no_collection=False,
        ),
        images=(Image(url="https://image.example.com/1.jpg", caption="야간 개관", credit="도서관 제공"),),
        rules={"title": "h1"},
    )
    return replace(article, **changes)


def unlike(number: int, **changes: Any) -> Article:
    """A page of its own: no other number's has its words."""
    own = " ".join(f"{number}번째{word}{number * 7919 % 97}" for word in BODY.split())
    return fnnews_article(
        **{
            "url": f"https://www.fnnews.com/news/{number:018d}",
            "site_id": f"{number:018d}",
            "title": f"{number}번째 소식 {number * 31}",
            "body": own,
            **changes,
        }
    )


def daum_article(**changes: Any) -> Article:
    """The portal's copy: no link back, a little text more, no e-mail."""
    article = fnnews_article(
        url=DAUM,
        source="daum",
        extractor="daum/2026",
        site_id="20260927120100001",
        body=BODY + "\n도서관 누리집에서 자세한 시간을 볼 수 있다.",
        published=instant(minutes(1)),
        bylines=(Person(name="홍길동", role="기자", raw="홍길동"),),
        byline_line="홍길동",
        syndicated=True,
        rules={"title": "h3.tit_view"},
    )
    return replace(article, **changes)


class Desk:
    """An archive with one open run for each source, and short ways to use it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.owner = this_process()
        self.frontier = Frontier(engine)
        self.writer = Writer(engine, decide)
        self.runs = {
            name: open_run(engine, name, "latest", self.owner, NOON, RunSettings())
            for name in ("daum", "fnnews")
        }
        self._captures = 0

    def address(self, url: str, source: str, site_id: str | None = None) -> int:
        """List one address at a seed; its number."""
        self.frontier.discover(
            self.runs[source], source, f"seed:{source}", [(Discovery(url=url), site_id)], NOON
        )
        return int(self.rows("SELECT id FROM address WHERE url = :url", url=url)[0][0])

    def capture(self, url: str, at: datetime, address_id: int | None, source: str, **changes: Any) -> int:
        """A capture of an invented WARC record; its number."""
        self._captures += 1
        capture = Capture(
            url=url,
            fetched_at=at,
            http_status=200,
            content_type="text/html",
            etag=f'"{self._captures}"',
            last_modified=None,
            payload_digest="sha1:AAAA",
            payload_length=100,
            warc=WarcPlace(file="a.warc.gz", offset=self._captures * 1000, length=900),
            signals=FetchSignals(robots_allowed=True, robots_rule="allowed"),
        )
        return record_capture(self.engine, replace(capture, **changes), self.runs[source], address_id)

    def store(self, article: Article, at: datetime = NOON, fetched: str | None = None) -> Stored:
        """Fetch (invented) and store an article."""
        assert article.source is not None
        url = fetched or article.url
        address = self.address(url, article.source, article.site_id if fetched is None else None)
        capture = self.capture(url, at, address, article.source)
        return self.writer.store(
            article,
            run_id=self.runs[article.source],
            address_id=address,
            capture_id=capture,
            seen_at=at + timedelta(seconds=1),
        )

    def rows(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(sql), values)]

    def count(self, table: str) -> int:
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])


COUNTED = ("article", "appearance", "revision", "text", "byline", "reporter", "publisher", "image", "address")

STATE = {
    "articles": """
        SELECT url, publisher, title, subtitle, body, section, language, published_at, modified_at,
          appearances, sources, copyright_notice, rights_holder
        FROM articles ORDER BY url""",
    "appearances": """
        SELECT (SELECT min(a.url) FROM articles a WHERE a.article_id = p.article_id), url, source, site_id,
          publisher, title, body, section, tags, byline_line, published_at, published_raw, original_url,
          syndicated, extractor, rules, match_rule, round(CAST(match_score AS numeric), 6), preferred,
          first_seen_at
        FROM appearances p ORDER BY url""",
    "revisions": """
        SELECT url, title, body, notice, valid_from, valid_to FROM revisions ORDER BY url, valid_from""",
    "bylines": """
        SELECT b.url, b.publisher, position, b.name, role, b.email, raw, r.name, r.email
        FROM bylines b LEFT JOIN reporter r ON r.id = b.reporter_id ORDER BY b.url, position""",
    "rights": """
        SELECT url, notice, holder, year, no_reproduction, no_ai_training, robots_allowed, robots_rule
        FROM rights ORDER BY url""",
    "aliases": """
        SELECT a.url, c.url FROM address a JOIN address c ON c.id = a.alias_of_id ORDER BY a.url""",
    "reporters": """
        SELECT r.name, r.email, p.name FROM reporter r LEFT JOIN publisher p ON p.id = r.publisher_id
        ORDER BY r.email, r.name, p.name""",
    "texts": "SELECT digest, body FROM text ORDER BY digest",
}


def state(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """All that the archive says, without its own numbers."""
    return {name: desk.rows(sql) for name, sql in STATE.items()}
