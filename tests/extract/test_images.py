"""Pictures: the original's address, the caption that belongs to it, no icons."""

from __future__ import annotations

import pytest

from crawler.extract.images import collect_images
from storage.records.extraction import RawImage

from .pages import document

THUMB = "https://img1.daumcdn.net/thumb/R658x0.q70/?fname=https://t1.daumcdn.net/news/202311/01/x/1.jpg"


def images(html: str) -> tuple[RawImage, ...]:
    found = document(f"<html><body><div>{html}</div></body></html>", "https://a.example/news/1")
    return collect_images(found.tree, found.absolute)


@pytest.mark.parametrize(
    ("html", "url"),
    [
        (f"<img data-org-src='https://t1.daumcdn.net/o.jpg' src='{THUMB}'>", "https://t1.daumcdn.net/o.jpg"),
        (f"<img src='{THUMB}'>", "https://t1.daumcdn.net/news/202311/01/x/1.jpg"),
        ("<img src='data:image/gif;base64,R0' data-src='/photo/1.jpg'>", "https://a.example/photo/1.jpg"),
        ("<img src='//cdn.example/1.jpg'>", "https://cdn.example/1.jpg"),
        ("<img srcset='/s.jpg 300w, /l.jpg 1200w,/m.jpg 600w'>", "https://a.example/l.jpg"),
        ("<img src='data:image/gif;base64,R0' data-srcset='/a,b.jpg'>", "https://a.example/a,b.jpg"),
        ("<img srcset='data:image/gif;base64,R0 1x, /2.jpg 2x'>", "https://a.example/2.jpg"),
        (
            "<amp-img src='/1.jpg'><noscript><img src='/1.jpg'></noscript></amp-img>",
            "https://a.example/1.jpg",
        ),
    ],
)
def test_the_original_s_address_counts(html: str, url: str) -> None:
    assert [i.url for i in images(html)] == [url]


@pytest.mark.parametrize(
    "html",
    [
        "<img src='data:image/gif;base64,R0'>",
        "<img src='/photo/1.jpg' width='1' height='1'>",
        "<img src='/images/common/icon_share.png'>",
        "<img src='/sns/facebook.png'>",
        "<img src='/player/png/ic_caution.png'>",
        "<button><img src='/photo/zoom.jpg'></button>",
        "<img>",
        "<img src='javascript:alert(1)'>",
    ],
)
def test_icons_and_pixels_are_no_pictures(html: str) -> None:
    assert images(html) == ()


@pytest.mark.parametrize(
    "html",
    [
        "<figure><p><img src='/1.jpg'></p><figcaption>설명. 사진=가상시</figcaption></figure>",
        "<div><div><img src='/1.jpg'></div><div class='caption'>설명. 사진=가상시</div></div>",
        "<table><tr><td><img src='/1.jpg'></td></tr><tr><td>설명. 사진=가상시</td></tr></table>",
        "<div class='articlePhotoR'><img src='/1.jpg'><span class='t'>설명. 사진=가상시</span></div>",
    ],
)
def test_the_caption_is_the_one_beside_the_picture(html: str) -> None:
    assert [i.caption for i in images(html)] == ["설명. 사진=가상시"]


def test_a_caption_belongs_to_one_picture() -> None:
    two = "<section><img src='/1.jpg'><img src='/2.jpg'><p class='caption'>어느 것의 설명인지</p></section>"
    assert [i.caption for i in images(two)] == [None, None]


def test_a_picture_is_listed_once() -> None:
    assert len(images("<img src='/1.jpg'><img src='/1.jpg'>")) == 1
