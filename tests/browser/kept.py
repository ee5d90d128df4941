"""What the database keeps once a story has been played."""

from sqlalchemy import text

from tests.browser.office import Office


def rows(office: Office, statement: str, **places: object) -> list[tuple[object, ...]]:
    """Rows, as they are."""
    with office.parts.sessions() as session:
        return [tuple(row) for row in session.execute(text(statement), places)]


def value(office: Office, statement: str, **places: object) -> object:
    """The one value of the one row."""
    ((found,),) = rows(office, statement, **places)
    return found


def write(office: Office, statement: str, **places: object) -> None:
    """Let something have happened meanwhile."""
    with office.parts.sessions.begin() as session:
        session.execute(text(statement), places)
