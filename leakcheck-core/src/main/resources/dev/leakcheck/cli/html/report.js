// The page: what it shows is in the URL's hash, so that a link shows the same.

let DATA;
let OWN;

const VIEWS = ["findings", "timeline", "stacks", "waits", "jvms"];
const FILTERED = ["findings", "timeline", "stacks"];
const VERDICTS = ["new", "expired", "known", "allowed"];
const MEANINGS = {
  new: "Nobody accepted it: it fails",
  expired: "The baseline accepted it until a day that is past: it fails",
  known: "The baseline accepts it",
  allowed: "An annotation or an option accepts it",
};
const JVM_CARDS_AT_ONCE = 60;
const TYPING_MILLIS = 120;
const MOST_OPEN_IN_URL = 8;

const state = { view: "findings", text: "", verdicts: new Set(), kind: "", which: "stacks", open: new Set() };

const byId = (id) => document.getElementById(id);

function readUrl() {
  const hash = new URLSearchParams(location.hash.slice(1));
  state.view = VIEWS.includes(hash.get("view")) ? hash.get("view") : "findings";
  state.text = hash.get("q") ?? "";
  state.verdicts = new Set((hash.get("verdict") ?? "").split(",").filter((verdict) => VERDICTS.includes(verdict)));
  state.kind = Object.hasOwn(DATA.kinds, hash.get("kind") ?? "") ? hash.get("kind") : "";
  state.which = hash.get("stacks") === "created" ? "created" : "stacks";
  state.open = new Set(hash.getAll("open"));
}

function writeUrl() {
  const hash = new URLSearchParams();
  const set = (name, value) => value && hash.set(name, value);
  set("view", state.view === "findings" ? "" : state.view);
  set("q", state.text);
  set("verdict", [...state.verdicts].join(","));
  set("kind", state.kind);
  set("stacks", state.which === "stacks" ? "" : state.which);
  [...state.open].slice(-MOST_OPEN_IN_URL).forEach((id) => hash.append("open", id));
  const text = hash.toString();
  history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
}

let haystacks;

/** The text of a finding that a search looks through. */
function haystack(index) {
  haystacks ??= DATA.groups.map(({ id, kind, title, message, reasons, places }) =>
    [id, kind, title, message, ...reasons, ...places.flatMap(({ test, jvm }) => [test, jvm])].join("\n").toLowerCase(),
  );
  return haystacks[index];
}

function matches(group) {
  const words = state.text.toLowerCase().split(/\s+/).filter(Boolean);
  return (
    (state.verdicts.size === 0 || state.verdicts.has(group.verdict)) &&
    (!state.kind || group.kind === state.kind) &&
    words.every((word) => haystack(group.number).includes(word))
  );
}

function draw() {
  for (const view of VIEWS) {
    const isShown = view === state.view;
    byId(`view-${view}`).hidden = !isShown;
    byId(`tab-${view}`).setAttribute("aria-selected", String(isShown));
    byId(`tab-${view}`).tabIndex = isShown ? 0 : -1;
    if (!isShown) {
      byId(`view-${view}`).replaceChildren();
    }
  }
  const groups = DATA.groups.filter(matches);
  const numbers = new Set(groups.map((group) => group.number));
  drawFilters(groups.length);
  const view = byId(`view-${state.view}`);
  switch (state.view) {
    case "timeline":
      return drawTimeline(view, (number) => numbers.has(number));
    case "stacks":
      return drawStacks(view, groups, state.which, (which) => change({ which }));
    case "waits":
      return drawWaits(view);
    case "jvms":
      return drawJvms(view);
    default:
      return drawFindings(view, groups, state.open, (id, isOpen) => {
        state.open.delete(id);
        if (isOpen) {
          state.open.add(id);
        }
        writeUrl();
      });
  }
}

function change(changes) {
  Object.assign(state, changes);
  writeUrl();
  draw();
}

function openFinding(group) {
  if (!group) {
    return;
  }
  change({ view: "findings", open: new Set([group.id]) });
  showOpen();
}

function showOpen() {
  const item = byId("view-findings").querySelector(".finding.open");
  item?.scrollIntoView({ block: "start" });
  item?.querySelector("button").focus({ preventScroll: true });
}

function drawFilters(shown) {
  const all = DATA.groups.length;
  byId("filters").hidden = all === 0 || !FILTERED.includes(state.view);
  byId("count").textContent = shown === all ? count(all, "finding") : `${number(shown)} of ${count(all, "finding")}`;
  byId("clear").hidden = shown === all && !state.text && !state.kind && state.verdicts.size === 0;
  if (byId("search").value !== state.text) {
    byId("search").value = state.text;
  }
  byId("kind").value = state.kind;
  for (const chip of byId("verdicts").children) {
    chip.setAttribute("aria-pressed", String(state.verdicts.has(chip.dataset.verdict)));
  }
}

function makeFilters() {
  for (const verdict of VERDICTS) {
    const times = DATA.groups.filter((group) => group.verdict === verdict).length;
    if (times) {
      const chip = button(`chip ${verdict}`, [capital(verdict), " ", el("span", "n", number(times))], () => {
        const verdicts = new Set(state.verdicts);
        if (!verdicts.delete(verdict)) {
          verdicts.add(verdict);
        }
        change({ verdicts });
      });
      chip.dataset.verdict = verdict;
      byId("verdicts").append(tip(chip, [MEANINGS[verdict]]));
    }
  }
  const kinds = Object.keys(DATA.kinds).map((kind) => {
    const times = DATA.groups.filter((group) => group.kind === kind).length;
    return el("option", "", `${kind} (${number(times)})`, { value: kind });
  });
  byId("kind").append(el("option", "", "All kinds", { value: "" }), ...kinds);
  byId("kind").addEventListener("change", () => change({ kind: byId("kind").value }));
  let typing;
  byId("search").addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => change({ text: byId("search").value }), TYPING_MILLIS);
  });
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("clear").addEventListener("click", () => {
    change({ text: "", kind: "", verdicts: new Set() });
    byId("search").focus();
  });
}

function makeTabs() {
  const tabs = document.querySelector(".tabs");
  for (const view of VIEWS) {
    byId(`tab-${view}`).addEventListener("click", () => change({ view }));
  }
  roving(tabs, "[role=tab]", (item, key) => {
    const next = key === "ArrowUp" || key === "ArrowDown" ? undefined : inOrder(tabs, "[role=tab]")(item, key);
    next?.click();
    return next;
  });
}

function drawSummary() {
  byId("page").dataset.tone = DATA.tone;
  byId("verdict").textContent = DATA.verdict;
  byId("detail").textContent = DATA.detail;
  byId("footer").textContent = `LeakCheck ${DATA.version}. Times are this browser’s.`;
  if (DATA.jvms.length) {
    byId("where").textContent = where();
  }
  byId("notes").append(...foldable("problem", DATA.problems, "Problems"));
  byId("notes").append(
    ...foldable("coverage", counted(DATA.coverage), "What could not be seen"),
    ...foldable("left-alone", counted(DATA.leftAlone), "What was left alone"),
  );
}

function counted(notes) {
  return notes.map(({ note, jvms, checks }) =>
    checks ? `${note} (${count(checks, "check")} in ${count(jvms, "JVM")})` : `${note} (${count(jvms, "JVM")})`,
  );
}

/** A few notes as they are; many behind a heading. */
function foldable(name, notes, heading) {
  const list = el("ul", "", notes.slice(0, 200).map((note) => el("li", "", note)));
  if (notes.length === 0) {
    return [];
  }
  const fold = el("details", `note ${name}`, [el("summary", "", [heading, " ", el("span", "n", number(notes.length))]), list]);
  fold.open = name === "problem" && notes.length <= 3;
  return [fold];
}

function where() {
  const from = Math.min(...DATA.jvms.map((jvm) => jvm.from));
  const to = Math.max(...DATA.jvms.map((jvm) => jvm.to));
  const jdks = [...new Set(DATA.jvms.map((jvm) => jvm.java))].join(", ");
  const agents = DATA.jvms.filter((jvm) => jvm.agent).length;
  const tier =
    agents === 0
      ? "plain tier"
      : agents === DATA.jvms.length
        ? "agent tier"
        : `agent tier in ${number(agents)} of ${count(DATA.jvms.length, "JVM")}`;
  return `${DAY.format(from)}, ${clock(from)} to ${clock(to)} · JDK ${jdks} · ${tier}`;
}

function drawJvms(view) {
  if (DATA.jvms.length === 0) {
    view.replaceChildren(el("p", "empty", "There is no report of any JVM."));
    return;
  }
  const list = el("ul", "jvms");
  const steps = showInSteps(list, DATA.jvms, JVM_CARDS_AT_ONCE, "JVMs", (jvm) =>
    el("li", "jvm", [
      el("h2", "", jvm.label),
      el("p", jvm.ended ? "ended" : "unended", jvm.ended ? "Got to its end" : "Did not get to its end"),
      el("dl", "", [
        ...term("JDK", `${jvm.java}, ${jvm.os}`),
        ...term("Tier", jvm.agent ? "agent" : "plain"),
        ...term("Checks", checksOf(jvm)),
        ...term("Ran", `${clock(jvm.from)}, ${duration(jvm.to - jvm.from)}`),
        ...term("LeakCheck", jvm.leakcheck),
        ...term("File", jvm.file),
      ]),
    ]),
  );
  view.replaceChildren(list, steps.more);
}

function checksOf(jvm) {
  const lost = (jvm.checksAtEnd ?? jvm.checks) - jvm.checks;
  return lost > 0 ? `${number(jvm.checks)}; ${number(lost)} more are not in its report` : number(jvm.checks);
}

function term(name, text) {
  return [el("dt", "", name), el("dd", "", text)];
}

const THEMES = ["auto", "light", "dark"];
const THEME_KEY = "leakcheck.theme";

/** Storage may be forbidden, as in a sandbox. */
function stored(theme) {
  try {
    if (theme) {
      localStorage.setItem(THEME_KEY, theme);
    }
    return localStorage.getItem(THEME_KEY);
  } catch {
    return theme;
  }
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  return theme;
}

function makeThemeSwitch() {
  const name = () => {
    byId("theme").textContent = `Theme: ${document.documentElement.dataset.theme}`;
  };
  byId("theme").addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(document.documentElement.dataset.theme) + 1) % THEMES.length];
    stored(next);
    setTheme(next);
    name();
  });
  name();
}

function listenForKeys() {
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      if (!FILTERED.includes(state.view)) {
        change({ view: "findings" });
      }
      byId("search").select();
    } else if (event.key === "Escape" && event.target === byId("search") && byId("search").value === "") {
      byId("search").blur();
    } else if (event.key === "ArrowDown" && event.target === byId("search") && state.view === "findings") {
      event.preventDefault();
      byId("view-findings").querySelector(".finding-head")?.focus();
    }
  });
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault(); // the hash is what the page shows
    byId("main").focus();
    byId("main").scrollIntoView();
  });
}

setTheme(THEMES.includes(stored()) ? stored() : "auto");
document.addEventListener("DOMContentLoaded", () => {
  DATA = JSON.parse(byId("data").textContent);
  DATA.groups.forEach((group, index) => {
    group.number = index;
  });
  OWN = new Set(DATA.own);
  byId("data").remove();
  drawSummary();
  makeThemeSwitch();
  makeFilters();
  makeTabs();
  listenForTips();
  listenForKeys();
  byId("pending").remove();
  byId("page").hidden = false;
  readUrl();
  draw();
  if (state.view === "findings" && state.open.size) {
    showOpen();
  }
  addEventListener("hashchange", () => {
    readUrl();
    draw();
  });
});
