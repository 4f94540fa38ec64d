"""An archive with real WARC files, in which one article has left its words wherever it could."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine, text

from crawler.deduplicate.likenesses import LIKENESSES
from crawler.deduplicate.match import decide
from storage.archive.writer import Writer
from storage.forget.planning import Place, Plan
from storage.forget.takedown import Asked, Done, purge_of, take_out
from storage.frontier.captures import record_capture
from storage.records import Article, Capture, Outcome
from storage.records.discovery import Discovery
from storage.records.runs import Settled
from storage.tombstones import Tombstones
from storage.warc.store import WarcWriter, payload_digest
from tests.storage.samples import DAUM, FNNEWS, Desk, daum_article, fnnews_article, minutes

TITLE = "시립 도서관, 이달부터 야간 개관"
SENTENCES = (
    "시립 도서관이 이달부터 야간 개관을 시작한다고 27일 밝혔다.",
    "평일에는 오후 10시까지, 주말에는 오후 8시까지 문을 열며 하루 평균 1,240명이 찾을 것으로 본다.",
    "관장은 퇴근 뒤에 들르는 시민이 늘었다며 열람석 320석을 더 놓겠다고 말했다.",
    "이용 요금은 없고 회원증만 있으면 책 다섯 권을 두 주 동안 빌릴 수 있다.",
    "처음에는 열람석을 200석만 놓는다고 알려졌으나 사실과 달라 바로잡는다.",
    "도서관 누리집에서 자세한 시간을 볼 수 있다.",
    "밤에도 책을 읽는 시민을 위해 문을 연다는 것이 요지다.",
    "야간 개관 첫날 열람실의 모습을 시민이 둘러보고 있다.",
)
"""What the article ever said: body, its earlier revision, the portal's copy, summary, caption."""
EARLIER = "\n".join((*SENTENCES[:2], SENTENCES[4]))
BYSTANDER = "한강 수위가 낮아져 잠수교 통행이 다시 열렸다.\n시는 밤사이 물을 빼고 길을 닦았다고 전했다."


def take_down(place: Place, made: Plan, url: str, reason: str, by: str, say: Callable[[str], None]) -> Done:
    """One page, every step."""
    (taken,) = take_out(place, [Asked(made, url, reason, by)], say)
    purge_of(place, [taken], say)
    return taken.done


class Newsroom(Desk):
    """A desk whose captures are real records."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        super().__init__(engine)
        self.folder = folder
        self.tombstones = Tombstones(folder)
        self.writer = Writer(engine, decide, LIKENESSES, 1, self.tombstones)
        self.warc = WarcWriter(folder / "warc", software="test", contact=None)
        self.place = Place(engine=engine, folder=folder, decide=decide, likenesses=LIKENESSES)

    def answer(
        self,
        url: str,
        body: bytes,
        source: str,
        address_id: int | None = None,
        minute: float = 0,
        **changes: Any,
    ) -> int:
        """Capture a body as it came."""
        at = minutes(minute)
        place = self.warc.write_exchange(
            url=url,
            fetched_at=at,
            request=f"GET {url} HTTP/1.1\r\n\r\n".encode(),
            http_status=200,
            reason="OK",
            response_headers=[("Content-Type", "text/html")],
            body=body,
            facts={
                "address": url,
                "seed": f"seed:{source}",
                "title_hint": TITLE if url in (FNNEWS, DAUM) else None,
            },
        )
        capture = Capture(
            url=url,
            fetched_at=at,
            http_status=200,
            content_type="text/html",
            etag='"1"',
            last_modified=None,
            payload_digest=payload_digest(body),
            payload_length=len(body),
            warc=place,
        )
        return record_capture(self.engine, capture, self.runs[source], address_id)

    def listed(self, url: str, source: str, site_id: str | None, title: str) -> int:
        hint = Discovery(url=url, title_hint=title, publisher_hint="파이낸셜뉴스", time_raw="3분 전")
        self.frontier.discover(self.runs[source], source, f"seed:{source}", [(hint, site_id)], minutes(0))
        return int(self.rows("SELECT id FROM address WHERE url = :url", url=url)[0][0])

    def fetch(self, article: Article, minute: float = 0) -> int:
        """List, capture and store an article; the capture's number."""
        assert article.source is not None
        number = self.listed(article.url, article.source, article.site_id, article.title or "")
        page = f"<html><title>{escape(article.title or '')}</title><p>{escape(article.body or '')}</p></html>"
        capture = self.answer(article.url, page.encode(), article.source, number, minute)
        self.writer.store(
            article,
            run_id=self.runs[article.source],
            address_id=number,
            capture_id=capture,
            seen_at=minutes(minute + 0.1),
        )
        return capture

    def execute(self, sql: str, **values: Any) -> None:
        if self.engine.dialect.name == "sqlite":  # its driver's own way for instants is to go (Python 3.12)
            values = {name: _as_stored(value) for name, value in values.items()}
        with self.engine.begin() as connection:
            connection.execute(text(sql), values)


def _as_stored(value: Any) -> Any:
    return value.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(value, datetime) else value


def spread(room: Newsroom) -> None:
    """The article on two sites, with an edit; lists, feeds and tables that quote it; and a bystander."""
    own = fnnews_article(summary=SENTENCES[6])
    room.fetch(replace(own, body=EARLIER), 0)
    room.fetch(replace(own, images=(replace(own.images[0], caption=SENTENCES[7]),)), 10)
    room.fetch(daum_article(aliases=("https://v.daum.net/v/jvTmrluST6",)), 12)
    other = fnnews_article(
        url=FNNEWS.replace("1158", "1301"),
        site_id="other",
        title="잠수교 통행 재개",
        body=BYSTANDER,
        bylines=(),
        byline_line=None,
    )
    room.fetch(other, 20)
    for number, body in enumerate(lists()):
        room.answer(f"https://www.fnnews.com/list/{number}", body, "fnnews", None, 30 + number)
    room.answer("https://www.fnnews.com/robots.txt", b"User-agent: *\nAllow: /\n", "fnnews", None, 60)
    quote_everywhere(room)


def lists() -> list[bytes]:
    """Shapes in which a list or feed carries a lead or a headline."""
    lead, title = SENTENCES[0], TITLE
    item = f"<li><a href='{FNNEWS}'>{title}</a><p>{lead}</p></li>"
    bold = "".join(f"<b>{letter}</b>" if letter == "관" else letter for letter in lead)
    entity = "".join(f"&#{ord(letter)};" for letter in lead)
    return [
        f"<ul>{item}</ul>".encode(),
        f"<ul>{item}</ul>".encode("cp949"),
        gzip.compress(f"<rss><description>{lead}</description></rss>".encode()),
        gzip.compress(gzip.compress(f"<rss>{title}</rss>".encode("cp949"))),
        zlib.compress(lead.encode()),
        json.dumps({"items": [{"title": title, "lead": lead}]}).encode(),
        f"<p>{bold}</p>".encode(),
        f"<p>{entity}</p>".encode(),
        f"<a data-title='{quote(title)}'>기사</a>".encode(),
        unicodedata.normalize("NFD", f"<p>{lead}</p>").encode(),
        f"<p>{lead}</p>".encode("utf-16"),
        f"<![CDATA[{lead[:26]}...]]>".encode(),
        ("가" * 70_000 + lead).encode(),
    ]


def quote_everywhere(room: Newsroom) -> None:
    """Sentences where an operator's program could have put them."""
    run = room.runs["fnnews"]
    lead = SENTENCES[0]
    room.execute(
        "INSERT INTO alarm (key, state, message, facts, changed_at, seen_at, delivered_to, attempts) VALUES "
        "('drift fnnews', 'drift', :message, :facts, :at, :at, '[]', 0)",
        message=f"the title looks odd: {TITLE}",
        facts=json.dumps({"example": lead, "more": [{SENTENCES[2]: 3}], "run": run}),
        at=minutes(40),
    )
    stats = json.dumps({"last": SENTENCES[3]}, ensure_ascii=False)
    said = f"1 quarantined: {lead[:30]}"
    room.execute(
        "UPDATE run SET reason = :said, stats = :stats WHERE id = :run", run=run, said=said, stats=stats
    )
    room.execute(
        "INSERT INTO seed_visit (run_id, seed, kind, outcome, reason, listed, at) VALUES "
        "(:run, 'https://www.fnnews.com/list/0', 'list', 'quarantined', :said, 1, :at)",
        run=run,
        said=f"unknown markup near {lead}",
        at=minutes(41),
    )
    number = room.listed("https://www.fnnews.com/news/202609271400000009", "fnnews", "x", TITLE)
    room.frontier.settle(
        Settled(
            address_id=number,
            run_id=run,
            outcome=Outcome.QUARANTINED,
            reason=f"no body behind '{SENTENCES[1]}'",
            at=minutes(42),
        )
    )
    room.execute(
        "INSERT INTO verification (scope, started_at, finished_at, captures, found, mended, findings) VALUES "
        "('all', :at, :at, 1, 1, 0, :said)",
        said=json.dumps([{"what": f"body {SENTENCES[2]} -> {SENTENCES[3]}"}], ensure_ascii=False),
        at=minutes(43),
    )
    room.execute(
        "INSERT INTO field_statistic (run_id, extractor, articles, fields) VALUES (:run, 'x', 1, :said)",
        run=run,
        said=json.dumps({"title": {"shortest": TITLE}}, ensure_ascii=False),
    )
    room.execute(
        "INSERT INTO rereading (appearance_id, revision_id, capture_id, reader_after, at, changed) "
        "SELECT appearance_id, id, capture_id, 2, :at, :said FROM revision WHERE title = :title",
        title=TITLE,
        said=json.dumps({"title": {"before": SENTENCES[5], "after": TITLE}}, ensure_ascii=False),
        at=minutes(44),
    )


def needles() -> list[str]:
    """Pieces of every sentence that may be found nowhere: whole, and a part of each."""
    return [TITLE, *SENTENCES, *(sentence[5:25] for sentence in SENTENCES)]


def in_files(folder: Path) -> list[str]:
    """Which sentences stand in the bytes of the archive's files: plain, packed, and in JSON's spelling."""
    found = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        pieces = [data, *_unpacked(data)]
        for piece in pieces:
            texts = [piece, *_unpacked(piece), *(two for one in _unpacked(piece) for two in _unpacked(one))]
            for needle in needles():
                spelled = (needle.encode(), needle.encode("cp949"), json.dumps(needle)[1:-1].encode(),
                           needle.encode("utf-16-le"), quote(needle).encode())  # fmt: skip
                if any(one in text for one in spelled for text in texts):
                    found.append(f"{path.name}: {needle}")
    return found


def _unpacked(data: bytes) -> list[bytes]:
    """What every gzip or zlib stream in the bytes holds, as far as it goes."""
    found = []
    for start in (one.start() for one in re.finditer(rb"\x1f\x8b\x08|\x78\x9c", data)):
        stream = zlib.decompressobj(wbits=47)
        try:
            found.append(stream.decompress(data[start:]))
        except zlib.error:
            continue
    return found


def in_tables(engine: Engine) -> list[str]:
    """Which sentences SQL finds, in any column of any table, view or statistic."""
    found = []
    with engine.connect() as connection:
        for table, column in connection.execute(text(_COLUMNS[engine.dialect.name])).all():
            rows = connection.execute(text(f'SELECT "{column}" FROM "{table}"'))
            values = {str(value) for (value,) in rows if value and not isinstance(value, bytes)}
            for needle in needles():
                forms = (needle, json.dumps(needle)[1:-1])
                if any(form in value for form in forms for value in values):
                    found.append(f"{table}.{column}: {needle}")
    return found


_COLUMNS = {
    "sqlite": "SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p "
    "WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'search_index%'",
    "postgresql": "SELECT table_name, column_name FROM information_schema.columns "
    "WHERE table_schema = 'public' OR table_name = 'pg_stats'",
}
