"""The practice shops: each exercise done rightly, not at all, and wrongly in the likeliest way; the hints lead out."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from retcli import language
from retcli.actions import demo
from retcli.actions.practice import finance, looking, making, warehouse
from retcli.actions.practice.state import BOOKS_NAME
from retcli.database import engine
from retcli.errors import Refused
from retcli.rules.lifecycles import Role
from retcli.settings import Asked
from retcli.views.practice.lacks import Lack, Missing
from retcli.views.practice.sheet import LookedThrough
from retcli.views.practice.tasks import Task
from tests.terminal import Desk

Calls = tuple[str, ...]
SIZE, MUGS = "260000333065468995", "2850261263592704217"
SIGNED, SENT, FAILED = "{signed}", "{sent}", "{failed}"
"""The payouts of finance's exercises, put in by their amounts."""
SCAN = "scan - <"
"""A call whose codes, parted by blanks, are typed on its standard input."""
RIGHT: dict[Task, Calls] = {
    Task.CALL: ("order find 8048", f"case approve {demo.SEVEN_DAY}"),
    Task.PHOTO: (f"case approve {demo.PRICE_CUT}",),
    Task.SIZE: (f"case change {SIZE} --want HD02-GY-XL --because 买家要XL", f"case approve {SIZE}"),
    Task.ONE_OF_TWO: (
        f"case open {MUGS} --kind 退货退款 --reason 七天无理由 --line MUG-01=1 --channel phone",
        "case approve RC20261109-0040",
    ),
    Task.CLEAR: ("case approve --all-yes --yes",),
    Task.REFUSE: (f"case reject {demo.EIGHTH_DAY} --because 过了七天，灯是好的",),
    Task.NO_ANSWER: (f"case contact {demo.LOST} --by 电话 --result 未接通", f"case note {demo.LOST} 下午再打"),
    Task.CLICKS: (
        "platform todo",
        f"platform done {demo.SEVEN_DAY} {demo.PRICE_CUT} {SIZE} {demo.MIXED} {demo.LAST_DAY} {demo.WRONG_GOODS}"
        f" {demo.SECOND_PIECE} {demo.EIGHTH_DAY}",
    ),
    Task.PLAIN: (f"{SCAN} YT5260493176849 RCMDA HUM-01",),
    Task.TWO_PIECES: (f"{SCAN} SF1620041173367 RCMDA MUG-01 RCMDC MUG-01",),
    Task.WRONG_PIECE: (f"{SCAN} YT5260493170018 RCMDX HD02-GY-L",),
    Task.CAME_BACK: (f"{SCAN} 465401777140021 RCMDA JN03-BL-30",),
    Task.SMEARED: (f"parcel inspect {demo.LAST_DAY} --item CUP-500=1:A",),
    Task.EMPTY: (f"{SCAN} 78120045560031 RCMDEMPTY", f"case attach {demo.QUALITY} {{folder}}/空盒.png --kind 照片"),
    Task.STRAY: (f"{SCAN} {demo.STRANGE_WAYBILL} 2850261527574502274 RCMDA HD02-GY-L",),
    Task.SIGNATURE: (f"--operator 店长 pay approve {SIGNED}",),
    Task.ARRIVED: (f"pay sent {SENT}", f"pay confirm {SENT}"),
    Task.BOUNCED: (f"pay fail {FAILED} --because 没有实名",),
    Task.RULED: ("--operator 店长 case verdict 260000249352635075 --lost --because 平台判退",),
    Task.QUESTIONS: tuple(f"--operator 店长 imports answer {n} --seen" for n in (1, 2, 3)),
    Task.MONTH: ("export reconciliation --month 11 -o {folder}",),
}
"""One right way through every exercise."""
WRONG: list[tuple[Task, Calls, Lack]] = [
    (Task.CALL, (f"case reject {demo.SEVEN_DAY} --because 再等等",), Lack.REFUSED),
    (Task.CALL, (f"case withdraw {demo.SEVEN_DAY}",), Lack.WITHDRAWN),
    (Task.PHOTO, (f"case approve {demo.PRICE_CUT} --amount 10",), Lack.AMOUNT),
    (Task.SIZE, (f"case approve {SIZE}",), Lack.NO_TARGET),
    (
        Task.SIZE,
        (f"case change {SIZE} --want HD02-GY-M --because 换", f"case approve {SIZE}"),
        Lack.TARGET,
    ),
    (
        Task.ONE_OF_TWO,
        (f"case open {MUGS} --kind return --reason B_7D --line MUG-01", "case approve RC20261109-0040"),
        Lack.PIECES,
    ),
    (
        Task.ONE_OF_TWO,
        (f"case open {MUGS} --kind refund-only --reason B_7D --line MUG-01=1",),
        Lack.KIND,
    ),
    (Task.CLEAR, (f"case approve {demo.MIXED}", f"case reject {demo.WRONG_GOODS} --because 不信"), Lack.REFUSED),
    (Task.CLEAR, (f"case approve {demo.MIXED}",), Lack.UNDECIDED),
    (
        Task.REFUSE,
        (f"--operator 店长 case approve {demo.EIGHTH_DAY} --waive window --because 老客",),
        Lack.AGREED,
    ),
    (Task.NO_ANSWER, (f"case contact {demo.LOST} --by 电话 --result 已联系上 --note 下午再打",), Lack.RESULT),
    (Task.NO_ANSWER, (f"case note {demo.LOST} 下午再打",), Lack.NO_CONTACT),
    (Task.NO_ANSWER, (f"case contact {demo.LOST} --by 电话 --result 未接通",), Lack.NO_NOTE),
    (Task.NO_ANSWER, (f"case reject {demo.LOST} --because 联系不上",), Lack.TOO_SOON),
    (
        Task.CLICKS,
        (f"case approve {demo.SEVEN_DAY}", f"case approve {demo.MIXED}", f"platform done {demo.MIXED}"),
        Lack.NOT_CLICKED,
    ),
    (Task.PLAIN, (f"{SCAN} YT5260493176849",), Lack.NOT_GRADED),
    (Task.PLAIN, (f"{SCAN} YT5260493176849 RCMDC HUM-01",), Lack.GRADE),
    (Task.TWO_PIECES, (f"{SCAN} SF1620041173367 RCMDA MUG-01 RCMDA MUG-01",), Lack.GRADE),
    (Task.WRONG_PIECE, (f"{SCAN} YT5260493170018 RCMDA HD02-GY-M",), Lack.NOT_IN_IT),
    (Task.CAME_BACK, (f"{SCAN} 465401777140021",), Lack.NOT_GRADED),
    (Task.SMEARED, (f"{SCAN} SF1620049999999 RCMDA CUP-500",), Lack.ON_ITS_OWN),
    (Task.EMPTY, (f"{SCAN} 78120045560031 RCMDA JUI-01",), Lack.NOT_IN_IT),
    (Task.EMPTY, (f"{SCAN} 78120045560031",), Lack.NOT_OPENED),
    (Task.EMPTY, (f"{SCAN} 78120045560031 RCMDEMPTY",), Lack.NO_PHOTO),
    (Task.STRAY, (f"{SCAN} {demo.STRANGE_WAYBILL} RCMDA HD02-GY-L",), Lack.ON_ITS_OWN),
    (
        Task.STRAY,
        (f"{SCAN} {demo.STRANGE_WAYBILL}", f"parcel match {demo.STRANGE_WAYBILL} {demo.QUALITY} --because 猜的"),
        Lack.OTHER_CASE,
    ),
    (Task.SIGNATURE, (f"pay fail {SIGNED} --because 太多",), Lack.STRUCK_OUT),
    (Task.ARRIVED, (f"pay sent {SENT}",), Lack.NOT_CONFIRMED),
    (Task.ARRIVED, (f"pay fail {SENT} --because 没到",), Lack.NOT_LEFT),
    (Task.BOUNCED, (f"pay sent {FAILED}", f"pay confirm {FAILED}"), Lack.CONFIRMED),
    (Task.RULED, ("--operator 店长 case answer 260000249352635075",), Lack.NOT_CLOSED),
    (Task.RULED, ("--operator 店长 case verdict 260000249352635075 --won --because 我们对",), Lack.VERDICT),
    (Task.QUESTIONS, ("--operator 店长 imports answer 1 --seen",), Lack.QUESTIONS),
    (Task.MONTH, ("export reconciliation --month 2026-10 -o {folder}",), Lack.OTHER_MONTH),
    (Task.MONTH, ("export reconciliation --month 2026-11 -o {folder}", f"pay sent {SENT}"), Lack.OUTDATED),
]
"""The likeliest wrong ways, and what is said of each."""
NO_WAY_BACK = {Lack.VERDICT, Lack.TOO_SOON}
"""What was done for good: no command mends it, one begins anew."""
ROLE_OF = {rule.task: role for role, rules in looking.RULES.items() for rule in rules}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A present folder of the test's own, where workbooks may be written."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> dict[Role, Path]:
    """The folder of a fresh practice shop for each role."""
    language.use(language.CHINESE)
    folder = tmp_path_factory.mktemp("practice")
    for role in looking.RULES:
        making.make(role, folder / role, Asked("", "", quiet=True))
        engine.engine(str(folder / role / BOOKS_NAME)).dispose()
    return {role: folder / role for role in looking.RULES}


class Pupil:
    """Somebody who practises, in a copy of a role's shop."""

    def __init__(self, fresh: Path, role: Role, folder: Path) -> None:
        self.folder, self.role = shutil.copytree(fresh, folder), role
        at = demo.THURSDAY if role == Role.FINANCE else demo.MONDAY
        self.desk = Desk(str(folder / BOOKS_NAME), at=at, by=looking.OPERATORS[role])
        self.names = {"folder": str(folder)}
        if role == Role.FINANCE:
            amounts = {"signed": finance.PROMISED, "sent": finance.ARRIVED, "failed": finance.BOUNCED}
            query = "SELECT number FROM payouts WHERE minor = :minor AND kind = 'compensation'"
            self.names |= {name: self.desk.books.value(query, minor=minor) for name, minor in amounts.items()}

    def do(self, *calls: str) -> None:
        """Types calls that must not be refused."""
        for call in calls:
            words, _sep, codes = call.format_map(self.names).partition(" <")
            answer = self.desk.type("--lang", "zh", *shlex.split(words), typed="\n".join(codes.split()) + "\n")
            assert answer.code in {0, 3}, (call, answer)

    def sheet(self) -> LookedThrough:
        """The sheet, looked through."""
        return looking.look(Asked(self.desk.database, "nobody"), None, hints=True)

    def missing(self, task: Task) -> tuple[Missing, ...]:
        """What is missing in an exercise."""
        exercise = next(each for each in self.sheet().exercises if each.task == task)
        return exercise.missing_


def pupil_of(role: Role, shops: dict[Role, Path], tmp_path: Path) -> Pupil:
    """A pupil in a fresh shop of a role."""
    return Pupil(shops[role], role, tmp_path / "shop")


@pytest.mark.parametrize("role", looking.RULES)
def test_who_did_nothing_is_told_what_is_missing_in_each(shops: dict[Role, Path], tmp_path: Path, role: Role) -> None:
    sheet = pupil_of(role, shops, tmp_path).sheet()
    assert sheet.exit_code == 3
    assert [each.number for each in sheet.exercises] == list(range(1, len(looking.RULES[role]) + 1))
    for exercise in sheet.exercises:
        assert not exercise.done
        assert all(missing.command for missing in exercise.missing_)


@pytest.mark.parametrize("role", looking.RULES)
def test_the_right_way_through(shops: dict[Role, Path], tmp_path: Path, role: Role) -> None:
    """Each exercise counts at once; at the end all do, and the books are in order."""
    pupil = pupil_of(role, shops, tmp_path)
    for rule in looking.RULES[role]:
        pupil.do(*RIGHT[rule.task])
        assert pupil.missing(rule.task) == ()
    sheet = pupil.sheet()
    assert sheet.exit_code == 0
    assert all(exercise.done for exercise in sheet.exercises)
    pupil.desk.books.check()


@pytest.mark.parametrize("role", looking.RULES)
def test_the_hints_alone_lead_to_the_end(shops: dict[Role, Path], tmp_path: Path, role: Role) -> None:
    """Every command as it is hinted, with words for what only a person knows; codes are scanned the right way."""
    pupil = pupil_of(role, shops, tmp_path)
    follow(pupil, [rule.task for rule in looking.RULES[role]])
    assert pupil.sheet().exit_code == 0


@pytest.mark.parametrize(("task", "calls", "lack"), WRONG, ids=lambda value: str(value) if value in set(Lack) else "")
def test_a_wrong_way_is_named_and_its_hint_leads_back(
    shops: dict[Role, Path], tmp_path: Path, task: Task, calls: Calls, lack: Lack
) -> None:
    pupil = pupil_of(ROLE_OF[task], shops, tmp_path)
    pupil.do(*calls)
    missing = pupil.missing(task)
    assert lack in {each.lack for each in missing}
    assert all(each.text for each in missing)
    if lack not in NO_WAY_BACK and Lack.NO_CLICK_YET not in {each.lack for each in missing}:
        follow(pupil, [task])
        assert pupil.missing(task) == ()


def follow(pupil: Pupil, tasks: list[Task]) -> None:
    """Types what the hints say until nothing is missing in some exercises, or nothing changes any more."""
    for _round in range(40):
        commands = [each.command for task in tasks for each in pupil.missing(task)]
        if not commands:
            return
        command = commands[0].removeprefix("retcli ")
        if command == "scan":
            task = next(task for task in tasks if pupil.missing(task))
            codes = RIGHT[task][0] if SCAN in RIGHT[task][0] else SCAN
            pupil.do(codes)
        else:
            more = " --yes" if command.endswith("--all-yes") else ""
            pupil.do(re.sub(r"\bTEXT\b", "好", command) + more)


def test_other_books_are_no_practice(shops: dict[Role, Path], tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"practice|练习"):
        looking.look(Asked(str(tmp_path / "none.db"), "nobody"), None)
    assert not (tmp_path / "none.db").exists(), "looking makes no books"
    desk = Desk(str(tmp_path / "shop.db"))
    desk.read("books", "init")
    assert "practice" in desk.refused("demo", "--check")
    folder = shops[Role.AGENT]
    assert desk.read("demo", str(folder), "--check", code=3)["practice"]["role"] == "agent"


def test_each_is_made_from_the_same_beginning_in_a_folder_of_its_own(
    shops: dict[Role, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first free name; a folder with something in it is left alone."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "retcli-practice-agent").mkdir()
    answer = Desk("").type("--lang", "zh", "demo", "--practice", "客服")
    assert answer.code == 0
    assert 'export RETCLI_DB="$PWD/retcli-practice-agent-2/practice.db"' in answer.out
    first, again = (
        looking.look(Asked(str(place / BOOKS_NAME), ""), None).document()["practice"]["exercises"]
        for place in (shops[Role.AGENT], tmp_path / "retcli-practice-agent-2")
    )
    assert first == again
    refused = Desk("").refused("demo", str(shops[Role.AGENT]), "--practice", "agent")
    assert "is not empty" in refused or "不是空的" in refused


def test_the_screen_says_what_is_missing_and_hints_only_when_asked(shops: dict[Role, Path], tmp_path: Path) -> None:
    pupil = pupil_of(Role.AGENT, shops, tmp_path)
    pupil.do(*RIGHT[Task.CALL])
    plain, hinted = (pupil.desk.type("--lang", "zh", "demo", option) for option in ("--check", "--hint"))
    assert plain.code == hinted.code == 3
    assert "1. 买家来电：完成" in plain.out
    assert "完成 1 题，共 8 题" in plain.out
    assert "× RC20261109-0026 还没审核" in plain.out
    assert "retcli case reject" not in plain.out
    assert "retcli case reject RC20261109-0026 --because ‹原因›" in hinted.out


def test_the_photo_of_the_empty_box_lies_in_the_folder(shops: dict[Role, Path]) -> None:
    assert (shops[Role.WAREHOUSE] / "空盒.png").read_bytes().startswith(b"\x89PNG")
    assert warehouse.PHOTO == "empty-box.png"
