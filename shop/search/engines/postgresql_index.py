"""The index in PostgreSQL: a table of full-text vectors, kept right by triggers whatever writes.

``search_document`` has a row for each item that can be found: the vector of its
words' stems, weighted by where they stand, and that of its words as they are
written, for suggestions and spelling. It has no foreign key, so that emptying
the items' table needs no cascade; a trigger empties this one with it.
"""

# ruff: noqa: S608  # every piece of this SQL is a constant of this module; nothing typed comes near it

from __future__ import annotations

from shop.search.words import SIGNS

# The English stemmer without its list of stop words: a shop may sell a thing called "The Who".
TABLES = (
    "CREATE TEXT SEARCH DICTIONARY search_stem (TEMPLATE = snowball, LANGUAGE = english)",
    "CREATE TEXT SEARCH CONFIGURATION search_stems (COPY = simple)",
    "ALTER TEXT SEARCH CONFIGURATION search_stems ALTER MAPPING FOR asciiword, word WITH search_stem",
    "CREATE TABLE search_document (item_id bigint PRIMARY KEY, stems tsvector NOT NULL, words tsvector NOT NULL)",
    "CREATE INDEX search_document_stems ON search_document USING gin (stems)",
    "CREATE INDEX search_document_words ON search_document USING gin (words)",
)
DROPS = (
    "DROP TABLE IF EXISTS search_document",
    "DROP TEXT SEARCH CONFIGURATION IF EXISTS search_stems",
    "DROP TEXT SEARCH DICTIONARY IF EXISTS search_stem",
)


def _texts(column: str, key: str) -> str:
    """One text of every language of a column of translations."""
    return f"coalesce((SELECT string_agg(entry.value->>'{key}', ' ') FROM jsonb_each({column}) AS entry), '')"


# The same texts as in SQLite, see DOCUMENTS there. In PL/pgSQL, whose plans a connection keeps: a function in SQL is
# planned anew by each statement, which for a row of an import took longer than all the rest.
FUNCTIONS = {
    "search_folded": rf"""
        CREATE OR REPLACE FUNCTION search_folded(written text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
        BEGIN
            RETURN lower(normalize(
                regexp_replace(normalize(written, NFKD), '[{chr(0x300)}-{chr(0x36F)}]', '', 'g'), NFKC));
        END $$""",
    "search_text": rf"""
        CREATE OR REPLACE FUNCTION search_text(written text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
        BEGIN
            RETURN regexp_replace(concat_ws(' ',
                regexp_replace(search_folded(written), '([{SIGNS}])', ' \1 ', 'g'),
                (SELECT string_agg(halves[1] || halves[2], ' ')
                    FROM regexp_matches(search_folded(written), '([[:alnum:]]+)[-''’]([[:alnum:]]+)', 'g') AS halves)
            ), '[^[:alnum:]]+', ' ', 'g');
        END $$""",
    "search_vector": """
        CREATE OR REPLACE FUNCTION search_vector(configuration regconfig, title text, kind text, words text)
        RETURNS tsvector LANGUAGE plpgsql IMMUTABLE AS $$
        BEGIN
            RETURN setweight(to_tsvector(configuration, left(title, 10000)), 'A')
                || setweight(to_tsvector(configuration, left(kind, 50000)), 'B')
                || setweight(to_tsvector(configuration, left(words, 200000)), 'D');
        END $$""",
    "search_refresh": f"""
        CREATE OR REPLACE FUNCTION search_refresh(chosen bigint[]) RETURNS void LANGUAGE plpgsql
        -- A connection keeps the plan it made first. Made for a table of a few rows, it would read all of it for each
        -- row of an import.
        SET enable_seqscan = off AS $$
        BEGIN
            -- Two that write variants of one item at the same time: the second waits, and then sees the first's words.
            PERFORM pg_advisory_xact_lock(hashtext('search_document'), (head.id % 2147483647)::int)
                FROM catalogue_item AS head WHERE head.id = ANY(chosen)
                AND EXISTS (SELECT 1 FROM catalogue_item AS part WHERE part.variant_of_id = head.id) ORDER BY head.id;
            DELETE FROM search_document WHERE item_id = ANY(chosen);
            INSERT INTO search_document (item_id, stems, words)
            SELECT id, search_vector('search_stems', title, kind, words), search_vector('simple', title, kind, words)
            FROM (
                SELECT head.id,
                    search_text(head.title || ' ' || {_texts("head.translations", "title")}) AS title,
                    search_text(coalesce(category.name || ' ' || category.path, '')
                        || ' ' || {_texts("category.translations", "name")}
                        || ' ' || {_texts("above.translations", "name")}
                        || ' ' || (
                            SELECT string_agg(concat_ws(' ', part.brand, part.colour, part.variant_name,
                                CASE part.id WHEN head.id THEN '' ELSE part.title END,
                                (SELECT string_agg(tag.value, ' ') FROM jsonb_array_elements_text(part.tags) AS tag)), ' ')
                            FROM catalogue_item AS part
                            WHERE (part.id = head.id OR part.variant_of_id = head.id) AND part.published)) AS kind,
                    search_text((
                        SELECT string_agg(concat_ws(' ', part.item_id, part.description,
                            {_texts("part.translations", "description")},
                            CASE part.id WHEN head.id THEN '' ELSE {_texts("part.translations", "title")} END,
                            (SELECT string_agg(fact.value, ' ') FROM jsonb_each_text(part.attributes) AS fact)), ' ')
                        FROM catalogue_item AS part
                        WHERE (part.id = head.id OR part.variant_of_id = head.id) AND part.published)) AS words
                FROM catalogue_item AS head
                LEFT JOIN catalogue_category AS category ON category.id = head.category_id
                LEFT JOIN catalogue_category AS above ON above.id = category.parent_id
                WHERE head.id = ANY(chosen) AND head.published AND head.variant_of_id IS NULL
                OFFSET 0 -- each text is put together once, though it is used twice
            ) AS document
            ON CONFLICT (item_id) DO UPDATE SET stems = excluded.stems, words = excluded.words;
        END $$""",
    "search_follow_item": """
        CREATE OR REPLACE FUNCTION search_follow_item() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND (
                old.item_id, old.title, old.description, old.tags, old.brand, old.colour, old.attributes,
                old.translations, old.category_id, old.published, old.variant_of_id, old.variant_name
            ) IS NOT DISTINCT FROM (
                new.item_id, new.title, new.description, new.tags, new.brand, new.colour, new.attributes,
                new.translations, new.category_id, new.published, new.variant_of_id, new.variant_name
            ) THEN
                RETURN NULL;
            END IF;
            PERFORM search_refresh(array_remove(ARRAY[
                CASE WHEN TG_OP <> 'INSERT' THEN old.id END, CASE WHEN TG_OP <> 'INSERT' THEN old.variant_of_id END,
                CASE WHEN TG_OP <> 'DELETE' THEN new.id END, CASE WHEN TG_OP <> 'DELETE' THEN new.variant_of_id END
            ], NULL));
            RETURN NULL;
        END $$""",
    "search_follow_category": """
        CREATE OR REPLACE FUNCTION search_follow_category() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF (old.name, old.path, old.translations, old.parent_id)
                IS DISTINCT FROM (new.name, new.path, new.translations, new.parent_id) THEN
                PERFORM search_refresh(ARRAY(
                    SELECT DISTINCT coalesce(item.variant_of_id, item.id) FROM catalogue_item AS item
                    LEFT JOIN catalogue_category AS place ON place.id = item.category_id
                    WHERE new.id IN (place.id, place.parent_id)));
            END IF;
            RETURN NULL;
        END $$""",
    "search_forget_all": """
        CREATE OR REPLACE FUNCTION search_forget_all() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            TRUNCATE search_document;
            RETURN NULL;
        END $$""",
}
FUNCTION_DROPS = (
    "DROP FUNCTION IF EXISTS search_forget_all()",
    "DROP FUNCTION IF EXISTS search_follow_category()",
    "DROP FUNCTION IF EXISTS search_follow_item()",
    "DROP FUNCTION IF EXISTS search_refresh(bigint[])",
    "DROP FUNCTION IF EXISTS search_vector(regconfig, text, text, text)",
    "DROP FUNCTION IF EXISTS search_text(text)",
    "DROP FUNCTION IF EXISTS search_folded(text)",
)
# A trigger of all updates, which looks for itself whether words have changed: one of some columns would hold these
# back from later migrations.
TRIGGERS = {
    "search_item_follow": (
        "catalogue_item",
        "AFTER INSERT OR UPDATE OR DELETE ON catalogue_item FOR EACH ROW EXECUTE FUNCTION search_follow_item()",
    ),
    "search_item_forget": (
        "catalogue_item",
        "AFTER TRUNCATE ON catalogue_item FOR EACH STATEMENT EXECUTE FUNCTION search_forget_all()",
    ),
    "search_category_follow": (
        "catalogue_category",
        "AFTER UPDATE ON catalogue_category FOR EACH ROW EXECUTE FUNCTION search_follow_category()",
    ),
}
