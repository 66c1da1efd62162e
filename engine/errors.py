"""One error tree: a refusal is a sentence a clerk can act on, and a stable code.

Codes are `<noun>.<reason>` and are listed in docs/errors.md. The sentence is written in Chinese
where it is raised and is the key of the message catalogue (engine/i18n); HTTP statuses are chosen
in web/ only.
"""

from __future__ import annotations

from copyreg import __newobj__  # type: ignore[attr-defined]  # pickle's own name for it
from typing import Any

from engine.i18n import Text, _


class ShaodaoError(Exception):
    """Root of all refusals. `str(error)` is the Chinese sentence."""

    def __init__(self, code: str, text: Text, **details: Any) -> None:
        super().__init__(str(text))
        self.code = code
        self.text = text
        self.details = details

    def __reduce__(self) -> tuple[Any, ...]:
        """Go to another process as it is: made anew without `__init__`."""
        return __newobj__, (type(self), *self.args), self.__dict__

    def sentence(self, locale: str = "zh") -> str:
        """Return the sentence in `locale` ("zh" or "en")."""
        return self.text.to(locale)


class NotFound(ShaodaoError):
    """What was named does not exist, or the actor may not know that it exists."""


class Forbidden(ShaodaoError):
    """The actor's roles and units do not allow it."""


class Conflict(ShaodaoError):
    """It was possible a moment ago and is not any more: reload and look."""


class Invalid(ShaodaoError):
    """What was handed in is wrong. `details["fields"]` maps a field to its sentence where known."""


class Broken(ShaodaoError):
    """Our side cannot do it now: a table has no answer, a service is down, a state is damaged."""


class BpmnError(ShaodaoError):
    """An error in the sense of BPMN, raised by an operation on purpose.

    Error boundary events and event sub-processes catch it by `error_code`; every other refusal of
    an operation is an incident.
    """

    def __init__(self, error_code: str, text: Text | None = None, **details: Any) -> None:
        sentence = text or _("操作报告了业务错误 {code}", code=error_code)
        super().__init__("operation.bpmn_error", sentence, **details)
        self.error_code = error_code
