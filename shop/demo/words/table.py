"""Words for what stands on the table: mugs, teapots, bowls, bottles."""

from __future__ import annotations

from shop.demo.words.vocabulary import ON_THE_WAY, TABLE, FamilyWords, Phrase, phrase_table, phrases

MUG = FamilyWords(
    tag="mug",
    noun=Phrase("mug", "马克杯"),
    category=Phrase("Mugs", "马克杯"),
    parent=TABLE,
    price=(12, 34),
    brands=("Fenwater Pottery", "Kilnhouse", "Osk & Alder"),
    shapes=phrase_table(
        cylinder=("straight", "直身"),
        tapered=("tapered", "收底"),
        barrel=("round-bellied", "圆肚"),
        tulip=("footed", "高足"),
        camp=("camp", "露营"),
        espresso=("small", "小号"),
    ),
    materials=phrase_table(
        stoneware=("stoneware", "炻器"), porcelain=("porcelain", "瓷"), enamel=("enamelled steel", "搪瓷")
    ),
    dearness={"porcelain": 1.2, "enamel": 0.8},
    size=phrases(
        ("Holds {a} ml and stands {b} cm high.", "容量 {a} 毫升，高 {b} 厘米。"),
        ("{b} cm high, for {a} ml.", "高 {b} 厘米，可盛 {a} 毫升。"),
    ),
    measures={
        "cylinder": (350, 9.5),
        "tapered": (330, 9.2),
        "barrel": (380, 9),
        "tulip": (340, 10),
        "camp": (400, 8.5),
        "espresso": (110, 6.2),
    },
    makes=phrases(
        ("Thrown on the wheel, so no two rims are quite alike.", "手工拉坯，每只杯口都略有不同。"),
        ("The handle is pulled by hand and takes three fingers.", "手柄手工拉制，可容三指。"),
        ("Fired twice; the glaze is safe in the dishwasher.", "两次烧成，釉面可放洗碗机。"),
        ("Glazed inside and out, with the foot left bare.", "内外施釉，底足露胎。"),
    ),
    uses=phrases(
        ("A mug for the second coffee, the one you sit down for.", "适合坐下来慢慢喝的第二杯咖啡。"),
        ("Keeps tea warm through a long letter.", "写一封长信的工夫，茶依然温热。"),
        ("Stacks badly and is missed when it is in the dishwasher.", "不太好叠放，但一进洗碗机就会想念它。"),
        ("Good for cocoa, soup and pencils.", "盛可可、热汤或插铅笔都合适。"),
    ),
)

TEAPOT = FamilyWords(
    tag="teapot",
    noun=Phrase("teapot", "茶壶"),
    category=Phrase("Teapots", "茶壶"),
    parent=TABLE,
    price=(38, 96),
    brands=("Fenwater Pottery", "Kilnhouse", "Osk & Alder"),
    shapes=phrase_table(
        round=("round", "圆形"), low=("low", "矮身"), tall=("tall", "高身"), cone=("cone-shaped", "锥形")
    ),
    materials=phrase_table(
        stoneware=("stoneware", "炻器"), porcelain=("porcelain", "瓷"), cast_iron=("cast iron", "铸铁")
    ),
    dearness={"cast iron": 1.35, "porcelain": 1.1},
    size=phrases(
        ("Pours {a} cups; {b} cm high with its lid.", "可斟 {a} 杯，连盖高 {b} 厘米。"),
        ("Room for {a} cups, {b} cm to the knob.", "{a} 杯容量，至盖钮高 {b} 厘米。"),
    ),
    measures={"round": (5, 17), "low": (4, 13), "tall": (6, 21), "cone": (5, 18)},
    makes=phrases(
        ("The spout is cut sharp and doesn't drip.", "壶嘴切口利落，不滴水。"),
        ("The lid has a small catch, so one hand is enough to pour.", "壶盖带小卡扣，单手即可倒茶。"),
        ("A fine strainer is built in behind the spout.", "壶嘴内置细滤网。"),
    ),
    uses=phrases(
        ("Big enough for a talk that takes longer than planned.", "足以陪伴一场比预想更久的谈话。"),
        ("Looks at home beside bread as beside good cups.", "配面包或配好茶杯都相宜。"),
        ("Warm it first; it will return the favour for an hour.", "先温壶，它会保温一小时作为回报。"),
        ("For black tea, green tea and the mint from the window sill.", "红茶、绿茶、窗台上的薄荷都能泡。"),
    ),
)

BOWL = FamilyWords(
    tag="bowl",
    noun=Phrase("bowl", "碗"),
    category=Phrase("Bowls", "碗"),
    parent=TABLE,
    price=(14, 58),
    brands=("Fenwater Pottery", "Kilnhouse", "Halm & Reed"),
    shapes=phrase_table(
        ramen=("deep", "深口"),
        breakfast=("breakfast", "早餐"),
        shallow=("shallow", "浅口"),
        footed=("footed", "高足"),
        straight=("straight-sided", "直壁"),
    ),
    materials=phrase_table(
        stoneware=("stoneware", "炻器"),
        porcelain=("porcelain", "瓷"),
        wood=("turned wood", "车旋木"),
        lacquer=("lacquered wood", "漆木"),
    ),
    dearness={"lacquer": 1.4, "wood": 1.2},
    accents={"wood": Phrase("painted {colour} inside", "内壁漆成{colour}")},
    size=phrases(
        ("{a} cm across and {b} cm deep.", "口径 {a} 厘米，深 {b} 厘米。"),
        ("Measures {a} cm at the rim, {b} cm high.", "碗口 {a} 厘米，高 {b} 厘米。"),
    ),
    measures={"ramen": (19, 8.5), "breakfast": (15, 7), "shallow": (23, 5), "footed": (18, 11), "straight": (17, 6.5)},
    makes=phrases(
        ("Turned thin at the rim and heavy at the foot.", "口沿薄，底足厚重。"),
        ("The inside is smooth enough for a spoon to run quietly.", "内壁光滑，勺子划过无声。"),
        ("Shaped in one piece, without a seam.", "一体成形，没有接缝。"),
    ),
    uses=phrases(
        ("For noodles, fruit, keys or nothing at all.", "盛面、盛水果、放钥匙，或者空着都好看。"),
        ("Six of them make a table look laid.", "摆上六只，餐桌便像模像样。"),
        ("The one that always ends up in the middle of the table.", "总是被放在餐桌中央的那一只。"),
        ("Holds salad for two or lemons for a week.", "可盛两人份沙拉，或一周的柠檬。"),
    ),
)

BOTTLE = FamilyWords(
    tag="bottle",
    noun=Phrase("bottle", "水瓶"),
    category=Phrase("Bottles", "水瓶"),
    parent=ON_THE_WAY,
    price=(19, 46),
    brands=("Outfold", "Tidemark"),
    shapes=phrase_table(
        shoulder=("round-shouldered", "圆肩"),
        slim=("slim", "细长"),
        milk=("bell-shaped", "钟形"),
        flask=("straight", "直筒"),
        wide=("wide-mouthed", "广口"),
    ),
    materials={
        "powder-coated steel": Phrase("powder-coated steel", "粉末涂层不锈钢"),
        "brushed steel": Phrase("brushed steel", "拉丝不锈钢"),
        "enamel": Phrase("enamelled steel", "珐琅钢"),
        "glass": Phrase("tinted glass", "有色玻璃"),
    },
    dearness={"glass": 0.85, "brushed steel": 1.1},
    accents={"brushed steel": Phrase("with a broad band of {colour}", "环绕一道{colour}宽带")},
    size=phrases(
        ("Holds {a} ml; {b} cm tall.", "容量 {a} 毫升，高 {b} 厘米。"),
        ("{a} ml, {b} cm, fits a bicycle cage.", "{a} 毫升，高 {b} 厘米，可放入自行车水壶架。"),
    ),
    measures={"shoulder": (600, 25), "slim": (500, 26), "milk": (700, 24), "flask": (750, 23), "wide": (900, 22)},
    makes=phrases(
        ("The cap closes with a quarter turn and a click.", "瓶盖旋转四分之一圈，咔嗒一声即闭合。"),
        ("Every part comes apart for washing.", "所有部件均可拆开清洗。"),
        ("Its seal can be bought again, so the bottle needn't be.", "密封圈可单独更换，不必换整只瓶子。"),
    ),
    uses=phrases(
        ("Made for trains, desks and the top of a hill.", "适合火车、书桌和山顶。"),
        ("Carries water in summer and broth in winter.", "夏天装水，冬天装热汤。"),
        ("Small enough for a coat pocket if the coat is a good one.", "若大衣够好，放得进口袋。"),
        ("Stands steady on a moving table.", "在晃动的桌上也站得稳。"),
    ),
)
