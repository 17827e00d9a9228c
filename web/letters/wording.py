"""The fixed words of printed documents, Arabic and English.

They are not in the pages' catalogue: the language of a letter is that of whoever receives it, not
of whoever prints it.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.wording import Text

YES_NO: Mapping[bool, Text] = {True: Text("نعم", "Yes"), False: Text("لا", "No")}

WORDS: Mapping[str, Text] = {
    # every document
    "country": Text("المملكة الأردنية الهاشمية", "The Hashemite Kingdom of Jordan"),
    "fund": Text("صندوق المعونة الوطنية", "National Aid Fund"),
    "page": Text("صفحة", "Page"),
    "of": Text("من", "of"),
    "printed": Text("طُبع في {at}", "Printed {at}"),
    "printed_by": Text("طبعه {name} في {at}", "Printed by {name}, {at}"),
    "journey_number": Text("رقم الرحلة", "Journey number"),
    "name": Text("الاسم", "Name"),
    "national_id": Text("الرقم الوطني", "National ID"),
    "phone": Text("الهاتف", "Telephone"),
    "date": Text("التاريخ", "Date"),
    "signature": Text("التوقيع", "Signature"),
    "stamp": Text("الختم", "Stamp"),
    "branch": Text("الفرع", "Branch"),
    "money": Text("دينار", "JOD"),
    # forms
    "task": Text("المهمة", "Task"),
    "form": Text("النموذج", "Form"),
    "due": Text("تُنجز قبل", "Due by"),
    "completed": Text("أنجزه {name} في {at}", "Completed by {name}, {at}"),
    "draft": Text("نموذج لم يكتمل بعد", "Not finished yet"),
    "never_done": Text("لم تُنجز هذه المهمة", "This task was not completed"),
    "blank": Text("نموذج للتعبئة على الورق", "Form to be filled in on paper"),
    "blank_how": Text(
        "ضع إشارة داخل المربع أو الدائرة، واكتب الأرقام والتواريخ بوضوح. بعد التعبئة امسح الرمز "
        "وأدخل الإجابات في النظام.",
        "Tick the box or the circle and write numbers and dates clearly. When done, scan the code "
        "and enter the answers in the system.",
    ),
    "blank_how_no_code": Text(
        "ضع إشارة داخل المربع أو الدائرة، واكتب الأرقام والتواريخ بوضوح. بعد التعبئة أدخل الإجابات "
        "في النظام.",
        "Tick the box or the circle and write numbers and dates clearly. When done, enter the "
        "answers in the system.",
    ),
    "scan_task": Text("امسح الرمز لفتح المهمة", "Scan to open the task"),
    "conducted_on": Text("أُجريت على الورق بتاريخ", "Conducted on paper on"),
    "at_time": Text("الساعة", "Time"),
    "conducted_by": Text("اسم من عبّأ النموذج", "Filled in by (name)"),
    "day": Text("يوم", "day"),
    "month": Text("شهر", "month"),
    "year": Text("سنة", "year"),
    "only_if": Text(
        "يُجاب فقط إذا كانت الإجابة عن {condition}", "Only if the answer to {condition}"
    ),
    "question": Text("السؤال {number}", "question {number}"),
    "if_it_applies": Text("يُجاب إن انطبق على الحالة", "Answer if it applies"),
    "and": Text("و", "and"),
    "or": Text("أو", "or"),
    "required": Text("إجابة مطلوبة", "An answer is required"),
    "tick_several": Text("يمكن اختيار أكثر من إجابة", "More than one may be ticked"),
    "not_answered": Text("لا إجابة", "Not answered"),
    # referral letter
    "letter_title": Text("كتاب إحالة فردية", "Individual referral letter"),
    "number": Text("الرقم", "Number"),
    "to": Text("السادة", "To"),
    "honoured": Text("المحترمين", ""),
    "subject": Text("الموضوع", "Subject"),
    "subject_line": Text("إحالة {name} إليكم", "Referral of {name}"),
    "greeting": Text("تحية طيبة وبعد،", "Dear Sir or Madam,"),
    "opening": Text(
        "يحيل إليكم صندوق المعونة الوطنية العميل المذكور أدناه، بعد التواصل معكم بشأنه، راجين "
        "استقباله وتقديم الخدمة المبينة.",
        "Following our contact with you, the National Aid Fund refers the client named below and "
        "asks you to receive the client and to provide the service stated.",
    ),
    "client_and_referral": Text("العميل والخدمة المطلوبة", "The client and the service"),
    "service": Text("الخدمة المطلوبة", "Service requested"),
    "group": Text("المجموعة", "Group"),
    "issued": Text("تاريخ الإصدار", "Date of issue"),
    "deadline": Text("آخر موعد لإرسال الملاحظات", "Feedback due by"),
    "shared": Text(
        "بيانات يوافق العميل على إطلاعكم عليها", "What the client agrees to share with you"
    ),
    "goal": Text("الهدف", "Goal"),
    "client_goals_text": Text("ما يطمح إليه العميل", "What the client aims for"),
    "occupation_description": Text("المهنة", "Occupation"),
    "experience_years": Text("سنوات الخبرة", "Years of experience"),
    "transport_means": Text("وسائل النقل المتاحة", "Means of transport"),
    "expected_min_wage_jod": Text("أقل أجر متوقع", "Lowest wage expected"),
    "accepts_minimum_wage": Text("يقبل الحد الأدنى للأجور", "Accepts the minimum wage"),
    "can_be_away_10h": Text(
        "يستطيع الغياب عن المنزل 10 ساعات في اليوم", "Can be away from home 10 hours a day"
    ),
    "steps": Text("خطوات الخطة", "Steps of the plan"),
    "able": Text("القدرة على العمل", "Ability to work"),
    "able_yes": Text("قادر على العمل", "Able to work"),
    "asked": Text("المطلوب منكم", "What we ask of you"),
    "asked_accept": Text(
        "إبلاغنا خلال أيام قليلة بقبول الإحالة أو الاعتذار عنها مع بيان السبب.",
        "Tell us within a few days whether you accept the referral; if not, why.",
    ),
    "asked_result": Text(
        "إرسال نتيجة الخدمة إلى الفرع في موعد أقصاه {deadline}، أو قبله إذا تشغّل العميل أو انقطع "
        "أو لم يحضر.",
        "Send the branch the result of the service by {deadline} at the latest, or earlier if the "
        "client finds work, drops out or does not come.",
    ),
    "asked_privacy": Text(
        "استخدام هذه البيانات لغرض الإحالة فقط وعدم إطلاع غيركم عليها.",
        "Use these particulars for this referral only and show them to nobody else.",
    ),
    "how_link": Text(
        "للرد دون حساب: امسح الرمز بالهاتف فتفتح صفحة هذه الإحالة وحدها.",
        "To answer without an account: scan the code with a telephone; it opens the page of this "
        "one referral.",
    ),
    "how_task": Text(
        "للرد: امسح الرمز وسجّل الدخول بحسابك، أو عبّئ قسيمة الرد وأعدها إلى الفرع.",
        "To answer: scan the code and sign in to your account, or fill in the reply slip and "
        "return it to the branch.",
    ),
    "closing": Text("وتفضلوا بقبول فائق الاحترام،", "Yours faithfully,"),
    "worker": Text("أخصائي الحالة", "Case worker"),
    "head": Text("مدير الفرع", "Branch head"),
    "branch_phone": Text("هاتف الفرع", "Branch telephone"),
    "reply": Text("قسيمة الرد", "Reply slip"),
    "reply_to": Text("إلى: {branch}", "To: {branch}"),
    "we_accept": Text("نقبل الإحالة", "We accept the referral"),
    "we_decline": Text("نعتذر عنها، والسبب", "We decline it because"),
    "result": Text("نتيجة الخدمة", "Result of the service"),
    "result_done": Text("اكتملت", "Completed"),
    "result_ongoing": Text("مستمرة حتى", "Continues until"),
    "result_dropped": Text("انقطع العميل", "The client dropped out"),
    "result_employed": Text("تشغّل لدى", "Employed by"),
    "result_no_show": Text("لم يحضر", "Did not come"),
    # case file
    "case_title": Text("ملف الحالة", "Case file"),
    "cycle": Text("الدورة", "Cycle"),
    "person": Text("بيانات الشخص", "The person"),
    "sex": Text("الجنس", "Sex"),
    "male": Text("ذكر", "Male"),
    "female": Text("أنثى", "Female"),
    "born": Text("تاريخ الميلاد", "Date of birth"),
    "age": Text("العمر", "Age"),
    "address": Text("العنوان", "Address"),
    "household": Text("رقم الأسرة", "Household number"),
    "identity_hidden": Text(
        "لا يحق لحساب من طبع الملف الاطلاع على بيانات الشخص.",
        "Whoever printed this file may not see the person's particulars.",
    ),
    "the_case": Text("الرحلة", "The journey"),
    "opened": Text("فُتحت في", "Opened"),
    "closed": Text("أُغلقت في", "Closed"),
    "stage": Text("المرحلة", "Stage"),
    "grouped_on": Text("تاريخ التصنيف", "Grouped on"),
    "stable_count": Text("عدد مرات «ثابت»", "Times found stable"),
    "progress": Text("مسار الرحلة", "Course of the journey"),
    "what_happened": Text("ما جرى بالترتيب", "What happened, in order"),
    "reason": Text("السبب", "Reason"),
    "rule_said": Text("ما اقترحته القاعدة", "What the rule proposed"),
    "correction": Text("تصحيح (النسخة {version})", "Correction (version {version})"),
    "cancelled": Text("أُلغيت الحالة", "The case was cancelled"),
    "transferred": Text("نُقلت الحالة من {from_} إلى {to}", "Moved from {from_} to {to}"),
    "comments": Text("التعليقات", "Comments"),
    "no_comments": Text("لا تعليقات.", "No comments."),
    "attachments": Text("المرفقات", "Attachments"),
    "no_attachments": Text("لا مرفقات.", "No attachments."),
    "file": Text("الملف", "File"),
    "added": Text("أُضيف في", "Added"),
    "note": Text("ملاحظة", "Note"),
    "open_tasks": Text("مهام ما زالت مفتوحة", "Tasks still open"),
}

MILESTONES: Mapping[str, Text] = {
    "opened": Text("فتح الرحلة", "Opened"),
    "interview": Text("المقابلة", "Interview"),
    "grouping": Text("التصنيف", "Grouping"),
    "plan": Text("خطة العمل", "Action plan"),
    "referral": Text("الإحالة", "Referral"),
    "outcome": Text("النتيجة", "Outcome"),
    "closed": Text("الإغلاق", "Closed"),
}

STAGES: Mapping[str, Text] = {
    "listed": Text("مدرج في القائمة", "Listed"),
    "invited": Text("جرى التواصل معه", "Contacted"),
    "no_show": Text("لم يحضر المقابلة", "Did not come to the interview"),
    "refused": Text("رفض المشاركة", "Refused"),
    "interview_1_done": Text("أُجريت المقابلة الأولى", "First interview done"),
    "interview_2_done": Text("أُجريت المقابلة الثانية", "Second interview done"),
    "grouped_A": Text("صُنف في المجموعة أ", "In group A"),
    "grouped_B": Text("صُنف في المجموعة ب", "In group B"),
    "grouped_C": Text("صُنف في المجموعة ج", "In group C"),
    "grouped_postponed": Text("أُجّل التصنيف", "Grouping postponed"),
    "iap_agreed": Text("اتُّفق على خطة العمل", "Action plan agreed"),
    "provider_contacted": Text("جرى الاتصال بالشريك", "Partner contacted"),
    "referred": Text("أُحيل", "Referred"),
    "in_mediation": Text("قيد الوساطة", "In mediation"),
    "in_service": Text("قيد الخدمة", "In service"),
    "rejected_by_provider": Text("اعتذر الشريك", "Declined by the partner"),
    "client_no_show_at_provider": Text("لم يحضر لدى الشريك", "Did not come to the partner"),
    "employed": Text("تشغّل", "Employed"),
    "referred_to_lms_almp": Text("في خدمة أو تدبير", "In a service or measure"),
    "stable": Text("ثابت", "Stable"),
    "left_job": Text("ترك العمل", "Left the job"),
    "retained": Text("مستمر في العمل", "Still at work"),
    "closed": Text("مغلقة", "Closed"),
}


def words(key: str, language: str) -> str:
    """The words of `key` in `language`."""
    return WORDS[key].in_language(language)


def stage_name(code: str, language: str) -> str:
    """A stage of the journey in words; a code that is not known here stays as it is."""
    known = STAGES.get(code)
    return code if known is None else known.in_language(language)
