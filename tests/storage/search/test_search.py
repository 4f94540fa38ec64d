"""Search on both databases: what is found equals what reading every text finds, whatever happened before."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, event, text

import newsarchive
from crawler.serve.wrong_words import in_korean
from storage.database.opening import open_readonly, writing
from storage.database.upgrading import migration_config, upgrade
from storage.query.reader import WrongStatement, run_select
from storage.records import Person
from storage.search import index
from storage.search.apart import not_found
from storage.search.candidates import articles_statement, candidates
from storage.search.find import Bounds, Hit, newest, relevant
from storage.search.index import rebuild, unindexed
from storage.search.key import Printed, key_of
from storage.search.outdated import OUTDATED, any_outdated, outdated
from storage.search.place import PLACES, minute_of
from storage.search.question import Document, parse
from tests.storage.samples import FNNEWS, Desk, fnnews_article, instant, minutes, unlike

WORDS = [
    "가람시",
    "반도체",
    "반도",
    "체감",
    "체육관",
    "도서관",
    "공장",
    "시장은",
    "金시장",
    "LG전자",
    "AI",
    "연구동",
    "2,700억",
    "3%",
    "밝혔다.",
    "“낡은",
    "다리”를",
    "헐고",
    "새로",
    "짓는다",
    "및",
    "등",
    "그",
    "이",
    "수",
    "환율과",
    "금리가",
    "올라",
    "수출이",
    "늘었다고",
    "e-스포츠",
    "ＣＥＯ",
    "㈜나래",
    "각하",
    "및및",
    "가가가",
    "가가",
]


def invented(seed: int) -> str:
    chance = random.Random(seed)
    return "\n".join(" ".join(chance.choices(WORDS, k=chance.randint(3, 14))) for _ in range(4))


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def fill(desk: Desk, count: int) -> None:
    for number in range(count):
        desk.store(
            fnnews_article(
                url=f"{FNNEWS[:-4]}{number:04d}",
                site_id=None,
                title=f"{number}번째 {' '.join(random.Random(-number).choices(WORDS, k=4))}",
                body=invented(number),
                published=instant(minutes(-number)),
                bylines=(Person(name="김서윤" if number % 3 else "Kim Ok", email=None, raw=""),),
                publisher="가람일보" if number % 2 else "나래경제",
            ),
            minutes(1),
        )


def found(desk: Desk, words: str, **bounds: object) -> list[str]:
    engine = open_readonly(desk.engine.url.render_as_string(hide_password=False))
    try:
        with engine.connect() as connection:
            return [hit.url for hit in newest(connection, parse(words), Bounds(**bounds))]  # type: ignore[arg-type]
    finally:
        engine.dispose()


def texts(desk: Desk) -> list[tuple[str, list[str]]]:
    """Every article, newest first, as keys: what a scan reads."""
    rows = desk.rows("SELECT url, title, subtitle, body FROM articles ORDER BY published_at DESC, article_id")
    return [(row[0], [key_of(part or "") for part in row[1:]]) for row in rows]


def drawn(desk: Desk, count: int) -> Iterator[str]:
    """Letters that stand side by side in some article: words, parts of words, across words and lines."""
    chance = random.Random(11)
    everything = [part for _, parts in texts(desk) for part in parts if len(part) > 1]
    for _ in range(count):
        part = chance.choice(everything)
        start = chance.randrange(len(part) - 1)
        yield part[start : start + chance.randint(2, 12)].strip()


def compare(desk: Desk, count: int) -> None:
    scan = texts(desk)
    engine = open_readonly(desk.engine.url.render_as_string(hide_password=False))
    with engine.connect() as connection:
        for words in drawn(desk, count):
            if not words or '"' in words:
                continue
            want = [url for url, parts in scan if any(words in part for part in parts)]
            hits = [hit.url for hit in newest(connection, parse(f'"{words}"'), Bounds())]
            assert hits == want, words
    engine.dispose()


def test_recall_and_precision_are_one(desk: Desk) -> None:
    fill(desk, 60)
    compare(desk, 150)


IDEOGRAPHS = [
    "北",
    "title:北",
    "北 OR 美",
    "株",
    "金 OR 없는말",
    "金 -시장",
    "北 OR 시장",
    "-北",
    "(北 OR 美) OR 가",
]


def test_a_lone_hanja_is_looked_for_in_the_letters_themselves(desk: Desk) -> None:
    """Whatever form of it is printed; texts without it are not read (SQLite: 100,000 took six seconds)."""
    titles = (
        "北과 만난다",
        "대화 나선 \uf963",
        "㈱나래 시장",
        "㊎값 오른다",
        "손 내민 美",
        "⾦ 시장",
        "아무 일 없다",
    )
    for number, title in enumerate(titles):
        body = "\n美 방문" if number == 6 else "\n가 본다"
        page = unlike(number, title=title)
        desk.store(replace(page, body=f"{page.body}{body}"), minutes(number))
    assert desk.count("article") == len(titles)
    for words in IDEOGRAPHS:
        asked = parse(words)
        want = [url for url, parts in texts(desk) if asked.holds(_document(parts))]
        assert sorted(found(desk, words)) == sorted(want), words
        statement = f"SELECT url FROM articles WHERE article_id IN (SELECT korean_match('{words}'))"
        with run_select(desk.engine.url.render_as_string(hide_password=False), statement) as (_, rows):
            assert sorted(row[0] for row in rows) == sorted(want), words
    with desk.engine.connect() as connection:
        looked_at = [one for piece in candidates(connection, parse("title:北"), None, None) for one in piece]
    if desk.engine.dialect.name == "sqlite":
        assert len(looked_at) == 2


def _document(parts: list[str]) -> Document:
    return Document(title=Printed(parts[0]), texts=[*map(Printed, parts[1:])], people=(), publisher="")


JOINED = ("강가\u11bc", "강가\u200b\u11bc", "cafe\u0301 강가", "ＣＡＦＥ", "강 가", "강\u200b가 cafe", "강가")
"""Letters that a mark behind them makes others, or that only their key shows."""


def test_a_letter_that_joins_the_next_is_another(desk: Desk) -> None:
    for number, said in enumerate(JOINED):
        title = {"url": f"{FNNEWS[:-4]}{number:04d}", "site_id": None, "title": f"{number}째 글"}
        desk.store(fnnews_article(**title, body=f"{unlike(number)} {said}"), minutes(number))
    everything = [(row[0], key_of(row[1])) for row in desk.rows("SELECT url, body FROM articles")]
    url = desk.engine.url.render_as_string(hide_password=False)
    for word in ("강가", "강강", "cafe", "café", "강 가", "강가 -cafe"):
        wanted, _, unwanted = word.partition(" -")
        want = {url for url, key in everything if wanted in key and not (unwanted and unwanted in key)}
        assert set(found(desk, f'"{wanted}" -{unwanted}' if unwanted else f'"{word}"')) == want, word
        asked = f'"{wanted}"{word[len(wanted) :]}'
        statement = f"SELECT url FROM articles WHERE article_id IN (SELECT korean_match('{asked}'))"
        with run_select(url, statement) as (_, rows):
            assert {row[0] for row in rows} == want, word


def test_a_lone_letter_at_an_edge_makes_few_candidates(desk: Desk) -> None:
    fill(desk, 60)
    everything = texts(desk)
    engine = open_readonly(desk.engine.url.render_as_string(hide_password=False))
    with engine.connect() as connection:
        for words in ("그 이", "및 반도체", "수 체육관", "반도체 이", "등 다리"):
            hits = sum(any(words in part for part in parts) for _, parts in everything)
            asked = candidates(connection, parse(f'"{words}"'), None, None)
            assert sum(map(len, asked)) <= hits + 3, words
    engine.dispose()


def test_entries_of_older_rules_are_told(desk: Desk) -> None:
    fill(desk, 3)
    with desk.engine.begin() as connection:
        assert not outdated(connection)
        connection.execute(text("UPDATE search_entry SET version = 1 WHERE article_id = 1"))
        assert outdated(connection)
    assert rebuild(desk.engine) == 3
    with desk.engine.begin() as connection:
        assert not outdated(connection)
        connection.execute(text("DELETE FROM search_entry WHERE article_id = 1"))
        assert outdated(connection), (
            "an archive from before there was an index: its oldest articles are in none"
        )


def test_an_index_that_is_being_made_anew_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed in the middle, or asked meanwhile: a search of half an index must not look whole."""
    fill(desk, 3)
    monkeypatch.setattr("storage.search.index.PIECE", 1)
    told: list[bool] = []

    def asked(_count: int, _total: int) -> None:
        with desk.engine.connect() as connection:
            told.append(outdated(connection))

    assert rebuild(desk.engine, asked) == 3
    assert told == [True, True, False]


def test_an_interrupted_index_goes_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed in its last piece it began from the newest article again, as often as it was killed."""
    fill(desk, 5)
    monkeypatch.setattr(index, "PIECE", 2)
    made: list[str] = []

    def count(_c: Any, _u: Any, statement: str, *_rest: Any) -> None:
        made.extend(["made"] * statement.startswith("INSERT INTO search_entry"))

    def killed(done: int, total: int) -> None:
        assert total == 5
        if done == 3:
            raise KeyboardInterrupt

    event.listen(desk.engine, "before_cursor_execute", count)
    with pytest.raises(KeyboardInterrupt):
        rebuild(desk.engine, killed)
    assert (len(made), rebuild(desk.engine), len(made)) == (3, 5, 5)
    compare(desk, 20)
    assert (rebuild(desk.engine), len(made)) == (5, 10), "a whole one is made anew"


def test_a_dropped_table_of_the_index_is_made_anew(desk: Desk) -> None:
    """Commands said to run the upgrade, which said that all was well, as did the doctor."""
    fill(desk, 3)
    table = "search_index_grams" if desk.engine.dialect.name == "sqlite" else "search_index"
    with desk.engine.begin() as connection:
        connection.execute(text(f"DROP TABLE {table}"))
    said: list[str] = []
    upgrade(desk.engine.url.render_as_string(hide_password=False), said.append)
    assert any(f"the table {table} is lacking" in one for one in said)
    assert unindexed(desk.engine) == rebuild(desk.engine) == 3
    compare(desk, 20)


MATCH = "SELECT title FROM articles WHERE article_id IN (SELECT korean_match(:words))"


def test_sql_and_the_library_tell_of_older_rules(desk: Desk) -> None:
    """An answer that lacks articles is never silent."""
    fill(desk, 3)
    url = desk.engine.url.render_as_string(hide_password=False)
    words = desk.rows("SELECT title FROM articles")[0][0].split()[-1]
    said: list[str] = []

    def ask(statement: str, values: dict[str, Any]) -> None:
        said.clear()
        with run_select(url, statement, None, values, said.append) as (_, rows):
            list(rows)

    ask(MATCH, {"words": words})
    assert OUTDATED not in said
    with desk.engine.begin() as connection:
        connection.execute(text("UPDATE search_entry SET version = 1 WHERE article_id = 1"))
    ask(MATCH, {"words": words})
    assert OUTDATED in said
    ask("SELECT count(*) FROM articles", {})
    assert OUTDATED not in said, "nobody asked the index"
    with newsarchive.open(url) as archive:
        for asked in (lambda: archive.search(words), lambda: archive.sql(MATCH, words=words)):
            with pytest.warns(newsarchive.IndexOutdated, match="db reindex"):
                asked()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whether_any_is_older_is_a_look_up(desk: Desk) -> None:
    """PostgreSQL reads so small a table as a whole, whatever indexes there are."""
    fill(desk, 3)
    plan = [str(row[-1]) for row in desk.rows(f"EXPLAIN QUERY PLAN {any_outdated('sqlite')}")]
    scans = [step for step in plan if step.startswith("SCAN search_entry")]
    assert [scan for scan in scans if "ix_search_entry_before_" not in scan] == [], plan  # older ones alone


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_index_of_before_is_told_and_made_anew(desk: Desk) -> None:
    """0015 makes SQLite an index anew, empty; what is stored and revised meanwhile does not hide that."""
    fill(desk, 3)
    other = f"{FNNEWS[:-4]}9999"
    words = desk.rows("SELECT title FROM articles")[0][0].split()[-1]
    there = found(desk, words)
    with desk.engine.begin() as connection:
        config = migration_config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0014")
        command.upgrade(config, "head")
    desk.store(fnnews_article(url=other, site_id=None, title="도서관 소식"), minutes(60))
    desk.store(fnnews_article(url=other, site_id=None, title="도서관의 소식"), minutes(90))
    with desk.engine.connect() as connection:
        assert outdated(connection)
    assert unindexed(desk.engine) == 3
    assert found(desk, "도서관의") == [other]
    rebuild(desk.engine)
    with desk.engine.connect() as connection:
        assert not outdated(connection)
    assert found(desk, words) == there


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_revised_leaves_the_earlier_index_too(desk: Desk) -> None:
    """It holds places of words, of which a text could be made again."""
    desk.store(fnnews_article(title="가나", subtitle="라마", body="바사 아"))
    earlier = (
        "INSERT INTO search_index (rowid, title, body) "
        "SELECT id, '가나', '라마 \ue000 바사 사\ue000아 아' FROM search_entry"
    )
    asked = "SELECT count(*) FROM search_index WHERE search_index MATCH '가나 OR 바사 OR \ue000'"
    with desk.engine.begin() as connection:
        connection.execute(text(earlier))
        connection.execute(text("UPDATE search_entry SET version = 2"))
    assert desk.rows(asked) == [(1,)]
    desk.store(fnnews_article(title="다", body="바사 아"), minutes(60))
    assert desk.rows(asked) == [(0,)]


@pytest.mark.proof
def test_recall_and_precision_are_one_for_2000_queries(desk: Desk) -> None:
    fill(desk, 400)
    compare(desk, 2000)


def test_an_edit_and_a_join_are_followed(desk: Desk) -> None:
    desk.store(fnnews_article())
    assert found(desk, "야간 개관") == [FNNEWS]
    desk.store(fnnews_article(title="도서관 소식", body="새벽에도 문을 연다."), minutes(60))
    assert found(desk, "야간") == []
    assert found(desk, "새벽") == [FNNEWS]
    desk.store(fnnews_article(title="도서관 소식", body="새벽에도 문을 연다.", published=None), minutes(90))
    assert found(desk, "새벽") == [FNNEWS]
    assert unindexed(desk.engine) == 0
    assert desk.rows("SELECT count(*) FROM search_entry") == desk.rows("SELECT count(*) FROM article")


def test_a_rebuild_finds_the_same(desk: Desk) -> None:
    fill(desk, 12)
    before = {words: found(desk, words) for words in ("반도체", "가가", "및", "title:번째", "가 -반도체")}
    assert rebuild(desk.engine) == 12
    assert {words: found(desk, words) for words in before} == before


def test_bounds(desk: Desk) -> None:
    fill(desk, 20)
    everything = [url for url, _ in texts(desk)]
    assert found(desk, "번째", since=minutes(-9.5)) == everything[:10]
    assert found(desk, "번째", until=minutes(-9.5)) == everything[10:]
    assert found(desk, "번째", byline="kim ok") == everything[::3]
    assert found(desk, "번째", byline="김서") == []
    assert found(desk, "번째", publisher="나래") == everything[::2]
    assert found(desk, "byline:김서윤 publisher:나래 번째") == [
        url for place, url in enumerate(everything) if place % 3 and place % 2 == 0
    ]
    assert found(desk, "번째 OR publisher:나래") == everything


def test_a_full_minute_takes_the_next_ones_numbers(desk: Desk) -> None:
    """Twice over: a search until the next minute finds what lies behind that one's numbers, too."""
    for number in range(135):
        desk.store(
            fnnews_article(
                url=f"{FNNEWS[:-4]}{number:04d}",
                site_id=None,
                title=f"일보 {number}호",
                body=invented(number),
            )
        )
    assert len(found(desk, "일보")) == 135
    assert len(found(desk, "일보", until=minutes(-1))) == 135
    assert found(desk, "일보", until=minutes(-2)) == []


def test_a_number_in_a_crowd_is_found_by_few_look_ups(desk: Desk) -> None:
    """Of 200,000 articles of one minute each new one walked past all (2026-11-26)."""
    minute, crowd = minute_of(minutes(-2)), 5_000
    rows = [{"id": 10 + place, "entry": minute * PLACES + place, "minute": minute} for place in range(crowd)]
    with writing(desk.engine) as session:
        article = text(
            "INSERT INTO article (id, created_at) VALUES (:id, '2026-01-01 00:00:00.000000+00:00')"
        )
        entry = text(
            "INSERT INTO search_entry (id, article_id, minute, version) VALUES (:entry, :id, :minute, 2)"
        )
        session.connection().execute(article, rows)
        session.connection().execute(entry, rows)
    asked: list[str] = []
    event.listen(desk.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    desk.store(fnnews_article())
    numbers = {row[0] for row in desk.rows("SELECT id FROM search_entry")}
    assert max(numbers) == minute * PLACES + crowd
    assert len(numbers) == crowd + 1
    assert 2 <= len([one for one in asked if "max(search_entry.id)" in one]) <= 8


@pytest.mark.parametrize(
    "body",
    [
        "널\x00문자 반도체",
        "\u202e거꾸로 반도체\u202c",
        "반쪽 \ud800 글자 반도체",
        "<script>alert('반도체')</script>",
        "반도체" * 100_000,
        '\' OR 1=1; -- 반도체 "NEAR(가 나)" * ^',
        "\u1107\u1161\u11ab\u1103\u1169\u110e\u1166 반도체",
    ],
)
def test_hostile_texts_are_found_and_taken_out_again(desk: Desk, body: str) -> None:
    desk.store(fnnews_article(body=body))
    assert found(desk, "반도체") == [FNNEWS]
    desk.store(fnnews_article(body="다른 글"), minutes(60))
    assert found(desk, "반도체") == []


def ids(desk: Desk, statement: str) -> set[int]:
    with run_select(desk.engine.url.render_as_string(hide_password=False), statement) as (_, rows):
        return {row[0] for row in rows}


def test_korean_match_in_sql(desk: Desk) -> None:
    fill(desk, 30)
    ask = (
        "SELECT article_id FROM articles "
        "WHERE article_id IN (SELECT korean_match('{}')) AND publisher = '가람일보'"
    )
    for words in ("반도체", "반도체 금리", "반도체 -금리", "lg전자", "체감"):
        want = set(found(desk, words, publisher="가람일보"))
        urls = {row[0] for row in desk.rows("SELECT url FROM articles WHERE publisher = '가람일보'")}
        assert want <= urls
        numbers = {row[0]: row[1] for row in desk.rows("SELECT url, article_id FROM articles")}
        assert ids(desk, ask.format(words)) == {numbers[url] for url in want}, words


def test_a_wrong_korean_match_is_a_sentence(desk: Desk) -> None:
    fill(desk, 1)
    ask = "SELECT article_id FROM articles WHERE article_id IN (SELECT korean_match('{}'))"
    assert len(ids(desk, ask.format("가"))) <= 1  # read text by text
    with pytest.raises(WrongStatement, match="bracket that begins at letter 1 does not end"):
        ids(desk, ask.format("(반도체"))


def test_the_statement_for_other_tools_runs(desk: Desk) -> None:
    fill(desk, 30)
    for words in ("반도체", "it's OR 금리", "title:번째 금리"):
        statement = articles_statement(parse(words), desk.engine.dialect.name)
        assert statement is not None
        with desk.engine.connect() as connection:
            numbers = {row[0] for row in connection.execute(text(statement.replace(":", r"\:")))}
        urls = {row[0] for row in desk.rows("SELECT url, article_id FROM articles") if row[1] in numbers}
        assert set(found(desk, words)) <= urls
    assert articles_statement(parse("가"), desk.engine.dialect.name) is None


def test_relevance_puts_what_is_about_it_first(desk: Desk) -> None:
    desk.store(fnnews_article(url=f"{FNNEWS[:-4]}0001", site_id=None, title="날씨", body="맑다. 환율 한 번."))
    about = "환율이 올랐다. 환율 때문이다. 환율."
    desk.store(
        fnnews_article(
            url=f"{FNNEWS[:-4]}0002",
            site_id=None,
            title="환율 급등",
            body=about,
            published=instant(minutes(-500)),
        )
    )
    with desk.engine.connect() as connection:
        hits: list[Hit] = relevant(connection, parse("환율"), Bounds(), 5)
        assert [hit.title for hit in hits] == ["환율 급등", "날씨"]
        assert [hit.title for hit in islice(newest(connection, parse("환율"), Bounds()), 5)] == [
            "날씨",
            "환율 급등",
        ]


def test_what_is_stored_again_is_not_written_again(desk: Desk) -> None:
    desk.store(fnnews_article())
    before = desk.rows("SELECT * FROM search_entry")
    desk.store(fnnews_article(section="경제"), minutes(60))
    desk.store(fnnews_article(), minutes(60) + timedelta(minutes=1))
    assert desk.rows("SELECT * FROM search_entry") == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("기준금리", '(기준금리 OR "기준 금리")'),
        ("기준금리 인상", '(기준금리 OR "기준 금리")'),
        ("title:기준금리", None),
        ('기준금리 OR "기준 금리"', None),
        ("기준 금리", None),
        ("-기준금리 인상", None),
        ("한은총재", None),
        ("AI반도체", '(AI반도체 OR "ai 반도체")'),
        ("반도체AI", None),
        ("1250원", '1250원 with commas: (1250원 OR "1,250원")'),
        ("2,756만", '2,756만 without commas: (2,756만 OR "2756만")'),
        ("1250", '(1250 OR "1,250")'),
        ('1250 OR "1,250"', None),
        ("2026", None),
        ("인상을", "인상 is found"),
        ("인상을 OR 없는말", None),
        ("없는말을", None),
        ("금리를", None),
    ],
)
def test_what_may_be_meant_too_is_told(engine: Engine, words: str, said: str | None) -> None:
    """Where other articles have it: a compound written apart, a word without its particle."""
    desk = Desk(engine)
    desk.store(unlike(1, title="가람시", body="기준 금리 인상. 한은총재는 한은 총재다. 1,250원, 2,026명."))
    desk.store(unlike(2, title="기준금리", body="기준금리를 올린다. AI 반도체, 2756만 대."))
    with engine.connect() as connection:
        asked = parse(words)
        nothing = next(newest(connection, asked, Bounds()), None) is None
        told = not_found(connection, asked, Bounds(), nothing=nothing)
    assert [said in one for one in told] == [True] if said else told == []
    assert all(re.search("니다", one) for one in map(in_korean, told))
