"""The pages about a whole network, for the composition root."""

from typing import Final

from flask import Blueprint

from admin.network.bulletins import bulletins
from admin.network.connections import connections
from admin.network.hours import hours
from admin.network.lines import lines
from admin.network.mailboxes import mailboxes
from admin.network.settings import settings
from admin.people.showing import furnish

PAGES: Final[tuple[Blueprint, ...]] = (lines, hours, bulletins, settings, connections, mailboxes)
for pages in PAGES:
    furnish(pages)
