// A heat map of how long the checks of each test waited for threads to end.

const CLASSES_AT_ONCE = 30;
const HEAT = [10, 100, 500, 1000, 3000];

function drawWaits(view) {
  const { classes, more, moreWaited, still } = DATA.waits;
  if (classes.length === 0) {
    view.replaceChildren(el("p", "empty", "No check had to wait."));
    return;
  }
  const list = el("ul", "heat");
  const steps = showInSteps(list, classes, CLASSES_AT_ONCE, "classes", heatOf);
  roving(list, ".cell", inOrder(list, ".cell"));
  list.querySelector(".cell").tabIndex = 0;
  const cut = [
    more && `${number(more)} more classes waited ${duration(moreWaited)} in all; they are not in this file.`,
    still && `${number(still)} ${still === 1 ? "class" : "classes"} did not wait at all.`,
  ].filter(Boolean);
  view.replaceChildren(
    el("p", "lead", [
      "How long the checks waited for threads to end, in milliseconds or seconds (s). Each box is a test, ",
      "the longest first. A check waits only if something is left.",
    ]),
    legend(),
    list,
    steps.more,
    ...(cut.length ? [el("p", "muted", cut.join(" "))] : []),
  );
}

function heat(millis) {
  const level = HEAT.findIndex((limit) => millis < limit);
  return level < 0 ? HEAT.length : level;
}

function legend() {
  const steps = HEAT.map((limit, level) => el("li", `heat-${level}`, `under ${duration(limit).replace(".0", "")}`));
  steps.push(el("li", `heat-${HEAT.length}`, `${duration(HEAT.at(-1)).replace(".0", "")} and more`));
  return el("ul", "legend", steps, { "aria-label": "Scale" });
}

function heatOf(type) {
  const cut = [
    type.more && `${count(type.more, "more test")} that waited ${duration(type.moreWaited)} in all`,
    type.still && `${count(type.still, "test")} did not wait`,
  ].filter(Boolean);
  const cells = type.tests.map(([name, waited, checks, early]) => {
    const words = [
      name,
      `waited ${duration(waited)}${checks > 1 ? ` in ${count(checks, "check")}` : ""}`,
      early ? `stopped early ${early === 1 ? "once" : `${number(early)} times`}: nothing alive could change it` : "",
    ].filter(Boolean);
    const cell = el("span", `cell heat-${heat(waited)}`, shortDuration(waited), {
      tabindex: "-1",
      role: "img",
      "aria-label": words.join(", "),
    });
    return el("li", "", tip(cell, words));
  });
  const at = type.name.lastIndexOf(".") + 1;
  return el("li", "heat-row", [
    el("h2", "", [
      el("span", "package", type.name.slice(0, at)),
      el("wbr"),
      type.name.slice(at),
      " ",
      el("span", "muted", [duration(type.waited), ...cut].join(" · ")),
    ]),
    el("ul", "cells", cells),
  ]);
}

function shortDuration(millis) {
  return millis < 1000 ? String(millis) : `${(millis / 1000).toFixed(1)} s`;
}
