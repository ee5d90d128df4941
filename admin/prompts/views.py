"""The pages of the line's words and voice, together."""

from admin.prompts import everything, one, shelf
from admin.prompts.room import prompts

__all__ = ["everything", "one", "prompts", "shelf"]
