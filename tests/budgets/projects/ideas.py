"""Ideas as people write them, and pictures as they send them."""

from decimal import Decimal
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from budgets.actions.projects import Idea, propose_project
from budgets.models import Budget, Project


def idea(budget: Budget, **changes: Any) -> Idea:
    """An idea that stands, but for the changes."""
    fields: dict[str, Any] = {
        "title": "A fountain",
        "body": "A fountain in the **square**, with a bench.",
        "envelope": budget.envelopes.all()[0].pk,
        "estimate": Decimal(12_000),
    }
    return Idea(**(fields | changes))


def proposed(budget: Budget, author: Any, **changes: Any) -> Project:
    """A project that somebody proposed."""
    return propose_project(author, budget=budget, idea=idea(budget, **changes), language="en")


def picture(
    name: str = "square.jpg",
    *,
    size: tuple[int, int] = (640, 480),
    kind: str = "JPEG",
    mode: str = "RGB",
    **options: Any,
) -> SimpleUploadedFile:
    """An uploaded picture."""
    held = BytesIO()
    Image.new(mode, size, (20, 90, 100, 128)[: len(mode)]).save(held, kind, **options)
    return SimpleUploadedFile(name, held.getvalue(), f"image/{kind.lower()}")
