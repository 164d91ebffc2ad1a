"""Marshmallow fields for what people answer: each reads text or JSON, and gives a typed JSON value or a sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

import re2
from marshmallow import ValidationError, fields, missing

from service.domain import Json
from service.forms import dutch, texts
from service.forms.model import Component, Option

MAX_TEXT = 100_000
MAX_ROWS = 100
MAX_DIGITS = 15  # what a JSON number keeps without loss
HIDDEN = object()  # stands where a condition hides a field: not validated, not kept

# C0 and C1 controls except tab and line feed; lone surrogates cannot be stored as UTF-8; noncharacters.
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_POSTCODE = re.compile(r"([1-9]\d{3})\s*([A-Z]{2})", re.ASCII)
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"]{1,64}@[^\s@<>()\[\],;:\"]+\.[^\s@.<>()\[\],;:\"]{2,}")
_PHONE = re.compile(r"\+?[\d\s().-]+", re.ASCII)


@lru_cache(maxsize=1024)
def pattern(text: str) -> Any:
    """A compiled pattern that cannot be made to run for ever; None when it is no pattern."""
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(text, options)
    except re2.error:
        return None


def blank(value: Json) -> bool:
    """Whether this counts as no answer; an unticked box does, for it is what an untouched row holds."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Mapping):
        return all(blank(one) for one in value.values())
    if isinstance(value, (list, tuple)):
        return all(blank(one) for one in value)
    return value is None or value is missing or value is HIDDEN or value is False


class Answer(fields.Field[Any]):
    """One answer. `component` tells what is allowed; `options` may be replaced where a formula gives them."""

    empty: Json = None

    def __init__(self, component: Component) -> None:
        super().__init__(allow_none=True, data_key=component.key, attribute=component.key)
        self.component = component

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        if value is HIDDEN:
            return missing
        if value is missing or value is None or (isinstance(value, str) and not value.strip()) or value == []:
            if self.component.required:
                raise ValidationError(texts.required(self.component))
            return [] if self.empty == [] else self.empty
        return self.parse(value)

    def parse(self, value: Any) -> Json:
        """The typed JSON value; raises ValidationError with the sentence for the field."""
        raise NotImplementedError

    def text(self, value: Json) -> str:
        """The value as one types it; what cannot be read stays as it was typed."""
        return "" if value is None or isinstance(value, (Mapping, list)) else str(value)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return self.text(value)


class Text(Answer):
    """Words, kept as typed except for spaces around them, line endings and combining forms."""

    def parse(self, value: Any) -> Json:
        component = self.component
        if not isinstance(value, str):
            raise ValidationError(texts.not_a_text(component))
        plain = value.replace("\r\n", "\n").replace("\r", "\n").strip()
        if _UNREADABLE.search(plain):
            raise ValidationError(texts.unreadable_text(component))
        plain = unicodedata.normalize("NFC", plain)
        if component.type == "textfield":
            plain = " ".join(plain.split("\n"))
        self._check_length(plain)
        self._check_pattern(plain)
        return self._of_kind(plain)

    def _check_length(self, plain: str) -> None:
        least = _whole(self.component.validation.get("minLength")) or 0
        most = min(_whole(self.component.validation.get("maxLength")) or MAX_TEXT, MAX_TEXT)
        if len(plain) < least:
            raise ValidationError(texts.too_short(self.component, least, len(plain)))
        if len(plain) > most:
            raise ValidationError(texts.too_long(self.component, most, len(plain)))

    def _check_pattern(self, plain: str) -> None:
        wanted = self.component.validation.get("pattern")
        compiled = pattern(wanted) if isinstance(wanted, str) and wanted else None
        if compiled is not None and not compiled.search(plain):
            raise ValidationError(texts.wrong_pattern(self.component))

    def _of_kind(self, plain: str) -> str:
        kind = kind_of(self.component)
        if kind == "postcode":
            found = _POSTCODE.fullmatch(plain.upper())
            plain = f"{found[1]} {found[2]}" if found else ""
        elif kind == "email":
            plain = plain if len(plain) <= 254 and _EMAIL.fullmatch(plain) else ""
        elif kind == "telefoon":
            digits = sum(sign.isdigit() for sign in plain)
            plain = plain if _PHONE.fullmatch(plain) and 8 <= digits <= 15 else ""
        if not plain:
            raise ValidationError(texts.wrong_kind(self.component, kind))
        return plain


def kind_of(component: Component) -> str:
    """Which extra check a text field has: "postcode", "email", "telefoon" or ""."""
    own = component.named("soort")
    if own in {"postcode", "email", "telefoon"}:
        return own
    return {"email": "email", "phone": "telefoon"}.get(str(component.validation.get("validationType")), "")


class Number(Answer):
    """A number, typed the Dutch way or given as a JSON number."""

    def parse(self, value: Any) -> Json:
        number = as_number(value)
        if (
            number is None
            or len(number.as_tuple().digits) > MAX_DIGITS
            or abs(number.adjusted()) > MAX_DIGITS
        ):
            raise ValidationError(texts.not_a_number(self.component))
        digits = self.component.named("decimalen")
        allowed = int(digits) if digits.isdecimal() else None
        if allowed is not None and number != round(number, allowed):
            raise ValidationError(texts.wrong_step(self.component, allowed))
        return int(number) if number == number.to_integral_value() else float(number)

    def text(self, value: Json) -> str:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return dutch.show_number(value)
        return super().text(value)


def as_number(value: Json) -> Decimal | None:
    """A number from text or JSON; None when it is none or not finite."""
    if isinstance(value, str):
        return dutch.read_number(value) if len(value) <= 40 else None
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    if isinstance(value, int) and value.bit_length() > 64:
        return None
    number = Decimal(str(value))
    return number if number.is_finite() else None


class Moment(Answer):
    """A date, a time, or both."""

    def parse(self, value: Any) -> Json:
        moment = as_moment(value, self.component.subtype)
        if moment is None:
            raise ValidationError(texts.not_a_moment(self.component))
        if isinstance(moment, date) and not isinstance(moment, datetime):
            return moment.isoformat()
        return moment.isoformat(timespec="minutes")

    def text(self, value: Json) -> str:
        moment = as_moment(value, self.component.subtype)
        if isinstance(moment, datetime):
            return f"{dutch.type_date(moment)} {moment:%H:%M}"
        if isinstance(moment, time):
            return f"{moment:%H:%M}"
        # What was typed comes back as it was typed; only our own form of a date is turned round.
        return dutch.type_date(moment) if moment and moment.isoformat() == value else super().text(value)


def as_moment(value: Json, subtype: str) -> date | time | datetime | None:
    """A date, time or moment from text; None when it is none."""
    if not isinstance(value, str) or len(value) > 60:
        return None
    if subtype == "time":
        return dutch.read_time(value)
    return dutch.read_moment(value) if subtype == "datetime" else dutch.read_date(value)


class Tick(Answer):
    """A box: ticked or not. One that is required has to be ticked."""

    empty = False

    def parse(self, value: Any) -> Json:
        ticked = {"true": True, "ja": True, "on": True, "1": True, "false": False, "nee": False, "0": False}
        known = value if isinstance(value, bool) else ticked.get(str(value).strip().lower())
        if known is None:
            raise ValidationError(texts.not_a_choice(self.component))
        if self.component.required and not known:
            raise ValidationError(texts.required(self.component))
        return known

    def text(self, value: Json) -> str:
        return "true" if value is True or str(value).lower() in {"true", "ja", "on", "1"} else ""


class Choice(Answer):
    """One of the options; where a formula gives them, `validate` checks against those afterwards."""

    def parse(self, value: Any) -> Json:
        return pick(self.component, value, self.component.options)


class Choices(Answer):
    """Any of the options, each once, in the order of the form."""

    empty: Json = []  # noqa: RUF012  # never changed: deserialize hands out a new list

    def parse(self, value: Any) -> Json:
        given = value if isinstance(value, (list, tuple)) else [value]
        if len(given) > 1000:
            raise ValidationError(texts.not_a_choice(self.component))
        chosen = [pick(self.component, one, self.component.options) for one in given if not blank(one)]
        unique = sorted(set(map(str, chosen)), key=list(map(str, chosen)).index)
        kept = [next(one for one in chosen if str(one) == text) for text in unique]
        self._check_number(len(kept))
        return kept

    def _check_number(self, number: int) -> None:
        least, most = bounds(self.component)
        if self.component.required and not number:
            raise ValidationError(texts.required(self.component))
        if number and number < least:
            raise ValidationError(texts.too_few(self.component, least))
        if most is not None and number > most:
            raise ValidationError(texts.too_many(self.component, most))


def pick(component: Component, value: Json, options: tuple[Option, ...]) -> Json:
    """The option's own value for what was sent; without known options a short text passes."""
    if isinstance(value, (Mapping, list, tuple)):
        raise ValidationError(texts.not_a_choice(component))
    if not options and component.options_from:
        return str(value)[:1000]
    for option in options:
        if str(option.value) == str(value):
            return option.value
    raise ValidationError(texts.not_a_choice(component))


def bounds(component: Component) -> tuple[int, int | None]:
    """How few and how many rows or choices are allowed."""
    least, most = component.named("minimaal"), component.named("maximaal")
    return int(least) if least.isdecimal() else 0, int(most) if most.isdecimal() else None


def _whole(value: Json) -> int | None:
    return int(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


FIELDS: Mapping[str, type[Answer]] = {
    "textfield": Text,
    "textarea": Text,
    "number": Number,
    "datetime": Moment,
    "checkbox": Tick,
    "select": Choice,
    "radio": Choice,
    "checklist": Choices,
    "taglist": Choices,
}
