"""What a helper asks of the rota in a call or a text, and how it came out."""

from enum import StrEnum


class Wish(StrEnum):
    """What a helper asks for."""

    COME = "come"
    LEAVE = "leave"
    TAKE = "take"


class Granted(StrEnum):
    """How it came out; pending: nobody has got to it yet."""

    PENDING = "pending"
    COMES = "comes"
    LEFT = "left"
    SOUGHT = "sought"  # too late to leave: somebody is sought who takes it
    TAKEN = "taken"
    REFUSED = "refused"
