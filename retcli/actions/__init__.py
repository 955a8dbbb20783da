"""What the shop does: one function for each thing; only they change the shop's facts.

The modules load on first use, so that a command's help costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from retcli.actions import (
        answering,
        backups,
        bills,
        books,
        cases,
        changing,
        contacts,
        demo,
        doctor,
        evidence,
        explaining,
        exports,
        following,
        founding,
        group_payment,
        imports,
        joining,
        judging,
        learning,
        mending,
        offered,
        offers,
        orders,
        packing,
        parcels,
        payouts,
        platform,
        policies,
        products,
        queue,
        reasons,
        refunds,
        register,
        reviews,
        scanning,
        speeds,
        staff,
        stock,
        taking_back,
        today,
        trials,
    )

__all__ = [
    "answering",
    "backups",
    "bills",
    "books",
    "cases",
    "changing",
    "contacts",
    "demo",
    "doctor",
    "evidence",
    "explaining",
    "exports",
    "following",
    "founding",
    "group_payment",
    "imports",
    "joining",
    "judging",
    "learning",
    "mending",
    "offered",
    "offers",
    "orders",
    "packing",
    "parcels",
    "payouts",
    "platform",
    "policies",
    "products",
    "queue",
    "reasons",
    "refunds",
    "register",
    "reviews",
    "scanning",
    "speeds",
    "staff",
    "stock",
    "taking_back",
    "today",
    "trials",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(name)
    return import_module(f"retcli.actions.{name}")
