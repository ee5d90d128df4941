"""What goes wrong on our side, and how the caller hears of it."""

from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from tests.calls.scenarios.playbill import play
from tests.calls.staging import Stage
from tests.calls.test_deploys import change_script


class FailingOnce:
    """Sessions of a database on which one turn comes to grief by a fault of ours."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions, self._fails = sessions, True

    def __call__(self) -> Session:
        return self._sessions()

    def begin(self) -> object:
        """A transaction; the first one fails."""
        if self._fails:
            self._fails = False
            raise RuntimeError("a fault of ours")
        return self._sessions.begin()


@play("Tietokanta on poissa: viesti jää silti", "Databasen är borta: meddelandet sparas ändå")
def the_database_is_away(stage: Stage) -> None:
    engine = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing", connect_args={"connect_timeout": 2})
    stage.day.web = stage.day.web_on(sessionmaker(engine))
    stage.day.forgiven = {11200}  # news that could not be noted
    stage.dials().says()
    stage.sends(stage.in_words("Soittakaa minulle.", "Ring mig."))


@play("Palvelu päivittyy kesken puhelun", "Tjänsten uppdateras mitt under samtalet")
def the_service_changes(stage: Stage) -> None:
    stage.helper()
    call = stage.begins().presses("1").presses("1")
    change_script(stage.day, call, "postcode")
    call.presses("1").says()


@play("Tekninen vika kesken puhelun", "Ett tekniskt fel mitt i samtalet")
def a_fault_of_ours(stage: Stage) -> None:
    stage.helper()
    call = stage.begins().presses("1").presses("1")
    stage.day.web = stage.day.web_on(FailingOnce(stage.day.sessions))
    call.presses("1")


@play("Numero ei ole käytössä", "Numret är inte i bruk")
def a_number_not_in_use(stage: Stage) -> None:
    number = "+358942459999"
    stage.day.exchange.add_line(number, stage.day.addresses.call, fallback_url=stage.day.addresses.fallback)
    stage.dials(line=number)
