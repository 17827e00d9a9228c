"""Uses a page with the keyboard alone: what cannot be reached with Tab cannot be used, and where
one stands must be seen."""

from __future__ import annotations

from playwright.sync_api import Page

MOST_STEPS = 400
_HERE = """selector => {
  const here = document.activeElement;
  return here !== null && here !== document.body && here.matches(selector);
}"""
_SEEN = """() => {
  const here = document.activeElement;
  const marked = element => {
    const style = getComputedStyle(element);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    return outlined || style.boxShadow !== "none";
  };
  const box = here.getBoundingClientRect();
  const covered = box.bottom <= 0 || box.top >= innerHeight;
  return !covered && (marked(here) || (here.closest("label") && marked(here.closest("label"))));
}"""


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, which must be seen at every step."""
    for _step in range(MOST_STEPS):
        if page.evaluate(_HERE, selector):
            return
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement !== document.body"):
            assert page.evaluate(_SEEN), "the focus is not seen on " + page.evaluate(
                "document.activeElement.outerHTML.slice(0, 200)"
            )
    raise AssertionError(f"Tab never comes to {selector}")


def choose(page: Page, name: str, value: str) -> None:
    """Choose one of a group: Tab to the group, arrows to the choice."""
    tab_to(page, f'[name="{name}"]')
    choices = page.locator(f'[name="{name}"]').evaluate_all("all => all.map(one => one.value)")
    page.keyboard.press("Space")
    while page.evaluate("document.activeElement.value") != choices[0]:
        page.keyboard.press("ArrowUp")
    for _step in range(choices.index(value)):
        page.keyboard.press("ArrowDown")
    assert page.locator(f'[name="{name}"][value="{value}"]').is_checked()


def tick(page: Page, name: str, value: str) -> None:
    """Tick a box."""
    tab_to(page, f'[name="{name}"][value="{value}"]')
    page.keyboard.press("Space")


def write(page: Page, name: str, text: str) -> None:
    """Type a text over what stands there."""
    tab_to(page, f'[name="{name}"]')
    page.keyboard.press("Control+a")
    page.keyboard.type(text)
