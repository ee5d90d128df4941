"""By what the statistics are told apart, and what is told of each. Pure."""

from enum import StrEnum
from typing import Final

from tickets.vocabulary import Outcome


class Dimension(StrEnum):
    """What a report has its rows by."""

    MONTH = "month"
    WEEK = "week"  # by its Monday
    MUNICIPALITY = "municipality"
    SUBREGION = "subregion"
    REGION = "region"
    WELLBEING_COUNTY = "wellbeing_county"
    LANGUAGE = "language"
    TOPIC = "topic"
    E_SERVICE = "e_service"
    DEVICE = "device"
    CHANNEL = "channel"
    OUTCOME = "outcome"
    ORGANISATION = "organisation"
    HELPER_KIND = "helper_kind"
    HOUR = "hour"
    DID_THEMSELVES = "did_themselves"
    ON_BEHALF = "on_behalf"
    WISHED_FORM = "wished_form"
    HEARD_OF_US = "heard_of_us"
    FEEDBACK = "feedback"
    CAMPAIGN = "campaign"


class Kept(StrEnum):
    """What is summed besides, for reports of their own."""

    TOTAL = "total"
    HELPED_IN = "helped_in"  # the municipality, of whoever was helped by somebody
    SPOKEN_IN = "spoken_in"  # municipality and language, as `853:sv`


class Measure(StrEnum):
    """What a report tells of each row: counts first, then shares of 1, then minutes."""

    EVENTS = "events"
    RANG_AGAIN = "rang_again"
    TRAINING = "training"
    SAME_DAY_SHARE = "same_day_share"
    KEPT_SHARE = "kept_share"
    SOLVED_SHARE = "solved_share"
    HELPED_SHARE = "helped_share"
    MEDIAN_WAIT = "median_wait"
    GATHERINGS = "gatherings"
    GATHERED = "gathered"


AREAS: Final = (Dimension.MUNICIPALITY, Dimension.SUBREGION, Dimension.REGION, Dimension.WELLBEING_COUNTY)
# Taken back, told twice, or no matter for the line: they are counted, but no share is of them.
NO_MATTER: Final = (Outcome.PERUTTU, Outcome.KAKSOISKAPPALE, Outcome.HAIRINTA, Outcome.EI_DIGITUKEA)
SOLVED: Final = (Outcome.RATKAISTU, Outcome.RATKAISTU_HETI)


def step(minutes: int) -> int:
    """A wait as it is kept in the sums: by the minute up to an hour, by five up to eight hours, then by the hour."""
    fineness = 1 if minutes < 60 else 5 if minutes < 480 else 60
    return minutes // fineness * fineness


STEP: Final = "wait_minutes / {0} * {0}".format(
    "(CASE WHEN wait_minutes < 60 THEN 1 WHEN wait_minutes < 480 THEN 5 ELSE 60 END)"
)
