"""Days as the helper's pages write them."""

from datetime import date

from babel.dates import format_date, get_day_names

from admin.helper.who import helper
from admin.wording import page_language


@helper.app_template_filter("written_day")
def written_day(day: date) -> str:
    """A day as it is written in the reader's language: 24.11.2026."""
    language = page_language()
    return format_date(day, "d MMM y" if language == "en" else "d.M.y", locale=language.value)


@helper.app_template_filter("weekday_name")
def weekday_name(number: int) -> str:
    """A weekday's name, Monday being nought."""
    return str(get_day_names("wide", "stand-alone", locale=page_language().value)[number])
