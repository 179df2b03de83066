// What the browser keeps of the conversation, and nobody else. Each tab has a conversation of its own, under a name of
// its own; a lock of that name, held as long as the tab lives, tells the other tabs so. A tab that is opened goes on
// with the latest conversation that no tab has open, and erases the others. (Gradio's BrowserState has one name for all
// tabs, sends what it keeps to the server with each event, and loses it when the server's secret changes.)

const NAME = "askmission/";
const MOST = 50; // turns
const DAYS = 30; // as labels.KEPT_HERE and the page on privacy say
const shelf = navigator.locks ? "localStorage" : "sessionStorage"; // an address without HTTPS has no locks
let own = null;

const fresh = () => `${NAME}${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;

function hold(name, options = {}) {
  return new Promise((known) => {
    const held = (lock) => { known(Boolean(lock)); return lock && new Promise(() => {}); };
    navigator.locks.request(name, options, held).catch(() => known(false));
  });
}

// The conversations that no tab has open, the latest first; what is too old is erased.
async function left_behind() {
  const open = new Set((await navigator.locks.query()).held.map(({ name }) => name));
  const names = Object.keys(localStorage).filter((name) => name.startsWith(NAME) && !open.has(name));
  const since = Date.now() - DAYS * 24 * 3600 * 1000;
  for (const name of names) if (!(kept("localStorage", name).at > since)) localStorage.removeItem(name);
  return names.filter((name) => localStorage.getItem(name)).sort((one, other) => kept("localStorage", other).at - kept("localStorage", one).at);
}

// Returns the conversation that this tab goes on with: its own of before a reload, or one left behind.
async function resume() {
  own = NAME; // until a better one is known
  const { conversation: before, ...typed } = kept("sessionStorage");
  if (shelf === "sessionStorage") return { ...kept(shelf, own), ...typed };
  try {
    const [latest, ...others] = before ? [before] : await left_behind();
    others.forEach(erase);
    // If the lock of the tab's own does not come free, the tab was duplicated: it goes on with a copy.
    const free = latest && await hold(latest, before ? { signal: AbortSignal.timeout(500) } : { ifAvailable: true });
    own = free ? latest : fresh();
    if (!free) hold(own);
    keep("sessionStorage", { conversation: own });
    return { ...kept(shelf, before ?? own), ...typed };
  } catch { return {}; } // storage is forbidden: nothing is kept
}

function remember() {
  if (!start.built) return; // not yet known what was before
  let turns = state.turns.slice(-MOST);
  while (turns.length && !keep(shelf, { turns, at: Date.now() }, own)) turns = turns.slice(Math.ceil(turns.length / 2));
  if (!turns.length) erase(own);
}

// What is in the box and the question under way outlive a reload too: when the server is back, Gradio loads the page anew.
window.addEventListener("pagehide", () => {
  const draft = [state.waiting?.question, box.value].filter(Boolean).join("\n");
  keep("sessionStorage", { conversation: own, draft, lost: Boolean(state.waiting) });
});

function erase(name) {
  try { window[shelf].removeItem(name); } catch { /* forbidden: there is nothing */ }
}

async function forget_all() {
  erase(own);
  if (shelf === "localStorage") try { (await left_behind()).forEach(erase); } catch { /* forbidden */ }
}
