// Filters the list. Without it the list stands as a whole, and nothing is lost.
// Only some entries stand in the page at a time: a browser lays ten thousand out too slowly.
const SOME = 200;
const folded = (text) => text.toLowerCase().replace(/\s+/g, " ");
const form = document.querySelector(".filters");
const status = document.querySelector(".shown");
const more = document.querySelector(".more");
const sections = [...document.querySelectorAll("main section")].map((section) => ({
  section,
  list: section.querySelector("ol"),
  entries: [...section.querySelectorAll("li")].map((entry) => ({
    entry,
    words: folded(`${section.querySelector("h2").textContent} ${entry.textContent}`),
    notebook: section.dataset.notebook,
    theme: entry.dataset.theme ?? "",
    article: (entry.dataset.article ?? "").split(" "),
    from: Number(entry.dataset.from ?? -Infinity),
    to: Number(entry.dataset.to ?? Infinity),
    state: entry.classList.contains("failed") ? "failed" : "delivered",
  })),
}));
const total = sections.reduce((sum, { entries }) => sum + entries.length, 0);
let most = SOME;

function fits(one, asked, words) {
  return (
    (!asked.notebook || one.notebook === asked.notebook) &&
    (!asked.theme || one.theme === asked.theme) &&
    (!asked.article || one.article.includes(asked.article)) &&
    (!asked.state || one.state === asked.state) &&
    (!(asked.from && asked.to) || Number(asked.from) <= Number(asked.to)) &&
    (!asked.from || Number(asked.from) <= one.to) &&
    (!asked.to || one.from <= Number(asked.to)) &&
    words.every((word) => one.words.includes(word))
  );
}

function show() {
  const asked = Object.fromEntries(new FormData(form));
  const words = folded(asked.words).split(" ").filter(Boolean);
  let found = 0;
  let shown = 0;
  for (const { section, list, entries } of sections) {
    const mine = entries.filter((one) => fits(one, asked, words));
    const some = mine.slice(0, most - shown);
    list.replaceChildren(...some.map((one) => one.entry));
    section.hidden = some.length === 0;
    found += mine.length;
    shown += some.length;
  }
  const number = (count) => count.toLocaleString("en");
  const fit = found === total ? "" : `${number(found)} of ${number(total)} briefings found`;
  status.textContent = [fit, shown < found ? `the first ${number(shown)} shown` : ""].filter(Boolean).join("; ");
  more.hidden = shown === found;
}

form.hidden = false;
form.addEventListener("input", () => {
  most = SOME;
  show();
});
form.addEventListener("submit", (event) => event.preventDefault());
more.addEventListener("click", () => {
  most += 5 * SOME;
  show();
});
addEventListener("beforeprint", () => {
  most = Infinity;
  show();
});
// A page that is come back to has its fields filled in again only now.
addEventListener("pageshow", show);
show();
