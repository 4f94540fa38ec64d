"""The traps of docs/sites/, set on chosen stories: odd addresses, charsets, photo and video pages, faults.

Which story gets which trap depends on its place in the edition alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from twin.model import Appearance, Block, Picture, Story

Spring = Callable[[Story, Appearance], None]


def spring_traps(stories: list[Story]) -> None:
    """Set every trap on stories that only Daum shows, then the few of fnnews."""
    plain = [story for story in stories if _is_plain(story, "daum")]
    _spread(iter(plain), _DAUM)
    _spread((story for story in stories if _is_plain(story, "fnnews")), _FNNEWS)
    _spread((story for story in stories if _is_old_daum(story)), _OLD_DAUM)


def _is_plain(story: Story, site: str) -> bool:
    """A story of that one site, in its newest template, that is neither bulletin nor wire copy."""
    if story.bulletin or story.wire_twin or len(story.appearances) != 1:
        return False
    page = story.appearances[0]
    return page.site == site and page.template.endswith("/2026") and page.layout != "br"


def _is_old_daum(story: Story) -> bool:
    """A page of the 2022 template: its og:url is the alias, its own number stands in a script alone."""
    return len(story.appearances) == 1 and story.appearances[0].template == "daum/2022" and not story.bulletin


def _spread(stories: Iterator[Story], traps: tuple[tuple[int, Spring], ...]) -> None:
    for count, spring in traps:
        for _ in range(count):
            story = next(stories, None)
            if story is None:
                return
            spring(story, story.appearances[0])


def _listed(which: Callable[[Appearance], tuple[str, ...]]) -> Spring:
    def spring(story: Story, page: Appearance) -> None:
        page.listed_as = which(page)

    return spring


def _served(charset: str) -> Spring:
    def spring(story: Story, page: Appearance) -> None:
        page.charset = charset

    return spring


def _fault(name: str) -> Spring:
    def spring(story: Story, page: Appearance) -> None:
        story.faults = (name,)

    return spring


def _gone(status: int) -> Spring:
    def spring(story: Story, page: Appearance) -> None:
        story.kind = "gone"
        page.gone = status

    return spring


def _without_text(page: Appearance) -> None:
    """Take the body away, and with it all that stood in it: lead-in, signature, notice, summary."""
    page.blocks = ()
    page.summary = page.signature = page.dateline = None
    page.notice_place = "after" if page.notice else None
    line = page.byline_line or ""
    page.bylines = tuple(
        replace(
            person,
            email=person.email if person.email and person.email in line else None,
            place=person.place if person.place and person.place in line else None,
            organisation=person.organisation if person.organisation and person.organisation in line else None,
        )
        for person in page.bylines
        if person.name and person.name in line
    )


def _photo(story: Story, page: Appearance) -> None:
    story.kind = "photo"
    _without_text(page)
    if not page.pictures:
        url = f"https://t1.daumcdn.net/news/{page.published:%Y%m/%d}/photo/{page.site_id}.jpg"
        page.pictures = (
            Picture(url=url, line=f"{page.title} /사진=자료", caption=page.title, credit="/사진=자료"),
        )


def _video(story: Story, page: Appearance) -> None:
    story.kind = "video"
    _without_text(page)
    page.blocks = (Block(kind="video", text=page.site_id),)
    page.pictures = ()


def _one_div(story: Story, page: Appearance) -> None:
    page.layout = "br"


def _related(story: Story, page: Appearance) -> None:
    """Related headlines as the last block of the body itself."""
    lines = (
        "[관련기사]",
        "▶ 겨울 앞둔 골목, 상인들이 먼저 불을 켰다",
        "☞ 숫자로 본 한 주: 물가와 기온 사이",
        "▶ [르포] 새벽 다섯 시의 도매시장",
    )
    page.blocks = (*page.blocks, Block(kind="related", items=lines))


def _cut_in(story: Story, page: Appearance) -> None:
    """A promotion line between two paragraphs."""
    blocks = list(page.blocks)
    blocks.insert(2, Block(kind="promo", text="▶ 관련기사 이어 보기 ☞ 오늘의 주요 뉴스 한눈에"))
    page.blocks = tuple(blocks)


def _reserved(story: Story, page: Appearance) -> None:
    """Machine-readable reservations of rights (TDMRep header, X-Robots-Tag)."""
    policy = (
        "https://www.fnnews.com/tdm-policy.json"
        if page.site == "fnnews"
        else "https://v.daum.net/tdm-policy.json"
    )
    page.signals = (("X-Robots-Tag", "noai, noimageai"), ("tdm-reservation", "1"), ("tdm-policy", policy))


def _signed_late(story: Story, page: Appearance) -> None:
    page.blocks = tuple(
        replace(block, text=f"  {block.text}  ") if block.kind == "signature" else block
        for block in page.blocks
    )


_DAUM: tuple[tuple[int, Spring], ...] = (
    (6, _listed(lambda page: (f"https://v.daum.net/v/{page.doc_id}",))),
    (6, _listed(lambda page: (page.url, f"https://v.daum.net/v/{page.doc_id}"))),
    (3, _listed(lambda page: (f"http://v.daum.net/v/{page.site_id}",))),
    (3, _listed(lambda page: (f"https://news.v.daum.net/v/{page.site_id}",))),
    (2, _listed(lambda page: (f"http://v.media.daum.net/v/{page.site_id}?f=m",))),
    (1, _listed(lambda page: (f"https://media.daum.net/v/{page.site_id}",))),
    (3, _served("euc-kr")),
    (3, _served("utf-8 as euc-kr")),
    (4, _one_div),
    (4, _related),
    (3, _cut_in),
    (2, _signed_late),
    (3, _fault("429")),
    (3, _fault("503")),
    (2, _fault("slow")),
    (3, _fault("cut")),
    (3, _photo),
    (3, _video),
    (2, _gone(404)),
    (1, _gone(410)),
    (2, _gone(200)),
    (2, _reserved),
)
_OLD_DAUM: tuple[tuple[int, Spring], ...] = (
    (3, _listed(lambda page: (f"https://news.v.daum.net/v/{page.doc_id}",))),
    (3, _listed(lambda page: (f"https://news.v.daum.net/v/{page.site_id}",))),
    (2, _listed(lambda page: (page.url, f"https://news.v.daum.net/v/{page.doc_id}"))),
)
_FNNEWS: tuple[tuple[int, Spring], ...] = (
    (2, _served("euc-kr")),
    (1, _served("utf-8 as euc-kr")),
    (1, _fault("429")),
    (1, _fault("503")),
    (1, _fault("cut")),
    (1, _gone(404)),
    (1, _gone(200)),
    (1, _photo),
    (2, _related),
    (1, _reserved),
)
