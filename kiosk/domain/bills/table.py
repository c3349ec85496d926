"""The standards in the order in which they are asked. A new one is a file beside this one and a line here."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.domain.bills import boleto, boleto_utility, emv_mpm, epc, es_csb57, fi_barcode, gs1_slip, swiss_qr
from kiosk.domain.bills.bill import Bill, BillScan, Refusal
from kiosk.domain.records import dataclass


@dataclass(frozen=True, slots=True)
class Standard:
    """`recognise` says whether a code is laid out as this standard's, `parse` what it says or why it is not valid."""

    name: str
    recognise: Callable[[BillScan], bool]
    parse: Callable[[BillScan], Bill | Refusal]


# Whole texts in QR codes, read from the raw bytes.
TEXTS = (
    Standard(swiss_qr.NAME, swiss_qr.recognise, swiss_qr.parse),
    Standard(epc.NAME, epc.recognise, epc.parse),
    Standard(emv_mpm.NAME, emv_mpm.recognise, emv_mpm.parse),
)
# GS1 data: a scanner that says so by its AIM identifier leaves no doubt.
GS1 = (Standard(gs1_slip.NAME, gs1_slip.recognise, gs1_slip.parse),)
# Numbers, in bars or typed.
NUMBERS = (
    *GS1,
    Standard(boleto.NAME, boleto.recognise, boleto.parse),
    Standard(boleto_utility.NAME, boleto_utility.recognise, boleto_utility.parse),
    Standard(fi_barcode.NAME, fi_barcode.recognise, fi_barcode.parse),
    Standard(es_csb57.NAME, es_csb57.recognise, es_csb57.parse),
)
