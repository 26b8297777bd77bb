"""Words for the rooms: vases, planters, candles, baskets, rugs, cushions."""

from __future__ import annotations

from shop.demo.words.vocabulary import HOME, FamilyWords, Phrase, phrase_table, phrases

VASE = FamilyWords(
    tag="vase",
    noun=Phrase("vase", "花瓶"),
    category=Phrase("Vases", "花瓶"),
    parent=HOME,
    price=(24, 110),
    brands=("Fenwater Pottery", "Kilnhouse", "Marl Studio"),
    shapes=phrase_table(
        bottle=("bottle-necked", "长颈"),
        amphora=("two-handled", "双耳"),
        gourd=("gourd-shaped", "葫芦形"),
        cylinder=("straight", "直筒"),
        teardrop=("drop-shaped", "水滴形"),
        urn=("wide-shouldered", "宽肩"),
        bud=("single-stem", "单枝"),
    ),
    materials=phrase_table(
        stoneware=("stoneware", "炻器"), earthenware=("earthenware", "陶土"), porcelain=("porcelain", "瓷")
    ),
    dearness={"porcelain": 1.25, "earthenware": 0.85},
    size=phrases(
        ("{a} cm high, {b} cm at its widest.", "高 {a} 厘米，最宽处 {b} 厘米。"),
        ("Stands {a} cm tall and takes {b} cm of shelf.", "立高 {a} 厘米，占架面 {b} 厘米。"),
    ),
    measures={
        "bottle": (31, 18),
        "amphora": (30, 21),
        "gourd": (28, 19),
        "cylinder": (27, 16),
        "teardrop": (29, 22),
        "urn": (25, 24),
        "bud": (22, 16),
    },
    makes=phrases(
        ("Built from coils and smoothed with a wooden rib.", "泥条盘筑，再以木片抹平。"),
        ("Watertight: it is glazed all the way down inside.", "内壁通体施釉，滴水不漏。"),
        ("The neck is narrow enough to hold a stem where you put it.", "瓶颈收窄，花枝插在哪就停在哪。"),
        ("Heavy at the foot, so branches don't tip it.", "底部厚重，插枝条也不会倾倒。"),
    ),
    uses=phrases(
        ("Looks finished with one branch, and without any.", "一枝足矣，空着也完整。"),
        ("For dried grass in winter and whatever grows by the road in June.", "冬天插干草，六月插路边的野花。"),
        ("Stands well alone and better in threes.", "单独摆放很好，三只一组更好。"),
        ("Made for a window sill with morning sun.", "为有晨光的窗台而做。"),
    ),
)

PLANTER = FamilyWords(
    tag="planter",
    noun=Phrase("planter", "花盆"),
    category=Phrase("Planters", "花盆"),
    parent=HOME,
    price=(18, 84),
    brands=("Marl Studio", "Kilnhouse", "Halm & Reed"),
    shapes=phrase_table(
        classic=("rimmed", "卷口"),
        cylinder=("straight", "直筒"),
        bowl=("bowl-shaped", "钵形"),
        egg=("egg-shaped", "蛋形"),
        standing=("standing", "立架"),
    ),
    materials=phrase_table(
        terracotta=("terracotta", "赤陶"),
        stoneware=("stoneware", "炻器"),
        glazed_ceramic=("glazed ceramic", "釉面陶瓷"),
    ),
    dearness={"terracotta": 0.75},
    size=phrases(
        ("For root balls up to {a} cm; {b} cm high.", "适合直径 {a} 厘米以内的根球，高 {b} 厘米。"),
        ("{a} cm inside, {b} cm high.", "内径 {a} 厘米，高 {b} 厘米。"),
    ),
    measures={"classic": (17, 19), "cylinder": (17, 18), "bowl": (21, 16), "egg": (15, 18), "standing": (18, 27)},
    makes=phrases(
        ("A hole in the bottom and a saucer or a plug to go with it.", "底部留孔，并配托盘或塞子。"),
        ("Thick walls that keep roots cool in August.", "厚壁，八月里也能保持根部凉爽。"),
        ("Fired hard enough to spend a winter outdoors.", "高温烧成，可在户外过冬。"),
    ),
    uses=phrases(
        (
            "For the plant that has outgrown its jar. The plant isn't included.",
            "给长出罐子的那株植物，植物不随盆出售。",
        ),
        ("Happy on a balcony, a bath or a bookcase.", "放阳台、浴室或书架都合适。"),
        ("Makes even a modest fern look cared for.", "再普通的蕨类也显得被精心照料。"),
        ("A first home for herbs, a last one for a cactus.", "香草的第一个家，仙人掌的最后一个家。"),
    ),
)

CANDLE = FamilyWords(
    tag="candle",
    noun=Phrase("candle", "蜡烛"),
    category=Phrase("Candles", "蜡烛"),
    parent=HOME,
    price=(11, 42),
    brands=("Lumo & Daughters", "Tallow Lane"),
    shapes=phrase_table(
        tumbler=("tumbler", "杯装"),
        bowl=("bowl", "碗装"),
        pillar=("pillar", "柱形"),
        ribbed=("ribbed", "罗纹"),
        cone=("cone-shaped", "锥形"),
    ),
    materials=phrase_table(
        stoneware=("a stoneware cup", "炻器杯"), glass=("a glazed cup", "釉面杯"), wax=("plant wax", "植物蜡")
    ),
    dearness={"wax": 0.6},
    size=phrases(
        ("Burns for about {a} hours; {b} cm high.", "可燃约 {a} 小时，高 {b} 厘米。"),
        ("{b} cm of height and {a} hours of light.", "高 {b} 厘米，燃烧 {a} 小时。"),
    ),
    measures={"tumbler": (45, 9), "bowl": (50, 7), "pillar": (60, 13), "ribbed": (42, 8.5), "cone": (38, 9)},
    makes=phrases(
        ("Plant wax, a cotton wick and nothing that smokes.", "植物蜡配棉芯，不冒烟。"),
        ("Scented lightly with cedar and bitter orange.", "淡淡的雪松与苦橙香。"),
        ("Unscented, so it can stand on a laid table.", "无香，可置于餐桌。"),
    ),
    uses=phrases(
        ("For evenings when the big lamp is too much.", "适合嫌大灯太亮的夜晚。"),
        ("When it is empty it becomes a cup for brushes.", "燃尽后可作笔筒。"),
        ("Trim the wick to half a centimetre and it burns straight.", "将烛芯剪至半厘米，火焰便笔直。"),
        ("A small present that is always right.", "永远不会出错的小礼物。"),
    ),
)

BASKET = FamilyWords(
    tag="basket",
    noun=Phrase("basket", "篮子"),
    category=Phrase("Baskets", "篮子"),
    parent=HOME,
    price=(22, 78),
    brands=("Halm & Reed", "Varde Textiles"),
    shapes=phrase_table(
        round=("round", "圆形"),
        belly=("round-bellied", "鼓肚"),
        tall=("tall", "高身"),
        low=("low", "浅身"),
        tapered=("market", "提梁"),
    ),
    materials=phrase_table(
        seagrass=("seagrass", "海草"), cotton_rope=("cotton rope", "棉绳"), willow=("willow", "柳条")
    ),
    dearness={"willow": 1.2},
    size=phrases(
        ("{a} cm across, {b} cm high.", "直径 {a} 厘米，高 {b} 厘米。"),
        ("{b} cm high with a mouth of {a} cm.", "高 {b} 厘米，口径 {a} 厘米。"),
    ),
    measures={"round": (34, 24), "belly": (32, 28), "tall": (32, 36), "low": (42, 13), "tapered": (36, 28)},
    makes=phrases(
        ("Coiled row by row and stitched with waxed thread.", "逐圈盘绕，以蜡线缝合。"),
        ("Woven damp, so that it dries tight.", "湿编，干后更紧实。"),
        ("Only the dyed strands are coloured; the rest is left as it grew.", "只有染色的部分上色，其余保留原色。"),
    ),
    uses=phrases(
        ("For blankets, bread, yarn or a sleeping cat.", "放毯子、面包、毛线，或一只睡着的猫。"),
        ("Takes the toys of one child or the magazines of one year.", "装得下一个孩子的玩具，或一年的杂志。"),
        ("Goes to the market empty and comes back late.", "空着去集市，满载而归。"),
        ("Hides what the hall would rather not show.", "收起玄关不想示人的东西。"),
    ),
)

RUG = FamilyWords(
    tag="rug",
    noun=Phrase("rug", "地毯"),
    category=Phrase("Rugs", "地毯"),
    parent=HOME,
    price=(79, 420),
    brands=("Varde Textiles", "Lantern & Loom"),
    shapes=phrase_table(
        hall=("wide", "长方形"),
        runner=("narrow", "长条"),
        round=("round", "圆形"),
        oval=("oval", "椭圆"),
        scalloped=("scalloped", "花边"),
    ),
    materials=phrase_table(
        wool=("wool", "羊毛"), cotton=("cotton", "棉"), jute=("jute", "黄麻"), tufted_wool=("tufted wool", "簇绒羊毛")
    ),
    dearness={"cotton": 0.6, "jute": 0.5, "tufted wool": 1.2},
    size=phrases(
        ("{a} × {b} cm, with a pile of about a centimetre.", "{a} × {b} 厘米，绒高约一厘米。"),
        ("Measures {a} by {b} cm.", "尺寸 {a} × {b} 厘米。"),
    ),
    measures={
        "hall": (160, 230),
        "runner": (80, 250),
        "round": (180, 180),
        "oval": (150, 210),
        "scalloped": (160, 220),
    },
    makes=phrases(
        ("Woven on a wooden loom by two people working side by side.", "两位织工并肩在木织机上织成。"),
        ("Dyed in small baths, so shades differ a little from one to the next.", "小缸染色，每张色泽略有差异。"),
        ("Lies flat from the first day and can be turned over.", "铺开即平整，可两面使用。"),
    ),
    uses=phrases(
        ("Quiet underfoot, and warmer than it looks.", "踩上去安静，比看起来更温暖。"),
        ("Pulls a sofa and two chairs into one room.", "把沙发和两把椅子拢成一个空间。"),
        ("Good for bare feet, building bricks and naps.", "适合赤脚、积木和午睡。"),
        ("Beat it outside twice a year; it asks for nothing else.", "每年户外拍打两次，此外别无所求。"),
    ),
)

CUSHION = FamilyWords(
    tag="cushion",
    noun=Phrase("cushion", "靠垫"),
    category=Phrase("Cushions", "靠垫"),
    parent=HOME,
    price=(19, 69),
    brands=("Varde Textiles", "Lantern & Loom"),
    shapes=phrase_table(
        square=("square", "方形"),
        long=("long", "长形"),
        round=("round", "圆形"),
        bolster=("bolster", "圆柱"),
        tasselled=("tasselled", "流苏"),
    ),
    materials=phrase_table(
        linen=("linen", "亚麻"), wool=("wool", "羊毛"), velvet=("velvet", "丝绒"), cotton=("cotton", "棉")
    ),
    dearness={"velvet": 1.3, "cotton": 0.8},
    size=phrases(
        ("{a} × {b} cm, filled with feathers.", "{a} × {b} 厘米，羽毛填充。"),
        ("Measures {a} by {b} cm; the cover comes off.", "尺寸 {a} × {b} 厘米，外套可拆。"),
    ),
    measures={"square": (50, 50), "long": (60, 40), "round": (45, 45), "bolster": (60, 22), "tasselled": (48, 48)},
    makes=phrases(
        ("The cover closes with a hidden zip and washes at thirty degrees.", "隐形拉链，外套可 30 度水洗。"),
        ("Cut so that the pattern meets at the seams.", "裁剪时图案在接缝处对齐。"),
        ("Woven first and dyed after, which makes the colour deep.", "先织后染，颜色更深沉。"),
    ),
    uses=phrases(
        ("For the corner of the sofa everybody wants.", "放在人人都想要的沙发角落。"),
        ("Firm enough for reading, soft enough for giving up.", "看书够挺，打盹够软。"),
        ("One is a cushion, three are a place to stay.", "一只是靠垫，三只便是窝。"),
        ("Also good on the floor, near a fire.", "放在地板上、炉火旁也很好。"),
    ),
)
