"""Relays as they are posted: an Adaptive Card for a Teams workflow, an e-mail for a mailbox. What is previewed is this."""

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from admin.relay.words import RelayWord, facts, said, title
from scheduler.relay.posting import RelayLetter
from scheduler.relay.words import RelayCard
from tickets.relays import Occasion, Told
from tickets.vocabulary import PageLanguage

Element = dict[str, Any]
LANGUAGES: Final[Mapping[Told, tuple[PageLanguage, ...]]] = {
    Told.FI: (PageLanguage.FI,),
    Told.SV: (PageLanguage.SV,),
    Told.BOTH: (PageLanguage.FI, PageLanguage.SV),
}
SCHEMA: Final = "http://adaptivecards.io/schemas/adaptive-card.json"
VERSION: Final = "1.4"  # the newest that Teams shows on every device
RULE: Final = "\n\n--\n\n"  # between the languages of a letter


class PostedRelays:
    """The writer of what is posted; `public_url` is where its links lead."""

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url.rstrip("/")

    def card(self, card: RelayCard, told: Told, occasion: Occasion) -> bytes:
        """What is posted to a Teams workflow."""
        return json.dumps(self.envelope(card, told, occasion), ensure_ascii=False).encode()

    def envelope(self, card: RelayCard, told: Told, occasion: Occasion) -> Element:
        """The envelope that a Teams workflow takes, with the card in it."""
        languages = LANGUAGES[told]
        content = {
            "$schema": SCHEMA,
            "type": "AdaptiveCard",
            "version": VERSION,
            "lang": languages[0].value,
            "fallbackText": title(languages[0], card, occasion),
            "body": [_container(card, language, occasion, first=language is languages[0]) for language in languages],
            "actions": [self._button(card, language, occasion) for language in languages],
        }
        attachment = {
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": None,
            "content": content,
        }
        return {"type": "message", "attachments": [attachment]}

    def letter(self, card: RelayCard, told: Told, occasion: Occasion) -> RelayLetter:
        """The same as plain text; that it is over goes under the subject that it was asked under."""
        languages = LANGUAGES[told]
        subject = " / ".join(title(language, card, Occasion.OPENED) for language in languages)
        texts = [self._text(card, language, occasion) for language in languages]
        return RelayLetter(subject if occasion is Occasion.OPENED else f"Re: {subject}", RULE.join(texts) + "\n")

    def message_id(self, card: RelayCard, channel_id: int, occasion: Occasion) -> str:
        """Always the same for the same post, so that one that goes twice is one."""
        host = urlsplit(self._public_url).hostname or "digilinja"
        return f"<relay.{card.number}.{channel_id}.{occasion}@{host}>"

    def address(self, card: RelayCard) -> str:
        """The page on which it is taken."""
        return f"{self._public_url}/relay/{card.number}"

    def _button(self, card: RelayCard, language: PageLanguage, occasion: Occasion) -> Element:
        word = RelayWord.SEE if occasion is Occasion.CLOSED else _invitation(card)
        return {"type": "Action.OpenUrl", "title": said(language, word), "url": self.address(card)}

    def _text(self, card: RelayCard, language: PageLanguage, occasion: Occasion) -> str:
        lines = [title(language, card, occasion), ""]
        if occasion is Occasion.CLOSED:
            return "\n".join([*lines, said(language, RelayWord.NO_NEED)])
        if card.words:
            lines += [card.words, ""]
        lines += [f"{heading}: {value}" for heading, value in facts(language, card)]
        if not card.is_puzzle:
            lines += ["", said(language, RelayWord.HIDDEN)]
        return "\n".join([*lines, "", said(language, RelayWord.AT, url=self.address(card))])


def _invitation(card: RelayCard) -> RelayWord:
    return RelayWord.OPEN_PUZZLE if card.is_puzzle else RelayWord.OPEN_CASE


def _container(card: RelayCard, language: PageLanguage, occasion: Occasion, *, first: bool) -> Element:
    items: list[Element] = [_line(title(language, card, occasion), weight="Bolder", size="Medium")]
    if occasion is Occasion.CLOSED:
        items.append(_line(said(language, RelayWord.NO_NEED)))
    else:
        if card.words:
            items.append(_as_written(card.words))
        items.append({"type": "FactSet", "facts": [{"title": one, "value": its} for one, its in facts(language, card)]})
        if not card.is_puzzle:
            items.append(_line(said(language, RelayWord.HIDDEN), isSubtle=True, size="Small"))
    return {"type": "Container", "separator": not first, "items": items}


def _line(text: str, **how: str | bool) -> Element:
    return {"type": "TextBlock", "text": text, "wrap": True, **how}


def _as_written(text: str) -> Element:
    """What somebody typed: as it stands, with nothing in it read as Markdown."""
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text}]}
