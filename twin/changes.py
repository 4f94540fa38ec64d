"""What a test can make the twin's newsroom do: publish, edit, delete, restore, redesign."""

from __future__ import annotations

from dataclasses import replace

from twin.model import SITES, Appearance, Story
from twin.redesign import PARTS
from twin.world import World

EDITS = ("body", "headline", "notice", "space")


def publish(world: World, count: int) -> list[Story]:
    """``count`` new stories at the twin's now."""
    with world.lock:
        fresh = world.edition.publish(count, world.now)
        world.add(fresh)
        return fresh


def edit(world: World, story_id: str, what: str, site: str | None) -> None:
    """Change a story's pages. Raises UnknownStoryError, and ValueError for an unknown kind of edit."""
    if what not in EDITS:
        raise ValueError(f"There is no edit {what}; known are {', '.join(EDITS)}.")
    with world.lock:
        for page in world.story(story_id).appearances:
            if site is None or page.site == site:
                _EDITORS[what](world, page)
                page.touched = world.now


def _body(world: World, page: Appearance) -> None:
    """One sentence more in the last paragraph, and a time of modification."""
    added = (
        f"이 기사는 {world.now.day}일 {world.now.hour}시 {world.now.minute}분 새로 확인된 내용을 담아 고쳤다."
    )
    index = max((index for index, block in enumerate(page.blocks) if block.kind == "p"), default=None)
    if index is None:
        raise ValueError(f"{page.url} has no paragraph that could be edited.")
    blocks = list(page.blocks)
    blocks[index] = replace(blocks[index], text=f"{blocks[index].text} {added}")
    page.blocks = tuple(blocks)
    _stamp(world, page)


def _headline(world: World, page: Appearance) -> None:
    page.title = f"{page.title}(종합)"
    _stamp(world, page)


def _notice(world: World, page: Appearance) -> None:
    """The notice gains a ban of AI training; the article itself says no word about it."""
    page.notice = f"Copyright ⓒ {page.holder or page.publisher}. 무단전재, 재배포, AI 학습 및 활용 금지."
    page.holder = page.holder or page.publisher
    page.notice_place = "after"
    page.blocks = tuple(block for block in page.blocks if block.kind != "notice")


def _space(world: World, page: Appearance) -> None:
    """White space alone: the same text to any reader."""
    page.loose_space = not page.loose_space


def _stamp(world: World, page: Appearance) -> None:
    page.modified = world.now.replace(second=0, microsecond=0)


_EDITORS = {"body": _body, "headline": _headline, "notice": _notice, "space": _space}


def delete(world: World, story_id: str) -> None:
    """Take a story down. Raises UnknownStoryError."""
    with world.lock:
        world.deleted.add(world.story(story_id).story_id)


def restore(world: World, story_id: str) -> None:
    """Undo ``delete``. Raises UnknownStoryError."""
    with world.lock:
        world.deleted.discard(world.story(story_id).story_id)


def redesign(world: World, site: str, part: str) -> None:
    """New markup for one site or a part of it (redesign.PARTS); parts add up.

    Raises ValueError for another site than daum or fnnews, or an unknown part.
    """
    if site not in SITES:
        raise ValueError(f"There is no site {site}; known are {', '.join(SITES)}.")
    if part not in PARTS:
        raise ValueError(f"There is no part {part}; known are {', '.join(PARTS)}.")
    with world.lock:
        world.redesigned_parts.setdefault(site, set()).add(part)
