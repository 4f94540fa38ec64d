from __future__ import annotations

import gzip
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discover.feed import machine_time, parse_feed
from storage.records.discovery import Listing
from tests.places import SHARED

PAGES = SHARED / "euckr_feeds"
SEEN = datetime(2026, 9, 27, 1, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Found:
    url: str


def address(url: str) -> Found | None:
    match = re.fullmatch(r"https?://www\.a\.kr/news/(\d+)(?:\?.*)?", url)
    return Found(f"https://www.a.kr/news/{match[1]}") if match else None


def anything(url: str) -> Found | None:
    return Found(url) if url.startswith("http") else None


def read(text: str | bytes) -> Listing:
    body = text if isinstance(text, bytes) else text.encode()
    return parse_feed(body, "https://www.a.kr/rss/all.xml", SEEN, address=address)


RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>가짜신문</title><link>https://www.a.kr/</link>
<item><title><![CDATA[ 금리 "동결" &quot;시사&quot; & 전망 ]]></title>
<link><![CDATA[ https://www.a.kr/news/1?utm=x ]]></link>
<description><![CDATA[<a href="https://evil.example/">x</a>]]></description>
<category>경제</category><pubDate>Sun, 27 Sep 2026 09:54:00 +0900</pubDate></item>
<item><title>둘째</title><link>/news/2</link><dc:date>2026-09-27T09:00:00+09:00</dc:date></item>
<item><title>남의 것</title><link>http://127.0.0.1:8080/news/3</link></item>
<item><title>주소만</title><guid>https://www.a.kr/news/4</guid><pubDate>2026-09-27 08:00:00</pubDate></item>
<item><title>또</title><link>https://www.a.kr/news/1</link></item>
<item><title>주소 없음</title></item>
</channel></rss>"""


def test_rss_with_cdata() -> None:
    listing = read(RSS)
    assert listing.recognised
    assert listing.reason is None
    assert listing.rejected == 2
    first, second, fourth = listing.discoveries
    assert first.url == "https://www.a.kr/news/1"
    assert first.title_hint == '금리 "동결" "시사" & 전망'
    assert first.time_hint == datetime(2026, 9, 27, 0, 54, tzinfo=UTC)
    assert first.time_raw == "Sun, 27 Sep 2026 09:54:00 +0900"
    assert first.section_hint == "경제"
    assert first.position == 1
    assert second.url == "https://www.a.kr/news/2"
    assert second.time_hint == datetime(2026, 9, 27, 0, 0, tzinfo=UTC)
    assert (fourth.url, fourth.position) == ("https://www.a.kr/news/4", 3)
    assert (fourth.time_hint, fourth.time_raw) == (None, "2026-09-27 08:00:00")


@pytest.mark.parametrize("itself", ["alternate", "http://www.iana.org/assignments/relation/alternate"])
def test_atom(itself: str) -> None:
    listing = read(
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>가</title>'
        f'<link rel="self" href="https://www.a.kr/api/1"/><link rel="{itself}" href="https://www.a.kr/news/9"/>'
        "<updated>2026-09-27T00:00:00Z</updated></entry></feed>"
    )
    (entry,) = listing.discoveries
    assert entry.url == "https://www.a.kr/news/9"
    assert entry.time_hint == datetime(2026, 9, 27, tzinfo=UTC)


def test_rdf() -> None:
    listing = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        "<item><title>가</title><link>https://www.a.kr/news/5</link></item></rdf:RDF>"
    )
    assert [found.url for found in listing.discoveries] == ["https://www.a.kr/news/5"]


@pytest.mark.parametrize("codec", ["utf-8", "euc-kr", "cp949", "utf-16"])
@pytest.mark.parametrize("declared", ["utf-8", "euc-kr", "nonsense", "hex", None])
def test_every_charset_gives_the_same_list(codec: str, declared: str | None) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    text = RSS.partition("?>")[2]
    assert read((head + text).encode(codec)) == read(RSS)


def test_cp949_only_syllables_behind_a_euckr_declaration() -> None:
    text = RSS.replace("둘째", "똠방각하 펲시").replace('encoding="utf-8"', 'encoding="euc-kr"')
    assert read(text.encode("cp949")).discoveries[1].title_hint == "똠방각하 펲시"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"\x00\xff\xfe\x00junk", "empty|no feed|no XML"),
        (b"<html><body><a href='https://www.a.kr/news/1'>x</a></body></html>", "no feed"),
        (b"<rss><channel><item><link>https://other.kr/1</link></item></channel></rss>", "None of the feed"),
    ],
)
def test_what_is_no_feed_is_told(body: bytes, reason: str) -> None:
    listing = read(body)
    assert not listing.recognised
    assert listing.discoveries == ()
    assert re.search(reason, listing.reason or "")


def test_an_empty_feed_is_a_feed() -> None:
    listing = read("<rss><channel><title>가</title></channel></rss>")
    assert (listing.recognised, listing.discoveries) == (True, ())


def test_a_cut_feed_gives_what_arrived() -> None:
    listing = read(RSS[: RSS.index("<item><title>남의")])
    assert [found.url for found in listing.discoveries] == [
        "https://www.a.kr/news/1",
        "https://www.a.kr/news/2",
    ]


def test_a_broken_feed_is_read_on() -> None:
    listing = read(
        "<rss><channel><item><title>A & B &hellip; \x0b</title><link>https://www.a.kr/news/1?a=1&b=2</link></item>"
    )
    assert [found.url for found in listing.discoveries] == ["https://www.a.kr/news/1"]


def test_entities_are_not_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SECRET")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    listing = read(
        f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}"><!ENTITY l0 "ha">{laughs}]>'
        "<rss><channel><item><title>&x;&l11;가</title><link>https://www.a.kr/news/1</link></item></channel></rss>"
    )
    assert "SECRET" not in str(listing)
    assert "haha" not in str(listing)


def test_depth_and_junk_do_not_raise() -> None:
    assert not read(b"<rss>" + b"<a>" * 30_000).discoveries
    assert not read(b"<rss><channel>" + os.urandom(100_000)).discoveries


@pytest.mark.parametrize("number", ["9999999", "x110000", "xD800", "9" * 50, "xFFFFFFFFF"])
@pytest.mark.parametrize("printed", ["하나 &#{};", "<![CDATA[하나 &#{};]]>"])
def test_a_number_of_no_character_costs_no_feed(number: str, printed: str) -> None:
    title = printed.format(number)
    listing = read(
        f"<rss><channel><item><title>{title}</title><link>/news/1</link></item>"
        f"<item><title>둘</title><link>/news/2</link><description>{title}</description></item></channel></rss>"
    )
    assert [found.title_hint for found in listing.discoveries] == ["하나 \ufffd", "둘"]
    assert listing.note is None


@pytest.mark.parametrize(
    ("links", "follows"),
    [
        ('<link rel="self" href="/a"/><link rel="next" href="?a=1&amp;page=2"/>', "?a=1&page=2"),
        (
            "<atom:link href='https://www.a.kr/rss/2.xml' rel='next' type='application/rss+xml'></atom:link>",
            "2.xml",
        ),
        ('<link rel="prev-archive" href="2.xml"/>', "2.xml"),
        ('<link rel="prev-archive" href="1.xml"/><link rel="NEXT" href="2.xml"/>', "2.xml"),
        ('<link rel="http://www.iana.org/assignments/relation/next" href="2.xml"/>', "2.xml"),
        ('<!-- <link rel="next" href="2.xml"/> --><link rel="previous" href="0.xml"/>', None),
        ('<item><link rel="next" href="https://www.a.kr/news/2"/></item>', None),
    ],
)
def test_a_paged_feed_names_its_next_page(links: str, follows: str | None) -> None:
    item = "<item><title>하나</title><link>https://www.a.kr/news/1</link></item>"
    at = "https://www.a.kr/rss/" + ("all.xml" if follows and follows[0] == "?" else "")
    assert read(f"<rss><channel>{links}{item}</channel></rss>").next_url == (
        follows and at + follows.rpartition("/")[2]
    )


@given(st.binary(max_size=300))
def test_any_bytes(body: bytes) -> None:
    assert read(body).discoveries == ()
    read(b"<rss><channel><item>" + body + b"</item></channel></rss>")


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "",
        "어제",
        "2026.09.27 10:00",
        "Sun, 99 Foo 2026",
        "1" * 400,
        "0001-01-01T00:00:00+23:59",
        "Mon, 01 Jan 0001 00:00:00 +0000",
        "Mon, 20 11 2026 09:00:00 +0900",  # neither day is a Monday
        "Fri, 20 11 2026",
        "Fri, 32 13 2026 09:00:00 +0900",
    ],
)
def test_no_invented_time(raw: str | None) -> None:
    assert machine_time(raw) is None


@pytest.mark.parametrize("name", ["critique.or.kr.xml", "ricanet.com.xml", "siwoo.org.xml"])
def test_real_euckr_feeds(name: str) -> None:
    path = PAGES / name
    if not path.exists():
        pytest.skip("the shared pages are not here")
    body = path.read_bytes()
    listing = parse_feed(body, "http://x.kr/", SEEN, address=anything)
    assert listing.recognised
    assert len(listing.discoveries) == body.count(b"<item>")
    assert all(found.title_hint and "�" not in found.title_hint for found in listing.discoveries)
    assert all(found.time_hint for found in listing.discoveries)


THREE = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>
<item><title>하나</title><link>https://www.a.kr/news/1</link></item>
<item><title>둘</title><link>https://www.a.kr/news/2</link></item>
<item><title>셋</title><link>https://www.a.kr/news/3</link></item>
</channel></rss>"""
DEFINED = '?><!DOCTYPE rss [<!ENTITY fn "파"><!ENTITY out SYSTEM "file:///etc/passwd">]><rss'


@pytest.mark.parametrize(
    ("printed", "instead", "title"),
    [
        ("<item>", "<item><!-- 편집 -->", "둘"),
        ("<title>둘", "<title>둘<!-- 편집 -->째", "둘째"),
        ("<item>", "<item><?php echo 1 ?>", "둘"),
        ("<title>둘", "<title>둘<?x?>째", "둘째"),
        ("<item>", "<item>&nbsp;", "둘"),
        ("<item>", "<item>&fn;", "둘"),
        ("<item>", "<item>&out;", "둘"),
        ("<title>둘", "<title>&fn; 둘", "둘"),
        ("<link>", "<link>&none;", "둘"),
        ("<title>둘", "<title>둘 &#55357;&#56832; 웃다", "둘 😀 웃다"),
        ("<title>둘", "<title>둘 &#xD83D;&#xDE00; 웃다", "둘 😀 웃다"),
        ("<title>둘", "<title>둘 &#xd83d; 웃다", "둘 � 웃다"),
        ("<title>둘", "<title>둘 &#55000;", "둘 훘"),
        ("<title>둘</title>", "<title><![CDATA[둘 &#55357;&#56832;]]></title>", "둘 😀"),
        ("</item>", "<category>&#55357;</category></item>", "둘"),
        ("<title>둘", "<title>둘&#0;", "둘"),
        ("<title>둘", "<title>" + "<b>" * 400 + "둘" + "</b>" * 400, "둘"),
        ("<item>", "<item " + "a" * 60_000 + '="1">', "둘"),
    ],
)
def test_one_odd_item_costs_no_other(printed: str, instead: str, title: str) -> None:
    listing = read(THREE.replace(printed, instead).replace("?><rss", DEFINED))
    assert [found.url[-1] for found in listing.discoveries] == ["1", "2", "3"]
    assert listing.discoveries[1].title_hint == title
    for found in listing.discoveries:
        repr([found.title_hint, found.section_hint]).encode()  # what UTF-8 has no bytes for no database keeps


@pytest.mark.parametrize(
    "form",
    [
        lambda text: ("Warning: mysql_connect() in /home/rss.php on line 3\n" + text).encode(),
        lambda text: ("<br />\n<b>Warning</b>: a word in <b>/x.php</b><br />\n" + text).encode(),
        lambda text: text.replace("utf-8", "utf-16").encode("utf-16-le"),
        lambda text: text.replace("utf-8", "utf-16").encode("utf-16-be"),
        lambda text: gzip.compress(text.encode()),
        lambda text: (
            text.replace("<channel>", '<channel xml:base="https://www.a.kr/news/">')
            .replace(" https://www.a.kr/news/1?utm=x ", "1")
            .encode()
        ),
    ],
)
def test_a_feed_is_read_whatever_stands_before_it_or_packs_it(form: Callable[[str], bytes]) -> None:
    plain = [found.url for found in read(RSS).discoveries]
    assert plain
    assert [found.url for found in read(form(RSS)).discoveries] == plain


def titles(printed: str, instead: str) -> list[str | None]:
    listing = read(THREE.replace(printed, instead))
    assert [found.url[-1] for found in listing.discoveries] == ["1", "2", "3"]
    return [found.title_hint for found in listing.discoveries]


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("영화 <기생충> 흥행", "영화 <기생충> 흥행"),
        ("영화 &lt;기생충&gt; 흥행", "영화 <기생충> 흥행"),
        ("노래 <BTS> 순위", "노래 <BTS> 순위"),
        ("매출 < 비용", "매출 < 비용"),
        ("<b>굵은</b> 제목<br/>둘째 줄", "굵은 제목둘째 줄"),
        ("<![CDATA[<b>굵은</b> 제목]]>", "굵은 제목"),
        ("가&나 A&B", "가&나 A&B"),
        ("<b>" * 5000 + "둘" + "</b>" * 5000, "둘"),
        ("<x>" * 5000 + "둘" + "</x>" * 5000, None),
    ],
)
def test_titles_as_houses_print_them(printed: str, title: str | None) -> None:
    found = titles("둘", printed)
    assert (found[0], found[2]) == ("하나", "셋")
    assert title is None or found[1] == title


@pytest.mark.parametrize(
    ("printed", "instead"),
    [
        ("<item>", "<x>" * 5000 + "<item>"),
        ("</item>", "</item>" + "<x>" * 5000),
        ("<title>둘", "<b>" * 5000 + "<title>둘"),
    ],
)
def test_what_follows_a_deep_nest_is_read(printed: str, instead: str) -> None:
    listing = read(THREE.replace(printed, instead, 1))
    assert [found.url[-1] for found in listing.discoveries] == ["1", "2", "3"]
    assert listing.note is None


def test_items_that_are_lost_are_told() -> None:
    listing = read(
        THREE.replace("<item><title>둘", "<x:item><title>둘").replace("2</link></item>", "2</link></x:item>")
    )
    assert len(listing.discoveries) == 2
    assert listing.note == "1 of its 3 items could not be read"
    assert (
        read(THREE.replace("<item><title>하나", "<!-- <item> --><item><title><![CDATA[<item>]]>")).note
        is None
    )


def test_authors_and_updates() -> None:
    more = (
        "<author>hong@a.kr (홍길동)</author><pubDate>Sun,27 Sep 2026 09:00:00 KST</pubDate>"
        '<a:updated xmlns:a="http://www.w3.org/2005/Atom">2026-09-27T10:30:00+09:00</a:updated>'
    )
    found = read(THREE.replace("<title>둘</title>", "<title>둘</title>" + more)).discoveries[1]
    assert found.author_hint == "hong@a.kr (홍길동)"
    assert found.time_hint == datetime(2026, 9, 27, 0, 0, tzinfo=UTC)
    assert found.updated_hint == datetime(2026, 9, 27, 1, 30, tzinfo=UTC)
    assert read(THREE).discoveries[1].updated_hint is None


@pytest.mark.parametrize(
    "link",
    [
        "https://count.example/click?url=https://www.a.kr/news/2",
        "https://www.a.kr/click?x=1&amp;to=https%3A%2F%2Fwww.a.kr%2Fnews%2F2",
        "&none;https://www.a.kr/news/2",
        "https:\\\\www.a.kr\\news\\2",
    ],
)
def test_an_address_within_a_link(link: str) -> None:
    listing = read(THREE.replace("https://www.a.kr/news/2", link))
    assert [one.url[-1] for one in listing.discoveries] == ["1", "2", "3"]


@pytest.mark.parametrize(
    "raw",
    [
        "Fri, 20 Nov 2026 09:00:00 +09:00",
        "Fri,20 Nov 2026 09:00:00 +0900",
        "Fri,20 11 2026 09:00:00 +0900",
        "Fri, 11 20 2026 09:00:00 KST",
    ],
)
def test_times_as_servers_print_them(raw: str) -> None:
    assert machine_time(raw) == datetime(2026, 11, 20, tzinfo=UTC)


def test_bytes_that_spell_a_path_open_no_file(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(THREE)
    assert not read(str(tmp_path / "feed.xml")).recognised


@pytest.mark.parametrize(
    ("links", "note"),
    [
        (("/news/1", "/news/2"), None),
        (
            ("/news/1", "/photo/2", "/photo/3"),
            "no article of this source: 2 of its 3 items, such as /photo/2",
        ),
        (("/news/1", ""), "no article of this source: 1 of its 2 items"),
        (
            ("/news/1", "https://ads.example/?" + "x" * 500),
            f"no article of this source: 1 of its 2 items, such as https://ads.example/?{'x' * 179}",
        ),
    ],
)
def test_items_that_are_no_article_of_the_source_are_told(links: tuple[str, ...], note: str | None) -> None:
    """A section whose addresses had a form of their own was passed over, and nothing said so."""
    items = "".join(f"<item><title>{link}</title><link>{link}</link></item>" for link in links)
    assert read(f"<rss><channel>{items}</channel></rss>").note == note


@pytest.mark.parametrize(
    "space", ["", 'xmlns="http://www.w3.org/1999/xhtml"', 'xmlns:rss="http://news.a.kr/rss"']
)
@pytest.mark.parametrize("prefix", ["", "rss:"])
def test_a_feed_under_another_namespace_is_read_by_its_tags(space: str, prefix: str) -> None:
    items = "".join(
        f"<{prefix}item><{prefix}title>제목 {n}</{prefix}title><{prefix}link>https://www.a.kr/news/{n}</{prefix}link>"
        f"<media:title>사진</media:title></{prefix}item>"
        for n in (1, 2)
    )
    listing = read(f"<rss {space} version='2.0'><channel>{items}</channel></rss>")
    assert [one.url for one in listing.discoveries] == ["https://www.a.kr/news/1", "https://www.a.kr/news/2"]
    assert [one.title_hint for one in listing.discoveries] == ["제목 1", "제목 2"]


def test_a_headline_in_xhtml_is_its_words() -> None:
    title = (
        '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">다리 <b>새로</b> 놓는다</div></title>'
    )
    entry = f'<entry>{title}<link href="https://www.a.kr/news/1"/></entry>'
    [found] = read(f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>').discoveries
    assert found.title_hint == "다리 새로 놓는다"
