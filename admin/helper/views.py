"""A helper's own pages, all of them: each module puts its own on the blueprint."""

from admin.helper import board, case, own_time, ringing, rules, shifts, telling, today, words
from admin.helper.who import helper

__all__ = ["board", "case", "helper", "own_time", "ringing", "rules", "shifts", "telling", "today", "words"]
