// A flame graph, drawn from the outermost frame at the top down to where the threads stand.

// A finger needs more than a pointer does.
const NARROW_SCREEN = matchMedia("(max-width: 40rem)");
const ROW = () => (NARROW_SCREEN.matches ? 40 : 24);
const NARROWEST = 3;
const STACKS_LISTED = 30;

function drawStacks(view, groups, which, onWhich) {
  const stacks = groups.flatMap((group) => (group[which] ?? []).map(([times, ...frames]) => ({ times, frames, group })));
  const choice = el("div", "chips", [
    whichButton("stacks", "Where threads stand"),
    whichButton("created", "Where things were created"),
  ], { role: "group", "aria-label": "Which stacks" });
  function whichButton(name, label) {
    return button("chip", label, () => onWhich(name), { "aria-pressed": String(name === which) });
  }
  if (stacks.length === 0) {
    const why = which === "created" ? " The agent tier records where things were created." : "";
    view.replaceChildren(choice, el("p", "empty", `There is no such stack.${why}`));
    return;
  }
  const total = stacks.reduce((sum, stack) => sum + stack.times, 0);
  const graph = el("div", "flame", [], { role: "group", "aria-label": `Flame graph of ${count(total, "stack")}` });
  const reset = button("quiet", "Show all", () => zoom(root), { hidden: "" });
  const root = d3.partition()(d3.hierarchy(tree(stacks)).sum((node) => node.ends).sort((a, b) => b.value - a.value));
  let shown = root;
  function zoom(node) {
    shown = node;
    reset.hidden = node === root;
    drawFrames(graph, root, node, zoom);
  }
  view.replaceChildren(
    choice,
    el("p", "lead", [
      "The wider a frame, the more stacks run through it. ",
      el("span", "swatch own", "yours or a library’s"), " ", el("span", "swatch", "the JDK’s or a test runner’s"),
      " Arrow keys move, Enter zooms in, Escape out. ", reset,
    ]),
    graph,
    stackList(stacks),
  );
  roving(graph, ".frame", (item, key) => neighbourFrame(graph, item, key));
  graph.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && shown !== root) {
      zoom(root);
    }
  });
  zoom(root);
  let width = graph.clientWidth;
  new ResizeObserver(() => {
    if (graph.isConnected && graph.clientWidth !== width) {
      width = graph.clientWidth;
      drawFrames(graph, root, shown, zoom);
    }
  }).observe(graph);
}

function tree(stacks) {
  const root = { frame: -1, ends: 0, below: new Map() };
  for (const { times, frames } of stacks) {
    let node = root;
    for (const frame of frames.toReversed()) {
      if (!node.below.has(frame)) {
        node.below.set(frame, { frame, ends: 0, below: new Map() });
      }
      node = node.below.get(frame);
    }
    node.ends += times;
  }
  return withChildren(root);
}

function withChildren(node) {
  const children = [...node.below.values()].map(withChildren);
  return children.length ? { frame: node.frame, ends: node.ends, children } : { frame: node.frame, ends: node.ends };
}

/** Draws a frame to the full width, what leads to it, and what is below it as far as it is seen. */
function drawFrames(graph, root, zoomed, onZoom) {
  const hadFocus = graph.contains(document.activeElement);
  const width = graph.clientWidth;
  const scale = width / (zoomed.x1 - zoomed.x0);
  const left = (node) => (node.x0 - zoomed.x0) * scale;
  const wide = (node) => (node.x1 - node.x0) * scale;
  const boxes = zoomed
    .ancestors()
    .toReversed()
    .map((node) => frameBox(node, 0, width, root, onZoom, node !== zoomed));
  let deepest = zoomed.depth;
  const open = [zoomed];
  while (open.length) {
    const children = open.pop().children ?? [];
    const seen = children.filter((child) => wide(child) >= NARROWEST);
    const unseen = children.slice(seen.length); // the widest come first
    boxes.push(...seen.map((child) => frameBox(child, left(child), wide(child), root, onZoom, false)));
    if (unseen.length) {
      boxes.push(cutBox(unseen, left(unseen[0]), unseen.reduce((sum, child) => sum + wide(child), 0)));
    }
    deepest = Math.max(deepest, children[0]?.depth ?? 0);
    open.push(...seen);
  }
  graph.replaceChildren(...boxes);
  graph.style.height = `${(deepest + 1) * ROW()}px`;
  const current = boxes.find((box) => box.node === zoomed);
  current.tabIndex = 0;
  if (hadFocus) {
    current.focus();
  }
}

function frameBox(node, left, wide, root, onZoom, leadsTo) {
  const text = node.depth === 0 ? `all ${count(root.value, "stack")}` : DATA.frames[node.data.frame];
  const share = `${count(node.value, "stack")}, ${((100 * node.value) / root.value).toFixed(node.value < root.value / 100 ? 1 : 0)} %`;
  const own = OWN.has(node.data.frame) ? " own" : "";
  const box = button(`frame${own}${leadsTo ? " leads" : ""}`, wide > 24 ? shortFrame(text) : "", () => onZoom(node), {
    tabindex: "-1",
    "aria-label": `${text}, ${share}`,
  });
  box.style.left = `${left}px`;
  box.style.width = `${Math.max(wide - 1, 1)}px`;
  box.style.top = `${node.depth * ROW()}px`;
  box.node = node;
  return tip(box, [text, share]);
}

/** In the place of frames that are too narrow to be drawn. */
function cutBox(nodes, left, wide) {
  const words = `${count(nodes.length, "frame")} too narrow to draw`;
  const box = el("span", "frame cut", wide > 24 ? words : "");
  box.style.left = `${left}px`;
  box.style.width = `${Math.max(wide - 1, 1)}px`;
  box.style.top = `${nodes[0].depth * ROW()}px`;
  return tip(box, [words, "zoom in, filter, or see the list below"]);
}

/** Without the package. */
function shortFrame(text) {
  const call = text.slice(0, Math.max(0, text.indexOf("(")));
  const parts = call.split(".");
  return parts.length > 1 ? parts.slice(-2).join(".") : text;
}

function neighbourFrame(graph, item, key) {
  const { node } = item;
  const siblings = node.parent?.children ?? [];
  const wanted = {
    ArrowUp: () => node.parent,
    ArrowDown: () => node.children?.[0],
    ArrowLeft: () => siblings[siblings.indexOf(node) - 1],
    ArrowRight: () => siblings[siblings.indexOf(node) + 1],
  }[key]?.();
  return wanted && [...graph.children].find((box) => box.node === wanted);
}

/** The same for those who do not see the picture. */
function stackList(stacks) {
  const list = el("details", "as-table", el("summary", "", "As a list of stacks"));
  list.addEventListener(
    "toggle",
    () => {
      const items = el("ol", "stack-list");
      const byTimes = stacks.toSorted((a, b) => b.times - a.times);
      const steps = showInSteps(items, byTimes, STACKS_LISTED, "stacks", ({ times, frames, group }) =>
        el("li", "", [
          el("p", "", [`${number(times)} × `, group.title]),
          el("pre", "", frames.map((frame) => DATA.frames[frame]).join("\n"), { tabindex: "0" }),
        ]),
      );
      list.append(items, steps.more);
    },
    { once: true },
  );
  return list;
}
