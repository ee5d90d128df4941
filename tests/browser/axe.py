"""What axe-core finds on a page, by the rules of WCAG 2.2 AA and its own best practices."""

from pathlib import Path

from playwright.sync_api import Page

SCRIPT = Path(__file__).parents[2] / ".venv/assets/node_modules/axe-core/axe.min.js"
RUN = "(options) => axe.run(document, {resultTypes: ['violations'], ...options}).then((found) => found.violations)"
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}


def violations(page: Page, *, colours_only: bool = False) -> list[str]:
    """Each rule that is broken, and where; another light changes nothing but colours."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    found = page.evaluate(RUN, COLOURS if colours_only else {})
    return [f"{one['id']}: {node['target']} {node['html'][:200]}" for one in found for node in one["nodes"]]
