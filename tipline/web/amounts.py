"""Amounts as people type them."""

from decimal import Decimal, InvalidOperation

MOST_YUAN = Decimal("1e11")


def fen(typed: str) -> int | None:
    """Yuan as typed, in fen; None when it is not an amount."""
    try:
        yuan = Decimal(typed.replace(",", "").replace("，", "").strip())
    except InvalidOperation:
        return None
    if not yuan.is_finite() or not 0 <= yuan < MOST_YUAN or yuan != round(yuan, 2):
        return None
    return int(yuan * 100)
