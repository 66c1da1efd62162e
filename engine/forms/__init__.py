"""Forms: form.json in, a frozen form out, which checks and cleans what people and importers send.

docs/forms.md describes each key of the format.
"""

from engine.forms.field import Choice, Field, Shown, Type
from engine.forms.form import EMPTY_FORM, Form, invalid
from engine.forms.read import read_form

__all__ = ["EMPTY_FORM", "Choice", "Field", "Form", "Shown", "Type", "invalid", "read_form"]
