"""Dates as they are written out for people."""

from datetime import date

import pytest

from tipline.domain.dates import written


@pytest.mark.parametrize(
    ("locale", "text"), [("zh", "2026年7月5日"), ("en", "5 July 2026"), ("fr", "5 July 2026")]
)
def test_a_date_is_written_out_without_zeros_in_front(locale: str, text: str) -> None:
    assert written(date(2026, 7, 5), locale) == text
