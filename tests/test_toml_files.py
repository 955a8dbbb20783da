"""Files that are no TOML: the line and what is wrong there, never the library's English."""

import tomllib

import pytest

from retcli.language import CHINESE, speaking
from retcli.toml_files import told

FAULTS = {
    "包邮 = 99": "第 1 行：名称不是字母、数字、- 和 _ 的，要加引号",
    "version 1": "第 1 行：名称后面要写 = 和它的值",
    'a = "1"\na = "2"\n': "第 2 行：同一个名称写了两次",
    '[a]\n[a]\nb = "1"': "第 2 行：同一个名称写了两次",
    'a = "1"\n[terms': "文件末尾：括号没有收尾",
    "a = [1, 2": "文件末尾：括号没有收尾",
    'a = "1\nb = "2"': "第 1 行：文字少了后引号，或含有不能用的字符",
    'a = "C:\\新"': "第 1 行：双引号里的文字有 \\：请改用单引号",
    "a = 2026-02-30": "第 1 行：没有这样的日期或时间",
    'a = "1" b = "2"': "第 1 行：一行只能写一个名称和它的值",
    "a = 运费": "第 1 行：文字要加引号，金额也要",
    "a = 12.50元": "第 1 行：一行只能写一个名称和它的值",
    "=": "第 1 行：名称不是字母、数字、- 和 _ 的，要加引号",
}


@pytest.mark.parametrize("text", FAULTS)
def test_a_fault_is_told_by_its_line_and_in_words(text: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as wrong:
        tomllib.loads(text)
    with speaking(CHINESE):
        assert told(wrong.value) == FAULTS[text]
