"""Words for furniture and light: lamps, chairs, clocks."""

from __future__ import annotations

from shop.demo.words.vocabulary import FURNITURE, FamilyWords, Phrase, phrase_table, phrases

LAMP = FamilyWords(
    tag="lamp",
    noun=Phrase("lamp", "台灯"),
    category=Phrase("Lamps", "灯具"),
    parent=FURNITURE,
    price=(64, 260),
    brands=("Norrlight", "Lumo & Daughters"),
    shapes=phrase_table(
        drum=("drum-shaded", "鼓形罩"),
        cone=("cone-shaded", "锥形罩"),
        mushroom=("mushroom", "蘑菇"),
        globe=("globe", "球形"),
        dome=("dome", "圆顶"),
        arc=("bent-arm", "弯臂"),
    ),
    materials={
        "stoneware": Phrase("stoneware", "炻器"),
        "glazed ceramic": Phrase("glazed ceramic", "釉面陶瓷"),
        "brass": Phrase("brass", "黄铜"),
        "oak": Phrase("oak", "橡木"),
    },
    dearness={"brass": 1.35, "oak": 1.1},
    accents={
        "brass": Phrase("with a {colour} shade", "配{colour}灯罩"),
        "oak": Phrase("with a {colour} shade", "配{colour}灯罩"),
    },
    size=phrases(
        ("{a} cm high, {b} cm across the shade.", "高 {a} 厘米，灯罩宽 {b} 厘米。"),
        ("Stands {a} cm; the shade measures {b} cm.", "立高 {a} 厘米，灯罩 {b} 厘米。"),
    ),
    measures={
        "drum": (48, 32),
        "cone": (50, 34),
        "mushroom": (36, 30),
        "globe": (38, 26),
        "dome": (44, 30),
        "arc": (52, 18),
    },
    makes=phrases(
        ("The flex is covered in cloth and two metres long.", "布包电线，长两米。"),
        ("Dims with a touch at the foot.", "轻触底座即可调光。"),
        ("The shade is stitched, not glued, and can be replaced.", "灯罩缝制而成，可更换。"),
    ),
    uses=phrases(
        ("Makes a circle of light just large enough for a book.", "光圈刚好照亮一本书。"),
        ("For a desk, a bedside or the end of a long shelf.", "适合书桌、床头或长架的尽头。"),
        ("Warm enough to dine by, bright enough to sew by.", "温暖得可以用餐，明亮得可以缝纫。"),
        ("Left on, it looks as if somebody were home.", "亮着它，就像家里有人。"),
    ),
)

CHAIR = FamilyWords(
    tag="chair",
    noun=Phrase("chair", "椅子"),
    category=Phrase("Chairs", "椅子"),
    parent=FURNITURE,
    price=(120, 540),
    brands=("Varnhus", "Osk & Alder Wood"),
    shapes=phrase_table(
        ladder=("ladder-back", "梯背"),
        spindle=("spindle-back", "细杆背"),
        moulded=("shell", "壳形"),
        lounge=("lounge", "休闲"),
        stool=("bar-height", "吧台"),
        bistro=("café", "咖啡馆"),
    ),
    materials=phrase_table(
        oak=("oak", "橡木"),
        walnut=("walnut", "胡桃木"),
        ash=("ash", "白蜡木"),
        lacquered_beech=("lacquered beech", "漆面榉木"),
    ),
    dearness={"walnut": 1.3, "lacquered beech": 0.85},
    accents={wood: Phrase("with a seat in {colour}", "配{colour}座面") for wood in ("oak", "walnut", "ash")},
    size=phrases(
        ("The seat is {a} cm from the floor, the whole {b} cm high.", "座高 {a} 厘米，总高 {b} 厘米。"),
        ("Seat height {a} cm; {b} cm overall.", "座面 {a} 厘米，整体高 {b} 厘米。"),
    ),
    measures={
        "ladder": (45, 86),
        "spindle": (45, 90),
        "moulded": (44, 82),
        "lounge": (38, 78),
        "stool": (65, 67),
        "bistro": (46, 88),
    },
    makes=phrases(
        ("Joined without screws and finished with oil.", "榫卯结构，不用螺丝，表面涂油。"),
        ("The legs are turned from one piece each.", "每条椅腿由整木车成。"),
        ("The back gives a little, where a back should.", "椅背在该弹的地方略有弹性。"),
        ("Comes assembled; the seat can be renewed.", "整装发货，座面可更换。"),
    ),
    uses=phrases(
        ("For tables where people stay after the meal.", "适合饭后仍有人久坐的餐桌。"),
        ("Light enough to carry to the window.", "轻便，可搬到窗边。"),
        ("Good company for a desk and for a stack of books.", "书桌与一摞书的好伙伴。"),
        ("Two by a wall make a place to wait in.", "靠墙放两把，便是等候的一角。"),
    ),
)

CLOCK = FamilyWords(
    tag="clock",
    noun=Phrase("clock", "时钟"),
    category=Phrase("Clocks", "时钟"),
    parent=FURNITURE,
    price=(34, 168),
    brands=("Norrlight", "Hourman"),
    shapes=phrase_table(
        round=("round wall", "圆形壁挂"),
        square=("square wall", "方形壁挂"),
        sunburst=("sunburst", "太阳"),
        alarm=("alarm", "闹铃"),
        arch=("mantel", "壁炉台"),
        pendulum=("pendulum", "摆锤"),
    ),
    materials=phrase_table(
        oak=("oak", "橡木"),
        walnut=("walnut", "胡桃木"),
        lacquered_steel=("lacquered steel", "漆面钢"),
        brass=("brass", "黄铜"),
    ),
    dearness={"brass": 1.25, "walnut": 1.15},
    accents={case: Phrase("with a {colour} dial", "配{colour}表盘") for case in ("oak", "walnut", "brass")},
    size=phrases(
        ("{a} cm wide and {b} cm high.", "宽 {a} 厘米，高 {b} 厘米。"),
        ("Measures {a} by {b} cm.", "尺寸 {a} × {b} 厘米。"),
    ),
    measures={
        "round": (30, 30),
        "square": (28, 28),
        "sunburst": (52, 52),
        "alarm": (13, 17),
        "arch": (22, 20),
        "pendulum": (26, 54),
    },
    makes=phrases(
        ("The hands sweep without a tick.", "指针平滑行走，没有滴答声。"),
        ("Runs a year on one battery.", "一节电池可走一年。"),
        ("The marks are set in, not printed.", "刻度为镶嵌而非印刷。"),
    ),
    uses=phrases(
        ("Can be read from across the kitchen.", "隔着厨房也看得清。"),
        ("For a wall that has waited for something round.", "给一面等着点什么的墙。"),
        ("Tells the time and otherwise keeps quiet.", "报时，此外保持安静。"),
        ("A calm thing to look at when you are early.", "早到时，看着它便安心。"),
    ),
)
