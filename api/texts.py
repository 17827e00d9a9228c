"""What the API says to people, in both languages: problems and messages about fields."""

from __future__ import annotations

from typing import Literal

Language = Literal["ar", "en"]

TITLES: dict[str, tuple[str, str]] = {
    "bad-request": ("الطلب غير مقروء", "The request cannot be read"),
    "not-signed-in": ("يلزم تسجيل الدخول", "Sign in first"),
    "forbidden": ("غير مسموح", "Not allowed"),
    "password-change-needed": ("اختر كلمة مرور خاصة بك أولاً", "Set a password of your own first"),
    "not-found": ("غير موجود", "Not found"),
    "method-not-allowed": ("العملية غير متاحة هنا", "This method is not offered here"),
    "not-acceptable": ("لا يمكن تقديم هذا النوع من الإجابة", "This kind of answer is not offered"),
    "conflict": ("سبقك غيرك إلى التعديل", "Somebody else was first"),
    "already-exists": ("موجود من قبل", "It exists already"),
    "erased": ("مُحيت البيانات الشخصية", "The personal data was erased"),
    "too-large": ("الطلب أكبر من المسموح", "The request is too large"),
    "unsupported-media-type": ("نوع المحتوى غير مدعوم", "Unsupported content type"),
    "invalid": ("بيانات غير صالحة", "Invalid data"),
    "key-reused": ("مفتاح عدم التكرار مستخدم لطلب آخر", "The idempotency key was used before"),
    "refused": ("رُفض النشر", "The deployment was refused"),
    "too-many-requests": ("محاولات كثيرة", "Too many attempts"),
    "internal": ("خطأ داخلي", "Internal error"),
    "unavailable": ("الخدمة غير متاحة الآن", "Not available just now"),
}
"""Problem code → title in Arabic and English. The code is the last part of the problem's `type`."""

DETAILS: dict[str, tuple[str, str]] = {
    "bad-request": (
        "تعذّرت قراءة الطلب؛ أرسل نص JSON صالحاً بترميز UTF-8.",
        "The request could not be read; send valid JSON in UTF-8.",
    ),
    "not-signed-in": (
        "أرسل رمز الدخول في الترويسة Authorization: Bearer، أو سجّل الدخول من جديد.",
        "Send a token in the header Authorization: Bearer, or sign in again.",
    ),
    "wrong-password": (
        "اسم المستخدم أو كلمة المرور غير صحيحة.",
        "The user name or the password is wrong.",
    ),
    "forbidden": (
        "يمكنك رؤية هذا، لكن دورك أو وحدتك لا تسمح لك بتنفيذه.",
        "You may see this, but your role or unit does not allow you to do it.",
    ),
    "password-change-needed": (
        "كلمة المرور الحالية وضعها غيرك. غيّرها بالطلب POST /me/password، "
        "ثم تابع بالرمز الذي تحمله إجابته.",
        "Somebody else made your present password. Change it with POST /me/password, then go on "
        "with the token of its answer.",
    ),
    "not-found": (
        "لا يوجد شيء بهذا العنوان، أو لا يحق لك رؤيته.",
        "Nothing stands at this address, or you may not see it.",
    ),
    "method-not-allowed": (
        "استخدم إحدى العمليات المذكورة في الترويسة Allow.",
        "Use one of the methods that the header Allow names.",
    ),
    "not-acceptable": (
        "اطلب application/json.",
        "Ask for application/json.",
    ),
    "conflict": (
        "تغيّرت الحالة منذ أن قرأتها؛ اقرأها من جديد ثم أعد المحاولة.",
        "This changed since you read it; read it again, then try again.",
    ),
    "already-exists": (
        "هذا مسجّل من قبل؛ ابحث عنه بدلاً من إضافته.",
        "This is recorded already; look it up instead of adding it.",
    ),
    "erased": (
        "أُتلف مفتاح هذه البيانات، ولا يمكن استرجاعها.",
        "The key of this data was destroyed; nothing brings it back.",
    ),
    "too-large": (
        "أرسل محتوى أصغر؛ الحد مذكور في الإعدادات.",
        "Send less; the settings name the limit.",
    ),
    "unsupported-media-type": (
        "أرسل المحتوى بصيغة application/json، والملفات بصيغة multipart/form-data.",
        "Send the body as application/json, and files as multipart/form-data.",
    ),
    "invalid": (
        "صحّح الحقول المذكورة ثم أعد الإرسال.",
        "Correct the fields named below and send it again.",
    ),
    "key-reused": (
        "استُخدم مفتاح Idempotency-Key هذا مع محتوى آخر؛ استعمل مفتاحاً جديداً.",
        "This Idempotency-Key came with another body before; use a new key.",
    ),
    "refused": (
        "لم يُخزَّن شيء؛ صحّح الملاحظات المذكورة ثم انشر من جديد.",
        "Nothing was stored; correct the findings below and deploy again.",
    ),
    "too-many-requests": (
        "انتظر المدة المذكورة في الترويسة Retry-After ثم أعد المحاولة.",
        "Wait as long as the header Retry-After says, then try again.",
    ),
    "internal": (
        "حدث خطأ غير متوقع؛ أبلغ الدعم برقم الطلب.",
        "Something unexpected happened; tell support the request id.",
    ),
    "unavailable": (
        "تعذّر الوصول إلى قاعدة البيانات؛ أعد المحاولة بعد قليل.",
        "The database cannot be reached; try again shortly.",
    ),
    "busy": (
        "الطلبات كثيرة الآن ولم يُنفَّذ طلبك؛ أعد المحاولة بعد بضع ثوانٍ.",
        "There are too many requests just now and yours was not carried out; "
        "try again in a few seconds.",
    ),
    "too-slow": (
        "لم يصل الطلب كاملاً في الوقت المسموح ولم يُنفَّذ؛ تحقق من الاتصال ثم أعد المحاولة.",
        "The request did not arrive whole in time and was not carried out; "
        "check the connection and try again.",
    ),
}
"""Problem code → what to do next, in Arabic and English."""

FIELD_MESSAGES: dict[str, tuple[str, str]] = {
    "required": ("هذا الحقل مطلوب.", "This field is required."),
    "null": ("لا يجوز أن يكون هذا الحقل فارغاً (null).", "This field must not be null."),
    "unknown": ("حقل غير معروف.", "Unknown field."),
    "object": ("المطلوب كائن JSON.", "A JSON object is expected."),
    "list": ("المطلوب قائمة.", "A list is expected."),
    "string": ("المطلوب نص.", "A text is expected."),
    "characters": (
        "في النص رمز لا يجوز تخزينه (محرف تحكم أو نصف رمز).",
        "The text has a character that cannot be stored (a control character or half a code).",
    ),
    "integer": ("المطلوب عدد صحيح.", "A whole number is expected."),
    "number": ("المطلوب عدد.", "A number is expected."),
    "boolean": ("المطلوب true أو false.", "true or false is expected."),
    "date": ("المطلوب تاريخ مثل 2026-05-20.", "A date such as 2026-05-20 is expected."),
    "datetime": (
        "المطلوب وقت مع فرق التوقيت مثل 2026-05-20T08:00:00Z.",
        "A time with an offset such as 2026-05-20T08:00:00Z is expected.",
    ),
    "duration": (
        "المطلوب مدة بصيغة ISO 8601 مثل P21D.",
        "An ISO 8601 duration such as P21D is expected.",
    ),
    "length": (
        "الطول المسموح من {min} إلى {max}.",
        "The length must be from {min} to {max}.",
    ),
    "range": ("القيمة المسموحة من {min} إلى {max}.", "The value must be from {min} to {max}."),
    "choice": ("القيم المسموحة: {choices}.", "Allowed values: {choices}."),
    "pattern": ("الصيغة غير صحيحة.", "The form of this value is wrong."),
    "depth": ("التداخل أعمق من المسموح.", "The value is nested too deeply."),
    "one_of_two": (
        "أعطِ واحداً فقط من: {choices}.",
        "Give exactly one of: {choices}.",
    ),
    "header": (
        "المطلوب من 1 إلى 255 حرفاً لاتينياً مرئياً.",
        "From 1 to 255 visible ASCII characters are expected.",
    ),
    "cursor": (
        "هذا المؤشر ليس من هذه القائمة؛ ابدأ من جديد بدونه.",
        "This cursor is not one of this list; start again without it.",
    ),
    "one_file": ("أرفق ملفاً واحداً في الحقل file.", "Attach one file in file."),
    "no_files": ("أرفق ملفاً واحداً على الأقل في الحقل files.", "Attach at least one file in files."),
}
"""Message code → text in Arabic and English; braces are filled from the code's parameters."""


def pick(texts: tuple[str, str], language: Language) -> str:
    """The text of `language`."""
    return texts[0] if language == "ar" else texts[1]


def field_message(code: str, language: Language) -> str:
    """The text of a message code such as `range|min=1|max=200`.

    A message that is no code (it came from a deeper layer, already worded) is returned as it is.
    """
    name, *parameters = code.split("|")
    texts = FIELD_MESSAGES.get(name)
    if texts is None:
        return code
    values = dict(parameter.split("=", 1) for parameter in parameters)
    return pick(texts, language).format(**values)
