"""Names of clinics: what is left of a sign when the words that stand on every sign are gone."""

import re

from tipline.domain.matching.plain import plain

KINDS = (
    "中医馆|卫生室|卫生站|卫生所|门诊部|大药房|美容院|养生馆|工作室|理发店|诊疗所|诊所|门诊|医院|"
    "药店|药房|口腔|牙科|牙所|美容|会所|推拿|按摩|针灸|中医|西医"
)
FILLERS = re.compile(
    "^.*(?:后面|旁边|对面|隔壁|楼下|楼上|门口|附近|里面|叫做|名叫|[在的叫旁边号室房铺楼层路街巷弄道栋幢座区])"
)
SIGN = re.compile(f"([\u4e00-\u9fff]{{2,12}}?)(?:{KINDS})+")


def core(name: str) -> str:
    """康民中医诊所 and 康民门诊 are both 康民; a name of nothing but kinds stays as it is."""
    written = plain(name)
    found = SIGN.match(written)
    return found.group(1) if found else written


def names_in(text: str) -> tuple[str, ...]:
    """The cores of the names on signs that are said in a plain text."""
    found = (FILLERS.sub("", match.group(1)) for match in SIGN.finditer(text))
    return tuple(dict.fromkeys(name for name in found if len(name) > 1))
