/* What is asked: it stands in the address, so that it can be shared and the back button knows it. */

const root = document.currentScript.getAttribute("data-root") || "";
const FILTERS = { unit: "发布机构", category: "类别", year: "年份", status: "有效性", kind: "信息类型", topic: "主题分类", stage: "五公开" };
const QUICK = ["unit", "category", "year"], SELDOM = ["status", "kind", "topic", "stage"];
const PAGE = 10;
const by = (id) => document.getElementById("search-" + id);
const online = /^https?:/.test(location.protocol);
let engine = null, running = 0;

function state() {
  const asked = new URLSearchParams(location.search);
  const filters = {};
  for (const name of Object.keys(FILTERS)) {
    const all = asked.getAll(name);
    if (all.length) filters[name] = all;
  }
  const day = (name) => (/^\d{4}-\d{2}-\d{2}$/.test(asked.get(name) || "") ? asked.get(name) : "");
  if (day("from") || day("to")) filters.date = { from: day("from"), to: day("to") };
  return {
    q: (asked.get("q") || "").slice(0, 200), filters, sort: asked.get("sort") === "date" ? "date" : "relevance",
    page: Math.max(1, parseInt(asked.get("page"), 10) || 1), plain: asked.get("plain") === "1", relax: asked.get("relax") === "1",
  };
}

function address(change) {
  const now = Object.assign(state(), change), asked = new URLSearchParams();
  if (now.q) asked.set("q", now.q);
  for (const name of Object.keys(FILTERS)) for (const value of now.filters[name] || []) asked.append(name, value);
  if (now.filters.date) for (const name of ["from", "to"]) if (now.filters.date[name]) asked.set(name, now.filters.date[name]);
  if (now.sort === "date") asked.set("sort", "date");
  if (now.plain) asked.set("plain", "1");
  if (now.relax) asked.set("relax", "1");
  if (now.page > 1) asked.set("page", String(now.page));
  return location.pathname + "?" + asked.toString();
}

/** Ask something else. Where the reader stood stays with the address that is left. */
function go(change) {
  history.replaceState({ y: window.scrollY }, "");
  history.pushState(null, "", address(change));
  return run();
}

function opened() {
  if (!engine) {
    engine = GongkaiSearch.open(new URL(root || "./", location.href).href);
    engine.catch(() => { engine = null; });
  }
  return engine;
}

function make(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (name === "class") element.className = value;
    else if (name in element && name !== "list") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** A link to another question; followed here, it leads to the results. */
function link(text, change) {
  const to = make("a", { href: address(change) }, text);
  to.addEventListener("click", async (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    await go(change);
    by("results").focus({ preventScroll: true });
    by("status").scrollIntoView();
  });
  return to;
}
