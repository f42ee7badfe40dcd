// Which thread lived from when to when, over the tests that ran meanwhile, for each JVM.

const JVMS_AT_ONCE = 3;
const LANES_AT_ONCE = 40;
const ROWS_OF_CLASSES = 6;
const MOST_ZOOM = 64;

function drawTimeline(view, shows) {
  const jvms = DATA.jvms
    .map((jvm) => ({ ...jvm, shown: jvm.lanes.filter((lane) => shows(lane.group)) }))
    .filter((jvm) => jvm.shown.length > 0);
  if (jvms.length === 0) {
    const none = DATA.jvms.every((jvm) => jvm.lanes.length === 0);
    view.replaceChildren(el("p", "empty", none ? "No thread was left behind." : "No thread matches the filter."));
    return;
  }
  const list = el("div", "");
  const steps = showInSteps(list, jvms, JVMS_AT_ONCE, "JVMs", timelineOf);
  view.replaceChildren(
    el("p", "lead", [
      "Each bar is a thread that was left behind: from when its test began until it was last seen. ",
      "A tick marks when it was found; an arrow, that it was still alive at the end. Behind the bars: the tests.",
    ]),
    list,
    steps.more,
  );
}

function timelineOf(jvm) {
  const span = Math.max(1, jvm.to - jvm.from);
  const at = (time) => (100 * Math.min(Math.max(time - jvm.from, 0), span)) / span;
  const lanes = el("ul", "lanes");
  const steps = showInSteps(lanes, jvm.shown, LANES_AT_ONCE, "threads", (lane) => laneOf(jvm, lane, at));
  roving(lanes, ".lane", inOrder(lanes, ".lane"));
  const first = lanes.querySelector(".lane");
  first.tabIndex = 0;
  const cut = [
    jvm.lanesMore && count(jvm.lanesMore, "bar"),
    jvm.classesMore && `${number(jvm.classesMore)} shorter test classes`,
    jvm.testsMore && `${number(jvm.testsMore)} shorter tests`,
  ].filter(Boolean);
  const chart = el("div", "chart", [bands(jvm, at), axis(span, 1), classes(jvm, at), lanes]);
  return el("section", "jvm-line", [
    el("div", "jvm-head", [
      el("h2", "", [jvm.label, " ", el("span", "muted", `JDK ${jvm.java} · ${duration(span)} from ${clock(jvm.from)}`)]),
      ...zoomButtons(chart, span),
    ]),
    el("div", "scroll", chart, { tabindex: "0", role: "group", "aria-label": `Timeline of ${jvm.label}` }),
    steps.more,
    ...(cut.length ? [el("p", "muted", `Not in this file: ${cut.join(", ")}.`)] : []),
    laneTable(jvm),
  ]);
}

/** The tests, as stripes behind everything; those that failed stand out. */
function bands(jvm, at) {
  const picture = svg("svg", { class: "bands", "aria-hidden": "true" });
  jvm.classes.forEach(([, from, to], index) => {
    picture.append(stripe(at(from), at(to), "0", "100%", index % 2 ? "class-band odd" : "class-band"));
  });
  for (const [name, from, to, failing] of jvm.tests) {
    const rect = stripe(at(from), at(to), "24", "6", failing ? "test failing" : "test");
    picture.append(tip(rect, [name, `${offset(jvm, from)}, took ${duration(to - from)}`]));
  }
  return picture;
}

function stripe(from, to, y, height, name) {
  return svg("rect", { x: `${from}%`, width: `${Math.max(to - from, 0.05)}%`, y, height, class: name });
}

/** Everything in the chart is placed in per cent: it is enough to make the chart wider. */
function zoomButtons(chart, span) {
  let zoom = 1;
  const zoomBy = (factor) => () => {
    const view = chart.parentElement;
    const middle = (view.scrollLeft + view.clientWidth / 2) / chart.offsetWidth;
    zoom *= factor;
    chart.style.width = `${100 * zoom}%`;
    chart.querySelector(".axis").replaceWith(axis(span, zoom));
    view.scrollLeft = middle * chart.offsetWidth - view.clientWidth / 2;
    closer.disabled = zoom === MOST_ZOOM;
    wider.disabled = zoom === 1;
  };
  const wider = button("quiet", "−", zoomBy(1 / 2), { "aria-label": "Zoom out", disabled: "" });
  const closer = button("quiet", "+", zoomBy(2), { "aria-label": "Zoom in" });
  return [wider, closer];
}

function axis(span, zoom) {
  const step = niceStep(span / 5 / zoom);
  const ticks = el("div", "axis", [], { "aria-hidden": "true" });
  for (let time = 0; time <= span * 0.97; time += step) {
    const tick = el("span", "", time === 0 ? "0" : duration(time).replace(".0 s", " s").replace(" 0 s", ""));
    tick.style.left = `${(100 * time) / span}%`;
    ticks.append(tick);
  }
  return ticks;
}

/** The next longer one of the spans that people count in. */
function niceStep(millis) {
  const seconds = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 43_200, 86_400];
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, ...seconds.map((second) => second * 1000)];
  return steps.find((step) => step >= millis) ?? Math.ceil(millis / 86_400_000) * 86_400_000;
}

/** The test classes by name; those that ran at the same time below each other. */
function classes(jvm, at) {
  const ends = [];
  const boxes = jvm.classes.map(([name, from, to, failing]) => {
    let row = ends.findIndex((end) => end <= from);
    row = row < 0 ? Math.min(ends.length, ROWS_OF_CLASSES - 1) : row;
    ends[row] = Math.max(to, ends[row] ?? 0);
    const box = el("span", failing ? "class-name failing" : "class-name", el("span", "", simpleName(name)));
    box.style.left = `${at(from)}%`;
    box.style.width = `${Math.max(at(to) - at(from), 0.01)}%`;
    box.style.top = `${row * 22}px`;
    return tip(box, [name, `${offset(jvm, from)}, took ${duration(to - from)}`, failingWords(failing)].filter(Boolean));
  });
  const strip = el("div", "classes", boxes, { "aria-hidden": "true" });
  strip.style.height = `${ends.length * 22}px`;
  return strip;
}

function failingWords(failing) {
  return failing ? `${count(failing, "finding")} that ${failing === 1 ? "fails" : "fail"} it` : "";
}

function offset(jvm, time) {
  return `${duration(time - jvm.from)} after the start`;
}

function laneOf(jvm, lane, at) {
  const group = DATA.groups[lane.group];
  const bar = el("span", `bar ${group?.verdict ?? "known"}${lane.alive ? " alive" : ""}`);
  bar.style.left = `${at(lane.since)}%`;
  bar.style.width = `${Math.max(at(lane.until) - at(lane.since), 0.3)}%`;
  const name = el("span", "lane-name", [laneName(lane), " ", el("span", "muted", group?.verdict ?? "")]);
  if (at(lane.since) < 50) {
    name.style.left = `${at(lane.since)}%`;
  } else {
    name.style.right = `${100 - at(lane.until)}%`;
  }
  const parts = [name, bar];
  if (lane.found) {
    const found = el("span", "found");
    found.style.left = `${at(lane.found)}%`;
    parts.push(found);
  }
  const row = button("lane", parts, () => openFinding(group), { tabindex: "-1", "aria-label": laneWords(jvm, lane).join("; ") });
  return el("li", "", tip(row, laneWords(jvm, lane)));
}

function laneName(lane) {
  return lane.count === 1 ? lane.names[0] : `${lane.names[0]} and ${number(lane.count - 1)} more`;
}

function laneWords(jvm, lane) {
  const group = DATA.groups[lane.group];
  return [
    lane.names.join(", ") + (lane.count > lane.names.length ? ` and ${number(lane.count - lane.names.length)} more` : ""),
    group ? `${group.verdict}: ${group.title}` : "",
    lane.test ? `left by ${lane.test}` : "",
    `${lane.virtual ? "virtual, " : ""}lived ${duration(lane.until - lane.since)}, from ${offset(jvm, lane.since)}`,
    `${lane.alive ? "still alive when last seen" : "ended"}; ${count(lane.tests, "test")} ran meanwhile`,
  ].filter(Boolean);
}

/** The same for those who do not see the picture. */
function laneTable(jvm) {
  const table = el("details", "as-table", el("summary", "", "As a table"));
  table.addEventListener(
    "toggle",
    () => {
      const rows = el("tbody", "");
      const steps = showInSteps(rows, jvm.shown, 100, "rows", (lane) =>
        row([
          laneName(lane),
          DATA.groups[lane.group]?.title ?? "",
          lane.test ?? "",
          duration(lane.since - jvm.from),
          duration(lane.until - jvm.from),
          lane.alive ? "yes" : "no",
          number(lane.tests),
        ]),
      );
      const heads = ["Thread", "Finding", "Left by", "From", "To", "Alive then", "Tests meanwhile"];
      table.append(el("div", "scroll", el("table", "", [el("thead", "", row(heads, "th")), rows]), { tabindex: "0" }), steps.more);
    },
    { once: true },
  );
  return table;
}

function row(cells, tag) {
  return el("tr", "", cells.map((cell) => el(tag ?? "td", "", cell)));
}
