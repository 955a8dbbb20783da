"""What is remembered: tables without behaviour.

`bills`, `books`, `imports` and `stock` load apart, since looking at a case needs none of them.
"""

from retcli.models.base import metadata
from retcli.models.cases import (
    Case,
    CaseLine,
    ClosedPayment,
    Draw,
    Evidence,
    Offer,
    PlatformAction,
    Replacement,
    Shipment,
    Waiver,
)
from retcli.models.orders import Barcode, Order, OrderLine, OrderWaybill, Product, RefundThere
from retcli.models.parcels import Delivery, Inspection, Parcel, ParcelCase, ParcelCount, ParcelLabel
from retcli.models.payouts import Payout, PayoutPart
from retcli.models.staff import Staff

__all__ = [
    "Barcode",
    "Case",
    "CaseLine",
    "ClosedPayment",
    "Delivery",
    "Draw",
    "Evidence",
    "Inspection",
    "Offer",
    "Order",
    "OrderLine",
    "OrderWaybill",
    "Parcel",
    "ParcelCase",
    "ParcelCount",
    "ParcelLabel",
    "Payout",
    "PayoutPart",
    "PlatformAction",
    "Product",
    "RefundThere",
    "Replacement",
    "Shipment",
    "Staff",
    "Waiver",
    "metadata",
]
