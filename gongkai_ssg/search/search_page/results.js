/* What is found. */

function showHits(now, found, names, marks) {
  const from = (now.page - 1) * PAGE;
  by("status").textContent = found.total
    ? "找到 " + found.total + " 条" + (found.total > PAGE ? "，这是第 " + (from + 1) + " 至 " + (from + found.hits.length) + " 条" : "")
    : "没有找到" + (/["“”「」『』]/.test(now.q) ? now.q : "“" + now.q + "”");
  by("hits").setAttribute("start", String(from + 1));
  by("hits").replaceChildren(...found.hits.map((hit) => item(hit, marks, names)));
  by("order").hidden = !found.total;
  pages(now, found.total);
}

function item(hit, marks, names) {
  const about = [hit.date, names.unit.get(hit.unit) || hit.unit, names.category.get(hit.category) || hit.category].map((text) => make("span", {}, text));
  if (hit.status) about.push(make("span", { class: /^(失效|废止)/.test(hit.status) ? "search-ended" : "" }, hit.status));
  return make("li", {},
    make("h2", {}, make("a", { href: root + hit.url }, ...highlighted(hit.title, marks))),
    make("p", { class: "search-about" }, ...about),
    make("p", { class: "search-passage", "data-url": hit.url }, ...highlighted(hit.summary, marks)));
}

/** Pieces of a text, what was looked for marked. */
function highlighted(text, marks) {
  const low = text.toLowerCase(), cover = new Uint8Array(text.length), pieces = [];
  if (low.length === text.length) {
    for (const mark of marks) {
      for (let at = low.indexOf(mark); at >= 0; at = low.indexOf(mark, at + mark.length)) cover.fill(1, at, at + mark.length);
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
function passages(hits, marks, turn) {
  for (const hit of hits) {
    fetch(root + hit.url).then((answer) => (answer.ok ? answer.text() : "")).then((page) => {
      if (!page || turn !== running) return;
      const body = new DOMParser().parseFromString(page, "text/html").querySelector("main .body");
      const text = body ? body.textContent.trim().replace(/\s+/g, " ") : "";
      const best = passage(text.toLowerCase(), marks);
      const place = Array.from(by("hits").querySelectorAll(".search-passage")).find((each) => each.getAttribute("data-url") === hit.url);
      if (best < 0 || !place) return;
      const start = Math.max(0, best - 20);
      place.replaceChildren(...highlighted((start ? "…" : "") + text.slice(start, start + 120) + "…", marks));
    }).catch(() => {}); // the summary stays
  }
}

function passage(low, marks) {
  let best = -1, most = 0;
  for (const mark of marks) {
    for (let at = low.indexOf(mark), n = 0; at >= 0 && n < 20; at = low.indexOf(mark, at + 1), n++) {
      const part = low.slice(Math.max(0, at - 20), at + 90);
      const count = marks.reduce((sum, each) => sum + (part.includes(each) ? each.length : 0), 0);
      if (count > most) { most = count; best = at; }
    }
  }
  return best;
}

function pages(now, total) {
  const last = Math.ceil(total / PAGE), list = make("ul", {});
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
