"""How a family of things is spoken about, and the words all families share."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Phrase:
    """The same thing said in English and in Chinese."""

    english: str
    chinese: str


def phrases(*pairs: tuple[str, str]) -> tuple[Phrase, ...]:
    """Several phrases from (English, Chinese) pairs."""
    return tuple(Phrase(*pair) for pair in pairs)


def phrase_table(**pairs: tuple[str, str]) -> dict[str, Phrase]:
    """Phrases by key; an underscore in a key stands for a space."""
    return {key.replace("_", " "): Phrase(*pair) for key, pair in pairs.items()}


@dataclass(frozen=True)
class FamilyWords:
    """All that is said about one family.

    Attributes:
        tag: What a thing of the family is, in a word, as in the address of its picture; also the start of its id.
        noun: What it is called in a sentence.
        category: Its category's name.
        parent: The name of the category above.
        price: Lowest and highest usual price.
        brands: Who makes it.
        shapes: What each silhouette is called, as an adjective.
        materials: What each material is called.
        dearness: What a material does to the price, as a factor; 1 where it isn't listed.
        accents: For materials that keep their own colour: where the colourway shows on a plain thing.
        sizes: What one chooses between, each with a stock of its own; empty where there is one size.
        size: The sentence about measures, with the places ``{a}``, ``{b}``, ``{c}``.
        measures: The measures of each silhouette.
        makes: Sentences about how it is made.
        uses: Sentences about what it is good for.
    """

    tag: str
    noun: Phrase
    category: Phrase
    parent: Phrase
    price: tuple[int, int]
    brands: tuple[str, ...]
    shapes: dict[str, Phrase]
    materials: dict[str, Phrase]
    size: tuple[Phrase, ...]
    measures: dict[str, tuple[float, ...]]
    makes: tuple[Phrase, ...]
    uses: tuple[Phrase, ...]
    dearness: dict[str, float] = field(default_factory=dict)
    accents: dict[str, Phrase] = field(default_factory=dict)
    sizes: tuple[str, ...] = ()


TABLE = Phrase("Table", "餐桌")
HOME = Phrase("Home", "家居")
FURNITURE = Phrase("Furniture and light", "家具与灯具")
WARDROBE = Phrase("Wardrobe", "服饰")
ON_THE_WAY = Phrase("On the way", "出行")

COLOURS = {
    "clay": Phrase("clay", "陶土色"),
    "oat": Phrase("oat", "燕麦色"),
    "moss": Phrase("moss", "苔绿色"),
    "ink": Phrase("ink blue", "墨蓝色"),
    "sky": Phrase("sky blue", "天蓝色"),
    "plum": Phrase("plum", "梅紫色"),
    "yellow": Phrase("signal yellow", "明黄色"),
}

# How a pattern stands in a title.
PATTERN_TITLES = phrase_table(
    stripe=("striped", "条纹"),
    pinstripe=("pinstriped", "细条纹"),
    check=("checked", "格纹"),
    plaid=("windowpane", "窗格纹"),
    speckle=("speckled", "斑点釉"),
    terrazzo=("terrazzo", "水磨石纹"),
    dots=("dotted", "波点"),
    dipped=("dipped", "拼色"),
    weave=("basket-weave", "编织纹"),
    herringbone=("herringbone", "人字纹"),
    waves=("wave", "波浪纹"),
    botanical=("botanical", "草木纹"),
    brush=("brushstroke", "笔触纹"),
    rings=("ring", "圆环纹"),
    diamonds=("diamond", "菱形纹"),
    kilim=("kilim", "基里姆"),
    fields=("landscape", "山丘图案"),
    medallion=("medallion", "团花"),
    sun=("sun", "太阳印花"),
    pocket=("pocket", "口袋"),
    hills=("rainbow", "彩虹印花"),
    sprig=("sprig", "枝叶印花"),
    bands=("banded", "横带"),
    contrast=("two-tone", "撞色"),
    sunray=("sunray", "太阳纹"),
    small_seconds=("small-seconds", "小秒针"),
    two_tone=("two-tone", "双色"),
    chronograph=("chronograph", "计时"),
    ring=("ring", "圆环"),
    grille=("grille", "网罩"),
    dot=("dot", "圆点"),
)

# How colour and pattern are told in a sentence, after a comma; {colour} is filled in.
FINISHES: dict[str, tuple[Phrase, ...]] = {
    "plain": phrases(
        ("in plain {colour}", "通体{colour}"),
        ("{colour} all over", "纯{colour}"),
        ("in an even {colour}", "色泽均匀的{colour}"),
    ),
    "stripe": phrases(("with {colour} stripes", "饰以{colour}条纹"), ("striped in {colour}", "{colour}条纹相间")),
    "pinstripe": phrases(("with fine upright lines on {colour}", "{colour}底上有竖向细线")),
    "check": phrases(
        ("in a {colour} check", "{colour}格纹"), ("checked in two shades of {colour}", "深浅两种{colour}交织成格")
    ),
    "plaid": phrases(("with a windowpane check on {colour}", "{colour}底配窗格线")),
    "speckle": phrases(
        ("in {colour} with dark flecks", "{colour}上缀深色斑点"),
        ("flecked all over its {colour}", "{colour}表面布满细点"),
    ),
    "terrazzo": phrases(
        ("set with chips of {colour}", "嵌有{colour}碎石纹"),
        ("a pale ground with {colour} chips", "浅底散布{colour}碎片"),
    ),
    "dots": phrases(
        ("with even dots on {colour}", "{colour}底配均匀圆点"), ("dotted, the ground {colour}", "{colour}底波点")
    ),
    "weave": phrases(("in a basket weave of {colour}", "{colour}编织纹")),
    "herringbone": phrases(("in a {colour} herringbone", "{colour}人字纹")),
    "waves": phrases(
        ("with combed waves on {colour}", "{colour}底上梳出波浪"),
        ("waves running around its {colour}", "{colour}上波纹环绕"),
    ),
    "botanical": phrases(
        ("with sprigs of leaves in {colour}", "绘有{colour}枝叶"),
        ("leaves scattered over it in {colour}", "{colour}叶片散落其上"),
    ),
    "brush": phrases(("with short brushstrokes of {colour}", "点以{colour}短笔触")),
    "rings": phrases(("with nested rings on {colour}", "{colour}底配层层圆环")),
    "dipped": phrases(("with its lower half dyed {colour}", "下半染成{colour}")),
    "diamonds": phrases(("with a net of {colour} diamonds", "{colour}菱形网格")),
    "kilim": phrases(("with bands of {colour} triangles and diamonds", "{colour}三角与菱形排列成带")),
    "fields": phrases(("with calm hills in {colour}", "{colour}的静谧山丘")),
    "medallion": phrases(("with a large {colour} medallion", "中央一朵{colour}团花")),
    "sun": phrases(("with a printed sun in {colour}", "胸前印有{colour}太阳")),
    "pocket": phrases(("with a {colour} chest pocket", "胸前有{colour}口袋")),
    "hills": phrases(("with a small rainbow in shades of {colour}", "胸前印有{colour}系小彩虹")),
    "sprig": phrases(("with a {colour} sprig on the chest", "胸前印有{colour}枝叶")),
    "bands": phrases(("with three bands across in {colour}", "胸前三道{colour}横带")),
    "contrast": phrases(("pale with {colour} at toe and heel", "浅色鞋身，鞋头与后跟为{colour}")),
    "sunray": phrases(("the {colour} brushed so that light turns on it", "{colour}拉丝，光影流转")),
    "small seconds": phrases(("in {colour} with a small seconds dial", "{colour}，带小秒针盘")),
    "two tone": phrases(("in two tones of {colour}", "深浅双色{colour}")),
    "chronograph": phrases(("in {colour} with three small dials", "{colour}，带三个小表盘")),
    "ring": phrases(("in {colour} with a metal ring on each cup", "{colour}，耳罩饰金属环")),
    "grille": phrases(("in {colour} with open grilles", "{colour}，开放式网罩")),
    "dot": phrases(("in {colour} with one bright dot on each cup", "{colour}，耳罩上有一枚亮点")),
}
