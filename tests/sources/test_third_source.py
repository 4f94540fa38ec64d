"""A source is one file and one folder of pages: a third one, from a folder outside, is crawled and tested."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest

import crawler.sources
from crawler.configuration.environment import WrongSetting
from crawler.extract import extract_page
from crawler.quality.skeleton import write_source
from crawler.sources.base import Address, Seed
from storage.records import CapturedPage, PageKind
from storage.records.discovery import Listing
from tests import warm
from tests.places import ROOT
from tests.surroundings import bare_environment

from .site import served

THIRD = Path(__file__).with_name("third")
ARTICLE = "https://www.hanbit-journal.example/read/202611020001"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The operator's folder of sources, with one source in it."""
    return Path(shutil.copytree(THIRD, tmp_path / "sources"))


def environment(folder: Path | str, more: dict[str, str]) -> dict[str, str]:
    return bare_environment() | {"NEWSARCHIVE_SOURCES": str(folder), "PYTHONPATH": str(ROOT)} | more


def run(folder: Path | str, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *words]
    given = environment(folder, {})
    return subprocess.run(command, env=given, cwd=ROOT, text=True, capture_output=True, check=False)


def newsarchive(folder: Path | str, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return warm.run(words, environment(folder, more), ROOT, "", timeout=120)


@pytest.fixture
def site() -> Iterator[str]:
    names = {"/": "undated-home", "/read/202611020001": "2026-11-02-council-budget"}
    pages = THIRD / "pages" / "hanbit"
    with served({path: (pages / name / "page.html").read_bytes() for path, name in names.items()}) as at:
        yield at


def test_it_is_crawled_into_the_archive(folder: Path, site: str, tmp_path: Path) -> None:
    archive = str(tmp_path / "archive")
    options = ["--origin", f"hanbit={site}", "--delay", "0", "--dir", archive]
    crawled = run(folder, "-m", "crawler.cli", "crawl", "hanbit", *options)  # spiders are made at the start
    assert crawled.returncode == 0, crawled.stderr
    query = "SELECT articles.title, articles.publisher, rights.notice FROM articles, rights"
    asked = newsarchive(folder, "sql", query, "--format", "jsonl", "--dir", archive)
    assert json.loads(asked.stdout) == {
        "title": "푸른시 의회, 마을버스 예산 늘린다",
        "publisher": "한빛저널",
        "notice": "ⓒ 한빛저널, 무단전재 및 재배포 금지",
    }


NOTICE = f"""<html><head><meta charset="utf-8"><title>가상넷</title></head><body><h1>가상넷 이용 안내</h1>
<p>{"이 역의 무선망은 가상넷이 놓았고, 단추를 누르면 두 시간 동안 쓴다. " * 4}</p>
<p>{"자세한 내용은 역 안내소에서 알려 드린다. " * 4}</p></body></html>"""


def test_a_notice_at_every_address_is_an_article_at_the_first_alone(folder: Path, tmp_path: Path) -> None:
    """Without page classes nothing else tells it. What is not stored is none of the articles of the run."""
    its = folder / "hanbit.py"
    its.write_text(
        its.read_text().replace("(Hanbit2026,)", "()").replace('{"title": 0.9}', '{"published": 0.9}')
    )
    days = range(1, 5)
    links = "".join(f'<li><a href="/read/20261102000{day}">푸른시 {day}구 새 길</a></li>' for day in days)
    paths = {f"/read/20261102000{day}": NOTICE.encode() for day in days}
    home = f"<html><body><ul>{links}</ul></body></html>".encode()
    with served({"/": home, **paths}) as at:
        options = ["--origin", f"hanbit={at}", "--delay", "0", "--dir", str(tmp_path / "archive")]
        crawled = run(folder, "-m", "crawler.cli", "crawl", "hanbit", *options)
    assert crawled.returncode == 1, crawled.stderr
    assert "ended degraded: 3 quarantined: the page says nothing of this address, and" in crawled.stderr
    assert "published in 0 of 4 articles" not in crawled.stderr


def test_a_rule_that_changed_is_no_edit_of_the_site(folder: Path, tmp_path: Path) -> None:
    """Its rules have no number that says so: before an edit is found, what stands is read once more."""
    its, path = folder / "hanbit.py", "/read/202611020001"
    page = (THIRD / "pages" / "hanbit" / "2026-11-02-council-budget" / "page.html").read_text()
    pages = {path: page.encode()}
    archive = str(tmp_path / "archive")

    def fetched(at: str) -> str:
        options = ["--origin", f"hanbit={at}", "--delay", "0", "--dir", archive]
        return run(folder, "-m", "crawler.cli", "fetch", ARTICLE, *options).stderr

    def told(sql: str) -> list[Any]:
        asked = newsarchive(folder, "sql", sql, "--format", "jsonl", "--dir", archive).stdout
        return [next(iter(json.loads(line).values())) for line in asked.splitlines()]

    with served(pages) as at:
        assert "a new article" in fetched(at)
        its.write_text(its.read_text().replace("h1.story-title", "head > title"))
        assert "same content; read again, other now: title" in fetched(at)
        (title,) = told("SELECT title FROM revisions")
        pages[path] = page.replace("마을버스", "마을 버스").encode()
        its.write_text(its.read_text().replace("head > title", "h1.story-title"))
        assert "revised" in fetched(at)
        pages[path] = page.replace("마을버스", "순환버스").encode()
        assert "revised" in fetched(at)
    assert title.endswith("한빛저널")
    assert told("SELECT title FROM revisions ORDER BY valid_from") == [
        "푸른시 의회, 마을버스 예산 늘린다",
        "푸른시 의회, 마을 버스 예산 늘린다",
        "푸른시 의회, 순환버스 예산 늘린다",
    ]
    assert told("SELECT count(*) FROM rereading WHERE revision_id IS NOT NULL") == [2]


def test_its_quality_is_held_in_its_own_folder(folder: Path, tmp_path: Path) -> None:
    gate = ("-m", "crawler.quality", "--root", str(tmp_path))
    pinned = folder / "pages" / "hanbit" / "quality.json"
    assert run(folder, *gate).returncode == 0
    pinned.unlink()
    unpinned = run(folder, *gate)
    assert (unpinned.returncode, "own, hanbit: no floors are pinned" in unpinned.stderr) == (1, True)
    assert run(folder, *gate, "--update").returncode == 0
    assert json.loads(pinned.read_text())["floors"]["own, hanbit"]["title"] == 1.0


def test_its_pages_are_tested_field_by_field(folder: Path) -> None:
    pytest_ = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "hanbit")
    tests = (*pytest_, "tests/sources/test_saved_pages.py")
    passed = run(folder, *tests)
    assert passed.returncode == 0, passed.stdout
    expected = folder / "pages" / "hanbit" / "2026-11-02-council-budget" / "expected.json"
    record = json.loads(expected.read_text())
    expected.write_text(json.dumps(record | {"section": "경제", "publisher": "다른신문"}))
    wrong = run(folder, *tests)
    failed = re.findall(r"^FAILED .*-(\w+)\]", wrong.stdout, re.MULTILINE)
    assert sorted(failed) == ["publisher", "section"]


READ_THERE = """
import multiprocessing

from crawler.sources import all_sources


def name_of(url):
    return next(name for name, source in all_sources().items() if source.address(url))


if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(pool.apply(name_of, ["%s"]), pool.apply(all_sources()["hanbit"].address, ["%s"]).site_id)
"""


def test_a_process_of_its_own_finds_it_too(folder: Path, tmp_path: Path) -> None:
    script = tmp_path / "read_there.py"
    script.write_text(READ_THERE % (ARTICLE, ARTICLE))
    assert run(folder, str(script)).stdout.split() == ["hanbit", "202611020001"]


def test_an_installed_package_gives_sources(folder: Path, tmp_path: Path) -> None:
    site_packages = tmp_path / "site"
    info = site_packages / "hanbit_news-1.0.dist-info"
    info.mkdir(parents=True)
    shutil.copy(folder / "hanbit.py", site_packages / "hanbit_news.py")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hanbit-news\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[newsarchive.sources]\nhanbit = hanbit_news:SOURCE\n")
    path = f"{ROOT}{os.pathsep}{site_packages}"
    (tmp_path / "none").mkdir()
    listed = newsarchive(tmp_path / "none", "source", "list", PYTHONPATH=path)
    assert [line.split()[0] for line in listed.stdout.splitlines()] == ["daum", "fnnews", "hanbit"]
    both = newsarchive(folder, "source", "list", PYTHONPATH=path)
    assert (both.returncode, "the name 'hanbit' is taken" in both.stderr) == (2, True)


def reads(body: bytes, base_url: str, seen_at: datetime) -> Listing:
    raise NotImplementedError


WRONG = {
    "no name of its own": ("other.py", "from crawler.sources.hanbit import SOURCE\n", "is named as its file"),
    "taken by a source": ("daum.py", "", "the name 'daum' is taken"),
    "taken by another module": ("base.py", "", "the name 'base' is taken"),
    "no Python": ("odd.py", "SOURCE = = 1\n", "odd.py cannot be loaded: SyntaxError"),
    "not UTF-8": ("odd.py", b"NAME = '\xc7\xd1'\n", "odd.py cannot be loaded: SyntaxError"),
    "breaks": ("odd.py", "raise OSError('no disk')\n", "odd.py, line 1 cannot be loaded: OSError: no disk"),
    "breaks below": (
        "odd.py",
        "import re\n\nre.compile('(')\n",
        f"odd.py, line 3 cannot be loaded: {re.error.__name__}: missing",
    ),
    "ends the program": (
        "odd.py",
        "import sys\nsys.exit(0)\n",
        "odd.py, line 2 cannot be loaded: SystemExit: 0",
    ),
    "needs what is not there": ("odd.py", "import nowhere\n", "cannot be loaded: ModuleNotFoundError"),
    **{
        f"{field} {value}": (
            "odd.py",
            "from dataclasses import replace\nfrom crawler.sources.hanbit import SOURCE as S, Hanbit2026\n"
            f"class Nameless(Hanbit2026): name = 'generic/1'\n"
            f"SOURCE = replace(S, name='odd', {field}={value})\n",
            f"odd.py, line 4 cannot be loaded: TypeError: Source({field}=...) is {meant}, not ",
        )
        for field, value, meant in (
            ("hosts", "'odd.example'", "a set of host names"),
            ("fetch_hosts", "None", "a set of host names"),
            ("fetch_hosts", "[1]", "a set of host names"),
            ("seeds", "S.seeds(None)", "a function"),
            ("address", "None", "a function"),
            ("pages", "Hanbit2026", "page classes, each named <source>/<year>"),
            ("pages", "('Hanbit2026',)", "page classes, each named <source>/<year>"),
            ("pages", "(Nameless,)", "page classes, each named <source>/<year>"),
            ("expectation", "None", "an Expectation"),
            ("publisher", "3", "text, or None"),
            ("title", "None", "text"),
        )
    },
    "share": (
        "odd.py",
        "from crawler.sources.base import Expectation\n"
        "Expectation(min_listed=1, min_articles_share=50, max_quarantined_share=0.1)\n",
        "odd.py, line 2 cannot be loaded: TypeError: Expectation(min_articles_share=...) is a share from 0",
    ),
    "no Source": ("odd.py", "SOURCE = 'https://odd.example/'\n", "SOURCE is no Source but a str"),
    **{
        f"host {host}": (
            "odd.py",
            "from dataclasses import replace\nfrom crawler.sources.hanbit import SOURCE as S\n"
            f"SOURCE = replace(S, name='odd', fetch_hosts=frozenset({{{host!r}}}))\n",
            f"odd.py: {host!r} is no host{meant}",
        )
        for host, meant in {
            "News.Example": ", 'news.example' is meant",
            "news.example.": ", 'news.example' is meant",
            "https://news.example/rss": ", 'news.example' is meant",
            "news.example:443": ", 'news.example' is meant",
            "한빛.example": ", 'xn--xx3br43b.example' is meant",
            "2001:db8::5": "",
            "a..example": "",
        }.items()
    },
}


@pytest.mark.usefixtures("sources_as_before")
@pytest.mark.parametrize(("file", "text", "sentence"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_a_source_is_one_sentence(
    folder: Path, file: str, text: str | bytes, sentence: str
) -> None:
    (folder / file).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(WrongSetting) as said:
        crawler.sources._found(folder)
    assert sentence in str(said.value)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: Seed(url=cast(str, None), kind="feed", parse=reads), "Seed(url=...) is an http(s) address"),
        (lambda: Seed(url="/rss", kind="feed", parse=reads), "Seed(url=...) is an http(s) address"),
        (lambda: Seed(url=ARTICLE, kind="feed", parse=cast(Any, None)), "Seed(parse=...) is a function"),
        (
            lambda: Seed(url=ARTICLE, kind="feed", parse=reads, max_pages=0),
            "Seed(max_pages=...) is a number from 1",
        ),
        (lambda: Address(url="/read/1", site_id="1"), "Address(url=...) is an http(s) address"),
        (lambda: Address(url=ARTICLE, site_id=cast(str, 1)), "Address(site_id=...) is text, or None, not 1"),
    ],
)
def test_a_seed_or_an_address_that_cannot_be_is_told_where_it_is_made(
    made: Callable[[], object], said: str
) -> None:
    with pytest.raises(TypeError, match=re.escape(said)):
        made()


OLDER = """

class Hanbit2020(GenericPage):
    name = "hanbit/2020"

    @classmethod
    def matches(cls, document):
        return document.first("div.old-text") is not None

    def title(self):
        return Raw(value="오래된 틀", rule="h2")


class HanbitNew(Hanbit2020):
    name = "hanbit/2027"

    @classmethod
    def matches(cls, document):
        return document.first("div.new-text") is not None
"""


@pytest.mark.usefixtures("sources_as_before")
def test_a_page_class_may_say_by_matches_alone_which_pages_are_its_own(folder: Path) -> None:
    """Of two that say so the one that fits reads the page, and none where none fits."""
    its = folder / "hanbit.py"
    text = its.read_text().replace("\n\ndef address", f"{OLDER}\n\ndef address", 1)
    imports = "from crawler.extract.generic import GenericPage\nfrom storage.records.extraction import Raw\n"
    text = text.replace("import re\n", f"import re\n{imports}", 1)
    its.write_text(text.replace("(Hanbit2026,)", "(HanbitNew, Hanbit2020)"))
    source = crawler.sources._found(folder)["hanbit"]
    page = (folder / "pages/hanbit/2026-11-02-council-budget/page.html").read_bytes()
    old, new = (page.replace(b"story-text", name) for name in (b"old-text", b"new-text"))
    readers = [extract_page(CapturedPage(url=ARTICLE, body=b), source).extractor for b in (old, new, page)]
    assert readers == ["hanbit/2020", "hanbit/2027", "generic/1"]


ANSWERS = {
    "an element": (
        'return self.document.first("h1")',
        "TypeError: hanbit/2026 answers title with a HtmlElement, a Raw",
    ),
    "no text": ("return Raw(value=None, rule='x')", "AttributeError"),
    "breaks": ("return [][1]", "IndexError: list index out of range (hanbit.py, line "),
}


@pytest.mark.usefixtures("sources_as_before")
@pytest.mark.parametrize(("answer", "reason"), ANSWERS.values(), ids=ANSWERS)
@pytest.mark.filterwarnings("ignore:Truth-testing")
def test_a_wrong_answer_of_a_page_class_is_told_and_not_stored(
    folder: Path, answer: str, reason: str
) -> None:
    its = folder / "hanbit.py"
    method = f"    def title(self):\n        {answer}\n\n\ndef address"
    text = its.read_text().replace("\n\ndef address", f"\n{method}", 1)
    its.write_text(text.replace("import re\n", "import re\nfrom storage.records.extraction import Raw\n", 1))
    page = (folder / "pages/hanbit/2026-11-02-council-budget/page.html").read_bytes()
    read = extract_page(CapturedPage(url=ARTICLE, body=page), crawler.sources._found(folder)["hanbit"])
    assert read.kind is PageKind.QUARANTINED
    assert read.reason is not None
    assert reason in read.reason


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    said = newsarchive(tmp_path / "none", "source", "list")
    assert (said.returncode, said.stderr.count("\n")) == (2, 1)
    assert "none is no folder" in said.stderr


DRAFTED = "https://www.saebyeok.example/story/view?id=20250528001&section=4"
SAVED = ROOT / "tests/pages/generic/2025-05-28-json-ld/page.html"


def test_a_draft_whose_page_is_no_article_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty.html").write_bytes(b"")
    said = newsarchive(
        tmp_path, "source", "new", "saebyeok", "--page", str(tmp_path / "empty.html"), "--url", DRAFTED
    )
    assert said.returncode == 0
    assert "is not read as an article (incomplete: The page is empty.)" in said.stderr


def test_a_drafted_source_fails_field_by_field_until_a_person_has_looked(tmp_path: Path) -> None:
    words = ("source", "new", "saebyeok", "--page", str(SAVED), "--url", DRAFTED)
    drafted = newsarchive(tmp_path, *words)
    assert drafted.returncode == 0, drafted.stderr
    again = newsarchive(tmp_path, *words)
    assert (again.returncode, "the name 'saebyeok' is taken" in again.stderr) == (2, True)
    pytest_ = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "saebyeok")
    failed = run(tmp_path, *pytest_, "tests/sources/test_saved_pages.py").stdout
    (expected,) = (tmp_path / "pages" / "saebyeok").glob("*/expected.json")
    record = json.loads(expected.read_text())
    named = re.findall(r"^FAILED .*-(\w+)\]", failed, re.MULTILINE)
    assert set(named) == set(record) - {"reviewed"}
    assert "is_no_article[saebyeok]" in failed
    expected.write_text(json.dumps(record | {"reviewed": True}))
    left = run(tmp_path, *pytest_, "tests/sources/test_saved_pages.py").stdout
    assert re.findall(r"^FAILED .*::(\w+)", left, re.MULTILINE) == [
        "test_a_source_has_a_saved_page_that_is_no_article"
    ]


@pytest.mark.parametrize(
    ("name", "url", "sentence"),
    [
        ("7saebyeok", "https://www.saebyeok.example/1234", "digits and _, a letter first"),
        ("Saebyeok", "https://www.saebyeok.example/1234", "small letters, digits and _"),
        ("../saebyeok", "https://www.saebyeok.example/1234", "small letters, digits and _"),
        ("generic", "https://www.saebyeok.example/1234", "the name 'generic' is taken"),
        ("saebyeok", "saebyeok.example/1234", "not a web address"),
        ("saebyeok", "https://www.saebyeok.example/about", "holds neither a number nor"),
        ("saebyeok", "https://v.daum.net/v/20250528120000123", "an article of the source daum already"),
    ],
)
def test_a_draft_that_cannot_be_made_is_one_sentence(
    name: str, url: str, sentence: str, tmp_path: Path
) -> None:
    (tmp_path / "crawler" / "sources").mkdir(parents=True)
    page = CapturedPage(url=url, body=SAVED.read_bytes())
    with pytest.raises(ValueError, match=re.escape(sentence)):
        write_source(name, page, tmp_path)
    assert list((tmp_path / "crawler" / "sources").iterdir()) == []
