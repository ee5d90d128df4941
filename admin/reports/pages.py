"""Every page of the reports, for the composition root."""

from typing import Final

from flask import Blueprint

from admin.reports.between import between
from admin.reports.calendar import campaign_calendar
from admin.reports.campaigns import campaigns
from admin.reports.indicators import indicators
from admin.reports.views import reports

PAGES: Final[tuple[Blueprint, ...]] = (reports, campaign_calendar, between, campaigns, indicators)
