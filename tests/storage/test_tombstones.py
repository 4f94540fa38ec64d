"""Tombstones: what was taken down is known again under its names and nearly the same, and nothing else."""

from __future__ import annotations

import json
import random
import stat
from pathlib import Path

import pytest
from sqlalchemy import Engine

from crawler.deduplicate.fingerprint import fingerprint
from crawler.deduplicate.likenesses import LIKENESSES
from crawler.deduplicate.match import decide
from crawler.deduplicate.shingle import containment, shape
from storage.archive.storing import TakenDown
from storage.archive.writer import Writer
from storage.tombstones import FILE, KEY, Tombstone, Tombstones, TombstonesUnreadable
from tests.storage.samples import BODY, DAUM, FNNEWS, Desk, daum_article, fnnews_article, minutes

WORDS = [
    a + b for a in "가나다라마바사아자차카타파하고노도로모보소오조초코토포호" for b in "각난달람맙갓낭닭랍맛"
]


def text(seed: int, words: int = 200) -> str:
    """An invented text without a meaning."""
    chosen = random.Random(seed)
    said = [" ".join(chosen.choice(WORDS) + "은" for _ in range(10)) + "." for _ in range(words // 10)]
    return "\n".join(said)


def bury(stones: Tombstones, number: str, urls: tuple[str, ...], *texts: str) -> None:
    stones.bury(
        Tombstone(
            id=number,
            at="2026-11-26T00:00:00+00:00",
            reason="판결",
            by="desk",
            addresses=tuple(stones.address(url) for url in urls),
            texts=tuple(stones.keyed(one, fingerprint(one)) for one in texts),
        )
    )


@pytest.fixture
def stones(tmp_path: Path) -> Tombstones:
    return Tombstones(tmp_path / "archive")


def speaks(stones: Tombstones, body: str) -> bool:
    return stones.of((), body, fingerprint(body)) is not None


def test_addresses_and_texts_are_known_again(stones: Tombstones, tmp_path: Path) -> None:
    other = Tombstones(tmp_path / "archive")
    assert (stones.at(FNNEWS), stones.of((FNNEWS,), BODY, fingerprint(BODY))) == (None, None)
    bury(stones, "1", (FNNEWS, DAUM), BODY)
    bury(stones, "2", ("https://www.example.com/한글",))
    assert [one.id for one in other.all()] == ["1", "2"], "another process sees it at its next question"
    assert other.at(DAUM) is not None
    assert other.at(DAUM + "?x=1") is None
    assert other.at("https://www.example.com/한글") is not None
    for same in (
        BODY,
        BODY.replace("\n", "\r\n\r\n  "),
        BODY.replace(" ", "\u00a0"),
        BODY.replace(",", "，"),
    ):
        assert other.of((), same, None) is not None
    assert other.of(("https://www.example.com/",), text(1), fingerprint(text(1))) is None


def test_nothing_can_be_read_out_of_the_file(stones: Tombstones, tmp_path: Path) -> None:
    bury(stones, "1", (FNNEWS,), BODY)
    kept = (tmp_path / "archive" / FILE).read_text()
    assert "fnnews" not in kept
    assert not any(word in kept for word in BODY.split())
    assert stat.S_IMODE((tmp_path / "archive" / FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "archive" / KEY).stat().st_mode) == 0o600


def test_near_copies_are_refused_and_others_are_not(stones: Tombstones) -> None:
    """Sixty pairs on each side of 0.8; an estimate may err near it, never far from it."""
    told = {0.9: 0, 0.5: 0, 0.0: 0}
    for seed in range(60):
        body = text(seed, 120)
        number = f"{seed}"
        bury(stones, number, (), body)
        lines = body.split("\n")
        near = "\n".join([*lines[:-1], text(seed + 500, 10)]) + "\n덧붙인 말이 한 줄 더 있다."
        half = "\n".join([*lines[:5], *text(seed + 700, 60).split("\n")])
        assert containment(shape(body), shape(near)) > 0.88
        assert containment(shape(body), shape(half)) < 0.6
        told[0.9] += speaks(stones, near)
        told[0.5] += speaks(stones, half)
        told[0.0] += speaks(stones, text(seed + 900, 120))
    assert told[0.9] == 60
    assert told[0.5] <= 1
    assert told[0.0] == 0


def test_a_copy_within_a_longer_text_is_refused(stones: Tombstones) -> None:
    bury(stones, "1", (), text(1, 100))
    assert speaks(stones, "[종합] " + text(1, 100) + "\n" + text(2, 60))
    assert not speaks(stones, text(3, 100) + "\n" + text(2, 60))


def pair(seed: int, times: int, share: float, *, by_words: bool) -> tuple[str, str]:
    """A text, and one so many times as long that kept a share of its sentences, or of their words."""
    chosen = random.Random(seed)
    small = text(seed, 100).split("\n")
    if by_words:
        kept = [
            " ".join(word if chosen.random() < share else chosen.choice(WORDS) for word in one.split(" "))
            for one in small
        ]
    else:
        others = text(seed + 10_000, 100).split("\n")
        kept = [one if chosen.random() < share else other for one, other in zip(small, others, strict=True)]
    return "\n".join(small), "\n".join([*kept, *text(seed + 20_000, 100 * (times - 1)).split("\n")])


@pytest.mark.parametrize("times", [1, 2, 4, 8])
@pytest.mark.parametrize("by_words", [False, True])
def test_the_lengths_do_not_tell_a_near_copy(tmp_path: Path, times: int, by_words: bool) -> None:
    """From four fifths on it is refused, under six tenths it is not, whichever of the two was taken down."""
    refused: dict[str, list[bool]] = {"near": [], "other": []}
    for seed in range(40):
        share = 0.6 + seed / 100 if by_words else 0.3 + seed / 57
        one, longer = pair(seed, times, min(share, 1.0), by_words=by_words)
        held = containment(shape(one), shape(longer))
        if 0.6 <= held < 0.8:
            continue
        taken, shown = (one, longer) if seed % 2 else (longer, one)
        stones = Tombstones(tmp_path / str(seed))
        bury(stones, "1", (), taken)
        refused["near" if held >= 0.8 else "other"].append(speaks(stones, shown))
    assert len(refused["near"]) >= 5
    assert len(refused["other"]) >= 5
    assert all(refused["near"])
    assert sum(refused["other"]) <= 1, "one in a hundred lies so near to the bound (docs/captures.md)"


def test_a_tombstone_from_before_there_were_samples_still_refuses(stones: Tombstones) -> None:
    bury(stones, "1", (), text(1))
    path = stones._folder / FILE
    line = json.loads(path.read_text("utf-8"))
    for one in line["texts"]:
        del one["sample"]
    path.write_text(json.dumps(line) + "\n", "utf-8")
    assert speaks(stones, text(1) + "\n" + text(2, 20))
    assert not speaks(stones, text(3))


@pytest.mark.parametrize(
    "short", ["", "  ", "사진=가나통신", "(끝)", "[포토] 비 오는 거리", "…", "\x00\ud800"]
)
def test_a_text_that_says_nothing_refuses_nobody(stones: Tombstones, short: str) -> None:
    bury(stones, "1", (FNNEWS,), short)
    assert not speaks(stones, short)
    assert stones.at(FNNEWS) is not None


@pytest.mark.parametrize(
    ("name", "data"),
    [
        (FILE, b'{"id": "1"}\n'),
        (FILE, b"\xff\xfe"),
        (FILE, b"[]\n"),
        (FILE, b"[" * 100_000),
        (FILE, b'{"key": "0"'),
        (KEY, b"not hex"),
        (KEY, b"00" * 32),
        (KEY, b""),
    ],
)
def test_what_cannot_be_read_is_no_permission(
    stones: Tombstones, tmp_path: Path, name: str, data: bytes
) -> None:
    """A tombstone that nobody can compare with is not passed over: nothing is stored until it is mended."""
    bury(stones, "1", (FNNEWS,), BODY)
    (tmp_path / "archive" / name).write_bytes(data)
    with pytest.raises(TombstonesUnreadable, match="restore"):
        Tombstones(tmp_path / "archive").at(DAUM)
    with pytest.raises(TombstonesUnreadable):
        bury(Tombstones(tmp_path / "archive"), "2", (DAUM,))
    assert (tmp_path / "archive" / name).read_bytes() == data


def test_a_lost_key_is_told(stones: Tombstones, tmp_path: Path) -> None:
    bury(stones, "1", (FNNEWS,), BODY)
    (tmp_path / "archive" / KEY).unlink()
    with pytest.raises(TombstonesUnreadable, match=KEY):
        Tombstones(tmp_path / "archive").all()


def test_the_same_again_is_one(stones: Tombstones, tmp_path: Path) -> None:
    bury(stones, "1", (FNNEWS,), BODY)
    bury(stones, "1", (FNNEWS,), BODY)
    stones.also("1", (DAUM,))
    stones.also("1", (DAUM,))
    stones.also("7", (DAUM,))
    (line,) = (tmp_path / "archive" / FILE).read_text().splitlines()
    assert len(json.loads(line)["addresses"]) == 2


def test_the_writer_stores_nothing_that_was_taken_down(engine: Engine, stones: Tombstones) -> None:
    desk = Desk(engine)
    desk.writer = Writer(engine, decide, LIKENESSES, tombstones=stones)
    desk.store(fnnews_article(url=FNNEWS.replace("1158", "1159"), body=text(9)))
    left = fnnews_article(url=FNNEWS.replace("1158", "1200"), title="다른 제목", body=BODY + "\n끝말이 있다.")
    desk.store(left)
    before = desk.count("article"), desk.count("text")
    bury(stones, "1", (FNNEWS,), BODY)
    for article in (fnnews_article(body=text(4)), daum_article(), daum_article(aliases=(FNNEWS,), body=None)):
        with pytest.raises(TakenDown) as refused:
            desk.store(article)
        assert (refused.value.tombstone, str(refused.value).partition(":")[0]) == ("1", "tombstone")
        assert article.url in refused.value.urls
    assert (desk.count("article"), desk.count("text")) == before
    desk.store(left, at=minutes(5))  # it was left when the other was taken down
