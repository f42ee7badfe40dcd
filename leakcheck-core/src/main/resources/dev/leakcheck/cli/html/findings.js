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
      el("span", "finding-times", group.times > 1 ? `${number(group.times)}×` : "", {
        "aria-label": `found ${count(group.times, "time")}`,
      }),
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
  item.append(el("h3", "", head), body);
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
  const about = el("details", "about", [
    el("summary", "", ["What ", el("code", "", group.kind), " means"]),
    el("p", "lead", `${capital(DATA.kinds[group.kind])}.`),
  ]);
  about.addEventListener(
    "toggle",
    () => about.append(document.getElementById(`page-${group.kind}`).content.cloneNode(true)),
    { once: true },
  );
  return [
    el("div", "finding-main", [
      el("p", "fix", [el("span", "label", "Fix"), el("span", "", capital(group.fix))]),
      el("pre", "message", message(group.message), { tabindex: "0", role: "region", "aria-label": "Message" }),
      about,
    ]),
    el("div", "finding-side", [
      ...(group.reasons.length ? [el("h4", "", "Accepted because")] : []),
      ...group.reasons.map((reason) => el("p", "reason", reason)),
      el("h4", "", `Found ${group.times === 1 ? "once" : `${number(group.times)} times`}`),
      ...places(group),
      el("h4", "", "Fingerprint"),
      fingerprint(group.id),
    ]),
  ];
}

function capital(sentence) {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** Dims the keys of the facts, so that the eye finds what they say. */
function message(text) {
  return text.split("\n").flatMap((line, index) => {
    const parts = /^( {5})(\S.{0,9}?)( {2,}| (?=\S))(.*)$/.exec(line);
    const end = index === 0 ? [] : ["\n"];
    return parts && parts[1].length + parts[2].length + parts[3].length === 16
      ? [...end, parts[1], el("span", "key", parts[2]), parts[3], parts[4]]
      : [...end, line];
  });
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
