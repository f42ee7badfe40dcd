"use strict";

// What the views are made with. Text becomes text nodes and nothing else; the page's policy
// forbids every way to make markup of it.

/** An element: its class, what it holds (nodes, or strings as text), and its attributes. */
function el(tag, name, children, attributes) {
  const element = document.createElement(tag);
  if (name) {
    element.className = name;
  }
  element.append(...[children ?? []].flat());
  for (const [key, value] of Object.entries(attributes ?? {})) {
    element.setAttribute(key, value);
  }
  return element;
}

function svg(tag, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, value);
  }
  return element;
}

function button(name, label, onClick, attributes) {
  const element = el("button", name, label, { type: "button", ...attributes });
  element.addEventListener("click", onClick);
  return element;
}

/** Puts the first items in, and a button for the next ones. */
function showInSteps(list, items, step, noun, draw) {
  let shown = 0;
  const more = button("more", "", () => {
    const next = shown;
    show();
    list.children[next]?.querySelector("button, [tabindex]")?.focus();
  });
  function show(upTo) {
    const until = Math.max(shown + step, upTo ?? 0);
    list.append(...items.slice(shown, until).map(draw));
    shown = Math.min(until, items.length);
    const left = items.length - shown;
    more.textContent = `Show ${number(Math.min(step, left))} more of ${number(left)} ${noun}`;
    more.hidden = left === 0;
  }
  show();
  return { more, showUpTo: (index) => index >= shown && show(index + 1) };
}

/** One tab stop for many elements; arrow keys move between them. */
function roving(container, selector, neighbour) {
  container.addEventListener("focusin", (event) => {
    const item = event.target.closest(selector);
    if (item && item.tabIndex !== 0) {
      container.querySelectorAll(`${selector}[tabindex="0"]`).forEach((other) => {
        other.tabIndex = -1;
      });
      item.tabIndex = 0;
    }
  });
  container.addEventListener("keydown", (event) => {
    const item = event.target.closest(selector);
    const next = item && !event.altKey && !event.ctrlKey && !event.metaKey && neighbour(item, event.key);
    if (next) {
      event.preventDefault();
      next.focus();
    }
  });
}

/** The neighbour in the order of the document. */
function inOrder(container, selector) {
  return (item, key) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[key];
    if (!step && key !== "Home" && key !== "End") {
      return undefined;
    }
    const items = [...container.querySelectorAll(selector)];
    return key === "Home" ? items[0] : key === "End" ? items.at(-1) : items[items.indexOf(item) + step];
  };
}

const tips = new WeakMap();

/** What is said of an element when it is pointed at or has the focus: lines of text. */
function tip(element, lines) {
  tips.set(element, lines);
  return element;
}

function listenForTips() {
  const box = document.getElementById("tip");
  const hide = () => {
    box.hidden = true;
  };
  const show = (event) => {
    let element = event.target;
    while (element && !tips.has(element)) {
      element = element.parentElement;
    }
    if (!element) {
      hide();
      return;
    }
    const [first, ...rest] = tips.get(element);
    box.replaceChildren(el("strong", "", first), ...rest.map((line) => el("div", "", line)));
    box.hidden = false;
    const at = element.getBoundingClientRect();
    const size = box.getBoundingClientRect();
    const x = event.type === "mouseover" ? event.clientX + 12 : at.left;
    const below = at.bottom + 6;
    box.style.left = `${Math.max(8, Math.min(x, innerWidth - size.width - 8))}px`;
    box.style.top = `${below + size.height < innerHeight ? below : Math.max(8, at.top - size.height - 6)}px`;
  };
  document.addEventListener("mouseover", show);
  document.addEventListener("focusin", show);
  document.addEventListener("focusout", hide);
  document.addEventListener("scroll", hide, { passive: true, capture: true });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      hide();
    }
  });
}

function number(value) {
  return value.toLocaleString("en-US");
}

function count(value, noun) {
  return `${number(value)} ${noun}${value === 1 ? "" : "s"}`;
}

function duration(millis) {
  if (millis < 1000) {
    return `${Math.round(millis)} ms`;
  }
  if (millis < 60_000) {
    return `${(millis / 1000).toFixed(1)} s`;
  }
  const seconds = Math.round(millis / 1000);
  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  }
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" });

function clock(millis) {
  return CLOCK.format(millis);
}

/** The last part of a qualified class name, with what encloses it. */
function simpleName(type) {
  return type.slice(type.lastIndexOf(".") + 1);
}
