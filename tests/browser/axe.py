"""What axe-core finds on a page, by the rules of WCAG 2.2 AA and its own best practices."""

from pathlib import Path

from playwright.sync_api import Page

SCRIPT = Path(__file__).parents[2] / ".venv/assets/node_modules/axe-core/axe.min.js"
RUN = "() => axe.run(document, {resultTypes: ['violations']}).then((found) => found.violations)"


def violations(page: Page) -> list[str]:
    """Each rule that is broken, and where."""
    page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    found = page.evaluate(RUN)
    return [f"{one['id']}: {node['target']} {node['html'][:200]}" for one in found for node in one["nodes"]]
