// The beginning, once all of page.js and panel.js is known: the language, the conversation of before, the address.

const wanted = [kept("localStorage").language, ...navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase())];
speak(wanted.find((language) => LANGUAGES.includes(language)) ?? "en");
busy(false);
Promise.all([fetch(`${home}api/page`).then((answer) => answer.json()), resume()])
  .then(begin, () => tell(props.labels.no_answer));

function begin([known, before]) {
  start = known;
  if (Array.isArray(before.turns)) {
    state.turns = [...before.turns, ...state.turns];
    log.prepend(...before.turns.map(show));
    suggest(state.turns.at(-1)?.answer);
  }
  if (before.draft && !box.value) {
    box.value = before.draft;
    grow();
    if (before.lost) tell(props.labels.no_answer);
  }
  remember();
  speak(state.language);
  busy(Boolean(state.waiting));
  const place = asked();
  if (place) open(place, { keep: true });
}
