"""What is nearest to somebody who asks: places to go to, and the next days of gatherings."""

import re

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from admin.auth import holder, signed_in
from admin.directory.mistakes import DirectoryMistake, Mistakes
from admin.parts import now, transaction
from admin.wording import spoken_language
from tickets.municipalities import municipality_of, of_postcode
from tickets.near import Nearness, Whereabouts
from tickets.nearby import nearest_points, next_gatherings
from tickets.rights import Right
from voice_prompts.language import Language

MOST: int = 10
nearest = Blueprint("nearest", __name__, url_prefix="/admin/directory/nearest")


@nearest.get("")
@signed_in(Right.READ_DIRECTORY)
def near() -> ResponseReturnValue:
    """Show what is nearest to a postcode or municipality, once one is given."""
    typed, language = request.args.get("where", "").strip(), request.args.get("language", "")
    spoken = Language(language) if language in list(Language) else spoken_language()
    here = _whereabouts(typed)
    mistakes: Mistakes = {"where": DirectoryMistake.MUNICIPALITY} if typed and here is None else {}
    with transaction() as session:
        about = (session, holder().network_id, here or Whereabouts(), spoken)
        places = nearest_points(*about, limit=MOST) if here else ()
        days = next_gatherings(*about, now=now(), limit=MOST) if here else ()
    page = render_template(
        "directory/nearest.html",
        typed=typed,
        spoken=spoken,
        here=here,
        places=places,
        days=days,
        mistakes=mistakes,
        languages=Language,
        levels={level: level.name.lower() for level in Nearness},
    )
    return page, 422 if mistakes else 200


def _whereabouts(typed: str) -> Whereabouts | None:
    if re.fullmatch(r"[0-9]{5}", typed) and of_postcode(typed) is not None:
        return Whereabouts(postcode=typed)
    code = municipality_of(typed) if typed else None
    return None if code is None else Whereabouts(municipality=code)
