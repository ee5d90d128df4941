"""The sign-in of the organisation for which one works (OpenID Connect)."""


def is_offered() -> bool:
    """Whether this deployment has one."""
    return False
