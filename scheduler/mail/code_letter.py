"""The letter that brings a code for signing in."""

from typing import Final

from scheduler.ports import Email
from voice_prompts.language import Written
from voice_prompts.letters import paragraph

BETWEEN: Final = "\n\n"


def code_letter(address: str, code: str, language: Written, message_id: str) -> Email:
    """The code, what it is for, and that nobody ever asks for it."""
    told = (paragraph(language, "code_is", code=code), paragraph(language, "code_only_there"))
    return Email(address, paragraph(language, "code_subject"), BETWEEN.join(told) + "\n", message_id=message_id)
