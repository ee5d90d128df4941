"""Which numbers there are, and which can be texted."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType


def takes_texts(e164: str) -> bool:
    """Whether a number is a mobile, in Finland or elsewhere; a landline that is texted costs money and reaches nobody."""
    try:
        number = phonenumbers.parse(e164)
    except NumberParseException:
        return False
    return phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) == PhoneNumberType.MOBILE


def e164_of(typed: str) -> str | None:
    """The number in E.164 as somebody wrote it, Finnish unless it names its country; None where there is no such number."""
    try:
        number = phonenumbers.parse(typed, "FI")
    except NumberParseException:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if phonenumbers.is_valid_number(number) else None
