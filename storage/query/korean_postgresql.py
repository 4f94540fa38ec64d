"""PostgreSQL's ``korean_match``: the whole language of a search, in the database, for any client.

The same grammar as storage/search/question.py, compiled to a condition on the index's bigrams and an exact
one on the texts; a test holds the two against each other. Bigrams are taken only of what is a letter in every
locale of a server (Hangul, hanja, kana, ASCII): what is left out of the index's condition is checked. A
text's key takes half a millisecond to make: it is made of those alone that do not show the words letter for
letter, as in :class:`storage.search.key.Printed`.
"""

# ruff: noqa: S608 (the functions are put together from this file's constants)

from __future__ import annotations

from storage.search.key import BESIDE, BETWEEN, BLANKS, EARLY, INVISIBLE, JOINT_BIT, SIGNS, STEADY, TITLE_BIT
from storage.search.outdated import OUTDATED, any_outdated
from storage.search.question import FIELDS, GLUED, MAX_DEPTH, MAX_LETTERS, MAX_TERMS

_EARLY, _SIGNS = (
    ["".join(said).replace("'", "''") for said in zip(*pairs, strict=True)] for pairs in (EARLY, SIGNS)
)

# What lower() leaves as it is, or folds otherwise than Python does (ß, ẞ, ς, İ), is folded by hand;
# white space is Python's: a server's own depends on its locale.
KEY = f"""
CREATE FUNCTION korean_key(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT btrim(regexp_replace(normalize(replace(lower(replace(translate(
    regexp_replace(normalize(translate(coalesce(said, ''), '{_EARLY[0]}', '{_EARLY[1]}'), NFKC),
      '[{INVISIBLE}]', '', 'g'),
    '{_SIGNS[0]}ςẞ{BLANKS}', '{_SIGNS[1]}σß' || repeat(' ', {len(BLANKS)})),
    'İ', 'i\u0307')), 'ß', 'ss'), NFKC), ' +', ' ', 'g'))
$$"""
BIGRAMS = f"""
CREATE FUNCTION korean_bigrams(key text) RETURNS int[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(DISTINCT one), '{{}}') FROM (
    SELECT ascii(substr(key, place, 1)) << 16 # ascii(substr(key, place + 1, 1)) AS one
    FROM generate_series(1, length(key) - 1) AS place
    WHERE substr(key, place, 2) ~ '^[{STEADY}]{{2}}$'
    UNION ALL
    SELECT (ascii(joint[1]) # {JOINT_BIT >> 16}) << 16 # ascii(joint[2])
    FROM generate_series(1, length(key)) AS place
    CROSS JOIN LATERAL regexp_match(substr(key, place), '^([{STEADY}])[{BETWEEN}]+([{STEADY}])') AS joint
    WHERE joint IS NOT NULL
  ) AS all_of_them
$$"""
TOKENS = (
    r"""
CREATE FUNCTION korean_tokens(
  asked text, OUT kinds text[], OUT words text[], OUT places int[]
) LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  rest text := translate(asked, 'BLANKS', repeat(' ', MANY));
  said text;
  glued text;
  field text;
  found text[];
  place int;
BEGIN
  kinds := '{}';
  words := '{}';
  places := '{}';
  LOOP
    rest := regexp_replace(rest, '^\s+', '');
    EXIT WHEN rest = '';
    IF cardinality(kinds) >= MOST THEN
      RAISE EXCEPTION 'more than MOST words: ask for fewer, or quote a part';
    END IF;
    place := length(asked) - length(rest) + 1;
    places := places || place;
    field := lower((regexp_match(rest, '^(NAMED):', 'i'))[1]);
    said := substr(rest, coalesce(length(field) + 2, 1));
    glued := CASE WHEN field IS NOT NULL OR rest !~ '^-+[^\s)-]' THEN (regexp_match(said, '^(GLUED)'))[1] END;
    IF field IS NOT NULL AND glued IS NULL AND said ~ '^([\s()]|$)' THEN
      RAISE EXCEPTION '% at letter % stands without a word: write %금리, or quote it',
        left(rest, length(field) + 1), place, left(rest, length(field) + 1);
    END IF;
    IF field IS NOT NULL THEN
      rest := said;
      IF field NOT IN ('title', '제목') THEN
        RAISE EXCEPTION 'byline: and publisher: are columns in SQL; korean_match takes words and title:';
      END IF;
    END IF;
    IF field IS NULL AND glued IS NULL AND rest ~ '^[()]' THEN
      kinds := kinds || CASE left(rest, 1) WHEN '(' THEN 'open' ELSE 'close' END;
      words := words || left(rest, 1);
      rest := substr(rest, 2);
    ELSIF field IS NULL AND rest ~ '^-+[^\s)-]' THEN
      kinds := kinds || 'not'::text;
      words := words || '-'::text;
      rest := substr(rest, 2);
    ELSE
      found := coalesce(regexp_match(rest, '^"([^"]*)"'), regexp_match(rest, '^“([^”]*)”'));
      IF glued IS NOT NULL THEN
        found := ARRAY[glued];
        rest := substr(rest, length(glued) + 1);
      ELSIF found IS NOT NULL THEN
        rest := substr(rest, length(found[1]) + 3);
      ELSIF rest ~ '^["“]' THEN
        RAISE EXCEPTION 'the quotation that begins at letter % does not end: add "',
          length(asked) - length(rest) + 1;
      ELSE
        found := regexp_match(rest, '^([^\s()"“]+)');
        rest := substr(rest, length(found[1]) + 1);
        IF field IS NULL AND found[1] IN ('OR', 'AND', 'NOT', '|', '||', '&&') THEN
          kinds := kinds || CASE found[1]
            WHEN '|' THEN 'or' WHEN '||' THEN 'or' WHEN '&&' THEN 'and' ELSE lower(found[1]) END;
          words := words || found[1];
          CONTINUE;
        END IF;
      END IF;
      IF korean_key(found[1]) = '' THEN
        RAISE EXCEPTION '% at letter % holds no letter that could be looked for',
          quote_literal(found[1]), place;
      ELSIF length(korean_key(found[1])) > LONGEST THEN
        RAISE EXCEPTION 'the word at letter % has % letters, more than LONGEST: a part of it finds it too',
          place, length(korean_key(found[1]));
      END IF;
      kinds := kinds || CASE WHEN field IS NULL THEN 'term' ELSE 'title' END;
      words := words || korean_key(found[1]);
    END IF;
  END LOOP;
END $$""".replace("MOST", str(MAX_TERMS))
    .replace("LONGEST", str(MAX_LETTERS))
    .replace("NAMED", FIELDS)
    .replace("GLUED", GLUED)
    .replace("BLANKS", BLANKS)
    .replace("MANY", str(len(BLANKS)))
)
ONE = (
    r"""
CREATE FUNCTION korean_one(
  kinds text[], words text[], places int[], depth int,
  INOUT at int, OUT exact text, OUT narrow text, OUT sure text
) LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  kind text := kinds[at];
  word text := words[at];
  began int := places[at];
  bigrams int[];
BEGIN
  IF depth > DEEPEST THEN
    RAISE EXCEPTION 'brackets more than DEEPEST deep';
  ELSIF kind IS NULL AND at = 1 THEN
    RAISE EXCEPTION 'there is nothing to look for: give a word, for instance 반도체';
  ELSIF kind IS NULL THEN
    RAISE EXCEPTION 'there is nothing to look for behind % at letter %', words[at - 1], places[at - 1];
  ELSIF kind = 'open' THEN
    SELECT inside.at, inside.exact, inside.narrow, inside.sure INTO at, exact, narrow, sure
      FROM korean_either(kinds, words, places, depth + 1, at + 1) AS inside;
    IF kinds[at] IS DISTINCT FROM 'close' THEN
      RAISE EXCEPTION 'the bracket that begins at letter % does not end: add )', began;
    END IF;
    at := at + 1;
  ELSIF kind = 'not' THEN
    SELECT part.at, format('NOT (%s)', part.exact), NULL, 'false' INTO at, exact, narrow, sure
      FROM korean_one(kinds, words, places, depth + 1, at + 1) AS part;
  ELSIF kind IN ('term', 'title') THEN
    bigrams := korean_bigrams(word);
    exact := format('position(%L IN shown.title) > 0', word);
    sure := CASE WHEN word !~ '^[STEADY ]+$' THEN 'false' ELSE (
      SELECT format('(%s)', string_agg(
        format('position(%L IN %s) > 0 AND %s ~ %L', word, part, part, word || '([BESIDE]|$)'), ' OR '))
      FROM unnest(CASE kind WHEN 'title' THEN ARRAY['article.title']
        ELSE ARRAY['article.title', 'article.subtitle', 'said.body'] END) AS part) END;
    IF kind = 'term' THEN
      exact := format(
        '(%s OR position(%L IN shown.subtitle) > 0 OR position(%L IN shown.body) > 0)', exact, word, word);
    END IF;
    narrow := CASE WHEN bigrams = '{}' THEN NULL ELSE
      format('found.words @> %L::int[]', CASE kind WHEN 'term' THEN bigrams
        ELSE ARRAY(SELECT one # TITLED FROM unnest(bigrams) AS one) END) END;
    at := at + 1;
  ELSE
    RAISE EXCEPTION '% at letter % stands where a word should', word, began;
  END IF;
END $$""".replace("DEEPEST", str(MAX_DEPTH))
    .replace("TITLED", str(TITLE_BIT))
    .replace("STEADY", STEADY)
    .replace("BESIDE", BESIDE.replace("'", "''"))
)
TOGETHER = r"""
CREATE FUNCTION korean_together(
  kinds text[], words text[], places int[], depth int,
  INOUT at int, OUT exact text, OUT narrow text, OUT sure text
) LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  part record;
BEGIN
  SELECT * INTO part FROM korean_one(kinds, words, places, depth, at);
  at := part.at; exact := part.exact; narrow := part.narrow; sure := part.sure;
  WHILE coalesce(kinds[at], 'close') NOT IN ('close', 'or') LOOP
    IF kinds[at] = 'and' THEN
      at := at + 1;
    END IF;
    SELECT * INTO part FROM korean_one(kinds, words, places, depth, at);
    at := part.at;
    exact := format('%s AND %s', exact, part.exact);
    narrow := coalesce(narrow || ' AND ' || part.narrow, narrow, part.narrow);
    sure := format('%s AND %s', sure, part.sure);
  END LOOP;
  exact := format('(%s)', exact);
  sure := format('(%s)', sure);
END $$"""
EITHER = r"""
CREATE FUNCTION korean_either(
  kinds text[], words text[], places int[], depth int,
  INOUT at int, OUT exact text, OUT narrow text, OUT sure text
) LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  part record;
BEGIN
  SELECT * INTO part FROM korean_together(kinds, words, places, depth, at);
  at := part.at; exact := part.exact; narrow := part.narrow; sure := part.sure;
  WHILE kinds[at] = 'or' LOOP
    SELECT * INTO part FROM korean_together(kinds, words, places, depth, at + 1);
    at := part.at;
    exact := format('(%s OR %s)', exact, part.exact);
    narrow := '(' || narrow || ') OR (' || part.narrow || ')';
    sure := format('(%s OR %s)', sure, part.sure);
  END LOOP;
  narrow := '(' || narrow || ')';
END $$"""
MATCH = r"""
CREATE FUNCTION korean_match(asked text) RETURNS SETOF bigint LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_indexscan = off AS $$
DECLARE
  tokens record;
  question record;
BEGIN
  IF EXISTS (OLDER) THEN
    RAISE WARNING 'SAID';
  END IF;
  SELECT * INTO tokens FROM korean_tokens(asked);
  SELECT * INTO question FROM korean_either(tokens.kinds, tokens.words, tokens.places, 0, 1);
  IF question.at <= cardinality(tokens.kinds) THEN
    RAISE EXCEPTION 'the bracket that ends at letter % did not begin', tokens.places[question.at];
  END IF;
  RETURN QUERY EXECUTE format($statement$
    SELECT entry.article_id
    FROM %s JOIN article ON article.id = entry.article_id
    LEFT JOIN text AS said ON said.id = article.text_id
    WHERE (%s) AND CASE WHEN %s THEN true ELSE (
      SELECT %s FROM (SELECT korean_key(article.title) AS title, korean_key(article.subtitle) AS subtitle,
        korean_key(said.body) AS body OFFSET 0) AS shown) END
  $statement$,
    CASE WHEN question.narrow IS NULL THEN 'search_entry AS entry'
      ELSE 'search_index AS found JOIN search_entry AS entry ON entry.id = found.id' END,
    coalesce(question.narrow, 'true'), question.sure, question.exact);
END $$""".replace("OLDER", any_outdated("postgresql")).replace("SAID", OUTDATED)

FUNCTIONS = (KEY, BIGRAMS, TOKENS, EITHER, TOGETHER, ONE, MATCH)
"""In the order in which they can be made: what PL/pgSQL calls is looked for when it is called."""
SIGNATURES = (
    "korean_match(text)",
    "korean_one(text[], text[], int[], int, int)",
    "korean_together(text[], text[], int[], int, int)",
    "korean_either(text[], text[], int[], int, int)",
    # those of before 26 November 2026, without the places of words
    "korean_one(text[], text[], int, int)",
    "korean_together(text[], text[], int, int)",
    "korean_either(text[], text[], int, int)",
    "korean_tokens(text)",
    "korean_bigrams(text)",
    "korean_key(text)",
)
