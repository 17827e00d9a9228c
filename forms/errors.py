"""What can be wrong with a form file, with an answer, or with an expression at run time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dmn import Diagnostic, FileFinding


class FormError(Exception):
    """Base of everything this room refuses."""


class FormFileError(FormError):
    """A form file cannot be used; `findings` name the component (its key), the rule, the message
    and what to do instead."""

    def __init__(self, file: str, findings: Sequence[FileFinding]) -> None:
        lines = "; ".join(f"{f.element_id or 'file'}: {f.message}" for f in findings[:5])
        more = f" (and {len(findings) - 5} more)" if len(findings) > 5 else ""
        super().__init__(f"{file or 'the form file'} cannot be used: {lines}{more}")
        self.file = file
        self.findings = tuple(findings)


class FormErrors(FormError):
    """Answers that cannot be accepted. `errors` maps a path (`steps.0.due_date`; `_` for the whole
    submission) to messages in the caller's language."""

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        self.errors: dict[str, list[str]] = {path: list(texts) for path, texts in errors.items()}
        super().__init__("; ".join(f"{path}: {texts[0]}" for path, texts in self.errors.items()))


class FormExpressionError(FormError):
    """An expression of the form gave no usable value for this case; nothing the person typed can
    help. `field` is the path of the component, `diagnostics` say why."""

    def __init__(
        self, form: str, field: str, what: str, text: str, diagnostics: Sequence[Diagnostic] = ()
    ) -> None:
        reason = f" ({diagnostics[0].message})" if diagnostics else ""
        super().__init__(
            f"form {form}, field {field}: the {what} expression ={text} gave no usable "
            f"value{reason}; write the variables it reads before this task, or correct the form"
        )
        self.form = form
        self.field = field
        self.what = what
        self.text = text
        self.diagnostics = tuple(diagnostics)

    def below(self, prefix: str) -> FormExpressionError:
        """The same error, its field named by the row it happened in (`steps.0.`)."""
        if not prefix or self.field.startswith(prefix):
            return self
        field = prefix + self.field.rpartition(".")[2]
        return FormExpressionError(self.form, field, self.what, self.text, self.diagnostics)
