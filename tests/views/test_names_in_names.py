"""A text about an order shows no part of a name that begins, ends or contains another one of the same person."""

from itertools import permutations

import pytest

from retcli.views.freetext import Person

PAIRS = [
    pytest.param("张三", "张三丰", "张三丰", "张*", id="begins"),
    pytest.param("三丰", "张三丰", "张三丰", "张*", id="ends"),
    pytest.param("三丰", "张三丰收", "张三丰收", "张*", id="within"),
    pytest.param("王张三", "张三丰", "王张三丰", "王*", id="overlap"),
    pytest.param("张三丰", "张三丰", "张三丰", "张*", id="same"),
    pytest.param("欧阳", "欧阳修", "欧阳修", "欧*", id="surname"),
    pytest.param("Ann", "Ann Lee", "Ann Lee", "A*", id="latin begins"),
    pytest.param("Lee", "Ann Lee", "Ann Lee", "A*", id="latin ends"),
    pytest.param("tb张三", "张三丰", "tb张三丰", "t*", id="nickname"),
    pytest.param("张三", "张三先生", "张三先生", "张*", id="form of address"),
]


@pytest.mark.parametrize(("one", "other", "written", "shown"), PAIRS)
@pytest.mark.parametrize("fields", list(permutations(("buyer", "receiver", "others"), 2)))
def test_the_whole_is_hidden(fields: tuple[str, str], one: str, other: str, written: str, shown: str) -> None:
    words = zip(fields, (one, other), strict=True)
    person = Person(**{field: (word,) if field == "others" else word for field, word in words})  # type: ignore[arg-type]
    assert person.hide(f"{written} 来电") == f"{shown} 来电"


def test_each_alone_is_hidden_as_ever() -> None:
    person = Person(buyer="张三", receiver="张三丰")
    assert person.hide("张三和张三丰") == "张*和张*"


@pytest.mark.parametrize(
    ("receiver", "written", "shown"),
    [
        ("欧阳翠花", "请寄到门卫，翠花收", "请寄到门卫，翠*收"),
        ("欧阳翠花", "我是翠花，麻烦快点", "我是翠*，麻烦快点"),
        ("林翠花", "翠花姐的快递", "翠*姐的快递"),
        ("林翠花", "翠花", "翠*"),
        ("李明天", "明天发货，明天一定到", "明天发货，明天一定到"),
        ("李明天", "明天本人签收", "明*本人签收"),
    ],
)
def test_a_given_name_is_hidden_where_it_names_somebody(receiver: str, written: str, shown: str) -> None:
    assert Person(receiver=receiver).hide(written) == shown


@pytest.mark.parametrize(
    "address",
    [
        "浙江省金华市义乌市稠城街道银泰花园7幢502室",
        "浙江省 金华市 义乌市 稠城街道 江滨北路 银泰花园 7幢502室",
        "江苏省苏州市工业园区星湖街银泰花园7幢502室",
        "浙江省杭州市钱塘区经济开发区银泰花园7幢502室",
    ],
)
def test_an_estate_is_hidden_also_without_what_stands_before_it(address: str) -> None:
    assert Person(address=address).hide("请寄到银泰花园7幢502室，谢谢").replace("……", "…") == "请寄到…，谢谢"


@pytest.mark.parametrize("name", ["文三", "文三路"])
def test_a_name_in_the_address(name: str) -> None:
    person = Person(receiver=name, address="浙江省杭州市西湖区文三路138号")
    assert person.hide("送到文三路 来电") == "送到… 来电"
