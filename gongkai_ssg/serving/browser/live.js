// Reloads the page when the site was built anew, and shows what was found. Only the preview sends this.
(() => {
  "use strict";
  const { src, dataset } = document.currentScript;
  const { page } = dataset;
  const { search } = new URL(src);
  const FOLDED = "gongkai-live-folded";
  let source = null;
  let panel = null;
  let last = "";
  let waiting = 0;

  function element(name, className, words) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (words) made.textContent = words;
    return made;
  }

  function remembered(value) {
    try {
      if (value === undefined) return sessionStorage.getItem(FOLDED) || "";
      sessionStorage.setItem(FOLDED, value);
    } catch {
      // A page may be shown where nothing may be stored.
    }
    return "";
  }

  function open() {
    if (panel) return panel;
    const host = element("div");
    host.id = "gongkai-live";
    const root = host.attachShadow({ mode: "open" });
    const style = element("link");
    style.rel = "stylesheet";
    style.href = new URL(`live.css${search}`, src).href;
    panel = element("section");
    panel.setAttribute("role", "status");
    panel.lang = "zh-CN";
    root.append(style, panel);
    document.documentElement.append(host);
    return panel;
  }

  function line(finding) {
    const item = element("li", finding.severity);
    const head = element("p", "head");
    head.append(element("b", "", finding.kind), " ", element("code", "", finding.place), " ", finding.code);
    item.append(head, element("p", "message", finding.message), element("p", "hint", finding.hint));
    return item;
  }

  function show(report) {
    const told = JSON.stringify([report.stopped, report.findings, report.words.title]);
    if (told === last) return;
    last = told;
    if (!report.stopped && !report.findings.length) {
      if (panel) panel.replaceChildren();
      remembered("");
      return;
    }
    const box = element("details");
    const summary = element("summary", "", report.findings.length ? report.words.title : report.stopped);
    box.append(summary);
    if (report.stopped) box.append(element("p", "stopped", report.stopped));
    const list = element("ul");
    list.append(...report.findings.map(line));
    box.append(list);
    if (report.words.more) box.append(element("p", "more", report.words.more));
    const grave = report.stopped || report.findings.some((each) => each.severity !== "note");
    box.open = Boolean(grave) && remembered() !== told;
    box.addEventListener("toggle", () => remembered(box.open ? "" : told));
    open().replaceChildren(box);
  }

  function busy(report) {
    clearTimeout(waiting);
    if (report.busy) {
      waiting = setTimeout(() => {
        if (!panel || !panel.querySelector(".busy")) open().prepend(element("p", "busy", report.words.busy));
      }, 400); // most builds are over before
    } else {
      panel?.querySelector(".busy")?.remove();
    }
  }

  function hear(event) {
    const report = JSON.parse(event.data);
    if (report.page !== page) {
      close();
      location.reload();
      return;
    }
    busy(report);
    show(report);
  }

  function close() {
    if (source) source.close();
    source = null;
  }

  // A browser holds few connections to one host: only pages that are looked at keep one.
  function listen() {
    if (document.visibilityState === "hidden") {
      close();
    } else if (!source) {
      source = new EventSource(new URL("events", src).href);
      source.addEventListener("message", hear);
    }
  }

  document.addEventListener("visibilitychange", listen);
  addEventListener("pagehide", close);
  addEventListener("pageshow", listen);
  listen();
})();
