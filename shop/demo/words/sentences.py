"""Turns a design into a title and a description, in English and in Chinese.

Sentences come in several shapes and orders, so that two neighbours on a shelf
don't read alike; what they say is what the picture shows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shop.demo.words.vocabulary import COLOURS, FINISHES, PATTERN_TITLES, FamilyWords, Phrase, phrases

if TYPE_CHECKING:
    import numpy as np

    from shop.demo.painting.design import Design


@dataclass(frozen=True)
class Story:
    """What there is to tell about one thing."""

    name: str
    design: Design
    words: FamilyWords

    @property
    def shape(self) -> Phrase:
        """Its silhouette, as an adjective."""
        return self.words.shapes[self.design.silhouette]

    @property
    def material(self) -> Phrase:
        """What it is made of."""
        return self.words.materials[self.design.material]

    @property
    def colour(self) -> Phrase:
        """Its colour."""
        return COLOURS[self.design.colourway]


def title_of(story: Story, rng: np.random.Generator) -> tuple[str, str]:
    """The title in English and in Chinese."""
    noun, pattern = story.words.noun, PATTERN_TITLES.get(story.design.pattern)
    chinese = f"{story.name} {story.colour.chinese}{(pattern or story.shape).chinese}{noun.chinese}"
    if pattern is not None:
        tail = f" in {story.colour.english}" if rng.random() < TITLE_WITH_COLOUR else ""
        return f"{story.name} {pattern.english} {noun.english}{tail}", chinese
    plain = (
        f"{story.name} {story.shape.english} {noun.english}",
        f"{story.name} {noun.english} in {story.colour.english}",
        f"{story.name} {story.shape.english} {noun.english} in {story.colour.english}",
    )
    return plain[int(rng.integers(len(plain)))], chinese


TITLE_WITH_COLOUR, SHORT = 0.35, 0.15
"""Shares of patterned things whose title names the colour, and of descriptions that leave out the make."""

OPENINGS = phrases(
    ("{A_shape} {noun} in {material}, {finish}.", "{material}{shape}{noun}，{finish}。"),
    ("{Name} is {a_shape} {noun} of {material}, {finish}.", "{Name} 是一款{material}{shape}{noun}，{finish}。"),
    ("{Material}, {finish}: {a_shape} {noun}.", "{finish}，{material}材质的{shape}{noun}。"),
    ("{A_shape} {noun}, {finish}. The material is {material}.", "{shape}{noun}，{finish}，以{material}制成。"),
    ("{Name} comes in {material}, {finish}.", "{Name} 采用{material}，{finish}。"),
)
# For nouns in the plural: a pair of something.
PAIR_OPENINGS = phrases(
    ("{Shape} {noun} in {material}, {finish}.", "{material}{shape}{noun}，{finish}。"),
    ("{Name}: {shape} {noun} of {material}, {finish}.", "{Name} 是一款{material}{shape}{noun}，{finish}。"),
    (
        "{Material}, {finish}. {Shape} {noun} that go with most things.",
        "{finish}，{material}材质的{shape}{noun}，百搭。",
    ),
)
LONELY_ARTICLE = re.compile(r"\b([Aa]) (?=[aeiou])")
PLURAL_TAGS = frozenset({"sneaker", "headphones"})


def describe(story: Story, rng: np.random.Generator) -> tuple[str, str]:
    """The description in English and in Chinese: opening, then make, size and use in some order."""
    opening = _pick(PAIR_OPENINGS if story.words.tag in PLURAL_TAGS else OPENINGS, rng)
    finish = _pick(FINISHES[story.design.pattern], rng)
    if story.design.pattern == "plain":
        finish = story.words.accents.get(story.design.material, finish)
    measures = dict(
        zip("abc", (_number(value) for value in story.words.measures[story.design.silhouette]), strict=False)
    )
    size = _pick(story.words.size, rng)
    rest = [
        _pick(story.words.makes, rng),
        Phrase(size.english.format(**measures), size.chinese.format(**measures)),
        _pick(story.words.uses, rng),
    ]
    rest = [rest[at] for at in rng.permutation(3)]
    if rng.random() < SHORT:
        rest = [sentence for sentence in rest if sentence not in story.words.makes]
    english = LONELY_ARTICLE.sub(r"\1n ", opening.english.format(**_english_blanks(story, finish)))
    chinese = opening.chinese.format(**_chinese_blanks(story, finish))
    return (
        " ".join([english, *(sentence.english for sentence in rest)]),
        "".join([chinese, *(sentence.chinese for sentence in rest)]),
    )


def _pick(choices: tuple[Phrase, ...], rng: np.random.Generator) -> Phrase:
    """One of the phrases."""
    return choices[int(rng.integers(len(choices)))]


def _number(value: float) -> str:
    """A measure without a needless ``.0``."""
    return f"{value:g}"


def _english_blanks(story: Story, finish: Phrase) -> dict[str, str]:
    """What fills the places of an English opening."""
    shape = story.shape.english
    material = story.material.english
    return {
        "Name": story.name,
        "noun": story.words.noun.english,
        "shape": shape,
        "Shape": _capital(shape),
        "a_shape": f"a {shape}",
        "A_shape": f"A {shape}",
        "material": material,
        "Material": _capital(material),
        "finish": finish.english.format(colour=story.colour.english),
    }


def _chinese_blanks(story: Story, finish: Phrase) -> dict[str, str]:
    """What fills the places of a Chinese opening."""
    return {
        "Name": story.name,
        "noun": story.words.noun.chinese,
        "shape": story.shape.chinese,
        "material": story.material.chinese,
        "finish": finish.chinese.format(colour=story.colour.chinese),
    }


def _capital(text: str) -> str:
    """The text with its first letter large."""
    return text[:1].upper() + text[1:]
