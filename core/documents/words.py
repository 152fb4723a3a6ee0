"""Amounts in words, as receipts say them: exact for every amount, in five languages.

num2words says English, Russian and Persian cardinals. It reads Vietnamese hundreds that are zero
wrong (2021 is "hai nghìn không trăm hai mươi mốt") and has no Chinese: those two are spelled here,
Chinese in the capital figures that amounts are written in. Minor units stand behind in figures, but
in Chinese, which says 角 and 分.
"""

from num2words import num2words

from billcore.core.documents.wording import labels

AMOUNT_MAX = 10**18 - 1
"""The largest number of whole units that is said: more than any amount has."""


def in_words(minor: int, digits: int, currency: str, language: str) -> str:
    """An amount of 0 or more minor units in a language of LANGUAGES, with the currency's name."""
    whole, rest = divmod(minor, 10**digits)
    if language == "zh":
        return _chinese_money(whole, rest, digits, currency)
    names = labels(language)["currencies"].get(currency)
    word = _cardinal(whole, language)
    told = f"{word} {names[_form(whole, language)] if names else currency}"
    if rest:
        unit = names[f"minor_{_form(rest, language)}"] if names else ""
        joined = labels(language)["writing"]["and"]
        told = f"{told}{joined}{rest:0{digits}} {unit}".rstrip(" ")
    return told[0].upper() + told[1:]


def _cardinal(number: int, language: str) -> str:
    return vietnamese(number) if language == "vi" else str(num2words(number, lang=language))


def _form(number: int, language: str) -> str:
    """Which form of a noun stands behind a number (Unicode CLDR's plural rules)."""
    if language == "ru":
        if number % 10 == 1 and number % 100 != 11:
            return "one"
        return "few" if 2 <= number % 10 <= 4 and not 12 <= number % 100 <= 14 else "many"
    return "one" if number == 1 else "many"


# -- Vietnamese

_VI = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_VI_POWERS = ("", " nghìn", " triệu")
_VI_BILLION = " tỷ"


def vietnamese(number: int) -> str:
    """A cardinal, 0 or more: hundreds that are zero are said inside a number, as on invoices."""
    if not number:
        return _VI[0]
    high, low = divmod(number, 10**9)
    told = f"{vietnamese(high)}{_VI_BILLION}" if high else ""
    for power in (2, 1, 0):
        group = low // 1000**power % 1000
        if group:
            told += f" {_vi_group(group, bool(told))}{_VI_POWERS[power]}"
    return told.strip()


def _vi_group(group: int, inside: bool) -> str:
    """One of three digits; inside: something was said before it."""
    hundreds, tens, ones = group // 100, group // 10 % 10, group % 10
    told = [_VI[hundreds], "trăm"] if hundreds or inside else []
    if tens == 1:
        told.append("mười")
    elif tens:
        told += [_VI[tens], "mươi"]
    elif ones and told:
        told.append("lẻ")
    if ones:
        told.append(_vi_ones(tens, ones))
    return " ".join(told)


def _vi_ones(tens: int, ones: int) -> str:
    if ones == 1 and tens > 1:
        return "mốt"
    return "lăm" if ones == 5 and tens else _VI[ones]


# -- Chinese

_ZH = "零壹贰叁肆伍陆柒捌玖"
_ZH_PLACES = ("", "拾", "佰", "仟")
_ZH_UNITS = (("亿", 10**8), ("万", 10**4))
WHOLE = "整"
"""Ends an amount that has no smaller units, so that none can be added."""


def _chinese_money(whole: int, rest: int, digits: int, currency: str) -> str:
    names = labels("zh")["currencies"].get(currency)
    unit = names["one"] if names else currency
    if currency != "CNY":
        told = f"{chinese(whole)}{unit}"
        return (
            f"{told}{rest:0{digits}}{names['minor_one'] if names else ''}" if rest else told + WHOLE
        )
    jiao, fen = divmod(rest, 10)
    told = f"{chinese(whole)}{unit}" if whole or not rest else ""
    if jiao:
        told += f"{_ZH[jiao]}角"
    elif fen and whole:
        told += _ZH[0]
    return f"{told}{_ZH[fen]}分" if fen else told + WHOLE


def chinese(number: int) -> str:
    """A cardinal, 0 or more, in capital figures: 100,200 is 壹拾万零贰佰."""
    for unit, value in _ZH_UNITS:
        high, low = divmod(number, value)
        if high:
            gap = _ZH[0] if 0 < low < value // 10 else ""
            return f"{chinese(high)}{unit}{gap}{chinese(low) if low else ''}"
    return _zh_group(number) or _ZH[0]


def _zh_group(group: int) -> str:
    told, gap = "", False
    for place in range(3, -1, -1):
        figure = group // 10**place % 10
        if figure:
            told += (_ZH[0] if gap and told else "") + _ZH[figure] + _ZH_PLACES[place]
            gap = False
        else:
            gap = True
    return told
