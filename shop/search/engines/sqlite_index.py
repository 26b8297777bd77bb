"""The index in SQLite: two FTS5 tables, kept right by triggers whatever writes.

``search_index`` holds the words' stems and answers searches. ``search_words``
holds the words as they are written, over the same texts, for suggestions and
spelling. A trigger on every table that has words in it puts the item's key into
``search_stale``; one trigger there writes the item anew. While a bulk write
lasts (``search_state.paused``) the keys pile up and are worked off at once.
"""

# ruff: noqa: S608  # every piece of this SQL is a constant of this module; nothing typed comes near it

from __future__ import annotations

from shop.search.engines.base import KIND_WEIGHT, TITLE_WEIGHT, WORDS_WEIGHT
from shop.search.words import VERSION

TABLES = (
    """CREATE VIRTUAL TABLE search_index USING fts5(
        title, kind, words, tokenize = 'porter unicode61 remove_diacritics 2')""",
    """CREATE VIRTUAL TABLE search_words USING fts5(
        title, kind, words, content = 'search_index', tokenize = 'unicode61 remove_diacritics 2')""",
    f"INSERT INTO search_index(search_index, rank) VALUES ('rank', 'bm25({TITLE_WEIGHT}, {KIND_WEIGHT}, {WORDS_WEIGHT})')",
    f"INSERT INTO search_words(search_words, rank) VALUES ('rank', 'bm25({TITLE_WEIGHT}, {KIND_WEIGHT}, {WORDS_WEIGHT})')",
    "CREATE VIRTUAL TABLE search_vocabulary USING fts5vocab(search_words, row)",
    "CREATE TABLE search_stale (item_id INTEGER NOT NULL)",
    "CREATE TABLE search_state (paused INTEGER NOT NULL CHECK (paused IN (0, 1)))",
    "INSERT INTO search_state (paused) VALUES (0)",
)
TABLE_NAMES = ("search_vocabulary", "search_words", "search_index", "search_stale", "search_state")


def _texts(column: str, key: str) -> str:
    """One text of every language of a column of translations."""
    return f"coalesce((SELECT group_concat(json_extract(entry.value, '$.{key}'), ' ') FROM json_each({column}) AS entry), '')"


# What is indexed of an item: its own words, its category's and those of its published variants.
DOCUMENTS = f"""
    SELECT head.id,
        search_text(head.title || ' ' || {_texts("head.translations", "title")}),
        search_text(coalesce(category.name || ' ' || category.path, '')
            || ' ' || {_texts("category.translations", "name")}
            || ' ' || {_texts("above.translations", "name")}
            || ' ' || (
                SELECT group_concat(part.brand || ' ' || part.colour || ' ' || part.variant_name
                    || ' ' || CASE part.id WHEN head.id THEN '' ELSE part.title END
                    || ' ' || coalesce((SELECT group_concat(tag.value, ' ') FROM json_each(part.tags) AS tag), ''), ' ')
                FROM catalogue_item AS part
                WHERE (part.id = head.id OR part.variant_of_id = head.id) AND part.published)),
        search_text((
            SELECT group_concat(part.item_id || ' ' || part.description
                || ' ' || {_texts("part.translations", "description")}
                || ' ' || CASE part.id WHEN head.id THEN '' ELSE {_texts("part.translations", "title")} END
                || ' ' || coalesce((SELECT group_concat(fact.value, ' ') FROM json_each(part.attributes) AS fact), ''), ' ')
            FROM catalogue_item AS part
            WHERE (part.id = head.id OR part.variant_of_id = head.id) AND part.published))
    FROM catalogue_item AS head
    LEFT JOIN catalogue_category AS category ON category.id = head.category_id
    LEFT JOIN catalogue_category AS above ON above.id = category.parent_id
    WHERE head.published AND head.variant_of_id IS NULL AND head.id
"""


def refresh(chosen: str) -> str:
    """The statements that write some items anew; ``chosen`` is a condition such as ``= 7``."""
    return f"""
        INSERT INTO search_words(search_words, rowid, title, kind, words)
            SELECT 'delete', rowid, title, kind, words FROM search_index WHERE rowid {chosen};
        DELETE FROM search_index WHERE rowid {chosen};
        INSERT INTO search_index(rowid, title, kind, words) {DOCUMENTS} {chosen};
        INSERT INTO search_words(rowid, title, kind, words)
            SELECT rowid, title, kind, words FROM search_index WHERE rowid {chosen};
        DELETE FROM search_stale WHERE item_id {chosen};
    """


# Prices and stock change all day and are no words: only these columns wake the index.
ITEM_COLUMNS = (
    "item_id",
    "title",
    "description",
    "tags",
    "brand",
    "colour",
    "attributes",
    "translations",
    "category_id",
    "published",
    "variant_of_id",
    "variant_name",
)
CATEGORY_COLUMNS = ("name", "path", "translations", "parent_id")


def _differs(columns: tuple[str, ...]) -> str:
    return " OR ".join(f"old.{column} IS NOT new.{column}" for column in columns)


TRIGGERS = {
    "search_item_added": """CREATE TRIGGER search_item_added AFTER INSERT ON catalogue_item BEGIN
        INSERT INTO search_stale(item_id) VALUES (coalesce(new.variant_of_id, new.id));
    END""",
    "search_item_changed": f"""CREATE TRIGGER search_item_changed AFTER UPDATE OF {", ".join(ITEM_COLUMNS)}
        ON catalogue_item WHEN {_differs(ITEM_COLUMNS)} BEGIN
        INSERT INTO search_stale(item_id) VALUES (new.id);
        INSERT INTO search_stale(item_id)
            SELECT new.variant_of_id WHERE new.variant_of_id IS NOT NULL
            UNION SELECT old.variant_of_id WHERE old.variant_of_id IS NOT NULL;
    END""",
    "search_item_gone": """CREATE TRIGGER search_item_gone AFTER DELETE ON catalogue_item BEGIN
        INSERT INTO search_stale(item_id)
            SELECT old.id UNION SELECT old.variant_of_id WHERE old.variant_of_id IS NOT NULL;
    END""",
    "search_category_changed": f"""CREATE TRIGGER search_category_changed AFTER UPDATE OF {", ".join(CATEGORY_COLUMNS)}
        ON catalogue_category WHEN {_differs(CATEGORY_COLUMNS)} BEGIN
        INSERT INTO search_stale(item_id)
            SELECT coalesce(item.variant_of_id, item.id) FROM catalogue_item AS item
            WHERE item.category_id = new.id
                OR item.category_id IN (SELECT child.id FROM catalogue_category AS child WHERE child.parent_id = new.id);
    END""",
    "search_refresh": f"""CREATE TRIGGER search_refresh AFTER INSERT ON search_stale
        WHEN (SELECT paused FROM search_state) = 0 BEGIN -- words {VERSION}
        {refresh("= new.item_id")} END""",
}
