"""Pages that show only the beginning of a paid article."""

from __future__ import annotations

import json

import pytest

from storage.records import PageKind

from .pages import extraction

URL = "https://www.gasang.example/news/1"
LINES = (
    "가람시가 낡은 다리 세 곳을 허물고 새로 놓기로 했다.",
    "시는 20일 예산 420억원을 들여 2028년까지 공사를 마치겠다고 밝혔다.",
    "새로 놓는 다리는 노을교와 두물교, 가람교다.",
    "세 곳 모두 지은 지 40년이 넘어 지난해 안전 진단에서 D등급을 받았다.",
    "시 관계자는 공사 동안 우회로를 마련해 시민 불편을 줄이겠다고 말했다.",
    "내년 3월 설계를 마치고 다섯 달 동안 업체를 고른 뒤에 공사에 들어간다는 것이다.",
    "주민들은 반기는 분위기다. 노을동에 사는 김모 씨는 비가 오면 다리가 흔들려 늘 불안했다고 했다.",
    "시의회는 다음 달 예산안을 심의한다. 통과되면 내년 초 설계 공모가 시작된다고 시는 설명했다.",
)
WORDS, CHARACTERS = sum(len(line.split()) for line in LINES), sum(map(len, LINES))
PART = {"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": ".paid"}
BROKEN_OFF = (*LINES[:-1], f"{LINES[-1][:30]}…")


def kind_of(lines: tuple[str, ...], behind: str = "", **fields: object) -> PageKind:
    data = {"@type": "NewsArticle", "headline": "가람시, 낡은 다리 세 곳 새로 놓는다", **fields}
    text = "".join(f"<p>{line}</p>" for line in lines)
    page = (
        f'<html><head><script type="application/ld+json">{json.dumps(data)}</script></head>'
        f"<body><h1>낡은 다리 세 곳 새로 놓는다</h1><div><div>{text}</div>{behind}</div></body></html>"
    )
    return extraction(page, None, URL).kind


@pytest.mark.parametrize(
    ("lines", "behind", "fields"),
    [
        (LINES, "", {"wordCount": 900}),
        (LINES, "", {"wordCount": "900"}),
        (LINES, "<div>이 기사는 1,240자가 더 남아 있습니다.</div>", {}),
        (LINES, "<div><b>남은 글자 수: 1,240</b></div>", {}),
        (LINES, "<p>780 more words left</p>", {}),
        (LINES, "<div class='paid'></div>", {"isAccessibleForFree": False, "hasPart": PART}),
        (LINES, "", {"isAccessibleForFree": False, "hasPart": [PART]}),
        (BROKEN_OFF, "", {"isAccessibleForFree": False}),
        (BROKEN_OFF, "<a href='/join'>계속 읽기</a>", {}),
        (BROKEN_OFF, "<a href='https://other.example/1'>Read the full story</a>", {}),
        (BROKEN_OFF, "<p>구독하시면 나머지 내용을 읽을 수 있습니다.</p>", {}),
    ],
)
def test_a_beginning_is_no_article(lines: tuple[str, ...], behind: str, fields: dict[str, object]) -> None:
    assert kind_of(lines, behind, **fields) is PageKind.NOT_ARTICLE


@pytest.mark.parametrize(
    ("lines", "behind", "fields"),
    [
        (LINES, "", {"wordCount": WORDS}),
        (LINES, "", {"wordCount": CHARACTERS}),
        (LINES, "", {"wordCount": 0}),
        (LINES, "", {"wordCount": "many"}),
        (LINES, "", {"isAccessibleForFree": False}),
        (BROKEN_OFF, "", {}),
        (LINES, "<a href='/more'>더 보기</a>", {}),
        (
            LINES[:4],
            f"<div class='paid'><p>{LINES[4]}</p><p>{LINES[6]}</p></div>",
            {"isAccessibleForFree": False, "hasPart": PART},
        ),
    ],
)
def test_a_whole_text_is_an_article(lines: tuple[str, ...], behind: str, fields: dict[str, object]) -> None:
    assert kind_of(lines, behind, **fields) is PageKind.ARTICLE
