"""The inside of a Daum article: ``section`` with its [dmcf-ptype] children (docs/sites/daum.md 2.3)."""

# ruff: noqa: E501 (the sites' markup is easier to check against docs/sites/ unbroken)

from __future__ import annotations

import hashlib
from html import escape

from twin.model import Appearance, Block, Picture

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def letters(key: str, length: int = 10) -> str:
    """Letters and digits that depend on ``key`` alone, starting with a letter: dmcf-pid, docId and the like."""
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:16], "big")
    chars = [_LETTERS[number % 52]]
    number //= 52
    while len(chars) < length:
        chars.append(_LETTERS[number % 62])
        number //= 62
    return "".join(chars)


def is_notable(key: str, share: float) -> bool:
    """True for about that share of keys, always the same ones."""
    return int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) / 0xFFFFFFFF < share


def figure(page: Appearance, picture: Picture, number: int) -> str:
    """A figure; its alt repeats the caption line."""
    alt = escape(picture.line, quote=True)
    return f"""<figure class="figure_frm origin_fig" dmcf-pid="{letters(f"{page.site_id}f{number}")}" dmcf-ptype="figure">
 <p class="link_figure"><img alt="{alt}" class="thumb_g_article" data-org-src="{picture.url}" data-org-width="720" dmcf-mid="{letters(f"{page.site_id}m{number}")}" dmcf-mtype="image" height="auto" src="https://img2.daumcdn.net/thumb/R658x0.q70/?fname={picture.url}" width="658"></p>
 <figcaption class="txt_caption default_figure">
  {escape(picture.line, quote=False)}
 </figcaption>
</figure>"""


def advert(page: Appearance, number: int) -> str:
    """An advertisement as it stands between the paragraphs from 2023 on."""
    unit = letters(f"{page.site_id}ad{number}", 16)
    return (
        f'<div class="ad_body2" id="kakao_ad_{unit[:6]}" style="min-width: 655px; min-height: 120px;">'
        f'<ins class="kakao_ad_area" data-ad-unit="DAN-{unit}" data-ad-width="100%">광고 영역입니다</ins></div>'
    )


def section(page: Appearance, *, adverts: bool) -> str:
    """The whole ``section`` element of an article page."""
    parts = _one_block(page) if page.layout == "br" else _many_blocks(page)
    if adverts and len(parts) > 3:
        parts.insert(3, advert(page, 1))
    pictures = [figure(page, picture, number) for number, picture in enumerate(page.pictures)]
    head, later = pictures[:1], pictures[1:]
    middle = len(parts) // 2
    parts[middle:middle] = later
    inner = "\n".join([*head, *parts])
    return f'<section dmcf-sid="{letters(page.site_id + "sid")}">\n{inner}\n</section>'


def _text(page: Appearance, text: str) -> str:
    """Escaped text; with hidden reading aids and loose white space where the page has them."""
    out = escape(text, quote=False)
    return out.replace(" ", "  ", 3).replace(". ", ".\n   ") if page.loose_space else out


def _one_block(page: Appearance) -> list[str]:
    """The 일간스포츠 way: one div, blank lines as <br><br>."""
    lines = [_text(page, line + block.tail) for block in page.blocks for line in _printed(block)]
    pid = letters(page.site_id + "0")
    return [f'<div dmcf-pid="{pid}" dmcf-ptype="general"><br>{"<br><br>".join(lines)}<br></div>']


def _printed(block: Block) -> tuple[str, ...]:
    return block.items if block.kind == "related" else block.lines()


def _many_blocks(page: Appearance) -> list[str]:
    parts = [_block(page, block, number) for number, block in enumerate(page.blocks)]
    if is_notable(page.site_id + "hr", 0.03) and len(parts) > 4:
        parts.insert(
            4, f'<hr dmcf-pid="{letters(page.site_id + "hr")}" dmcf-ptype="line" class="line_divider">'
        )
    if is_notable(page.site_id + "hidden", 0.08):
        parts.insert(
            1, '<span style="display:none" aria-hidden="true">사진을 누르면 크게 볼 수 있습니다</span>'
        )
    return parts


def _block(page: Appearance, block: Block, number: int) -> str:
    """One block in the markup that the real pages use for it."""
    mark = f'dmcf-pid="{letters(f"{page.site_id}p{number}")}" dmcf-ptype='
    text = _text(page, block.text + block.tail)
    if block.kind == "h3":
        return f'<h3 {mark}"h3">{text}</h3>'
    if block.kind == "strong":
        return f'<p {mark}"general"><strong>{text}</strong></p>'
    if block.kind == "smtitle":
        return f'<div {mark}"general"><div data-mce-desctitle="smtitle"><strong>{text}</strong></div></div>'
    if block.kind == "quote":
        return f'<blockquote {mark}"pre" class="quote_type1">{text}</blockquote>'
    if block.kind == "list":
        items = "".join(f"<li>{_text(page, item)}</li>" for item in block.items)
        return f'<ul {mark}"general">{items}</ul>'
    if block.kind == "table":
        return f'<table {mark}"general"><tbody>{rows(block)}</tbody></table>'
    if block.kind == "video":
        return f'<div {mark}"kakaotv"><iframe src="https://play-tv.kakao.com/embed/player/cliplink/{block.text}" title="동영상"></iframe></div>'
    if block.kind == "related":
        return f'<div {mark}"general">{"<br>".join(_text(page, item) for item in block.items)}</div>'
    return _paragraph(page, text, mark, number)


def rows(block: Block) -> str:
    """The rows of a table block."""
    return "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in block.rows
    )


def _paragraph(page: Appearance, text: str, mark: str, number: int) -> str:
    """p, or on pages of mixed layout now and then a div (the first one opens with <br>)."""
    if page.layout == "mixed" and number == 0:
        return f'<div {mark}"general"><br>{text}</div>'
    if page.layout == "mixed" and is_notable(f"{page.site_id}d{number}", 0.25):
        return f'<div {mark}"general">{text}</div>'
    return f'<p {mark}"general">{text} </p>'
