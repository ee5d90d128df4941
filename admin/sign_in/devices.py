"""What a browser says of itself, in words by which its owner knows it: the browser and the machine, nothing finer."""

import re
from typing import Final

# The first that is found: the later ones are named by the earlier ones too, as browsers pretend to be each other.
_BROWSERS: Final = (
    (r"\bEdgA?/|\bEdgiOS/", "Edge"),
    (r"\bOPR/|\bOPT/", "Opera"),
    (r"\bSamsungBrowser/", "Samsung Internet"),
    (r"\bFirefox/|\bFxiOS/", "Firefox"),
    (r"\bChrom(?:e|ium)/|\bCriOS/", "Chrome"),
    (r"\bSafari/", "Safari"),
)
_MACHINES: Final = (
    (r"\biPhone\b", "iPhone"),
    (r"\biPad\b", "iPad"),
    (r"\bAndroid\b", "Android"),
    (r"\bCrOS\b", "Chromebook"),
    (r"\bWindows\b", "Windows"),
    (r"\bMacintosh\b", "Mac"),
    (r"\bLinux\b", "Linux"),
)


def device_of(user_agent: str) -> str:
    """Such as "Chrome, Android"; nothing where it says nothing that we know."""
    told = (_first(_BROWSERS, user_agent), _first(_MACHINES, user_agent))
    return ", ".join(word for word in told if word)


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for pattern, name in known if re.search(pattern, user_agent)), "")
