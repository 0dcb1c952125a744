"""Ways to reach somebody, from however they were typed."""

import re

import phonenumbers

CHAT_ID = re.compile(r"[1-9][0-9]{0,15}")
MAIL_ADDRESS = re.compile(r"[^@\s,;<>]{1,64}@[^@\s,;<>]+\.[^@\s,;<>.]{2,}")


def contact_of(channel: object, address: object) -> tuple[str, str] | None:
    """Channel and address in the form in which they are used; None where nobody can be reached."""
    if not isinstance(address, str):
        return None
    typed = address.strip()
    if channel == "sms" and (number := phone_of(typed)):
        return "sms", number
    shapes = {"telegram": CHAT_ID, "email": MAIL_ADDRESS}
    if isinstance(channel, str) and channel in shapes and shapes[channel].fullmatch(typed):
        return channel, typed
    return None


def phone_of(address: str) -> str | None:
    """The number in international form, from whichever way it was written; None if it is none."""
    try:
        number = phonenumbers.parse(address, "CN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number_for_type(number, phonenumbers.PhoneNumberType.MOBILE):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
