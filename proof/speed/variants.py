"""Places and the many ways in which people write them down, for the proof of matching."""

import random
from dataclasses import dataclass

import opencc


def _words(line: str) -> list[str]:
    return line.split()


ROADS = _words(
    "官山一路 官山二路 官山三路 光华南路 光华中路 光华北路 站前三路 站前四路 "
    "红旗中路 红旗北路 双山一路 双山三路 新福一街 新福二街 油城五路 油城七路 "
    "人民南路 人民北路 迎宾四路 茂南大道 厂前西路 官渡二路 澄波街 教育路 中山路 "
    "解放街 桂园路 玉都大道 为民路 河滨路 文明北路 高凉中路 西粤南路 计星路 "
    "健康街 "
)
ESTATES = _words(
    "阳光小区 桂花苑 碧水花园 锦绣新村 城中公寓 金茂大厦 东门市场 福华村 石鼓新村 荔晶花园 "
)
NAMES = _words(
    "康民 仁和 济世 安康 百草 福寿 明仁 华佗 惠民 同心 保健 永康 春天 佳美 丽人 洁雅 博爱 长青 "
)
SIGNS = ("诊所", "门诊", "中医馆", "口腔", "美容院", "药店")
DIVISIONS = {
    "440902": "茂南区",
    "440904": "电白区",
    "440981": "高州市",
    "440982": "化州市",
    "440983": "信宜市",
}
HOMOPHONES = {
    "官": "关",
    "光": "广",
    "华": "花",
    "站": "占",
    "双": "霜",
    "新": "心",
    "迎": "赢",
    "中": "钟",
}
LOOK_ALIKES = {"0": "O", "1": "１", "官": "宫", "未": "末", "4": "４", "-": "—", "一": "⼀"}
NUMERALS = "〇一二三四五六七八九"
SEEN = _words(
    "晚上有人给人打吊针 墙上没有执照 里面挂着输液架 收现金不开票 没有医师证 "
    "很多老人去 孩子也打针 用过的针头扔在楼下 药没有说明书 门上没有招牌 "
    "打完针有人晕倒 卖祖传膏药 拔牙不消毒 做双眼皮 帘子后面有床 白天关门夜里开 "
    "有人望风 说包治百病 问了不肯给看证 冰箱里放着药 "
)


@dataclass(frozen=True)
class Place:
    """A clinic as it really is."""

    division: str
    road: str
    number: str
    estate: str
    building: str
    room: str
    sign: str


def places(dice: random.Random, number: int) -> list[Place]:
    """That many different places, many of them neighbours on one road or in one building."""
    found: dict[tuple[str, ...], Place] = {}
    while len(found) < number:
        in_estate = dice.random() < 0.3
        floor, room = dice.randint(1, 9), dice.randint(1, 6)
        place = Place(
            division=dice.choice(list(DIVISIONS)),
            road="" if in_estate else dice.choice(ROADS),
            number="" if in_estate else str(dice.randint(1, 60)),
            estate=dice.choice(ESTATES) if in_estate else "",
            building=str(dice.randint(1, 20)) if in_estate else "",
            room=f"{floor}0{room}" if in_estate or dice.random() < 0.5 else "",
            sign=dice.choice(NAMES) + dice.choice(SIGNS) if dice.random() < 0.4 else "",
        )
        found.setdefault(
            (place.division, place.road + place.estate, place.number, place.building), place
        )
    return list(found.values())


class Teller:
    """Writes one place down as one of many people would."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.traditional = opencc.OpenCC("s2t")

    def tell(self, place: Place) -> dict[str, str]:
        """Division, address, floor and facts of one tip."""
        address = self._estate(place) if place.estate else self._road(place)
        room = self._room(place)
        apart = self._often(0.5)
        address = address if apart or not room else f"{address} {room}"
        if place.sign and self._often(0.5):
            address += self.dice.choice(("", "旁边的", "，")) + self._misheard(place.sign, 0.1)
        return {
            "division": "" if self._often(0.15) else place.division,
            "address": self._mangled(self._prefixed(address, place.division)),
            "floor": room if apart else "",
            "facts": "，".join(self.dice.sample(SEEN, 4)) + "。",
        }

    def _often(self, share: float) -> bool:
        return self.dice.random() < share

    def _road(self, place: Place) -> str:
        number = place.number if self._often(0.8) else self._in_words(place.number)
        if self._often(0.06):
            return self._misheard(place.road, 0.25) + self.dice.choice(("中段", "菜市场附近", ""))
        space = self.dice.choice(("", " "))
        mark = self.dice.choice(("号", "号", "號", "")) if place.room == "" else "号"
        return f"{self._misheard(place.road, 0.08)}{space}{number}{space}{mark}"

    def _estate(self, place: Place) -> str:
        building = place.building if self._often(0.8) else self._in_words(place.building)
        if self._often(0.05):
            return self._misheard(place.estate, 0.08)
        return (
            f"{self._misheard(place.estate, 0.08)}{building}{self.dice.choice(('栋', '幢', '座'))}"
        )

    def _room(self, place: Place) -> str:
        if not place.room or self._often(0.2):
            return ""
        if self._often(0.15):
            return f"{place.room[0]}{self.dice.choice(('楼', '层', ' 楼'))}"
        digits = place.room if self._often(0.8) else "".join(NUMERALS[int(d)] for d in place.room)
        return f"{digits}{self.dice.choice(('', '室', '房', '号房'))}"

    def _in_words(self, number: str) -> str:
        value = int(number)
        tens, ones = divmod(value, 10)
        head = ("" if tens == 1 else NUMERALS[tens]) + "十" if tens else ""
        return head + (NUMERALS[ones] if ones or not tens else "")

    def _misheard(self, name: str, share: float) -> str:
        return "".join(HOMOPHONES.get(s, s) if self._often(share) else s for s in name)

    def _prefixed(self, address: str, division: str) -> str:
        name = DIVISIONS[division]
        return (
            self.dice.choice(("", "", "", name, f"茂名市{name}", f"广东省茂名市{name}")) + address
        )

    def _mangled(self, address: str) -> str:
        if self._often(0.12):
            address = self.traditional.convert(address)
        if self._often(0.12):
            address = "".join(LOOK_ALIKES.get(s, s) if self._often(0.3) else s for s in address)
        return address
