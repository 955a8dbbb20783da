"""policy.toml: read to the fen and the day, every mistake named with its place."""

import tomllib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from retcli.rules.lifecycles import Kind
from retcli.rules.policy.file import read
from retcli.rules.policy.floor import floor
from retcli.rules.policy.policy import (
    Automatic,
    Excluded,
    Limits,
    OwnReason,
    Payer,
    Policy,
    Promotion,
    Sale,
    Settling,
    Terms,
    in_force,
)
from retcli.views.casefile.findings import sentence

TEMPLATE = (Path(__file__).parents[3] / "fixtures" / "policy.toml").read_text(encoding="utf-8")
EXAMPLES = TEMPLATE.replace("#: ", "")
HEAD = 'version = "a"\nfrom = 2026-12-01\n'


def written(text: str) -> Policy:
    policy, mistakes = read(tomllib.loads(HEAD + text))
    assert mistakes == []
    return policy


def mistakes(text: str) -> list[str]:
    _policy, found = read(tomllib.loads(text))
    return [sentence(f.text, f.facts) for f in found]


def test_the_packaged_file_is_the_usual_policy() -> None:
    policy, found = read(tomllib.loads(TEMPLATE))
    assert found == []
    assert replace(policy, version="default-1", starts_on=date.min) == Policy()


def test_the_examples_of_the_packaged_file_say_what_they_say() -> None:
    policy, found = read(tomllib.loads(EXAMPLES))
    assert found == []
    assert not [f for f in floor(policy, tomllib.loads(EXAMPLES)) if f.answer == "no"]
    assert (policy.version, policy.starts_on) == ("2026-12", date(2026, 12, 1))
    assert policy.excluded["内衣"] == Excluded.SEALED
    assert (policy.free_freight_from, policy.freight_fee) == (9900, 800)
    assert policy.promotions == (Promotion("满300减50", 30000, 5000, date(2026, 11, 1), date(2026, 11, 12)),)
    assert policy.gifts == {"GIFT-01": 1500}
    assert policy.limits_on("jd") == Limits(timedelta(hours=24), timedelta(days=7))
    assert policy.limits_on("taobao").first_reply == timedelta(hours=48)
    assert policy.patience == timedelta(days=5, hours=14, minutes=24)
    assert policy.evidence == {"Q_FUNC": frozenset({"photo", "video"})}
    assert policy.reasons == (OwnReason("Q_FUNC_MOTOR", "Q_FUNC", "电机不转"),)
    (remedy,) = policy.remedies
    assert (remedy.goods, remedy.then) == (("家具",), ("compensation", "resend", "return"))
    assert policy.automatic == (Automatic(frozenset({Kind.REFUND_ONLY}), 20000, unshipped=True),)
    assert policy.holidays[date(2027, 1, 3)] is True


def test_what_is_not_written_is_as_usual() -> None:
    assert written("") == Policy(version="a", starts_on=date(2026, 12, 1))


@pytest.mark.parametrize(
    ("sale", "terms"),
    [
        (Sale(category="女装"), Terms(days=15)),
        (Sale(category="实木家具"), Terms(days=15, extended_days=30, fee=1000, because=("家具",))),
        (
            Sale(category="实木家具", tier="钻石", ordered_on=date(2026, 11, 11)),
            Terms(15, 60, 1000, return_freight=Payer.SHOP, because=("家具", "钻石", "双11")),
        ),
        (Sale(category="家具", ordered_on=date(2026, 11, 12)), Terms(15, 30, 1000, because=("家具",))),
        (Sale(tier="钻石", platform="jd"), Terms(days=15, return_freight=Payer.SHOP, because=("钻石",))),
    ],
)
def test_rules_for_some_sales_are_laid_over_each_other(sale: Sale, terms: Terms) -> None:
    policy = written(
        '[no_reason]\ndays = 15\n[[when]]\nname = "家具"\ncategory = "家具"'
        '\nno_reason = { extended_days = 30, fee = "10%" }'
        '\n[[when]]\nname = "钻石"\ntier = "钻石"\nno_reason = { return_freight = "shop" }'
        '\n[[when]]\nname = "双11"\nordered_from = 2026-11-01\nordered_until = 2026-11-11'
        "\nno_reason = { extended_days = 60 }"
    )
    assert policy.terms_for(sale) == terms


def test_the_version_of_the_day_judges() -> None:
    first, second = (Policy(version=v, starts_on=day) for v, day in (("1", date(2026, 1, 1)), ("2", date(2026, 6, 1))))
    names = [in_force([first, second], date(2026, month, 1)).version for month in (1, 5, 6, 12)]
    assert names == ["1", "1", "2", "2"]
    assert in_force([first, second], date(2025, 12, 31)).version == "default-1"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('version = "a"', ["from: this must be a day, such as 2026-12-01"]),
        (HEAD + "[no_reason]\nday = 7", ["no_reason.day: nobody knows this key; do you mean days?"]),
        (HEAD + "[no_reason]\ndays = -1", ["no_reason.days: this must be a whole number of days, such as 7"]),
        (
            HEAD + "[no_reason]\nfee = 0.1",
            ['no_reason.fee: this must be a percentage in quotation marks, such as "10%"'],
        ),
        (
            HEAD + "[limits]\nagent = 30.5",
            ['limits.agent: this must be an amount in quotation marks, such as "30.00"'],
        ),
        (
            HEAD + "[clocks]\nfirst_reply = 48",
            ['clocks.first_reply: this must be a length of time in quotation marks, such as "48h", "7d" or "5d14h24m"'],
        ),
        (HEAD + '[[auto_approve]]\nkinds = ["return"]', ["auto_approve[1].most: this must be there"]),
        (
            HEAD + '[[when]]\nname = "x"\nno_reason = { days = 9 }',
            ["when[1]: this must be a rule that says for which category, tier, platform, shop or days it is"],
        ),
        (
            HEAD + '[evidence]\nQ_NOPE = ["photo"]',
            ["evidence.Q_NOPE: this must be a reason's code, such as Q_FUNC: retcli words"],
        ),
        (
            HEAD + '[[remedy]]\nreasons = ["Q_LOOK"]\nthen = ["kiss"]\nwhy = "x"',
            ["remedy[1].then: this must be a list of rungs and kinds of cases, such as compensation, resend"],
        ),
        (HEAD + '[[remedy]]\nthen = ["resend"]\nwhy = "x"', ["remedy[1].reasons: this must be there"]),
        (HEAD + "when = 3", ["when: this must be a list of tables: write it with [[ ]]"]),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, said: list[str]) -> None:
    assert mistakes(text) == said


FLOOR = [
    ("[no_reason]\ndays = 6", "window", "消法 §25"),
    ('[[when]]\nname = "x"\ncategory = "鞋"\nno_reason = { days = 3 }', "window", "消法 §25"),
    ('[no_reason]\nopened = "refuse"', "opened", "暂行办法 §8"),
    ('[no_reason]\nfee = "10%"', "fee", "消法 §25"),
    ('[no_reason]\nextended_days = 30\nfee = "10%"\nfee_from_day = 3', "fee", "消法 §25"),
    ('[quality]\nfee = "10%"', "fee", "消法 §24"),
    ('[quality]\nreturn_freight = "buyer"', "freight", "消法 §24"),
    ("[quality]\nreturn_days = 5", "quality", "消法 §24"),
    ('[excluded]\nnear_expiry = ["特价"]', "special_price", "暂行办法 §6 §7"),
    ("[excluded]\nconfirmation = false", "confirmation", "暂行办法 §7 §20"),
    ('[refund]\nas = "coupon"', "method", "暂行办法 §14"),
    ('[refund]\nwithin = "10d"', "refund", "消法 §25"),
    ('[gifts]\nsettle = "priced"', "gift", "暂行办法 §12"),
    ('evidence_missing = "refuse"', "evidence", "消法 §24"),
    ('[texts]\nnotice = "特价商品不退不换"', "special_price", "暂行办法 §6 §7 §30"),
    ('[texts]\nnotice = "拆封不退"', "opened", "暂行办法 §8"),
    ('[texts]\nnotice = "签收后概不负责"', "signed", "法释〔2022〕8号 §1"),
    ('[texts]\nnotice = "破损请 24 小时内举证，否则不予处理"', "evidence", "消法 §24"),
    ('[texts]\nnotice = "本店保留最终解释权"', "last_word", "消法 §26"),
]


@pytest.mark.parametrize(("text", "rule", "article"), FLOOR, ids=[text for text, *_of in FLOOR])
def test_below_the_floor_is_refused_by_article(text: str, rule: str, article: str) -> None:
    document = tomllib.loads(HEAD + text)
    policy, wrong = read(document)
    assert wrong == []
    assert [(f.rule, f.basis) for f in floor(policy, document) if f.answer == "no"] == [(rule, article)]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('[no_reason]\nreturn_freight = "shop"', "freight"),
        ('[promotions]\nsettle = "again"', "promotion"),
        ('[[auto_approve]]\nkinds = ["return"]\nmost = "1000.00"', "auto_approve"),
        ("[quality]\nexchange_days = 10", "guarantee"),
        ('[no_reason]\nextended_days = 30\nfee = "60%"', "fee"),
        ('[texts]\nnotice = "请在 24 小时内拍照给我们"', "evidence"),
    ],
)
def test_what_the_law_leaves_open_is_warned_of(text: str, rule: str) -> None:
    document = tomllib.loads(HEAD + text)
    policy, wrong = read(document)
    assert wrong == []
    assert [(f.rule, f.answer) for f in floor(policy, document)] == [(rule, "person")]


@pytest.mark.parametrize("length", ["7d1h", "7d 1m", "169h", "10d"])
def test_a_refund_that_comes_late_is_refused_with_the_length_that_is_written(length: str) -> None:
    document = tomllib.loads(f'{HEAD}[refund]\nwithin = "{length}"')
    (found,) = floor(read(document)[0], document)
    assert sentence(found.text, found.facts).endswith(f"what is written is {length}")
    assert (found.answer, found.basis) == ("no", "消法 §25")


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (("M_1", "M_2"), []),
        (("M_1", "M_1"), ["reasons[2].code: another reason has the code M_1"]),
        (("M_1", "M_2", "m_1"), ["reasons[3].code: another reason has the code m_1"]),
        (("Q_FUNC",), ["reasons[1].code: another reason has the code Q_FUNC"]),
        (("M_1", " q_look "), ["reasons[2].code: another reason has the code q_look"]),
    ],
)
def test_a_sub_reason_has_a_code_of_its_own(codes: tuple[str, ...], said: list[str]) -> None:
    text = "".join(f'[[reasons]]\ncode = "{code}"\nparent = "Q_FUNC"\nname = "电机"\n' for code in codes)
    assert mistakes(HEAD + text) == said


def test_promotions_are_settled_as_written() -> None:
    assert written('[promotions]\nsettle = "again"').settling == Settling.AGAIN


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("taobao", ("taobao", "Taobao", " TAOBAO ", "淘宝")),
        ("pdd", ("pdd", "Pinduoduo", "拼多多")),
        ("1688", ("1688",)),
        ("小店自建商城", ("小店自建商城",)),
    ],
)
def test_a_platform_is_meant_by_its_code_and_by_its_names(code: str, words: tuple[str, ...]) -> None:
    for name in words:
        policy = written(
            f'[[when]]\nplatform = "{name}"\nno_reason = {{ days = 15 }}\n[clocks."{name}"]\nfirst_reply = "9h"'
        )
        assert policy.terms_for(Sale(platform=code)).days == 15
        assert policy.terms_for(Sale(platform=words[-1])).days == 15
        assert policy.terms_for(Sale(platform="jd")).days == 7
        assert policy.limits_on(code).first_reply == timedelta(hours=9)
        assert policy.limits_on("jd").first_reply == timedelta(hours=48)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[clocks.taobaoo]\nfirst_reply = '9h'",
            "clocks: no platform known here is called taobaoo; do you mean taobao?",
        ),
        (
            '[[when]]\nname = "网"\nplatform = "淘宝吧"\nno_reason = { days = 15 }',
            "网: no platform known here is called 淘宝吧; do you mean 淘宝?",
        ),
        (
            '[[when]]\nname = "自建"\nplatform = "自营商城"\nno_reason = { days = 15 }',
            "自建: no platform known here is called 自营商城: right only where a mapping file calls one so",
        ),
        ("[clocks.淘宝]\nfirst_reply = '9h'\n[clocks.jd]\nfirst_reply = '9h'", ""),
    ],
)
def test_a_platform_that_nobody_knows_is_warned_of(text: str, said: str) -> None:
    document = tomllib.loads(HEAD + text.replace("淘宝]", '"淘宝"]'))
    policy, wrong = read(document)
    assert wrong == []
    found = floor(policy, document, "draft.toml")
    assert [(f.answer, f.basis, sentence(f.text, f.facts)) for f in found] == (
        [("person", "draft.toml", said)] if said else []
    )


def test_kinds_rungs_and_reasons_are_meant_by_their_chinese_words() -> None:
    policy = written(
        '[[auto_approve]]\nkinds = ["仅退款", "return and refund"]\nmost = "9"\nreasons = ["未按时发货"]'
        '\n[[remedy]]\nreasons = ["外观瑕疵", "L_DAMAGE"]\nthen = ["补偿", "补发", "more time", "退货退款"]\nwhy = "x"'
        '\n[[reasons]]\ncode = "A"\nparent = "功能故障"\nname = "B"\n[reason_words]\n"慢" = "未按时发货"'
        '\n[evidence]\n"功能故障" = ["photo"]'
    )
    ((automatic,), (remedy,), (own,)) = policy.automatic, policy.remedies, policy.reasons
    assert automatic == Automatic(frozenset({Kind.REFUND_ONLY, Kind.RETURN}), 900, frozenset({"S_LATE"}))
    assert remedy.reasons == {"Q_LOOK", "L_DAMAGE"}
    assert remedy.then == ("compensation", "resend", "more_time", "return")
    assert (own.parent, policy.reason_words, list(policy.evidence)) == ("Q_FUNC", {"慢": "S_LATE"}, ["Q_FUNC"])


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[clocks.jd]\nfirst_reply = "9h"\n[clocks."京东"]\nfirst_reply = "8h"', "clocks.京东"),
        ('[evidence]\nQ_FUNC = ["photo"]\n"功能故障" = ["video"]', "evidence.功能故障"),
    ],
)
def test_what_stands_there_under_two_names_is_named(text: str, place: str) -> None:
    assert mistakes(HEAD + text) == [f"{place}: this is there twice, under two names"]
