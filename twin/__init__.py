"""Both sites played on loopback: invented articles in the sites' real markup, for the demo and the tests.

Imports nothing of ours. ``Twin`` is the whole interface; ``twin.command.serve`` runs it in the
foreground.
"""

from twin.model import SITES, Appearance, Block, Person, Picture, Story
from twin.playing import Request
from twin.saved import PagesError
from twin.server import Twin
from twin.world import DEFAULT_NOW, DEFAULT_SEED, SCENARIOS, UnknownStoryError

__all__ = [
    "DEFAULT_NOW",
    "DEFAULT_SEED",
    "SCENARIOS",
    "SITES",
    "Appearance",
    "Block",
    "PagesError",
    "Person",
    "Picture",
    "Request",
    "Story",
    "Twin",
    "UnknownStoryError",
]
