"""A bulletin: one short sentence in each language, in a coordinator's own words, that callers hear before all else. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from voice_prompts.checks import faults_of_announced
from voice_prompts.faults import Fault
from voice_prompts.language import Language


@dataclass(frozen=True, slots=True)
class BulletinWords:
    """A bulletin in both languages, as it is said."""

    fi: str
    sv: str

    def in_language(self, language: Language) -> str:
        """Its sentence in a language."""
        return self.fi if language is Language.FI else self.sv

    def tidy(self) -> "BulletinWords":
        """Without line breaks and stray spaces."""
        return BulletinWords(" ".join(self.fi.split()), " ".join(self.sv.split()))

    def faults(self) -> Mapping[Language, tuple[Fault, ...]]:
        """What the voice could not say right, by language; nothing where all is well."""
        found = {language: faults_of_announced(self.in_language(language), language) for language in Language}
        return {language: faults for language, faults in found.items() if faults}
