"""Amounts in words against known examples, and read back."""

import pytest

from billcore.core.documents.words import AMOUNT_MAX, chinese, in_words, vietnamese

EXAMPLES = """
en | 0          | 0 | IRR | Zero rials
en | 1          | 0 | VND | One dong
en | 100        | 2 | USD | One dollar
en | 4577       | 2 | USD | Forty-five dollars and 77 cents
en | 101        | 2 | USD | One dollar and 01 cent
en | 362344     | 0 | IRR | Three hundred and sixty-two thousand, three hundred and forty-four rials
ru | 100        | 2 | RUB | Один рубль
ru | 2100       | 2 | RUB | Двадцать один рубль
ru | 2200       | 2 | RUB | Двадцать два рубля
ru | 1200       | 2 | RUB | Двенадцать рублей
ru | 11100      | 2 | RUB | Сто одиннадцать рублей
ru | 154038     | 2 | RUB | Одна тысяча пятьсот сорок рублей 38 копеек
ru | 200002     | 2 | RUB | Две тысячи рублей 02 копейки
ru | 500000021  | 2 | RUB | Пять миллионов рублей 21 копейка
fa | 362344     | 0 | IRR | سیصد و شصت و دو هزار و سیصد و چهل و چهار ریال
fa | 1000       | 0 | IRR | هزار ریال
fa | 21000017   | 0 | IRR | بیست و یک میلیون و هفده ریال
fa | 105        | 2 | USD | یک دلار و 05 سنت
vi | 0          | 0 | VND | Không đồng
vi | 15         | 0 | VND | Mười lăm đồng
vi | 21         | 0 | VND | Hai mươi mốt đồng
vi | 105        | 0 | VND | Một trăm lẻ năm đồng
vi | 2021       | 0 | VND | Hai nghìn không trăm hai mươi mốt đồng
vi | 320017     | 0 | VND | Ba trăm hai mươi nghìn không trăm mười bảy đồng
vi | 1000005    | 0 | VND | Một triệu không trăm lẻ năm đồng
vi | 1234567    | 0 | VND | Một triệu hai trăm ba mươi bốn nghìn năm trăm sáu mươi bảy đồng
vi | 5000000000 | 0 | VND | Năm tỷ đồng
zh | 16488      | 2 | CNY | 壹佰陆拾肆元捌角捌分
zh | 100        | 2 | CNY | 壹元整
zh | 5          | 2 | CNY | 伍分
zh | 50         | 2 | CNY | 伍角整
zh | 105        | 2 | CNY | 壹元零伍分
zh | 0          | 2 | CNY | 零元整
zh | 140950     | 2 | CNY | 壹仟肆佰零玖元伍角整
zh | 600714     | 2 | CNY | 陆仟零柒元壹角肆分
zh | 1070005300 | 2 | CNY | 壹仟零柒拾万零伍拾叁元整
zh | 10000000   | 2 | CNY | 壹拾万元整
zh | 10010020000| 2 | CNY | 壹亿零壹拾万零贰佰元整
zh | 362344     | 0 | IRR | 叁拾陆万贰仟叁佰肆拾肆里亚尔整
"""
"""1,409.50 and 6,007.14 are examples of the rules for Chinese cheques (正确填写票据)."""


@pytest.mark.parametrize("line", EXAMPLES.strip().splitlines())
def test_known_amounts(line):
    language, minor, digits, currency, words = (part.strip() for part in line.split("|"))
    assert in_words(int(minor), int(digits), currency, language) == words


def test_a_currency_without_names_is_told_by_its_code():
    assert in_words(5, 3, "KWD", "en") == "Zero KWD and 005"
    assert in_words(7000, 3, "KWD", "ru") == "Семь KWD"


FIGURES = {figure: value for value, figure in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1_000}


def read_chinese(text):
    """The number that capital figures say, read as one reads: groups of 亿 and 万."""
    for unit, value in (("亿", 10**8), ("万", 10**4)):
        high, found, low = text.rpartition(unit)
        if found:
            return read_chinese(high) * value + read_chinese(low)
    total, figure = 0, 0
    for sign in text:
        if sign in PLACES:
            total += figure * PLACES[sign]
            figure = 0
        else:
            figure = FIGURES[sign]
    return total + figure


VI = {word: value for value, word in enumerate(
    ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
)} | {"mốt": 1, "lăm": 5}  # fmt: skip


def read_vietnamese(text):
    for unit, value in (("tỷ", 10**9), ("triệu", 10**6), ("nghìn", 10**3)):
        high, found, low = f" {text} ".rpartition(f" {unit} ")
        if found:
            return read_vietnamese(high.strip()) * value + read_vietnamese(low.strip())
    total, figure = 0, 0
    for word in text.split():
        if word == "trăm":
            total, figure = total + figure * 100, 0
        elif word == "mươi":
            total, figure = total + figure * 10, 0
        elif word == "mười":
            total += 10
        elif word != "lẻ":
            figure = VI[word]
    return total + figure


def numbers():
    yield from range(2_100)
    for power in range(3, 18):
        for lead in (1, 2, 10, 11, 15, 21, 101, 105, 999):
            for tail in (0, 1, 5, 10, 15, 21, 100, 105, 1_000, 10_001, 100_200):
                if lead * 10**power + tail <= AMOUNT_MAX:
                    yield lead * 10**power + tail


def test_what_is_spelled_here_is_read_back():
    for number in numbers():
        assert read_chinese(chinese(number)) == number, chinese(number)
        assert read_vietnamese(vietnamese(number)) == number, vietnamese(number)
