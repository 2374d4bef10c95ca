// Draws every chart of the page anew, so that it answers a pointer; nothing is fetched.
// The picture that stands in the page stays until its chart is drawn, and on paper for good.
const TYPE = "application/vnd.vega.v6+json";
const tip = document.createElement("div");
tip.id = "tip";
tip.hidden = true;
tip.setAttribute("aria-hidden", "true"); // the same words stand in the chart's table
document.body.append(tip);

// Texts come from data: they are set as text, never as markup.
function lines(value) {
  if (typeof value !== "object") return [[String(value)]];
  return Object.entries(value).map(([name, word]) => [name, String(word)]);
}

function fill(value) {
  tip.replaceChildren(
    ...lines(value).map((words) => {
      const line = document.createElement("p");
      line.append(...words.map((word, place) => {
        const part = document.createElement(place < words.length - 1 ? "b" : "span");
        part.textContent = word;
        return part;
      }));
      return line;
    })
  );
}

function place(event) {
  const room = 12;
  const right = innerWidth - tip.offsetWidth - room;
  const below = event.clientY + room + tip.offsetHeight < innerHeight;
  tip.style.left = `${Math.max(room, Math.min(event.clientX + room, right))}px`;
  tip.style.top = `${below ? event.clientY + room : Math.max(room, event.clientY - room - tip.offsetHeight)}px`;
}

function show(_handler, event, _item, value) {
  tip.hidden = value === null || value === undefined || value === "";
  if (tip.hidden) return;
  fill(value);
  place(event);
}

addEventListener("keydown", (event) => {
  if (event.key === "Escape") tip.hidden = true;
});
addEventListener("scroll", () => { tip.hidden = true; }, { passive: true });

async function draw(block) {
  const live = document.createElement("div");
  live.className = "live";
  live.setAttribute("aria-hidden", "true");
  const options = { mode: "vega", ast: true, logLevel: 1, renderer: "svg", actions: false, defaultStyle: false, tooltip: show };
  await vegaEmbed(live, JSON.parse(block.textContent), options);
  block.after(live);
  block.parentElement.classList.add("drawn");
}

for (const block of document.querySelectorAll(`script[type="${TYPE}"]`)) {
  await draw(block).catch(() => {}); // the picture stays
}
