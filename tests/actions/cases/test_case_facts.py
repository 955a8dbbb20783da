"""Facts that are learnt about a case while it may still be decided."""

import pytest

from retcli.actions.cases import case_facts, decisions
from retcli.errors import Refused
from retcli.rules.lifecycles import Kind
from tests.shopfloor import Books

ORDER = "2850000000000000001"


def test_a_finished_case_learns_nothing_until_it_is_opened_again(books: Books) -> None:
    """A refusal may still be turned into a yes, and a fact may bring it about; not while the case is filed away."""
    books.order(ORDER, ("TS-L", 1, 9397))
    case = books.do(decisions.open_case, ORDER, kind=Kind.RETURN, reason="B_7D").number
    books.do(decisions.reject, case, because="worn")
    books.do(case_facts.learn, case, ["opened=no"])
    books.do(decisions.finish, case)
    with pytest.raises(Refused, match="is finished"):
        books.do(case_facts.learn, case, ["misused=yes"])
    assert books.rows("SELECT opened, misused, filing FROM cases") == [(False, None, "finished")]
    books.do(decisions.reopen, case)
    books.do(case_facts.learn, case, ["misused=yes"])
    assert books.rows("SELECT misused, filing FROM cases") == [(True, "open")]
    books.check()
