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


@pytest.mark.parametrize("name", ["文三", "文三路"])
def test_a_name_in_the_address(name: str) -> None:
    person = Person(receiver=name, address="浙江省杭州市西湖区文三路138号")
    assert person.hide("送到文三路 来电") == "送到… 来电"
