/* The search page: what is asked stands in the address, what is found is shown without ever touching HTML of others. */
(function () {
  "use strict";
  const root = document.currentScript.getAttribute("data-root") || "";
  const FILTERS = { unit: "发布机构", category: "类别", year: "年份", status: "有效性", kind: "信息类型", topic: "主题分类", stage: "五公开" };
  const QUICK = ["unit", "category", "year"], SELDOM = ["status", "kind", "topic", "stage"];
  const RELAXED = { 1: "没有找到包含全部字词的信息，以下结果不含“怎么”“什么”一类的词。", 2: "没有找到包含全部字词的信息，以下结果包含其中大部分字词。", 3: "没有找到包含全部字词的信息，以下结果只包含其中一部分。" };
  const SHOWN = 12;
  const by = (id) => document.getElementById("search-" + id);
  let engine = null, running = 0, opened = false, wide = {};

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

  function state() {
    const asked = new URLSearchParams(location.search);
    const filters = {};
    for (const name of Object.keys(FILTERS)) { const all = asked.getAll(name); if (all.length) filters[name] = all; }
    const day = (name) => (/^\d{4}-\d{2}-\d{2}$/.test(asked.get(name) || "") ? asked.get(name) : "");
    if (day("from") || day("to")) filters.date = { from: day("from"), to: day("to") };
    return { q: asked.get("q") || "", filters, sort: asked.get("sort") === "date" ? "date" : "relevance",
      page: Math.max(1, parseInt(asked.get("page"), 10) || 1), plain: asked.get("plain") === "1", relax: asked.get("relax") === "1" };
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

  function go(change) {
    history.pushState(null, "", address(change));
    run();
  }

  function link(text, change) {
    const to = make("a", { href: address(change) }, text);
    to.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
      event.preventDefault();
      go(change);
    });
    return to;
  }

  function note(...parts) { by("notes").append(make("p", { class: "search-note" }, ...parts)); }

  async function run() {
    const now = state(), turn = ++running;
    by("q").value = now.q;
    by("sort").value = now.sort;
    if (!now.q.trim()) {
      by("columns").hidden = true;
      by("notes").replaceChildren();
      by("nothing").replaceChildren();
      by("status").textContent = "";
      return;
    }
    document.title = "搜索：" + now.q + document.title.replace(/^.*?(?= - |$)/, "");
    by("status").textContent = "正在搜索…";
    try {
      if (!engine) engine = await GongkaiSearch.open(new URL(root || "./", location.href).href);
      const facets = opened || SELDOM.some((name) => now.filters[name]) ? QUICK.concat(SELDOM) : QUICK;
      const [found, names] = await Promise.all([
        engine.search(now.q, { filters: now.filters, sort: now.sort, page: now.page, pageSize: 10, expand: !now.plain, relax: now.relax ? 2 : 0, facets }),
        engine.names(),
      ]);
      if (turn !== running) return;
      if (found.partial && !found.total) failed(null);
      else show(now, found, labels(names));
    } catch (error) {
      if (turn === running) failed(error);
    }
  }

  function labels(names) {
    const of = { unit: new Map(), category: new Map(), phones: new Map() };
    for (const [id, name, , phone] of (names && names.units) || []) { of.unit.set(id, name); if (phone) of.phones.set(id, phone); }
    for (const [path, name] of (names && names.categories) || []) of.category.set(path, name);
    return of;
  }

  function retry(text) {
    const button = make("button", { type: "button" }, text);
    button.addEventListener("click", () => { engine = null; run(); });
    return button;
  }

  function failed(error) {
    by("columns").hidden = true;
    by("nothing").replaceChildren();
    by("notes").replaceChildren();
    by("status").textContent = "";
    if (error && error.code === "format") note("网站刚刚更新过，请重新打开本页再搜索。 ", reload());
    else if (navigator.onLine === false) note("现在没有网络，无法搜索。联网后再试。 ", retry("重试"));
    else note("搜索数据没有取到，可能是网络不稳。 ", retry("重试"));
  }

  function reload() {
    const button = make("button", { type: "button" }, "重新打开");
    button.addEventListener("click", () => location.reload());
    return button;
  }

  function show(now, found, names) {
    by("notes").replaceChildren();
    by("nothing").replaceChildren();
    const from = (now.page - 1) * 10;
    by("status").textContent = found.total
      ? "找到 " + found.total + " 条" + (found.total > 10 ? "，这是第 " + (from + 1) + " 至 " + (from + found.hits.length) + " 条" : "")
      : "没有找到“" + now.q + "”";
    if (found.partial) note("有一部分搜索数据没有取到，以下结果不完整。 ", retry("重新搜索"));
    if (found.relaxed) note(RELAXED[found.relaxed]);
    for (const { from: word, to } of found.expanded || []) {
      note("也搜索了：" + to.join("、") + "。", link("只搜“" + word + "”", { plain: true, page: 1 }));
    }
    if (now.plain) note("没有扩展同义词。", link("同时搜索意思相同的词", { plain: false, page: 1 }));
    if (found.suggestion) note("试试：", link(found.suggestion, { q: found.suggestion, page: 1, filters: {} }));
    const words = marked(now.q).concat(...(found.expanded || []).map((each) => each.to));
    by("hits").setAttribute("start", String(from + 1));
    by("hits").replaceChildren(...found.hits.map((hit) => item(hit, words, names)));
    filters(now, found.facets, names);
    pages(now, found.total);
    by("columns").hidden = !found.total && !Object.keys(now.filters).length;
    if (!found.total) nothing(now, found, names);
    if (/^https?:/.test(location.protocol)) passages(found.hits, words, running);
  }

  function item(hit, words, names) {
    const about = [make("span", {}, hit.date), make("span", {}, names.unit.get(hit.unit) || hit.unit), make("span", {}, names.category.get(hit.category) || hit.category)];
    if (hit.status) about.push(make("span", { class: /^(失效|废止)/.test(hit.status) ? "search-ended" : "" }, hit.status));
    return make("li", {},
      make("h2", {}, make("a", { href: root + hit.url }, ...highlighted(hit.title, words))),
      make("p", { class: "search-about" }, ...about),
      make("p", { class: "search-passage", "data-url": hit.url }, ...highlighted(hit.summary, words)));
  }

  function marked(query) {
    return query.split(/[\s　"“”「」『』]+/).filter((word) => word && !/^[-－﹣−]/.test(word));
  }

  function highlighted(text, words) {
    const low = text.toLowerCase(), cover = new Uint8Array(text.length), pieces = [];
    if (low.length === text.length) {
      for (const word of words) {
        const want = word.toLowerCase();
        for (let at = low.indexOf(want); at >= 0; at = low.indexOf(want, at + want.length)) cover.fill(1, at, at + want.length);
      }
    }
    for (let at = 0; at < text.length;) {
      let end = at;
      while (end < text.length && cover[end] === cover[at]) end++;
      const piece = text.slice(at, end);
      pieces.push(cover[at] ? make("mark", {}, piece) : piece);
      at = end;
    }
    return pieces;
  }

  /** The place in each page where most of the words stand together; it takes the summary's room, no more. */
  function passages(hits, words, turn) {
    for (const hit of hits) {
      fetch(root + hit.url).then((answer) => (answer.ok ? answer.text() : "")).then((page) => {
        if (!page || turn !== running) return;
        const main = new DOMParser().parseFromString(page, "text/html").querySelector("article .body, .article-body, main");
        const text = main ? main.textContent.replace(/\s+/g, " ") : "";
        const low = text.toLowerCase();
        let best = -1, most = 0;
        for (const word of words) {
          for (let at = low.indexOf(word.toLowerCase()), n = 0; at >= 0 && n < 20; at = low.indexOf(word.toLowerCase(), at + 1), n++) {
            const part = low.slice(Math.max(0, at - 20), at + 90);
            const count = words.filter((each) => part.includes(each.toLowerCase())).length;
            if (count > most) { most = count; best = at; }
          }
        }
        const place = Array.from(by("hits").querySelectorAll(".search-passage")).find((each) => each.getAttribute("data-url") === hit.url);
        if (best < 0 || !place) return;
        const start = Math.max(0, best - 20);
        place.replaceChildren(...highlighted((start ? "…" : "") + text.slice(start, start + 120) + "…", words));
      }).catch(() => {});
    }
  }

  function filters(now, facets, names) {
    const active = document.activeElement && document.activeElement.getAttribute("data-key");
    const groups = [];
    for (const name of QUICK.concat(opened || SELDOM.some((each) => now.filters[each]) ? SELDOM : [])) {
      const group = values(name, facets[name] || {}, now, names);
      if (group) groups.push(group);
    }
    if (opened || now.filters.date) groups.push(dates(now));
    if (!opened) {
      const more = make("button", { type: "button", "data-key": "more" }, "更多筛选");
      more.addEventListener("click", () => { opened = true; run(); });
      groups.push(more);
    }
    if (Object.keys(now.filters).length) groups.push(make("p", {}, link("清除筛选", { filters: {}, page: 1 })));
    by("filters").replaceChildren(...groups);
    const again = active && Array.from(by("filters").querySelectorAll("[data-key]")).find((each) => each.getAttribute("data-key") === active);
    if (again) again.focus();
    else if (active === "more") (by("filters").querySelector("fieldset:nth-of-type(4) input") || by("filters").querySelector("input") || by("q")).focus();
  }

  function values(name, counts, now, names) {
    const chosen = new Set(now.filters[name] || []);
    const all = Object.keys(counts).concat(Array.from(chosen).filter((value) => !(value in counts)));
    if (!all.length) return null;
    const label = (value) => (names[name] && names[name].get(value)) || value;
    all.sort((a, b) => (name === "year" ? b - a : (chosen.has(b) - chosen.has(a)) || (counts[b] || 0) - (counts[a] || 0) || (a < b ? -1 : 1)));
    const shown = wide[name] ? all : all.slice(0, Math.max(SHOWN, chosen.size));
    const box = make("div", { class: "search-values" }, ...shown.map((value) => {
      const input = make("input", { type: "checkbox", checked: chosen.has(value), "data-key": name + ":" + value });
      input.addEventListener("change", () => {
        if (input.checked) chosen.add(value);
        else chosen.delete(value);
        const next = Object.assign({}, state().filters, { [name]: Array.from(chosen) });
        if (!chosen.size) delete next[name];
        go({ filters: next, page: 1 });
      });
      return make("label", {}, input, make("span", {}, label(value)), make("span", {}, String(counts[value] || 0)));
    }));
    const group = make("fieldset", {}, make("legend", {}, FILTERS[name]), box);
    if (shown.length < all.length) {
      const more = make("button", { type: "button", "data-key": "all:" + name }, "全部 " + all.length + " 项");
      more.addEventListener("click", () => { wide[name] = true; run(); });
      group.append(more);
    }
    return group;
  }

  function dates(now) {
    const date = now.filters.date || {};
    const fields = [["from", "从"], ["to", "到"]].map(([name, text]) => {
      const input = make("input", { type: "date", value: date[name] || "", "data-key": name });
      input.addEventListener("change", () => {
        const next = Object.assign({}, state().filters), range = Object.assign({}, next.date, { [name]: input.value });
        if (range.from || range.to) next.date = range;
        else delete next.date;
        go({ filters: next, page: 1 });
      });
      return make("label", { class: "search-date" }, text + " ", input);
    });
    return make("fieldset", {}, make("legend", {}, "发布日期"), ...fields);
  }

  function pages(now, total) {
    const last = Math.ceil(total / 10), list = make("ul", {});
    const add = (text, page, current) => {
      const to = link(text, { page });
      if (current) to.setAttribute("aria-current", "page");
      if (/^\d+$/.test(text)) to.setAttribute("aria-label", "第 " + text + " 页");
      list.append(make("li", {}, to));
    };
    if (last > 1) {
      if (now.page > 1) add("上一页", now.page - 1);
      const from = Math.max(1, Math.min(now.page - 3, last - 6));
      for (let page = from; page <= Math.min(last, from + 6); page++) add(String(page), page, page === now.page);
      if (now.page < last) add("下一页", now.page + 1);
    }
    by("pages").replaceChildren(...(list.children.length ? [list] : []));
  }

  function nothing(now, found, names) {
    const ways = make("ul", {});
    if (Object.keys(now.filters).length) ways.append(make("li", {}, link("去掉筛选条件再搜", { filters: {}, page: 1 })));
    if (/["“”「」『』]|(^|\s)[-－]/.test(now.q)) ways.append(make("li", {}, link("不要求词语连在一起", { q: marked(now.q).join(" "), page: 1 })));
    if (!now.relax) ways.append(make("li", {}, link("放宽条件，只要包含部分字词", { relax: true, page: 1 })));
    for (const [id, name] of names.unit) {
      if (now.q.includes(name) || (name.length > 4 && now.q.length > 2 && name.includes(now.q))) {
        const phone = names.phones.get(id);
        ways.append(make("li", {}, "可以咨询", make("a", { href: root + "units/" + id + "/index.html" }, name), phone ? "，电话 " + phone : ""));
      }
    }
    ways.append(make("li", {}, "从", make("a", { href: root + "catalog/index.html" }, "信息公开目录"), "逐类查找"));
    ways.append(make("li", {}, "没有公开的信息，可以", make("a", { href: root + "apply.html" }, "依申请公开")));
    by("nothing").replaceChildren(make("h2", {}, "可以这样继续"), ways);
  }

  let waiting = 0;
  function suggest() {
    clearTimeout(waiting);
    const typed = by("q").value;
    if (!typed.trim()) return;
    waiting = setTimeout(async () => {
      try {
        if (!engine) engine = await GongkaiSearch.open(new URL(root || "./", location.href).href);
        const found = await engine.suggest(typed);
        if (by("q").value === typed) by("suggestions").replaceChildren(...found.map((each) => make("option", { value: each.text })));
      } catch (error) { /* suggestions are a help, no more */ }
    }, 250);
  }

  by("form").addEventListener("submit", (event) => {
    event.preventDefault();
    go({ q: by("q").value, page: 1, filters: {}, plain: false, relax: false });
  });
  by("q").addEventListener("input", suggest);
  by("sort").addEventListener("change", () => go({ sort: by("sort").value, page: 1 }));
  window.addEventListener("popstate", run);
  window.addEventListener("online", () => { if (by("notes").querySelector("button")) run(); });
  by("nothing").replaceChildren();
  if (!state().q) by("q").focus();
  run();
})();
