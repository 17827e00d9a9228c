"""Names of the codes that reports are broken down by, as the forms give them."""

from __future__ import annotations

from collections.abc import Mapping

from engine.wording import Text

Names = Mapping[str, Text]

NOT_KNOWN = Text("غير معروف", "Not known")

GROUPS: Names = {
    "A": Text("المجموعة أ", "Group A"),
    "B": Text("المجموعة ب", "Group B"),
    "C": Text("المجموعة ج", "Group C"),
}
SEXES: Names = {"female": Text("إناث", "Women"), "male": Text("ذكور", "Men")}
AGES: Names = {
    "under_18": Text("أقل من 18", "Under 18"),
    "18_29": Text("18–29", "18–29"),
    "30_39": Text("30–39", "30–39"),
    "40_49": Text("40–49", "40–49"),
    "50_59": Text("50–59", "50–59"),
    "60_over": Text("60 فأكثر", "60 and over"),
}
EDUCATION: Names = {
    "isced_0": Text("دون التعليم الابتدائي", "Less than primary"),
    "isced_1": Text("ابتدائي", "Primary"),
    "isced_2": Text("إعدادي", "Lower secondary"),
    "isced_3": Text("ثانوي", "Upper secondary"),
    "isced_4": Text("بعد الثانوي غير جامعي", "Post-secondary, not tertiary"),
    "isced_5": Text("دبلوم", "Short-cycle tertiary"),
    "isced_6": Text("بكالوريوس", "Bachelor"),
    "isced_7": Text("ماجستير", "Master"),
    "isced_8": Text("دكتوراه", "Doctorate"),
}
DESTINATIONS: Names = {
    "mol_employment_office": Text("مكتب تشغيل وزارة العمل", "MoL employment office"),
    "private_employment_agency": Text("مكتب تشغيل خاص", "Private employment agency"),
    "training_provider": Text("مزود تدريب", "Training provider"),
    "microfinance_institution": Text("مؤسسة تمويل أصغر", "Microfinance institution"),
    "ngo": Text("منظمة غير حكومية", "Non-governmental organisation"),
    "donor": Text("جهة مانحة", "Donor"),
    "other": Text("جهة أخرى", "Other"),
}
INTERVENTIONS: Names = {
    "lm_mediation": Text("الوساطة في سوق العمل", "Labour-market mediation"),
    "vocational_information_guidance": Text(
        "المعلومات والإرشاد المهني", "Vocational information and guidance"
    ),
    "apprenticeship": Text("التلمذة المهنية", "Apprenticeship"),
    "public_works": Text("الأشغال العامة", "Public works"),
    "training": Text("التدريب", "Training"),
    "microfinance": Text("التمويل الأصغر", "Microfinance"),
    "other": Text("أخرى", "Other"),
}
SERVICES: Names = {
    "vocational_information": Text("معلومات مهنية", "Vocational information"),
    "career_guidance": Text("إرشاد مهني", "Career guidance"),
    "youth_apprenticeship": Text("تلمذة مهنية للشباب", "Apprenticeship for youth"),
    "sheltered_employment": Text("عمل محمي", "Sheltered employment"),
    "wage_subsidy": Text("دعم الأجور", "Wage subsidy"),
    "training": Text("تدريب", "Training"),
    "self_employment": Text("عمل حر", "Self-employment"),
    "mobility_support": Text("دعم التنقل", "Support with commuting"),
}
BARRIERS: Names = {
    "availability": Text("الجاهزية للمباشرة", "Availability"),
    "transport": Text("المواصلات", "Transport"),
    "wage": Text("الأجر", "Wage"),
    "health": Text("الصحة", "Health"),
    "time_away": Text("الغياب عن المنزل", "Time away from home"),
}
TRANSPORT: Names = {
    "own_car": Text("سيارة خاصة", "Own car"),
    "public_bus": Text("حافلة عامة", "Public bus"),
    "employer_transport": Text("مواصلات صاحب العمل", "Employer's transport"),
    "mol_naf_supported": Text("نقل تدعمه الوزارة أو الصندوق", "Supported by MoL or NAF"),
    "none": Text("لا يوجد", "None"),
}
WAGES: Names = {
    "below_minimum": Text("أقل من الحد الأدنى", "Below the minimum wage"),
    "at_minimum": Text("الحد الأدنى للأجور", "At the minimum wage"),
    "below_300": Text("فوق الحد الأدنى ودون 300 دينار", "Above the minimum, below 300 JOD"),
    "300_to_400": Text("من 300 إلى 400 دينار", "300 to 400 JOD"),
    "above_400": Text("أكثر من 400 دينار", "Above 400 JOD"),
}
WAGE_GAPS: Names = {
    "accepts_minimum": Text("يقبل الحد الأدنى", "Accepts the minimum wage"),
    "gap_to_40": Text("يطلب حتى 40 ديناراً فوقه", "Asks up to 40 JOD more"),
    "gap_to_80": Text("يطلب 41–80 ديناراً فوقه", "Asks 41–80 JOD more"),
    "gap_to_180": Text("يطلب 81–180 ديناراً فوقه", "Asks 81–180 JOD more"),
    "gap_above_180": Text("يطلب أكثر من 180 ديناراً فوقه", "Asks above 180 JOD more"),
    "not_said": Text("لم يحدد أجراً", "Named no wage"),
}
ROUTES: Names = {
    "mol_mediation": Text("وساطة مكتب التشغيل", "Mediated by MoL"),
    "naf_direct_to_employer": Text(
        "من الصندوق مباشرة إلى صاحب العمل", "NAF directly with the employer"
    ),
    "private_agency": Text("مكتب تشغيل خاص", "Private agency"),
    "own_search": Text("بحث ذاتي", "Own search"),
    "after_measure": Text("بعد برنامج أو خدمة", "After a measure"),
}
SOCIAL_SECURITY: Names = {
    "registered": Text("مسجل", "Registered"),
    "not_yet": Text("غير مسجل بعد", "Not yet"),
    "unknown": Text("غير معلوم", "Not known to the worker"),
}
LEAVE_REASONS: Names = {
    "wage": Text("الأجر", "Wage"),
    "transport": Text("المواصلات", "Transport"),
    "conditions": Text("ظروف العمل", "Working conditions"),
    "care": Text("رعاية الأسرة", "Care for the family"),
    "health": Text("الصحة", "Health"),
    "dismissed": Text("إنهاء من صاحب العمل", "Dismissed"),
    "other": Text("سبب آخر", "Other"),
}
CRITERIA: Names = {
    "employer_registered_ssc": Text(
        "صاحب العمل غير مسجل في الضمان", "Employer not registered with social security"
    ),
    "workplace_not_harmful": Text("بيئة العمل ضارة", "Harmful workplace"),
    "employer_mobility_plan": Text("لا خطة تنقل (تنبيه)", "No mobility plan (a warning)"),
    "new_hires_registered_labour_law": Text(
        "الموظفون الجدد لا يُسجلون", "New employees are not registered"
    ),
    "employer_no_mistreatment": Text("معلومات عن سوء معاملة", "Reports of mistreatment"),
}
INSTITUTIONS: Names = {
    "naf": Text("صندوق المعونة الوطنية", "National Aid Fund"),
    "mol": Text("وزارة العمل", "Ministry of Labour"),
}
CLOSURES: Names = {
    "retained": Text("استمر في العمل", "Stayed in work"),
    "group_c": Text("المجموعة ج", "Group C"),
    "not_reached": Text("تعذر الوصول إليه", "Not reached"),
    "refused": Text("رفض", "Refused"),
    "cancelled": Text("ألغيت الرحلة", "Cancelled"),
}
STAGES: Names = {
    "listed": Text("مدرج", "Listed"),
    "invited": Text("دُعي", "Invited"),
    "no_show": Text("لم يحضر", "Did not come"),
    "refused": Text("رفض", "Refused"),
    "interview_1_done": Text("تمت مقابلة الجاهزية", "First interview done"),
    "interview_2_done": Text("تمت المقابلة الثانية", "Second interview done"),
    "grouped_A": Text("المجموعة أ", "Group A"),
    "grouped_B": Text("المجموعة ب", "Group B"),
    "grouped_C": Text("المجموعة ج", "Group C"),
    "iap_agreed": Text("اتُفق على خطة العمل", "Action plan agreed"),
    "provider_contacted": Text("تم الاتصال بالجهة", "Partner contacted"),
    "referred": Text("محال", "Referred"),
    "in_mediation": Text("في الوساطة", "In mediation"),
    "in_service": Text("في خدمة", "In a service"),
    "rejected_by_provider": Text("رفضته الجهة", "Declined by the partner"),
    "client_no_show_at_provider": Text("لم يحضر لدى الجهة", "Did not come to the partner"),
    "employed": Text("يعمل", "Employed"),
    "referred_to_lms_almp": Text("في خدمة أو برنامج", "In a service or measure"),
    "stable": Text("ثابت", "Stable"),
    "retained": Text("استمر في العمل", "Stayed in work"),
    "left_job": Text("ترك العمل", "Left the job"),
    "closed": Text("مغلقة", "Closed"),
}
REFERRAL_STATES: Names = {
    "in_time": Text("ردّت في الموعد", "Answered in time"),
    "late": Text("ردّت متأخرة", "Answered late"),
    "declined": Text("اعتذرت الجهة", "Declined"),
    "known_otherwise": Text("عُرفت النتيجة من غيرها", "Result known from elsewhere"),
    "overdue": Text("متأخرة بلا رد", "Overdue"),
    "waiting": Text("بانتظار الرد", "Waiting"),
}
OUTCOMES: Names = {
    "employed": Text("تشغيل", "Employed"),
    "referred_to_lms_almp": Text("خدمة أو برنامج", "Service or measure"),
    "stable": Text("ثابت", "Stable"),
}
DECISIONS: Names = {
    "accepted": Text("مقبولة", "Accepted"),
    "rejected": Text("مرفوضة", "Declined"),
    "client_no_show": Text("لم يحضر المنتفع", "Client did not come"),
}
