"""Printed documents: forms, referral letters and case files as Arabic or English A4 PDF."""

from __future__ import annotations

from web.letters.blocks import FormOnPaper
from web.letters.documents import case_pdf, form_pdf, referral_letter
from web.letters.records import (
    CaseFile,
    Enclosure,
    Happening,
    PersonFacts,
    Printing,
    Referral,
    Remark,
    TaskFacts,
)
from web.letters.typesetting import LettersUnavailable

__all__ = [
    "CaseFile",
    "Enclosure",
    "FormOnPaper",
    "Happening",
    "LettersUnavailable",
    "PersonFacts",
    "Printing",
    "Referral",
    "Remark",
    "TaskFacts",
    "case_pdf",
    "form_pdf",
    "referral_letter",
]
