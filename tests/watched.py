"""Open pages in Chromium without a network, and note everything that one does, holds and shows.

The surprising rule: what is compared is the document the browser made, not the file,
for markup is what a browser takes for markup.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CANARY = "untouched"

_LOOK = """() => {
  const texts = [], elements = [], pictures = new Set(), addresses = new Set(), handlers = [];
  const visit = (node, depth, inPicture) => {
    if (node.nodeType === Node.TEXT_NODE) { texts.push(node.data); return; }
    if (node.nodeType !== Node.ELEMENT_NODE) { elements.push(`${depth} ${node.nodeName}`); return; }
    const attributes = node.getAttributeNames().sort();
    handlers.push(...attributes.filter((name) => /^on|^style$|^srcdoc$/.test(name)).map((name) => `${node.localName} ${name}`));
    for (const name of ["href", "src", "action", "xlink:href", "data", "srcset", "ping"]) {
      if (node.hasAttribute(name)) addresses.add(`${node.localName} ${name} ${node.getAttribute(name)}`);
    }
    for (const name of ["aria-label", "title"]) texts.push("\\n", node.getAttribute(name) ?? "", "\\n");
    if (inPicture) pictures.add(node.localName);
    else elements.push(`${depth} ${node.localName} ${attributes.join(" ")}`);
    if (["script", "style"].includes(node.localName)) return;
    const within = inPicture || node.localName === "svg" || node.classList.contains("live");
    for (const child of node.childNodes) visit(child, depth + 1, within);
  };
  visit(document.documentElement, 0, false);
  const links = [...addresses].filter((one) => one.startsWith("a href #"));
  return {
    text: texts.join(""), elements, pictures: [...pictures].sort(), handlers,
    addresses: [...addresses].filter((one) => !links.includes(one)).sort(),
    lost: links.filter((one) => !document.getElementById(one.slice(8))),
    names: Object.getOwnPropertyNames(window).filter((name) => !/^[0-9]+$/.test(name)).sort(),
    canary: String(globalThis.canary), title: document.title, place: location.href,
  };
}"""

_POINT = """async () => {
  const tip = document.querySelector("#tip");
  const told = new Set(), within = new Set();
  for (const mark of document.querySelectorAll(".live svg path, .live svg text, .live svg line")) {
    const { left, top, width, height } = mark.getBoundingClientRect();
    const where = { bubbles: true, clientX: left + width / 2, clientY: top + height / 2 };
    for (const kind of ["pointerover", "pointermove", "mouseover", "mousemove"]) {
      const Kind = kind.startsWith("p") ? PointerEvent : MouseEvent;
      mark.dispatchEvent(new Kind(kind, where));
    }
    if (!tip.hidden) {
      told.add(tip.textContent);
      for (const element of tip.querySelectorAll("*")) within.add(element.localName);
    }
  }
  return { told: [...told], within: [...within].sort() };
}"""


@dataclass
class Seen:
    """What a page did (`noise`), what it is made of, and what a reader is shown."""

    text: str
    elements: list[str]
    pictures: list[str]
    handlers: list[str]
    addresses: list[str]
    lost: list[str]
    names: list[str]
    canary: str
    title: str
    place: str
    noise: list[str] = field(default_factory=list)
    tips: list[str] = field(default_factory=list)
    in_tips: list[str] = field(default_factory=list)


class Watch:
    """A browser without a network whose every stir is heard."""

    def __init__(self, browser: Any) -> None:
        """Open it, with a global that nobody may change."""
        self.noise: list[str] = []
        self.context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900})
        self.context.set_default_timeout(
            240_000
        )  # a machine may be busy, a page a hundred megabytes
        self.context.add_init_script(f'globalThis.canary = "{CANARY}";')
        self.context.on("request", lambda request: self.noise.append(request.url))
        self.context.on("page", self._listen)

    def _listen(self, page: Any) -> None:
        """Hear what a page or a window that it opens does."""
        page.on("dialog", self._dismiss)
        page.on("console", lambda message: self.noise.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: self.noise.append(f"error: {error}"))
        page.on("download", lambda download: self.noise.append(f"download: {download.url}"))
        page.on("popup", lambda other: self.noise.append(f"window: {other.url}"))

    def _dismiss(self, dialog: Any) -> None:
        """Note a dialog and close it."""
        self.noise.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def see(self, path: Path) -> Seen:
        """Return what becomes of a page: opened, drawn, pointed at, every part of it unfolded."""
        self.noise.clear()
        page = self.context.new_page()
        page.goto(path.as_uri())
        drawn = page.locator("body > script[type=module]").count() > 0
        pictures = page.locator(".picture").count() if drawn else 0
        page.wait_for_function(
            "wanted => document.querySelectorAll('.picture.drawn').length >= wanted", arg=pictures
        )
        page.evaluate(
            "() => { for (const one of document.querySelectorAll('details')) one.open = true }"
        )
        tips = page.evaluate(_POINT) if pictures else {"told": [], "within": []}
        seen = Seen(**page.evaluate(_LOOK))
        page.wait_for_timeout(20)
        seen.noise = [one for one in self.noise if one != path.as_uri()]
        seen.tips, seen.in_tips = tips["told"], tips["within"]
        page.close()
        return seen
