"""The shipped forms (`definitions/*.form`) and the one compiler from form file to schema."""

from forms.compiler import compile_form
from forms.errors import FormError, FormErrors, FormExpressionError, FormFileError
from forms.form import Form
from forms.model import Choice, Field, FieldType
from forms.posted import Posted, read_posted
from forms.rendering import render_view
from forms.schema import compile_schema
from forms.view import FormView
from forms.visibility import Visibility, hidden_fields

__all__ = [
    "Choice",
    "Field",
    "FieldType",
    "Form",
    "FormError",
    "FormErrors",
    "FormExpressionError",
    "FormFileError",
    "FormView",
    "Posted",
    "Visibility",
    "compile_form",
    "compile_schema",
    "hidden_fields",
    "read_posted",
    "render_view",
]
