"""What can go wrong at the edge, in one line that says how to mend it."""


class AdminError(Exception):
    """Something the person at the keyboard can mend; its text is one line."""


class SettingsError(AdminError):
    """A setting is missing or wrong; the text names it and the mend."""
