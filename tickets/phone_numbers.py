"""Which numbers can be texted."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType


def takes_texts(e164: str) -> bool:
    """Whether a number is a mobile, in Finland or elsewhere; a landline that is texted costs money and reaches nobody."""
    try:
        number = phonenumbers.parse(e164)
    except NumberParseException:
        return False
    return phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) == PhoneNumberType.MOBILE
