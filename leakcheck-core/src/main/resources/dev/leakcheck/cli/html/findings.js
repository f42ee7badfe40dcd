// The findings, one entry for each cause.

const FINDINGS_AT_ONCE = 50;
const PLACES_AT_ONCE = 8;

function drawFindings(view, groups, open, onToggle) {
  if (groups.length === 0) {
    view.replaceChildren(nothing());
    return;
  }
  const list = el("ul", "findings");
  const steps = showInSteps(list, groups, FINDINGS_AT_ONCE, "findings", (group) =>
    finding(group, open.has(group.id), onToggle),
  );
  const lastOpen = groups.findLastIndex((group) => open.has(group.id));
  steps.showUpTo(lastOpen);
  roving(list, ".finding-head", (item, key) =>
    key === "ArrowLeft" || key === "ArrowRight" ? undefined : inOrder(list, ".finding-head")(item, key),
  );
  view.replaceChildren(list, steps.more);
}

function nothing() {
  const filtered = DATA.groups.length > 0;
  return el("p", "empty", filtered ? "No finding matches the filter." : "There is no finding.");
}

function badge(verdict) {
  return el("span", `badge ${verdict}`, verdict);
}

function finding(group, isOpen, onToggle) {
  const item = el("li", "finding");
  const body = el("div", "finding-body", [], { hidden: "" });
  const head = button(
    "finding-head",
    [
      badge(group.verdict),
      el("span", "finding-title", group.title),
      el("span", "finding-where", [el("code", "", group.kind), " ", placesInShort(group)]),
      el("span", "finding-times", group.times > 1 ? `${number(group.times)}×` : ""),
    ],
    () => toggle(body.hidden),
    { "aria-expanded": "false" },
  );
  function toggle(show) {
    if (show && !body.firstChild) {
      body.append(...details(group));
    }
    body.hidden = !show;
    head.setAttribute("aria-expanded", String(show));
    item.classList.toggle("open", show);
    onToggle(group.id, show);
  }
  item.dataset.id = group.id;
  item.append(el("h2", "", head), body);
  if (isOpen) {
    toggle(true);
  }
  return item;
}

function placesInShort(group) {
  const tests = new Set(group.places.map((place) => place.test)).size + group.morePlaces;
  const first = group.places[0].test;
  return tests > 1 ? `${first} and ${number(tests - 1)} more` : first;
}

function details(group) {
  const about = el("details", "about", el("summary", "", ["What ", el("code", "", group.kind), " means"]));
  about.addEventListener(
    "toggle",
    () => about.append(document.getElementById(`page-${group.kind}`).content.cloneNode(true)),
    { once: true },
  );
  return [
    el("div", "finding-main", [
      el("p", "fix", [el("span", "label", "Fix"), el("span", "", group.fix)]),
      el("pre", "message", group.message.split("\n").map(messageLine)),
      about,
    ]),
    el("div", "finding-side", [
      ...(group.reasons.length ? [el("h3", "", group.verdict === "expired" ? "Was accepted because" : "Accepted because")] : []),
      ...group.reasons.map((reason) => el("p", "reason", reason)),
      el("h3", "", `Found ${group.times === 1 ? "once" : `${number(group.times)} times`}`),
      ...places(group),
      el("h3", "", "Fingerprint"),
      fingerprint(group.id),
    ]),
  ];
}

function capital(sentence) {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

const KEY = /^ {5}(?=\S)(.{10}) |^ {16}/;

/** Dims the key of a fact; what it says wraps under itself, not under the key. */
function messageLine(line) {
  const key = KEY.exec(line)?.[0];
  if (!key) {
    return el("span", "", line);
  }
  return el("span", key.trim() ? "fact" : "fact goes-on", [el("span", "key", key), line.slice(key.length)]);
}

function places(group) {
  const list = el("ul", "places");
  const steps = showInSteps(list, group.places, PLACES_AT_ONCE, "places", (place) =>
    el("li", "", [
      el("span", "place-test", place.test),
      el("span", "muted", [
        [place.jvm, clock(place.at), place.times > 1 ? `${number(place.times)}×` : ""].filter(Boolean).join(" · "),
        ...(place.verdict === group.verdict ? [] : [" ", badge(place.verdict)]),
      ]),
    ]),
  );
  const cut = el("p", "muted", `and ${count(group.morePlaces, "place")} that this file does not list`);
  return group.morePlaces ? [list, steps.more, cut] : [list, steps.more];
}

function fingerprint(id) {
  const copy = button("quiet", "Copy", () => {
    navigator.clipboard?.writeText(id).then(
      () => said(copy, "Copied"),
      () => said(copy, "Not allowed"),
    );
  });
  return el("p", "fingerprint", [el("code", "", id), copy]);
}

function said(element, word) {
  const before = element.textContent;
  element.textContent = word;
  setTimeout(() => {
    element.textContent = before;
  }, 1500);
}
