"""What is remembered: tables without behaviour. The tables of `imports` load apart, as a case needs none of them."""

from retcli.models.base import metadata
from retcli.models.books import Anchor, Counter, Event, Operation, Staff
from retcli.models.cases import Case, CaseLine, Draw, Evidence, PlatformAction, Replacement, Waiver
from retcli.models.orders import Barcode, Order, OrderLine, Product
from retcli.models.parcels import Inspection, Parcel, ParcelCase, ParcelCount, StockBalance, StockMove
from retcli.models.payouts import Payout, PayoutPart

__all__ = [
    "Anchor",
    "Barcode",
    "Case",
    "CaseLine",
    "Counter",
    "Draw",
    "Event",
    "Evidence",
    "Inspection",
    "Operation",
    "Order",
    "OrderLine",
    "Parcel",
    "ParcelCase",
    "ParcelCount",
    "Payout",
    "PayoutPart",
    "PlatformAction",
    "Product",
    "Replacement",
    "Staff",
    "StockBalance",
    "StockMove",
    "Waiver",
    "metadata",
]
