"""The shipped forms (`definitions/*.form`) and the one compiler from form file to schema."""

from forms.compiler import compile_form
from forms.errors import FormError, FormErrors, FormExpressionError, FormFileError
from forms.form import Form
from forms.model import Choice, Field, FieldType

__all__ = [
    "Choice",
    "Field",
    "FieldType",
    "Form",
    "FormError",
    "FormErrors",
    "FormExpressionError",
    "FormFileError",
    "compile_form",
]
