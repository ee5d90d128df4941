"""Autofill: proposes who takes which place over the coming weeks, and says why a place stays open. It decides nothing."""

from scheduler.autofill.asked import Held, Helper, Shift, Spoken
from scheduler.autofill.propose import propose
from scheduler.autofill.proposed import Aim, Assignment, Gap, Proposal, Reached, Reason, Share, Status
from scheduler.autofill.solver import SolverMissingError

__all__ = [
    "Aim",
    "Assignment",
    "Gap",
    "Held",
    "Helper",
    "Proposal",
    "Reached",
    "Reason",
    "Share",
    "Shift",
    "SolverMissingError",
    "Spoken",
    "Status",
    "propose",
]
