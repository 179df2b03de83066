// The browser's part of the page: languages, the conversation, the keyboard. Gradio runs it when the component is laid
// in the page and hands over `element`, `props`, `trigger` and `watch`. All HTML inserted here was escaped in Python
// (rendering.py); all else is inserted as text.

const LANGUAGES = Object.keys(props.texts);
const KEPT = "askmission";
const PATIENCE = 60000; // milliseconds until a question counts as lost
const PULSE = 2000; // milliseconds between two looks whether the server is there: Gradio waits for it without a word
const LETTING_GO = 2000; // milliseconds that a question waits at most for the one before, which was stopped, to be gone
const STOPPABLE = 400; // milliseconds until one can stop it: sooner, a double click on the button would
const find = (selector) => element.querySelector(selector);
const log = find(".am-log");
const box = find("#am-question");
const home = location.pathname.replace(/\/?$/, "/");

// What is known of the reports; asked for each time the page is laid, for the index may have been rebuilt since.
let start = { missions: [], examples: {}, date: {}, built: null };

// `gone` is kept when Gradio has let go of the question that was stopped; until then `letting_go` keeps it.
const state = { language: null, turns: [], waiting: null, said: null, gone: Promise.resolve(), letting_go: null };

// Storage may be forbidden by the browser: then nothing is kept, and all else works.
function kept(storage, name = KEPT) {
  try { return JSON.parse(window[storage].getItem(name)) || {}; } catch { return {}; }
}
function keep(storage, value, name = KEPT) {
  try { window[storage].setItem(name, JSON.stringify(value)); return true; } catch { return false; }
}

// Languages -----------------------------------------------------------------------------------------------------------

function say(text, values = {}) {
  const texts = props.texts[state.language];
  return (texts[text] ?? text).replace(/\{(\w+)\}/g, (all, name) => texts[values[name]] ?? values[name] ?? all);
}

function label(root) {
  for (const each of root.querySelectorAll("[data-text]")) each.textContent = say(each.dataset.text, each.dataset);
  for (const each of root.querySelectorAll("[data-label]")) each.setAttribute("aria-label", say(each.dataset.label));
}

function speak(language) {
  state.language = language;
  document.documentElement.lang = language;
  label(element);
  for (const button of element.querySelectorAll("[data-language]"))
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  const list = (selector, texts, fill) => find(selector).replaceChildren(...texts.map((text) => {
    const item = document.createElement("li");
    item.append(fill(text));
    return item;
  }));
  list(".am-missions", start.missions, ({ id, title }) => {
    const line = document.createElement("span");
    const read = Object.assign(document.createElement("button"), { type: "button", className: "am-quiet", textContent: say(props.labels.read) });
    read.setAttribute("aria-label", `${say(props.labels.read)}, ${title[language]}`);
    read.addEventListener("click", () => open({ mission: id }, { opener: read }));
    line.append(title[language], " ", read);
    return line;
  });
  list(".am-examples ul", start.examples[language] ?? [], (question) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = question;
    button.addEventListener("click", () => ask(question));
    return button;
  });
  if (start.built) find(".am-date").textContent = say(props.labels.as_of, { date: start.date[language] });
  find(".am-links").replaceChildren(...Object.entries(start.about?.[language] ?? {}).flatMap(([name, text]) =>
    [Object.assign(document.createElement("a"), { href: `${home}about/${name}?language=${language}`, textContent: text }), " "]));
  tell(state.said);
  if (book.mission && !panel.hidden) open(book.place, { sources: book.sources, keep: true });
}

function tell(text) {
  state.said = text;
  find(".am-status").textContent = text ? say(text) : "";
}

// The conversation ----------------------------------------------------------------------------------------------------

function ask(question) {
  if (state.waiting || !question.trim()) return false;
  const id = `am-${Date.now().toString(36)}-${state.turns.length}`;
  const history = state.turns.filter((turn) => turn.answer).slice(-10).flatMap((turn) => [
    { role: "user", content: turn.question },
    { role: "assistant", content: turn.answer.text },
  ]);
  const draft = document.createElement("article");
  draft.className = "am-turn am-pending";
  draft.append(Object.assign(document.createElement("h2"), { className: "am-asked", textContent: question }));
  log.append(draft);
  const waiting = { id, question, draft, sent: false, stoppable: false };
  waiting.timers = [
    setTimeout(() => { waiting.stoppable = true; busy(true); }, STOPPABLE),
    setTimeout(() => leave(props.labels.no_answer), PATIENCE),
    setInterval(async () => {
      const there = await fetch(`${home}healthz`).then(({ status }) => status < 502, () => false); // 502: a proxy's
      if (!there && state.waiting === waiting) leave(props.labels.no_answer);
    }, PULSE),
  ];
  state.waiting = waiting;
  remember();
  busy(true);
  find(".am-related").hidden = true;
  tell(props.labels.searching);
  draft.scrollIntoView({ block: "start" });
  state.gone.then(() => {
    if (state.waiting !== waiting) return;
    waiting.sent = true;
    trigger("ask", { id, question, history, language: state.language });
  });
  return true;
}

function busy(yes) {
  const button = find(".am-send");
  const stoppable = yes && Boolean(state.waiting?.stoppable);
  log.setAttribute("aria-busy", String(yes));
  button.dataset.text = stoppable ? props.labels.stop : props.labels.send;
  button.setAttribute("aria-disabled", String(yes && !stoppable));
  label(button.parentNode);
  find(".am-page").classList.toggle("am-started", yes || state.turns.length > 0);
  find(".am-tools").hidden = state.turns.length === 0;
  const last = !yes && log.lastElementChild?.querySelector(".am-did"); // the last question is the one to change
  (last || find(".am-stock")).append(find(".am-edit"), find(".am-again"));
}

function answered(turn) {
  if (!state.waiting || turn?.id !== state.waiting.id) return; // of a conversation that was left
  const { draft, question } = state.waiting;
  settle();
  const { answer, html, built } = turn;
  state.turns.push({ question, answer, html, built });
  remember();
  const shown = show(turn);
  draft.replaceWith(shown);
  busy(false);
  tell({ answer: props.labels.answered, greeting: props.labels.answered, refusal: props.labels.not_found }[turn.answer?.kind] ?? null);
  if (!turn.answer) find(".am-status").textContent = shown.querySelector(".am-said").textContent;
  shown.scrollIntoView({ block: "start" });
  suggest(turn.answer);
}

function settle() {
  state.waiting.timers.forEach(clearTimeout);
  state.waiting = null;
}

// The question under way gets no answer, and nothing typed is lost.
function fail(text) {
  if (!state.waiting) return;
  const { draft, question } = state.waiting;
  settle();
  draft.remove();
  remember();
  busy(false);
  tell(text);
  box.value = [question, box.value].filter(Boolean).join("\n");
  grow();
}

// Gradio is told to let go of the question under way. What it stops is named by the browser, not by the question, and
// when it is done it says "lost": the next question waits for that, or it would be stopped and lost instead.
function leave(text) {
  const sent = state.waiting?.sent;
  fail(text);
  if (!sent) return;
  state.gone = new Promise((keep) => {
    state.letting_go = keep;
    setTimeout(keep, LETTING_GO);
  });
  trigger("stop");
}

function lost() {
  if (!state.letting_go) return fail(props.labels.no_answer);
  state.letting_go();
  state.letting_go = null;
}

function stop() {
  leave(props.labels.stopped);
  box.focus();
}

function show({ html, answer, built = "" }) { // turns that an earlier page kept do not tell
  const shown = document.createRange().createContextualFragment(html).firstElementChild;
  label(shown);
  shown.amAnswer = answer;
  const did = Object.assign(document.createElement("div"), { className: "am-did" });
  shown.append(did);
  if (answer && answer.kind !== "greeting") {
    const copy = Object.assign(document.createElement("button"), { type: "button", className: "am-quiet" });
    copy.dataset.text = props.labels.copy;
    copy.addEventListener("click", () => copied(answer));
    did.append(copy);
    label(did);
    if (start.feedback_days) shown.append(opinion(answer, built));
  }
  return shown;
}

// Takes the last question back, to be changed or asked again: what leans on it would make no sense without it.
function take_back() {
  if (state.waiting || !state.turns.length) return null;
  const { question } = state.turns.pop();
  const last = log.lastElementChild;
  busy(true); // takes the buttons out of it
  last.remove();
  remember();
  busy(false);
  tell(null);
  suggest(state.turns.at(-1)?.answer);
  return question;
}

function edit() {
  const question = take_back();
  if (question === null) return;
  box.value = question;
  grow();
  box.focus();
}

function again() {
  const question = take_back();
  if (question !== null) ask(question);
}

// Questions to ask next, about what stands near the passage cited; fetched once the answer is there.
async function suggest(answer) {
  const place = find(".am-related");
  place.hidden = true;
  if (answer?.kind !== "answer") return;
  const query = new URLSearchParams({ passage: answer.citations[0].passage, language: answer.language });
  let questions;
  try {
    questions = await (await fetch(`${home}api/related?${query}`)).json();
  } catch { return; }
  const plain = (text) => folded(text).text.replace(/[^\p{L}\p{N}]/gu, "");
  const asked = new Set(state.turns.map((turn) => plain(turn.question)));
  if (state.waiting || state.turns.at(-1)?.answer !== answer || !Array.isArray(questions)) return;
  const fresh = questions.filter((question) => !asked.has(plain(question)));
  find(".am-related ul").replaceChildren(...fresh.map((question) => {
    const item = document.createElement("li");
    item.lang = answer.language;
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: question });
    button.addEventListener("click", () => ask(question));
    item.append(button);
    return item;
  }));
  place.hidden = !fresh.length;
}

// On paper every source is open, and what was shut is shut again afterwards.
const printed = [];
window.addEventListener("beforeprint", () => {
  for (const source of log.querySelectorAll(".am-source:not([open])")) { source.open = true; printed.push(source); }
});
window.addEventListener("afterprint", () => { for (const source of printed.splice(0)) source.open = false; });

// What somebody thinks of an answer: sent only when they say so, after having read what is kept of it.
function opinion(answer, built) {
  const asked = find(".am-stock .am-opinion").cloneNode(true);
  label(asked);
  const form = asked.querySelector("form");
  Object.assign(asked.querySelector(".am-kept").dataset, { text: props.labels.is_kept, days: start.feedback_days });
  label(asked);
  const cited = (answer.citations.length ? answer.citations : answer.suggestions)
    .map(({ passage, start, end, quote }) => ({ passage, start, end, quote }));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const chosen = form.querySelector("input:checked");
    if (!chosen) { tell(props.labels.choose); form.querySelector("input").focus(); return; }
    const { question, language, kind, text } = answer;
    const said = { verdict: chosen.value, comment: form.querySelector("textarea").value, question, language, kind, answer: text, cited, built };
    try {
      const kept = await fetch(`${home}api/feedback`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(said) });
      if (!kept.ok) throw new Error(kept.status);
      const thanks = Object.assign(document.createElement("p"), { className: "am-thanks", tabIndex: -1 });
      thanks.dataset.text = props.labels.thanks;
      asked.replaceWith(thanks);
      label(thanks.parentNode);
      thanks.focus();
      tell(props.labels.thanks);
    } catch { tell(props.labels.not_kept); }
  });
  return asked;
}

function forget() {
  if (state.waiting) leave(null);
  state.turns = [];
  log.replaceChildren();
  forget_all();
  busy(false);
  find(".am-related").hidden = true;
  tell(props.labels.cleared);
  box.value = "";
  grow();
  box.focus();
}

// Taking an answer along ----------------------------------------------------------------------------------------------

const escaped = (text) => text.replace(/[\\`*_{}\[\]<>#|!]/g, "\\$&"); // as CommonMark shows it

function written({ question, text, citations, suggestions, language }) {
  const named = (label, values) => (props.texts[language][label] ?? label).replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const numbered = (line) => escaped(line).replace(/\\\[(\d+)\\\](?![([:])/g, "[$1]"); // not a link: nothing defines it
  const sources = citations.length ? citations : suggestions;
  const lines = [`## ${escaped(question)}`, "", ...text.split("\n").flatMap((line) => [numbered(line), ""])];
  if (sources.length) lines.push(`### ${named(citations.length ? props.labels.sources : props.labels.nearest_passages)}`, "");
  for (const each of sources) {
    lines.push(`${each.number}. ${escaped(each.trail.join(" › "))}`, `   <${location.origin}${home}${addressOf(each)}>`, "");
    lines.push(`   > ${escaped(each.quote)}`, "");
    if (each.translation) lines.push(`   ${named(props.labels.unofficial)}${language === "fr" ? "\u00a0" : ""}: ${escaped(each.translation)}`, "");
  }
  return lines.join("\n");
}

async function copied(answer) {
  try {
    await navigator.clipboard.writeText(`${written(answer)}\n${say(props.labels.made_by_machine)}\n`);
    tell(props.labels.copied);
  } catch {
    tell(props.labels.not_copied);
  }
}

function save() {
  const answers = state.turns.map((turn) => turn.answer).filter(Boolean);
  const text = ["# AskMission", "", say(props.labels.made_by_machine), "", say(props.labels.as_of, { date: start.date[state.language] }), "",
    ...answers.map(written)].join("\n");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
  link.download = "askmission.md";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// The keyboard --------------------------------------------------------------------------------------------------------
// One Enter sends once, also while a Hangul syllable is still being composed. Chromium says Enter while composing and
// then ends the composition (on macOS it says Enter a second time after that); Safari ends it first and then says Enter
// with the key code of composing, 229. Whichever comes, the box is empty once it was sent, and a line break that the key
// would make is prevented while it is pressed. Composition of anything but Hangul (accents, candidates) takes Enter for itself.

const typing = { composing: false, hangul: false, pressed: false, after: false };

function send() {
  const question = box.value;
  if (ask(question)) box.value = "";
  grow();
}

box.addEventListener("compositionstart", () => { typing.composing = true; typing.after = false; });
box.addEventListener("compositionupdate", (event) => {
  if (event.data) typing.hangul = /[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]$/.test(event.data);
});
box.addEventListener("compositionend", () => {
  typing.composing = false;
  if (typing.after) setTimeout(send); // the last syllable is in the box only after this event
  typing.after = false;
});
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" && event.code !== "Enter" && event.code !== "NumpadEnter") return;
  if (event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
  const composing = typing.composing || event.isComposing;
  if (!composing) event.preventDefault();
  if (event.repeat) return;
  if (composing && !typing.hangul) return;
  typing.pressed = true;
  if (composing) typing.after = true;
  else send();
});
box.addEventListener("keyup", (event) => { if (event.key === "Enter" || event.code === "Enter") typing.pressed = false; });
box.addEventListener("blur", () => { typing.pressed = false; typing.after = false; });
box.addEventListener("beforeinput", (event) => {
  if (typing.pressed && /^insert(LineBreak|Paragraph)$/.test(event.inputType)) event.preventDefault();
});
box.addEventListener("input", () => grow());

function grow() {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight + 2, 160)}px`;
}

// Listening -----------------------------------------------------------------------------------------------------------

find("form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (state.waiting?.stoppable) stop();
  else send();
});
find(".am-new").addEventListener("click", forget);
find(".am-save").addEventListener("click", save);
find(".am-edit").addEventListener("click", edit);
find(".am-again").addEventListener("click", again);
find(".am-print").addEventListener("click", () => window.print());
find(".am-skip").addEventListener("click", () => box.focus());
find(".am-languages").addEventListener("click", ({ target }) => {
  if (!target.dataset.language) return;
  keep("localStorage", { language: target.dataset.language });
  speak(target.dataset.language);
});
log.addEventListener("click", ({ target }) => {
  const button = target.closest(".am-cite, .am-read");
  if (!button) return;
  const { amAnswer: answer } = button.closest(".am-turn");
  const sources = answer.citations.length ? answer.citations : answer.suggestions;
  const number = Number(button.closest("[data-number]").dataset.number);
  open(sources.find((each) => each.number === number), { opener: button, sources, language: answer.language });
});
log.addEventListener("toggle", ({ target }) => { // what was opened must not be hidden by the question's box
  const mark = target.open && !printed.length && target.querySelector("mark");
  if (mark && mark.getBoundingClientRect().bottom > find(".am-form").getBoundingClientRect().top)
    mark.scrollIntoView({ block: "center" });
}, true);
watch("value", () => answered(props.value));
element.addEventListener("am-lost", lost);
