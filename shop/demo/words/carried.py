"""Words for what is worn and carried: T-shirts, sneakers, watches, backpacks, headphones."""

from __future__ import annotations

from shop.demo.words.vocabulary import ON_THE_WAY, WARDROBE, FamilyWords, Phrase, phrase_table, phrases

TSHIRT = FamilyWords(
    tag="t-shirt",
    noun=Phrase("T-shirt", "T恤"),
    category=Phrase("T-shirts", "T恤"),
    parent=WARDROBE,
    price=(19, 55),
    sizes=("XS", "S", "M", "L", "XL", "XXL"),
    brands=("Plain Harbour", "Wend"),
    shapes=phrase_table(
        classic=("classic", "经典"),
        boxy=("boxy", "宽松"),
        long_sleeve=("long-sleeved", "长袖"),
        raglan=("raglan", "插肩袖"),
        sleeveless=("sleeveless", "无袖"),
    ),
    materials=phrase_table(
        cotton=("cotton", "棉"), heavy_cotton=("heavy cotton", "重磅棉"), linen_jersey=("linen jersey", "亚麻针织")
    ),
    dearness={"linen jersey": 1.3, "heavy cotton": 1.15},
    size=phrases(
        ("Sizes XS to XXL; the M is {a} cm long.", "尺码 XS 至 XXL，M 码衣长 {a} 厘米。"),
        ("From XS to XXL. Chest of the M: {b} cm.", "XS 至 XXL，M 码胸宽 {b} 厘米。"),
    ),
    measures={
        "classic": (71, 53),
        "boxy": (66, 58),
        "long sleeve": (72, 53),
        "raglan": (71, 54),
        "sleeveless": (70, 51),
    },
    makes=phrases(
        ("Knitted in one round, so there are no side seams.", "圆筒针织，没有侧缝。"),
        ("The collar is sewn twice and stays flat.", "领口双线缝制，久穿不变形。"),
        ("Washed before it is cut; it won't shrink on you.", "裁前预洗，不会缩水。"),
    ),
    uses=phrases(
        ("Better after the tenth wash.", "洗过十次之后更好穿。"),
        ("Goes under a jacket and over a swimsuit.", "外套之下、泳衣之上都合适。"),
        ("For the days that aren't about clothes.", "给那些不必在意穿着的日子。"),
        ("Packs small and hangs out its creases overnight.", "打包体积小，挂一夜褶皱自平。"),
    ),
)

SNEAKER = FamilyWords(
    tag="sneaker",
    noun=Phrase("sneakers", "运动鞋"),
    category=Phrase("Sneakers", "运动鞋"),
    parent=WARDROBE,
    price=(58, 165),
    sizes=("36", "37", "38", "39", "40", "41", "42", "43", "44", "45", "46"),
    brands=("Tread & Vale", "Wend"),
    shapes=phrase_table(
        low=("low", "低帮"),
        high=("high", "高帮"),
        runner=("running", "跑步"),
        court=("court", "球场"),
        **{"slip-on": ("slip-on", "一脚蹬")},
    ),
    materials=phrase_table(
        canvas=("canvas", "帆布"), leather=("leather", "皮革"), suede=("suede", "麂皮"), knit=("knit", "针织")
    ),
    dearness={"leather": 1.3, "suede": 1.2, "canvas": 0.8},
    size=phrases(
        ("Sizes 36 to 46; a pair in 42 weighs {a} g.", "尺码 36 至 46，42 码一双重 {a} 克。"),
        ("36 to 46, with a sole of {b} cm.", "36 至 46 码，鞋底厚 {b} 厘米。"),
    ),
    measures={"low": (640, 2.6), "high": (760, 2.6), "runner": (540, 3.8), "slip-on": (560, 2.4), "court": (700, 2.8)},
    makes=phrases(
        ("The sole is stitched on and can be replaced.", "鞋底缝合，可更换。"),
        ("Lined with cotton; the insole comes out to dry.", "棉质内里，鞋垫可取出晾干。"),
        ("The laces come in two colours.", "附两种颜色的鞋带。"),
    ),
    uses=phrases(
        ("For cities with hills.", "适合有坡的城市。"),
        ("Walks in within a day and out of fashion never.", "一天就合脚，永不过时。"),
        ("Good on gravel, tram steps and dance floors.", "碎石路、电车踏板、舞池都能应付。"),
        ("Light on the foot and easy to rinse.", "轻便，也好冲洗。"),
    ),
)

WATCH = FamilyWords(
    tag="watch",
    noun=Phrase("watch", "手表"),
    category=Phrase("Watches", "手表"),
    parent=WARDROBE,
    price=(85, 390),
    brands=("Hourman", "Tidemark"),
    shapes=phrase_table(
        round=("round", "圆形"),
        square=("square", "方形"),
        cushion=("cushion-cased", "枕形"),
        diver=("diver's", "潜水"),
        slim=("slim", "纤薄"),
    ),
    materials={
        "leather strap": Phrase("steel on a leather strap", "钢壳配皮表带"),
        "steel mesh": Phrase("steel on a mesh strap", "钢壳配网状表带"),
        "woven strap": Phrase("steel on a woven strap", "钢壳配织带"),
        "rubber strap": Phrase("steel on a rubber strap", "钢壳配橡胶表带"),
    },
    dearness={"steel mesh": 1.15, "rubber strap": 0.9},
    size=phrases(
        ("The case is {a} mm across and {b} mm thick.", "表壳直径 {a} 毫米，厚 {b} 毫米。"),
        ("{a} mm, {b} mm thin.", "{a} 毫米，厚仅 {b} 毫米。"),
    ),
    measures={"round": (38, 8.5), "square": (34, 8), "cushion": (39, 9), "diver": (40, 11), "slim": (36, 6.5)},
    makes=phrases(
        ("A curved crystal, a screwed back, and a movement that can be serviced.", "弧面镜片、旋入底盖，机芯可保养。"),
        ("Water-resistant to fifty metres.", "防水 50 米。"),
        ("The strap changes without a tool.", "表带无需工具即可更换。"),
    ),
    uses=phrases(
        ("Read at a glance and then forgotten, as it should be.", "一瞥即知时间，随后便可忘记。"),
        ("Fits under a cuff.", "能收进袖口。"),
        ("For people who like to be nearly on time.", "给喜欢差不多准时的人。"),
        ("Looks older with you, in a good way.", "会与你一同变老，且更好看。"),
    ),
)

BACKPACK = FamilyWords(
    tag="backpack",
    noun=Phrase("backpack", "双肩包"),
    category=Phrase("Backpacks", "双肩包"),
    parent=ON_THE_WAY,
    price=(48, 185),
    brands=("Outfold", "Tidemark"),
    shapes=phrase_table(
        day=("day", "日用"),
        roll_top=("roll-top", "卷口"),
        rucksack=("flap-top", "翻盖"),
        round=("small round", "小圆"),
        tote=("tote", "手提两用"),
    ),
    materials=phrase_table(
        canvas=("canvas", "帆布"),
        waxed_cotton=("waxed cotton", "蜡棉"),
        recycled_nylon=("recycled nylon", "再生尼龙"),
        felt=("felt", "毛毡"),
    ),
    dearness={"waxed cotton": 1.25, "recycled nylon": 0.9},
    size=phrases(
        ("{a} litres; {b} cm high.", "容量 {a} 升，高 {b} 厘米。"),
        ("Holds {a} litres and a laptop; {b} cm high.", "容量 {a} 升，可放笔记本电脑，高 {b} 厘米。"),
    ),
    measures={"day": (20, 44), "roll top": (24, 48), "rucksack": (22, 45), "round": (14, 38), "tote": (18, 42)},
    makes=phrases(
        ("The straps are padded and sewn through twice.", "肩带加垫，双线缝合。"),
        ("A pocket inside for keys, with a hook, so they are found.", "内袋带钥匙钩，总能找到。"),
        ("Zips run under a flap that keeps rain out.", "拉链藏于盖布之下，防雨。"),
    ),
    uses=phrases(
        ("Takes a laptop on weekdays and a picnic on Sundays.", "平日装电脑，周日装野餐。"),
        ("Small for a weekend, large for a library.", "过周末略小，去图书馆正好。"),
        ("Stands up by itself on a train floor.", "放在火车地板上能自己立住。"),
        ("For bicycles, stairs and changing weather.", "适合骑车、爬楼和多变的天气。"),
    ),
)

HEADPHONES = FamilyWords(
    tag="headphones",
    noun=Phrase("headphones", "头戴耳机"),
    category=Phrase("Headphones", "耳机"),
    parent=ON_THE_WAY,
    price=(69, 320),
    brands=("Stillroom", "Norrlight Audio"),
    shapes=phrase_table(
        studio=("studio", "录音室"),
        classic=("over-ear", "包耳"),
        slim=("on-ear", "贴耳"),
        square=("square-cupped", "方形耳罩"),
        folding=("folding", "可折叠"),
    ),
    materials=phrase_table(
        matte=("matte plastic", "哑光塑料"),
        satin=("satin-coated plastic", "缎面塑料"),
        wood=("wood and steel", "木与钢"),
        aluminium=("anodised aluminium", "阳极氧化铝"),
    ),
    dearness={"wood": 1.3, "aluminium": 1.2},
    accents={"wood": Phrase("with {colour} pads", "配{colour}耳垫")},
    size=phrases(
        ("{a} g light; {b} hours on one charge.", "仅重 {a} 克，一次充电可用 {b} 小时。"),
        ("Plays for {b} hours and weighs {a} g.", "续航 {b} 小时，重 {a} 克。"),
    ),
    measures={"studio": (290, 40), "classic": (250, 35), "slim": (140, 24), "square": (240, 32), "folding": (190, 28)},
    makes=phrases(
        ("The pads come off and can be bought again.", "耳垫可拆，可单独购买。"),
        ("Closed at the back, so the train hears nothing.", "封闭式设计，同车的人听不到。"),
        ("The band is sprung steel under soft leather.", "软皮之下是弹簧钢头梁。"),
    ),
    uses=phrases(
        ("For long albums and longer flights.", "适合长专辑和更长的航班。"),
        ("Quiet enough to read in, even without music.", "即使不放音乐，也安静得可以读书。"),
        ("Sits light on glasses and on hair.", "戴眼镜、梳发型都不压。"),
        ("Warm in the low notes, patient in the high ones.", "低音温暖，高音耐听。"),
    ),
)
