// The report beside the answers (below 64rem: over them). Part of page.js, which calls `open`, `shut` and `follow`.

const panel = find(".am-panel");
const pages = find(".am-page");
const over = matchMedia("(max-width: 63.99rem)");
const book = { mission: null, language: null, place: null, opener: null, sources: [], at: -1, units: [], hits: [], hit: -1 };

const passageOf = (mission, rest) => `${mission}/${rest}`;

function addressOf({ passage, start, end }) {
  const [mission, ...rest] = passage.split("/");
  const query = `?mission=${encodeURIComponent(mission)}&passage=${rest.map(encodeURIComponent).join("/")}`;
  return end === undefined ? query : `${query}&start=${start}&end=${end}`;
}

function asked() { // of the address
  const query = new URLSearchParams(location.search);
  const mission = query.get("mission");
  if (!mission) return null;
  const rest = query.get("passage");
  const number = (name) => (/^\d+$/.test(query.get(name) ?? "") ? Number(query.get(name)) : undefined);
  return { mission, passage: rest ? passageOf(mission, rest) : null, start: number("start"), end: number("end") };
}

// Opens a report at a place: { mission, passage?, start?, end? }. `keep` leaves the address as it is.
async function open(place, { opener = null, sources = [], language = state.language, keep = false } = {}) {
  if (!(await load(place.mission, language))) return false;
  const first = panel.hidden;
  if (first || !book.hits.length) note(null);
  if (opener) book.opener = opener;
  Object.assign(book, { sources, place, at: sources.findIndex((each) => each === place) });
  panel.hidden = false;
  element.querySelector(".am-frame").classList.add("am-reading");
  modal();
  const moves = find(".am-moves");
  moves.hidden = sources.length < 2;
  const where = { number: book.at + 1, count: sources.length };
  find(".am-where").replaceChildren(
    Object.assign(document.createElement("span"), { className: "am-hidden", textContent: say(props.labels.source_of, where) }),
    Object.assign(document.createElement("span"), { ariaHidden: "true", textContent: `${where.number} / ${where.count}` }),
  );
  if (!keep) {
    const address = place.passage ? addressOf(place) : `?mission=${encodeURIComponent(place.mission)}`;
    history[first ? "pushState" : "replaceState"]({ amReading: true }, "", home + address);
  }
  show_place(place);
  return true;
}

async function load(mission, language) {
  if (book.mission === mission && book.language === language) return true;
  let html;
  try {
    const answer = await fetch(`${home}api/report/${encodeURIComponent(mission)}?language=${language}`);
    if (!answer.ok) throw new Error(answer.status);
    html = await answer.text();
  } catch {
    tell(props.labels.no_report);
    return false;
  }
  const body = find(".am-body");
  body.replaceChildren(document.createRange().createContextualFragment(html)); // escaped in report.py
  label(body);
  Object.assign(book, { mission, language, hits: [], hit: -1 });
  book.units = [...body.querySelectorAll("[data-start]")].map((node) => ({ node, text: node.textContent, folded: null, quoted: false, ranges: [] }));
  entitle();
  if (find(".am-find input").value) search(false);
  return true;
}

function entitle() {
  const mission = start.missions.find(({ id }) => id === book.mission);
  find(".am-panel h2").textContent = mission?.title[state.language] ?? "";
}

function show_place({ passage, start: from, end: to }) {
  for (const old of panel.querySelectorAll(".am-current")) old.classList.remove("am-current");
  const there = passage && [...panel.querySelectorAll("[data-passage]")].find((each) => each.dataset.passage === passage);
  const within = ({ node: { dataset } }) => Number(dataset.start) >= from && Number(dataset.end) <= to;
  const wanted = there ? book.units.filter((unit) => there.contains(unit.node) && within(unit)) : [];
  // A place of before the report was changed marks nothing, rather than other words.
  const whole = wanted.some(({ node }) => Number(node.dataset.start) === from) && wanted.some(({ node }) => Number(node.dataset.end) === to);
  for (const unit of book.units) {
    const quoted = whole && wanted.includes(unit);
    if (quoted !== unit.quoted) { unit.quoted = quoted; paint(unit); }
  }
  if (there) {
    there.classList.add("am-current");
    const small = there.getBoundingClientRect().height < panel.clientHeight / 2;
    bring(small ? there : there.querySelector("mark") ?? there);
    there.focus({ preventScroll: true });
  } else {
    if (passage) tell(props.labels.no_passage);
    panel.scrollTop = 0;
    find(".am-panel h2").focus({ preventScroll: true });
  }
}

// Scrolls the report, and nothing around it, until a part of it stands in the upper half of what its head leaves free.
function bring(part) {
  const free = find(".am-head").getBoundingClientRect().bottom;
  const room = panel.getBoundingClientRect().bottom - free;
  panel.scrollTop += part.getBoundingClientRect().top - free - room / 3;
}

function shut({ keep = false } = {}) {
  if (panel.hidden) return;
  panel.hidden = true;
  element.querySelector(".am-frame").classList.remove("am-reading");
  modal();
  if (!keep) {
    if (history.state?.amReading) history.back();
    else history.replaceState(null, "", home);
  }
  (book.opener?.isConnected ? book.opener : box).focus({ preventScroll: true });
  book.opener = null;
}

// Over the conversation it is a dialog: what it hides can neither be reached nor scrolled.
function modal() {
  const covers = !panel.hidden && over.matches;
  pages.inert = covers;
  document.documentElement.classList.toggle("am-locked", covers);
  panel.setAttribute("role", covers ? "dialog" : "region");
  panel.toggleAttribute("aria-modal", covers);
}

function follow(step) {
  const next = book.sources[(book.at + step + book.sources.length) % book.sources.length];
  open(next, { sources: book.sources, language: book.language });
}

// Searching: letters without their accents, capitals or not -------------------------------------------------------------

function folded(text) {
  const letters = [], places = [];
  let at = 0;
  for (const letter of text) {
    const plain = letter.normalize("NFD").replace(/\p{M}/gu, "").normalize("NFC").toLowerCase().replace(/[’‘]/, "'").replace(/\s/, " ");
    for (const each of plain) { letters.push(each); places.push(at); }
    at += letter.length;
  }
  places.push(at);
  return { text: letters.join(""), places };
}

function search(move = true) {
  const wanted = folded(find(".am-find input").value.trim()).text;
  for (const unit of book.units) {
    const before = unit.ranges.length;
    unit.ranges = [];
    if (wanted) {
      const { text, places } = (unit.folded ??= folded(unit.text));
      for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length))
        unit.ranges.push([places[at], places[at + wanted.length]]);
    }
    if (before || unit.ranges.length) paint(unit);
  }
  book.hits = [...panel.querySelectorAll(".am-hit")];
  book.hit = -1;
  if (book.hits.length && move) step(1);
  else count(wanted);
}

function step(by) {
  if (!book.hits.length) return count(find(".am-find input").value.trim());
  book.hits[book.hit]?.classList.remove("am-at");
  book.hit = (book.hit + by + book.hits.length) % book.hits.length;
  book.hits[book.hit].classList.add("am-at");
  bring(book.hits[book.hit]);
  return count(true);
}

function count(wanted) {
  if (!wanted) note(null);
  else if (book.hits.length) note(props.labels.found, { number: book.hit + 1, count: book.hits.length });
  else note(props.labels.found_nowhere);
}

function paint({ node, text, quoted, ranges }) {
  const parts = [];
  let end = 0;
  for (const [from, to] of ranges) {
    parts.push(text.slice(end, from), Object.assign(document.createElement("mark"), { className: "am-hit", textContent: text.slice(from, to) }));
    end = to;
  }
  parts.push(text.slice(end));
  if (quoted) {
    const mark = Object.assign(document.createElement("mark"), { className: "am-quoted" });
    mark.append(...parts);
    node.replaceChildren(mark);
  } else node.replaceChildren(...parts);
}

// Listening -------------------------------------------------------------------------------------------------------------

find(".am-close").addEventListener("click", () => shut());
find(".am-previous").addEventListener("click", () => follow(-1));
find(".am-next").addEventListener("click", () => follow(1));
find(".am-address").addEventListener("click", () => copy_address(book.place));
find(".am-find").addEventListener("submit", (event) => { event.preventDefault(); step(1); });
find(".am-find input").addEventListener("input", () => search());
find(".am-find input").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.shiftKey) { event.preventDefault(); step(-1); }
  if (event.key === "Escape" && event.target.value) { event.stopPropagation(); event.target.value = ""; search(); }
});
find(".am-back").addEventListener("click", () => step(-1));
panel.addEventListener("keydown", (event) => { if (event.key === "Escape" && !event.isComposing) shut(); });
panel.addEventListener("click", (event) => {
  const link = event.target.closest("[data-goes], [data-copies]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const place = { mission: book.mission, passage: link.dataset.goes ?? link.dataset.copies };
  open(place, { language: book.language });
  if (link.dataset.copies) copy_address(place);
});
over.addEventListener("change", modal);
window.addEventListener("popstate", () => {
  const place = asked();
  if (place) open(place, { keep: true });
  else shut({ keep: true });
});

async function copy_address(place) {
  const address = place?.passage ? addressOf(place) : `?mission=${encodeURIComponent(book.mission)}`;
  try {
    await navigator.clipboard.writeText(location.origin + home + address);
    note(props.labels.address_copied);
  } catch {
    note(props.labels.not_copied);
  }
}

function note(text, values) {
  find(".am-noted").textContent = text ? say(text, values) : "";
}
