"""The one table of messages about answers, Arabic and English."""

from __future__ import annotations

from dataclasses import dataclass, field

from forms.model import Choice

_TABLE: dict[str, tuple[str, str]] = {
    # the whole submission
    "not_an_object": (
        "يجب إرسال الإجابات ككائن JSON: اسم الحقل وقيمته.",
        "Send the answers as a JSON object: field name and value.",
    ),
    "unknown_field": (
        "لا يوجد حقل بهذا الاسم في النموذج.",
        "The form has no field of this name.",
    ),
    "required": ("هذا الحقل مطلوب.", "This field is required."),
    "must_be_ticked": ("يجب وضع علامة هنا.", "This box must be ticked."),
    # types
    "not_text": ("أدخل نصاً.", "Enter text."),
    "not_a_number": ("أدخل رقماً.", "Enter a number."),
    "not_an_integer": ("أدخل عدداً صحيحاً دون كسور.", "Enter a whole number."),
    "number_too_large": ("الرقم كبير جداً.", "The number is too large."),
    "too_many_decimals": (
        "المسموح به {digits} منازل عشرية على الأكثر.",
        "At most {digits} decimal places are allowed.",
    ),
    "not_a_boolean": ("أجب بنعم أو لا (true أو false).", "Answer yes or no (true or false)."),
    "not_a_choice": ("اختر أحد الخيارات: {choices}.", "Choose one of: {choices}."),
    "not_an_option": (
        "هذا الخيار غير متاح؛ اختر من القائمة.",
        "This choice is not available; choose from the list.",
    ),
    "not_a_list_of_choices": ("أرسل قائمة من الخيارات.", "Send a list of choices."),
    "not_a_date": (
        "أدخل تاريخاً صحيحاً مثل 2025-03-31.",
        "Enter a valid date such as 2025-03-31.",
    ),
    "not_a_datetime": (
        "أدخل تاريخاً ووقتاً صحيحين مثل 2025-03-31T09:30.",
        "Enter a valid date and time such as 2025-03-31T09:30.",
    ),
    "not_a_time": ("أدخل وقتاً صحيحاً مثل 09:30.", "Enter a valid time such as 09:30."),
    "not_rows": ("أرسل قائمة من الصفوف.", "Send a list of rows."),
    "not_a_row": (
        "كل صف كائن JSON: اسم الحقل وقيمته.",
        "Each row is a JSON object: field name and value.",
    ),
    # content
    "control_character": (
        "النص يحتوي على رموز غير مسموح بها؛ احذفها واكتب النص من جديد.",
        "The text contains characters that are not allowed; remove them and type it again.",
    ),
    "too_long": (
        "النص أطول من المسموح ({maximum} حرفاً على الأكثر).",
        "The text is too long (at most {maximum} characters).",
    ),
    "too_short": (
        "النص أقصر من المطلوب ({minimum} أحرف على الأقل).",
        "The text is too short (at least {minimum} characters).",
    ),
    "not_national_id": (
        "رقم الهوية يتكون من 10 أرقام.",
        "The ID number has 10 digits.",
    ),
    "not_email": (
        "أدخل بريداً إلكترونياً صحيحاً مثل name@example.com.",
        "Enter a valid e-mail address such as name@example.com.",
    ),
    "not_phone": (
        "أدخل رقم هاتف صحيحاً مثل ‎+962 7 9000 0000.",
        "Enter a valid phone number such as +962 7 9000 0000.",
    ),
    "wrong_pattern": (
        "النص ليس بالشكل المطلوب ({pattern}).",
        "The text does not have the form asked for ({pattern}).",
    ),
    "below_minimum": ("أدخل {minimum} أو أكثر.", "Enter {minimum} or more."),
    "above_maximum": ("أدخل {maximum} أو أقل.", "Enter {maximum} or less."),
    "outside_range": (
        "أدخل قيمة من {minimum} إلى {maximum}.",
        "Enter a value from {minimum} to {maximum}.",
    ),
    "too_early": ("أدخل {minimum} أو ما بعده.", "Enter {minimum} or later."),
    "too_late": ("أدخل {maximum} أو ما قبله.", "Enter {maximum} or earlier."),
    "outside_period": (
        "أدخل موعداً من {minimum} إلى {maximum}.",
        "Enter a moment from {minimum} to {maximum}.",
    ),
    "too_few_rows": ("أضف {minimum} صفوف على الأقل.", "Add at least {minimum} rows."),
    "too_many_rows": (
        "المسموح به {maximum} صفاً على الأكثر.",
        "At most {maximum} rows are allowed.",
    ),
    "too_many_choices": ("اخترت أكثر من المتاح.", "More was chosen than is offered."),
    # soft limits: shown, never refused
    "unusually_low": (
        "القيمة أقل من المعتاد ({minimum})؛ تأكد منها.",
        "The value is unusually low (below {minimum}); please check it.",
    ),
    "unusually_high": (
        "القيمة أعلى من المعتاد ({maximum})؛ تأكد منها.",
        "The value is unusually high (above {maximum}); please check it.",
    ),
}

_MOST_CHOICES_NAMED = 15


@dataclass(frozen=True)
class Message:
    """A message not yet put into a language."""

    code: str
    values: dict[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()

    def text(self, language: str) -> str:
        """The message in `language` (`en`, else Arabic)."""
        english = language == "en"
        values = dict(self.values)
        if self.choices:
            values["choices"] = _named(self.choices, english=english)
        return _TABLE[self.code][1 if english else 0].format_map(values)


def _named(choices: tuple[Choice, ...], *, english: bool) -> str:
    named = [
        f"{choice.value} ({choice.label_en if english else choice.label_ar})"
        for choice in choices[:_MOST_CHOICES_NAMED]
    ]
    if len(choices) > _MOST_CHOICES_NAMED:
        named.append("…")
    return (", " if english else "، ").join(named)


def codes() -> frozenset[str]:
    """Every code of the table."""
    return frozenset(_TABLE)
