"""Reading request bodies of the API. (Apart from common.api, which DRF may not import so early.)"""

import json
import math
from collections.abc import Mapping
from typing import Any, NoReturn

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class StrictJSONParser(JSONParser):
    """JSON, where nesting without end and numbers beyond measure are the sender's mistake (400)."""

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        encoding = (parser_context or {}).get("encoding") or "utf-8"
        try:
            return json.loads(
                stream.read().decode(encoding),
                parse_constant=_refuse_number,
                parse_float=_finite,
            )
        except (ValueError, LookupError, RecursionError) as error:
            raise ParseError(_("The body is not JSON that can be read.")) from error


def _finite(literal: str) -> float:
    number = float(literal)
    if math.isinf(number):
        _refuse_number(literal)
    return number


def _refuse_number(literal: str) -> NoReturn:
    raise ValueError(f"{literal[:20]} is not a number that JSON knows")
