"""Platforms as people write them: everyday names, their back-ends, several in one breath."""

import pytest

from retcli.rules.names import near_platform, platform_of, platforms_in


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("抖音 天猫", ["douyin", "taobao"]),
        ("千牛", ["taobao"]),
        ("视频号", ["wxshop"]),
        ("阿里巴巴", ["1688"]),
        ("拼夕夕", ["pdd"]),
        ("淘宝和抖音", ["taobao", "douyin"]),
        ("抖店平台", ["douyin"]),
        ("淘宝店、京东商城以及小红书", ["taobao", "jd", "xhs"]),
        ("1，2", ["taobao", "pdd"]),
        ("1688", ["1688"]),
        ("TB+DY", ["taobao", "douyin"]),
        ("TikTok 淘宝", ["tiktok", "taobao"]),
        ("淘宝 火星 99", ["taobao", "", ""]),
        ("微店", [""]),
        ("", []),
    ],
)
def test_everyday_names_mean_their_platform(written: str, codes: list[str]) -> None:
    assert list(platforms_in(written).values()) == codes


@pytest.mark.parametrize(("written", "code"), [("淘包", "taobao"), ("拼多都", "pdd"), ("抖因", "douyin")])
def test_a_slip_is_near_what_was_meant(written: str, code: str) -> None:
    assert platform_of(near_platform(written) or "") == code


def test_what_is_near_nothing_has_no_neighbour() -> None:
    assert near_platform("火星") is None
