"""The index page: every briefing to be found in it, without a server and without trust in names."""

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from by_axe import axe_on
from policybook.batch.index import index
from policybook.batch.plan import Case
from policybook.batch.run import Outcome
from policybook.suite import Suite

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"


class Elements(HTMLParser):
    """The elements of a page with their attributes."""

    def __init__(self, text: str) -> None:
        """Read a page."""
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """Keep an element."""
        self.found.append((tag, dict(attrs)))

    def of(self, name: str) -> list[dict[str, str | None]]:
        """Return the attributes of all elements of a name."""
        return [attributes for tag, attributes in self.found if tag == name]


def outcome(  # noqa: PLR0913  (all but two by keyword)
    folder: Path, name: str, notebook: str = "06-one-theme-in-full", *, failure: str = "",
    changed: tuple[str, ...] = (), answer: str = "Somebody asks.", kicker: str = "Sanctions &amp; co",
    **values: Any,
) -> Outcome:  # fmt: skip
    """Return what came of a case, with a page that has a title and an answer."""
    page = folder / f"{name}.html"
    page.write_text(
        f'<p class="kicker">{kicker}</p><h1 id="x">Who asks for it?</h1>'
        f'<ul class="answer"><li>{answer}<sup>1</sup></li></ul>',
        "utf-8",
    )
    return Outcome(Case(name, Path(f"{notebook}.ipynb"), values, changed), page, failure)


def test_each_briefing_has_its_line(tmp_path: Path, shipped: Suite) -> None:
    """Every briefing is linked, says what it is about and leads with its own first sentence."""
    made = [
        outcome(tmp_path, "x0"),
        outcome(
            tmp_path, "x1", theme="sanctions", from_date="2018", changed=("theme", "from_date")
        ),
        outcome(tmp_path, "x2", "07-one-article-in-full", article="mei-2014", changed=("article",)),
    ]
    page = index(made, suite=shipped)
    links = [a["href"] for a in Elements(page).of("a")]
    assert links == ["x0.html", "x1.html", "x2.html"]
    assert "<h2>Who asks for it?</h2>" in page
    assert ">Sanctions &amp; co</a><p>Somebody asks.</p>" in page
    assert ">Sanctions &amp; co, 2018</a><p>Somebody asks.</p>" in page
    assert "it?</a></h2><p><b>Sanctions &amp; co, the Middle East Institute author (2014" in page
    assert "3 briefings · all delivered" in page
    lines = Elements(page).of("li")
    assert lines[1]["data-theme"] == "sanctions"
    assert (lines[1]["data-from"], lines[1]["data-to"]) == ("2018", "2019")
    assert lines[2]["data-article"] == "mei-2014"
    assert (lines[2]["data-from"], lines[2]["data-to"]) == ("2014", "2014")


def test_dates_narrow_the_years(tmp_path: Path, shipped: Suite) -> None:
    """A briefing from one year on is not found under an earlier one."""
    page = index([outcome(tmp_path, "x", from_date="2018", to_date="")], suite=shipped)
    (line,) = Elements(page).of("li")
    assert (line["data-from"], line["data-to"]) == ("2018", "2019")


def test_failures_stand_in_their_places(tmp_path: Path, shipped: Suite) -> None:
    """A briefing that failed is no link, says why, and is counted."""
    made = [outcome(tmp_path, "x1"), outcome(tmp_path, "x2", failure="KeyError: 'theme'")]
    page = index(made, suite=shipped)
    assert len(Elements(page).of("a")) == 1
    assert "KeyError: &#39;theme&#39;" in page
    assert "2 briefings · 1 delivered · 1 failed" in page


def test_hostile_names_stay_text(tmp_path: Path, shipped: Suite) -> None:
    """Whatever a parameter, a reason or a file name holds, the page gains no element by it."""
    plain = [outcome(tmp_path, "x", theme="x", failure="x", changed=("theme",)),
             outcome(tmp_path, "y", word="x", changed=("word",))]  # fmt: skip
    hostile = [outcome(tmp_path, "x", theme=HOSTILE, failure=HOSTILE, changed=("theme",)),
               outcome(tmp_path, "y", word=HOSTILE, changed=("word",))]  # fmt: skip
    names = [[tag for tag, _ in Elements(index(o, suite=shipped)).found] for o in (plain, hostile)]
    assert names[0] == names[1]


def test_nothing_reaches_out(tmp_path: Path, shipped: Suite) -> None:
    """The page loads nothing, and runs nothing but its own script."""
    page = index([outcome(tmp_path, "x")], suite=shipped)
    (policy,) = [m["content"] or "" for m in Elements(page).of("meta") if "http-equiv" in m]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "script-src 'sha256-" in policy
    assert "unsafe" not in policy
    assert not [a for _, a in Elements(page).found if "src" in a]


@pytest.fixture
def opened(tmp_path: Path, shipped: Suite, browser: Any) -> Any:
    """The index of many briefings in a browser without a network."""
    notebooks = ("05-what-changed-over-time", "06-one-theme-in-full")
    themes = list(shipped.book.values("instrument"))[:5]
    made = [
        outcome(tmp_path, f"{n}-{t}-{i}", n, theme=t, changed=("theme",), answer=f"Finding {i}.",
                articles=[["mahmoud-2018"], ["mei-2014"], []][min(i // 3, 2)])
        for n in notebooks for t in themes for i in range(60)
    ]  # fmt: skip
    made.append(outcome(tmp_path, "bad", failure="it broke"))
    (tmp_path / "index.html").write_text(index(made, suite=shipped), "utf-8")
    page = browser.new_context(offline=True).new_page()
    noise: list[str] = []
    page.on("console", lambda message: noise.append(message.text))
    page.on("pageerror", lambda error: noise.append(str(error)))
    page.goto((tmp_path / "index.html").as_uri())
    assert not noise
    return page


def test_filters(opened: Any) -> None:
    """A reader finds briefings by words, notebook, theme, article, period and state, and sees how many."""
    page = opened
    assert page.inner_text(".shown") == "the first 200 shown"
    assert page.locator("main li").count() == 200
    page.click(".more")
    assert page.locator("main li").count() == 601
    page.fill("[name=words]", "finding 7.")
    assert page.inner_text(".shown") == "60 of 601 briefings found"
    page.select_option("[name=theme]", "sanctions")
    assert page.locator("main li").count() == 12
    page.select_option("[name=notebook]", "06-one-theme-in-full")
    assert page.locator("main li").count() == 6
    for name in ("words", "theme", "notebook"):
        page.locator(f"[name={name}]").evaluate("e => { e.value = '' }")
    page.select_option("[name=article]", "mahmoud-2018")
    assert page.locator("main li").count() == 30
    page.select_option("[name=article]", "")
    page.select_option("[name=to]", "2017")
    assert page.inner_text(".shown") == "571 of 601 briefings found; the first 200 shown"
    page.select_option("[name=from]", "2015")
    assert page.inner_text(".shown") == "541 of 601 briefings found; the first 200 shown"
    for name in ("from", "to"):
        page.locator(f"[name={name}]").evaluate("e => { e.value = '' }")
    page.select_option("[name=state]", "failed")
    assert page.inner_text("main li p") == "it broke"


def test_nothing_for_axe_to_find(opened: Any) -> None:
    """axe-core finds nothing on the index, light or dark, wide or narrow, and it fits its screen."""
    for scheme, width in (("light", 1280), ("dark", 390)):
        opened.emulate_media(color_scheme=scheme)
        opened.set_viewport_size({"width": width, "height": 800})
        told = axe_on(opened)
        assert [(v["id"], v["nodes"][0]["html"][:200]) for v in told["violations"]] == []
        assert len(told["passes"]) > 10  # axe has looked
        assert opened.evaluate("document.documentElement.scrollWidth") <= width
