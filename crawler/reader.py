"""The reader: the number of the rules that read pages, from bytes to article.

Raise it, with a dated line, whenever an expected field of a page changes: `tests/test_reader.py` fails until
that is done, and `python -m tests.test_reader` pins what the new one reads. What the archive read before is
then read again from its captures as each page comes by: a mended reader is no edit of the site.
"""

from __future__ import annotations

READER = 12
"""2026-11-28, 12: walls in a template, offers to subscribe, members' pages in Japanese and Chinese;
teasers' bylines, times and text, what a page only keeps for its scripts, placeholders for values;
boxes of a new name between paragraphs; titles of drawings; furniture told by its shape; authors beside
the headline; times beside who signs within the text's container, sections over a headline, times in
Next.js' data; a body's own notice before a footer's; headings that open the title;
short articles in a picture's table, closed dialogs, comment systems, packed articleBody, halved emoji;
words in a text's place that have nothing of its headline, clocks without a zone on English pages, days
of a year that stands last, times as they were at the reader's look; what an app alone shows; firms
before their kind; notices that forbid in other words, who signs beside a house's sign; pointers,
linked cards and other languages' headings between paragraphs, names behind By in pieces; zones of
one list; texts folded behind a button, beginnings that break off or count what is left, pages without their
text, readers' words told by their buttons, a machine's summary told by its note, times of events;
links within sentences, a site's clock; what is glued into one line at a body's end, towns with their
country, signs between a day and its hour; what a page calls itself (a product, a thread, a profile), boards'
rows of titles, authors of cards and of platforms, times over a headline, before those of a web page, and of
a look, boxes that ask for support, rolls of people, players' words; long paragraphs over a text, roles behind
a name that is a link, titles that a site tells on each page; people behind a wire's place without a
sign, noon, years that a weekday proves; texts in a site's own scripts, people and notices in a page's data,
houses' names for titles; houses told beside a slogan, as a list, by the application's name or by their
original's domain, what a template left for one; notices in everyday words, heads whose elements touch,
years of two digits beside Korean words; flags of headlines, notices that say 금합니다, places behind the
first of several; frameworks' classes for what is hidden, headlines in other signs.
2026-11-27, 11: authors in letters that have capitals, zones of pages from abroad, more that is no article.
2026-11-27, 10: zones behind printed clocks, days of Japanese and Chinese pages, labels around bylines.
2026-11-27, 9: teams and machines in bylines, outside authors; subheads, short years, links left open.
2026-11-27, 8: clocks of a change, referred people, boxes within a text, corrections, several pages.
2026-11-27, 7: what a page calls its text, cut titles, labelled reporters, notices without a mark.
2026-11-27, 6: lines beside a box that is cut out, names that are words, houses without brackets, buttons.
2026-11-26, 5: second titles, monks, foreign names, dots and signs in bylines; 밤 9:05; holders; domains.
2026-11-26, 4: newsview pages, addresses in reporters' boxes, readers' words, soft 404s; © in UTF-8 pages.
2026-11-26, 3: counters, comments, banners and polls in a body; an empty headline; refusals in a template.
2026-11-26, 2: protected addresses, text hidden by a class, told rights holders, 721 strings' bylines.
2026-11-25, 1: the first. What was stored before there were numbers has none (NULL)."""
