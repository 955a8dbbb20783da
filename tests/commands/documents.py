"""The JSON document of every command, in whole: what scripts may rely on. One entry a command of the tree; one that
answers several kinds of documents has a tuple of them. Every answer that a test reads as JSON is held
against it.
"""

from collections.abc import Sequence
from typing import Any

from tests.commands.shapes import Shape, misfits

PROBLEM: Shape = {"invariant": "count", "where": "text", "text": "text"}
FINDING: Shape = {
    **{"rule": "text", "answer": "text", "basis": "text", "text": "text"},
    "facts": {"*": ("text|count|flag|money|instant|day", ["text"])},
    "commands?": ["text"],
    "waived_by?": "text",
}
BESIDE: Shape = {"kind": "text", "method": "text", "money": "money|points", "state": "text"}
CASE_MONEY: dict[str, Shape] = {
    **dict.fromkeys(("due", "paid", "sent", "clicked", "to_send", "waiting", "taken_back"), "money"),
    "agreed": "money|none",
    "beside": [BESIDE],
}
REGISTER_ENTRY: dict[str, Shape] = {
    **{"entry": "text", "kind": "text", "state": "text", "authority": "flag", "due_at": "instant|none"},
    **{"estimated": "flag", "note": "text", "because": "text", "opened_at": "instant"},
}
REGISTER: Shape = {"register": [{"case": "text", "order": "text"} | REGISTER_ENTRY]}
CASE_LINE: Shape = {
    **{"line": "text", "sku": "text", "quantity": "count", "received": "count", "accepted": "count"},
    **{"want": "text|none", "due": "money"},
}
CLOCK: Shape = {"name": "text", "due_at": "instant", "source": "text", "estimated": "flag", "unverified": "flag"}
CASE_PAYOUT: Shape = {
    **{"number": "text", "kind": "text", "method": "text", "money": "money|points", "state": "text"},
    **{"clicked": "flag", "request": "text"},
}
OFFER: Shape = {
    **{"rung": "text", "amount": "money", "state": "text", "by": "text", "at": "instant", "note": "text"},
    "saved?": "money",
}
SENT_BACK: Shape = {
    **{"waybill": "text", "inspected": "flag", "sent": {"*": "count"}, "accepted": {"*": "count"}},
}
DECIDED: Shape = {"by": "text", "as": "text", "at": "instant", "because": "text"}
SENT_FOR: Shape = {
    **{"sku": "text", "quantity": "count", "state": "text", "carrier": "text", "waybill": "text"},
    **{"at": "instant|none", "shipment": "text"},
}
HISTORY: Shape = {
    **{"at": "instant", "by": "text", "actor": "text", "subject": "text", "action": "text", "axis": "text"},
    **{"now": "text", "money": "money|points|none"},
}
CASE: dict[str, Shape] = {
    **{"number": "text", "order": "text", "kind": "text", "words": "text"},
    "buyer": {"name": "text", "receiver": "text", "phone": "text", "channel": "text"},
    "reason": {"stated": "text", "set": "text", "verified": "text", "fault": "text", "detail": "text"},
    **{"owner": "text", "decision": "text"},
    "decided": (DECIDED, "none"),
    "paid_against": ({"by": "text", "at": "instant", "money": "money"}, "none"),
    **{"goods": "text", "money": "text", "replacement": "text", "platform_action": "text"},
    **{"platform_status": "text", "platform_number": "text"},
    "there": {"*": "text"},
    **{"stage": "text", "applied_at": "instant", "applied_anew_at": "instant|none", "lines": [CASE_LINE]},
    **CASE_MONEY,
    **{"collect": "money", "verdict": "text", "findings": [FINDING], "waived": ["text"], "clocks": [CLOCK]},
    **{"payouts": [CASE_PAYOUT], "parcels": ["text"], "sent_back": [SENT_BACK], "earlier": ["text"]},
    **{"stands_out": ["text"], "policy": "text"},
    "order_facts": {"paid": "text", "sent": "text", "signed": "text"},
    **{"note": "text", "flag": "text", "contacts": "count", "extended_days": "count"},
    **{"proposal": "text", "ask_buyer": "text", "next": "text", "return_address": "text"},
    **{"sent_for": [SENT_FOR], "history": [HISTORY], "offers": [OFFER], "version": "count"},
}
WRITTEN_BESIDE: dict[str, Shape] = {
    "notes": [{"at": "instant", "by": "text", "text": "text", "amount": "money|none", "sku": "text", "flag": "text"}],
    "contact_log": [{"at": "instant", "by": "text", "way": "text", "result": "text", "note": "text"}],
    "extensions": [{"at": "instant", "by": "text", "days": "count", "because": "text"}],
    "register": [REGISTER_ENTRY],
    "evidence_kinds": ["text"],
    "serials": [{"sku": "text", "serial": "text", "at": "instant"}],
}
"""What a case that is looked at alone has besides."""
ONE_CASE: Shape = {"case": CASE | WRITTEN_BESIDE}
DONE_TO_CASE: Shape = {"case": CASE | {f"{key}?": shape for key, shape in WRITTEN_BESIDE.items()}}
FAULT: Shape = {"row": "count", "column": "text", "text": "text", "problem": "text"}
FELL: Shape = {"cases": "count", "clicked": "count", "money": ["money"], "command": "text"}
GAVE_WAY: Shape = {"cases": "count", "money": ["money"], "command": "text"}
COUNTS: dict[str, Shape] = dict.fromkeys(("rows", "added", "changed", "unchanged", "refused"), "count")
BACKUP: Shape = {
    **{"file": "text", "seq": "count", "head": "text", "kept": "count", "evidence": "count"},
    **{"differing": ["text"], "strange": ["text"]},
}
FILES: dict[str, Shape] = {
    "files": [
        {
            **{"path": "text", "platform": "text", "format": "text", "state": "text"},
            **COUNTS,
            **{"waiting": "count", "questions": "count", "misfits": "count", "faults": [FAULT], "remarks": ["text"]},
            **{"gave_way": GAVE_WAY, "fell": FELL, "problem?": "text", "hint?": "text"},
        }
    ],
    "totals": COUNTS | {"waiting": "count", "questions": "count"},
}
VALUE: dict[str, Shape] = dict.fromkeys(("id", "subject", "field", "known", "found"), "text")
CONTENT: Shape = {"sku": "text", "counted": "count", "inspected": "count", "serials": ["text"]}
PARCEL: dict[str, Shape] = {
    **{"number": "text", "waybill": "text", "carrier": "text", "state": "text", "received_at": "instant|none"},
    **{"received_by": "text", "cases": ["text"], "contents": [CONTENT]},
    **{"stranger": "count|none", "shelf": "text|none"},
}
LABEL: Shape = dict.fromkeys(("sender", "phone_tail", "old_waybill", "city", "by", "note"), "text") | {"at": "instant"}
FOUND: Shape = {"sku": "text", "pieces": "count", "grade": "text", "to?": "text", "missing?": "text"}
FITTED: Shape = {"parcel": "text", "cases": ["text"], "score": "count", "because": ["text"]}
PARCEL_CARD: Shape = {
    **PARCEL,
    **{"weight": "count|none", "expected_weight": "count|none", "too_light": "flag"},
    **{"found": [FOUND], "held": [FOUND], "returned_carrier": "text"},
    **{"returned_waybill": "text", "label": (LABEL, "none"), "earlier": [LABEL], "because": "text"},
    "history": [HISTORY],
}
STALLED: Shape = {
    **{"waybill": "text", "carrier": "text", "order": "text", "case": "text", "wrong": "text"},
    **{"last_at": "instant|none", "hours": "count"},
}
PARCELS_WAITING: Shape = {"parcels": "count", "since": "instant|none"}
DELIVERY: Shape = {
    **dict.fromkeys(("number", "carrier", "state", "begun_by"), "text"),
    **dict.fromkeys(("announced", "scanned", "turned_away", "short", "surplus", "strangers", "unopened"), "count"),
    **{"begun_at": "instant", "ended_at": "instant|none", "parcels": ["text"], "missing": [STALLED]},
    "others": [{"parcel": "text", "carrier": "text"}],
    "settled_because": "text",
}
CLIP: Shape = {
    **{"from": "instant", "to": "instant", "seconds": "count", "cases": ["text"]},
    **dict.fromkeys(("parcel", "waybill", "by", "session"), "text"),
}
ONE_PARCEL: Shape = {
    "parcel": PARCEL,
    "moves": [{"sku": "text", "quantity": "count", "from": "text", "to": "text"}],
}
PAYOUT: dict[str, Shape] = {
    **{"number": "text", "case": "text", "kind": "text", "method": "text", "payee": "text", "money": "money|points"},
    **{"state": "text", "clicked": "flag", "request": "text", "decided_by": "text", "approved_by": "text|none"},
    "origin": "text",
}
ASKED_OF: Shape = {"id": "text", "subject": "text", "field": "text"}
ONE_PAYOUT: Shape = {"payout": PAYOUT | {"questions": [ASKED_OF]}}
AMOUNT_OF_CASE: Shape = {"case": "text", "money": "money"}
PASSED_OVER: Shape = {"case": "text", "money": "money", "why": "text"}
ERROR: Shape = {"code": "text", "message": "text", "hint": "text", "where": {"*": "text"}}
CUT_OFF: dict[str, Shape] = {"left?": [AMOUNT_OF_CASE], "uncertain?": [AMOUNT_OF_CASE], "error?": ERROR}
CLICK: Shape = {
    **{"case": "text", "platform_number": "text", "order": "text", "action": "text", "money": "money"},
    **{"due_at": "instant|none", "estimated": "flag", "state": "text", "paste": "text", "missed": "count"},
    "after": "text",
    "another": "text",
    "unready": (dict.fromkeys(("asked", "agreed", "waiting", "for_goods"), "money") | {"next": "text"}, "none"),
}
CLICKS: Shape = {
    "items": [CLICK],
    "held": [{"case": "text", "action": "text", "money": "money", "left": "money|none", "next": "text"}],
}
KIND_SUM: Shape = {"kind": "text", "count": "count", "money": ["money|points"], "coupons": ["money"]}
PAYOUT_SUM: Shape = {
    **{"count": "count", "money": ["money|points"], "coupons": ["money"]},
    **{"oldest": "instant|none", "overdue": "count", "kinds": [KIND_SUM]},
}
LINE_OF_ORDER: Shape = {
    **{"number": "text", "sku": "text", "title": "text", "quantity": "count", "cash": "money"},
    **{"refundable": "money", "units_open": "count"},
}
AMOUNTS: Shape = ["money"]
SHEETS: dict[str, Shape] = {"file": "text", "sheets": [{"name": "text", "rows": "count"}], "remarks": ["text"]}
COUNT_AND_MONEY: Shape = {"count": "count", "money": "money"}
CONTROL: Shape = dict.fromkeys(("opening", "new", "matched", "closing"), COUNT_AND_MONEY)
DIFFERENCE: Shape = {
    **{"class": "text", "count": "count", "flags": ["text"], "money": "money", "unmatched": "money"},
    **{"goods_not_in": "money|none"},
    **{"case": "text", "order": "text", "bill": "text", "agreed_there": "text|none", "operator": "text|none"},
    **{"waits_for_order": "money|none", "carried": "flag", "text": "text"},
}
WAITING_REFUND: Shape = {
    **dict.fromkeys(("refund", "order", "platform", "shop", "written", "state", "status"), "text"),
    **{"money": "money|none", "due_at": "instant|none", "succeeded_at": "instant|none"},
}
CHECKED_POLICY: Shape = {"file": "text", "version": "text", "in_force_from": "text", "findings": [FINDING]}
STAFF: Shape = {"staff": [{"name": "text", "role": "text"}]}

SCAN = {"code": "text", "outcome": "text", "parcel": "text|none", "case": "text|none", "message": "text"}
STOCK_ORDER: Shape = {"pieces": "count", "at": "instant"} | dict.fromkeys(
    ("number", "kind", "sku", "name", "source", "target", "state", "by", "approved_by"), "text"
)
LABELS = {
    **dict.fromkeys(("file", "kind", "size", "format"), "text"),
    **{"pages": "count", "printer": "text|none", "only_qr": ["text"], "remarks": ["text"]},
    "labels": [dict.fromkeys(("title", "code", "caption"), "text") | {"big": "text"}],
}
DOCUMENTS: dict[str, Shape] = {
    "demo": (
        {
            "steps": [
                {
                    **{"step": "count", "title": "text", "text": "text"},
                    "commands": [({"command": "text", "output": [{"*": "any"}]}, {"command": "text", "error": ERROR})],
                }
            ],
            "files": ["text"],
        },
        {
            "practice": {
                **{"role": "text", "operator": "text", "db": "text", "now": "instant"},
                "exercises": [
                    {
                        **{"number": "count", "title": "text", "text": "text", "done": "flag"},
                        "missing": [{"text": "text", "command": "text"}],
                    }
                ],
            }
        },
    ),
    "import": FILES | {"backup?": (BACKUP, {"problem": "text"}), "matched?": [FITTED]},
    "undo": {"undone": "text", "subject": "text", "done_at": "instant", "pieces": {"*": "count"}, "next": "text"},
    "today": {
        "at": "instant",
        "items": [
            {
                **{"kind": "text", "goods": "text", "buyer": "text", "owner": "text", "for_me": "flag"},
                **{"case": "text", "order": "text", "stage": "text", "action": "text", "urgency": "text"},
                **{"clock": "text", "due_at": "instant|none", "source": "text", "estimated": "flag"},
                **{"unverified": "flag", "money_at_risk": "money", "beside": [BESIDE], "protection": "flag"},
            }
        ],
        "groups": {"*": "count"},
        "files": [
            {
                **{"platform": "text", "shop": "text", "holds": "text", "at": "instant|none"},
                **{"newest_at": "instant|none", "stale": "flag"},
            }
        ],
        "night": {"last_success_at": "instant|none"},
        "backup": {"folder": "text|none", "newest_at": "instant|none", "changed": "flag"},
        **dict.fromkeys(
            ("unclaimed", "matched", "held", "clicks", "questions", "stalled", "unfinished", "misfits", "halves"),
            "count",
        ),
        **{"unopened": PARCELS_WAITING, "never_scanned": PARCELS_WAITING},
        **{"deliveries": "count", "short_deliveries": "count", "stock": "count"},
        "refunds_waiting": {"count": "count", "money": ["money"], "unknown": "count", "due_at": "instant|none"},
        **{"payouts_waiting": PAYOUT_SUM, "payouts_due": PAYOUT_SUM, "payouts_clicked": PAYOUT_SUM},
        "payouts_sent": PAYOUT_SUM,
        "agreed_unpaid": {"count": "count", "money": ["money"]},
        "rests_unpaid": [{"stage": "text", "count": "count", "money": ["money"]}],
        "without_goods": {"count": "count", "money": ["money"]},
        "fell": FELL,
        "role": "text",
        "register": {"waiting": "count", "overdue": "count"},
        "bad_reviews": "count",
        "refused_rows": {"rows": "count", "files": "count", "money": ["money"], "number": "count"},
        "unanswered": "count",
    },
    "scan": (
        SCAN,
        {
            **dict.fromkeys(("typed", "code", "around", "meaning", "shape"), "text"),
            **{"also": ["text"], "answers": [{"question": "text", "names": ["text"]}]},
            **{"on_table": "text|none", "now": SCAN},
        },
    ),
    "doctor": {
        **{"ok": "flag", "problems": [PROBLEM]},
        "lines": [{"where": "text", "state": "text", "text": "text", "remedy": "text"}],
        "database": "text",
    },
    "words": {
        "words": {"*": {"*": "text"}},
        "reasons": [{"code": "text", "name": "text", "group": "text", "fault": "text", "quality": "flag"}],
        "lifecycles": {"*": [{"status": "text", "move": "text", "then": "text"}]},
    },
    "completion": {"shells": [{"shell": "text", "install": "text", "script": "text"}]},
    "imports list": {
        "imports": [
            {
                **{"id": "count", "name": "text", "format": "text", "holds": "text", "shop": "text", "state": "text"},
                **COUNTS,
                "at": "instant",
            }
        ]
    },
    "imports show": FILES,
    "imports faults": (
        {"file": "text", "faults": [FAULT]},
        {"file": "text", "import": "text", "rows": "count", "without_cells": "count"},
        {"file": "text", "import": "text", "rows": "count"},
    ),
    "imports questions": {
        "questions": [
            VALUE
            | {"row": "count", "file": "text", "at": "instant", "answers": ["text"], "values": [VALUE]}
            | {"gives_way": [{"case": "text", "minor": "money"}]},
        ]
    },
    "imports waiting": {"refunds": [WAITING_REFUND]},
    "imports answer": {
        "answers": [
            {"answer": "text"}
            | VALUE
            | {"values": [VALUE], "lines": [{"line": "text", "sku": "text", "was": "money", "now": "money"}]}
            | {"gave_way": [{"case": "text", "minor": "money"}]},
        ],
        "singly": [{"id": "text", "subject": "text", "field": "text", "commands": ["text"]}],
    },
    "imports explain": {
        **{"file": "text", "container": "text", "table": "text", "header_row": "count", "header": ["text"]},
        "kinds": [{"format": "text", "holds": "text"}],
        "columns": [dict.fromkeys(("word", "meaning", "header", "sample", "value", "problem"), "text")],
        "ignored": ["text"],
        "missing": [{"word": "text", "meaning": "text", "header": "text", "required": "flag"}],
        "rows": [{"*": "text"}],
        "nearest": [
            {
                **{"format": "text", "holds": "text", "lacks": ["text"]},
                "did_you_mean": [{"wanted": "text", "found": "text"}],
            }
        ],
    },
    "imports draft-map": {"map": "text", "file": "text|none"},
    **dict.fromkeys(("case open", "case change", "case withdraw"), DONE_TO_CASE),
    "case assign": (DONE_TO_CASE, {"cases": [CASE]}),
    "case show": ONE_CASE,
    "case explain": (
        {
            **{"case": "text", "policy": "text", "verdict": "text", "findings": [FINDING]},
            **CASE_MONEY,
            "amount": {"due": "money", "collect": "money", "steps": [{"text": "text", "money": "money"}]},
            "agreed_before": ({"money": "money", "at": "instant", "by": "text", "clicked": "flag"}, "none"),
        },
        {"case": "text", "text": "text"},
    ),
    "case list": {"cases": [CASE], "without_goods?": "any", "fell?": FELL},
    "case review": (
        {"number": "text", "outcome": "text", "message": "text"}
        | {f"{key}?": "any" for key in ("case", "offer", "next", "warnings")},
        {
            "summary": {
                **dict.fromkeys(("approved", "rejected", "offered", "handed_over", "skipped", "passed_over"), "count"),
                **{"taken_back": "count", "money": ["money"], "keys": "count", "seconds": "count"},
                **{"left": "count", "above": "count"},
            }
        },
    ),
    "case approve": (
        DONE_TO_CASE,
        {
            **{"cases": [CASE], "count": "count", "money": ["money"]},
            "stopped": [{"case": "text", "money": "money", "why": "text", "hint": "text"}],
            "waiting": ["money"],
        },
        {"approved": [AMOUNT_OF_CASE], "skipped": [PASSED_OVER], "money": ["money"], "waiting": ["money"]} | CUT_OFF,
    ),
    **dict.fromkeys(("case reopen", "case finish", "case fact", "case ship", "case contact"), DONE_TO_CASE),
    "case advise": {
        **{"case": "text", "reason": "text", "categories": ["text"]},
        "remedies": [{"then": ["text"], "why": "text", "commands": ["text"]}],
        **{"due": "money", "limits": {"least": "money", "most": "money|none"}, "offers": [OFFER], "saved": "money"},
    },
    "case offer": {"case": "text", "offer": OFFER, "next": "text", "warnings": ["text"]},
    "case attach": {"case": CASE, "attached": [{"name": "text", "outcome": "text"}]},
    "case evidence": {
        "case": "text",
        "evidence": [
            {
                **{"kind": "text", "name": "text", "size": "count|none", "sha256": "text", "by": "text"},
                **{"at": "instant", "state": "text"},
            }
        ],
        "parcels": [
            {
                **{"parcel": "text", "clips": [CLIP]},
                "weight": {"weighed": "count|none", "expected": "count|none", "by": "text", "light": "flag"},
            }
        ],
    },
    **dict.fromkeys(("case reject", "case extend", "case note", "case flag"), DONE_TO_CASE),
    **dict.fromkeys(("case escalate", "case answer", "case verdict"), (DONE_TO_CASE, REGISTER)),
    "case register": REGISTER,
    "case pack": {
        **{"case": "text", "folder": "text", "file": "text", "text": "text"},
        "evidence": [{"number": "count", "kind": "text", "file": "text", "name": "text", "state": "text"}],
        "left_out": [{"text": "text", "why": "text"}],
    },
    **dict.fromkeys(("platform todo", "platform done"), CLICKS),
    "policy show": {"version": "text", "from": "text", "text": "text"},
    **dict.fromkeys(("policy check", "policy load"), CHECKED_POLICY),
    "policy history": {
        "versions": [
            {
                **{"version": "text", "from": "text", "loaded_at": "instant|none", "by": "text"},
                **{"cases": "count", "in_force": "flag"},
            }
        ]
    },
    "policy test": {
        **{"version": "text", "cases": "count"},
        "directions": [{"was": "text", "would_be": "text", "cases": "count", "money": "money"}],
        "flips": [
            {
                **{"case": "text", "was": "text", "would_be": "text", "money": "money"},
                **{"rules": ["text"], "steps": ["text"]},
            }
        ],
    },
    "policy waivers": {
        "waivers": [
            {"case": "text", "rule": "text", "by": "text", "at": "instant", "because": "text", "fell": "text|none"}
        ]
    },
    "reason list": {
        "reasons": [{"code": "text", "parent": "text", "name": "text", "fault": "text", "cases": "count"}],
        "unmapped": [{"words": "text", "cases": "count"}],
    },
    "reason map": {"words": "text", "reason": "text", "cases": ["text"]},
    "report speed": {
        **{"since": "day", "until": "day"},
        "rows": [
            {
                **{"step": "text", "cases": "count", "median_hours": "text|none", "slow_hours": "text|none"},
                **{"target_hours": "text|none", "kept": "count", "missed": "count"},
            }
        ],
        "definitions": {"*": "text"},
        "decided": {"person": "count", "rule": "count", "platform": "count"},
    },
    "report offers": {
        **{"since": "day", "until": "day"},
        "rows": [
            {
                **{"rung": "text", "made": "count", "accepted": "count", "declined": "count"},
                **{"cost": "money", "saved": "money"},
            }
        ],
        "definitions": {"cost": "text", "saved": "text"},
    },
    "parcel list": ({"parcels": [PARCEL]}, {"parcels": [STALLED]}),
    "parcel unclaimed": {"parcels": [PARCEL]},
    "parcel deliveries": {"deliveries": [DELIVERY]},
    "parcel settle": {"deliveries": [DELIVERY]},
    "parcel film": {
        "clips": [CLIP],
        "file": "text",
    },
    **dict.fromkeys(("parcel expect", "parcel intercept", "parcel inspect", "parcel detach"), ONE_PARCEL),
    **dict.fromkeys(("parcel void", "parcel send-back", "parcel dispose", "parcel shelf", "parcel label"), ONE_PARCEL),
    "parcel show": {"parcel": PARCEL_CARD},
    "parcel match": (
        {
            "parcel": "text",
            "candidates": [
                {"case": "text|none", "order": "text", "score": "count", "because": ["text"], "others": ["text"]}
            ],
        },
        ONE_PARCEL,
    ),
    "stock moves": {
        "moves": [
            {"at": "instant", "quantity": "count"}
            | dict.fromkeys(("sku", "source", "target", "cause", "grade", "parcel", "case", "by"), "text")
        ],
        "more": "flag",
    },
    "stock alerts": {
        "alerts": [{"pieces": "count"} | dict.fromkeys(("alarm", "sku", "name", "command"), "text")],
        "waiting": [STOCK_ORDER],
    },
    **dict.fromkeys(("label return", "label exchange", "label repair", "label parcel", "label goods"), LABELS),
    **dict.fromkeys(("label place", "label badge", "label commands"), LABELS),
    "stock export": {"file": "text", "system": "text", "rows": "count", "unknown": "count", "below": "count"},
    "stock move": {"stock_order": STOCK_ORDER},
    "stock dispose": {"stock_order": STOCK_ORDER},
    "stock approve": ({"stock_order": STOCK_ORDER}, {"stock_orders": [STOCK_ORDER]}),
    "stock count": {
        "stocktake": {
            "number": "text",
            "bucket": "text",
            "state": "text",
            "opened_at": "instant",
            "counted_by": ["text"],
            "posted_by": "text",
            "lines": [
                {"sku": "text", "name": "text", "state": "text", "places": ["text"]}
                | dict.fromkeys(("counted", "book", "difference"), "count|none")
            ],
        },
        "faults?": [{"line": "count", "text": "text", "problem": "text"}],
    },
    "pick list": {
        "lines": [
            dict.fromkeys(("sku", "name", "case", "remark"), "text")
            | {"places": ["text"], "pieces": "count", "kept": "flag|none", "lacking": "flag", "gift": "flag"}
        ],
        "waiting": "count",
        "not_to_send": [dict.fromkeys(("case", "sku", "decision"), "text") | {"pieces": "count"}],
    },
    "stock show": {
        "stock": [
            {"sku": "text", "name": "text", "for_sale": "count|none", "as_of": "instant|none", "safety": "count|none"}
            | {"places": [{"place": "text", "pieces": "count"}]}
            | dict.fromkeys(("pending", "sellable", "defective", "repair", "scrapped", "held", "unclaimed"), "count")
            | {"reserved": "count"}
        ]
    },
    "pay refund": (
        ONE_PAYOUT,
        {
            "payments": [
                {**dict.fromkeys(("case", "order", "kind", "method", "state"), "text"), "money": "money"},
            ],
            **{"count": "count", "money": ["money"]},
            "stopped": [{"case": "text", "money": "money", "why": "text", "hint": "text"}],
        },
        {
            "skipped": [PASSED_OVER],
            "money": ["money"],
            "payouts": [PAYOUT | {"questions": [ASKED_OF]}],
            "waiting": ["money"],
        }
        | CUT_OFF,
    ),
    **dict.fromkeys(
        ("pay freight", "pay compensate", "pay approve", "pay sent", "pay confirm", "pay fail"), ONE_PAYOUT
    ),
    **dict.fromkeys(("pay unknown", "pay reverse"), ONE_PAYOUT),
    "pay list": {"payouts": [PAYOUT]},
    "order show": {
        **dict.fromkeys(("number", "platform", "shop", "status", "platform_status"), "text"),
        **{"paid": "money", "freight": "money", "refunded_there": "money|none", "refunded_by_word": "text"},
        "unbooked": "money",
        **dict.fromkeys(("ordered_at", "shipped_at", "signed_at"), "instant|none"),
        **{"signed_by": "text|none", "waybill": "text", "waybills": ["text"], "carrier": "text"},
        "payment_number": "text",
        "person": {"buyer?": "text", "receiver?": "text", "phone?": "text", "address?": "text"},
        **{"buyer_remark": "text", "seller_remark": "text", "lines": [LINE_OF_ORDER]},
        "cases": [{"number": "text", "kind": "text", "stage": "text"}],
    },
    "order find": {
        "orders": [
            {
                **{"number": "text", "platform": "text", "shop": "text", "status": "text", "paid": "money"},
                **{"ordered_at": "instant|none", "buyer": "text", "phone": "text", "waybill": "text"},
                **{"waybills": ["text"], "goods": ["text"]},
            }
        ],
        "more": "flag",
        "halves": [{"number": "text", "platform": "text", "waits_for": "text"}],
        "waiting": [WAITING_REFUND],
    },
    "export reconciliation": SHEETS
    | {
        "totals": {
            **dict.fromkeys(
                ("paid", "platform", "own", "matched", "before_books?", "waits_for_order?", "differences"), AMOUNTS
            ),
            **{"points": "points", "named": "count"},
        },
        "differences": [DIFFERENCE],
        "control?": {"*": {"ours": CONTROL, "platform": CONTROL}},
    },
    "export reasons": SHEETS
    | {
        "totals": {
            **{"cases": "count", "pieces": "count", "refunded": ["money"], "paid_orders": "count"},
            "undated?": "count",
        }
    },
    **dict.fromkeys(("staff add", "staff rename", "staff leave", "staff list"), STAFF),
    "books init": {"database": "text", "owner": "text"},
    "books check": {
        "ok": "flag",
        "checked": dict.fromkeys(("orders", "cases", "payouts", "parcels", "events"), "count"),
        **{"since": "count", "problems": [PROBLEM], "remarks": [PROBLEM]},
    },
    "books mend": {"mended": [{"kind": "text", "case": "text", "what": "text", "amount": "money"}]},
    "books backup": BACKUP,
    "books restore": {
        **{"file": "text", "database": "text", "seq": "count", "before": "text", "evidence": "count"},
        "strange": ["text"],
    },
}
_WITH_VALUE = {"--db", "--lang", "--operator"}


def command_of(words: Sequence[str]) -> str:
    """The path of the command that words call, such as ``case show``; empty where they call none."""
    rest = list(words)
    while rest and rest[0].startswith("--"):
        del rest[: 2 if rest[0] in _WITH_VALUE else 1]
    return next((path for path in (" ".join(rest[:2]), rest[0]) if path in DOCUMENTS), "") if rest else ""


def against_the_contract(words: Sequence[str], document: dict[str, Any]) -> list[str]:
    """Where a command's document is another than is written down here; an error's is the same for all."""
    path = command_of(words)
    shape = {"error": ERROR} if set(document) == {"error"} else DOCUMENTS[path] if path else "any"
    return [*misfits(document, shape, path)]
