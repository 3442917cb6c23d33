/* What is said beside the results, and where there are none. */

const RELAXED = {
  1: "没有找到包含全部字词的信息，以下结果不含“怎么”“什么”一类的词。",
  2: "没有找到包含全部字词的信息，以下结果包含其中大部分字词。",
  3: "没有找到包含全部字词的信息，以下结果只包含其中一部分。",
};

/** The words of a query, nothing quoted or excluded. */
const freed = (query) => query.split(/[\s　"“”「」『』]+/).filter((word) => word && !/^[-－﹣−]/.test(word)).join(" ");
const demands = (query) => freed(query) !== query.trim().split(/[\s　]+/).join(" ");

function note(...parts) { by("notes").append(make("p", { class: "search-note" }, ...parts)); }

function notes(now, found) {
  by("notes").replaceChildren();
  if (found.partial) note("有一部分搜索数据没有取到，以下结果不完整。 ", again("重新搜索"));
  if (found.relaxed && found.total) note(RELAXED[found.relaxed]);
  for (const { from, to } of found.expanded) {
    note("也搜索了：" + to.join("、") + "。", link("只搜“" + from + "”", { plain: true, page: 1 }));
  }
  if (now.plain) note("没有扩展同义词。", link("同时搜索意思相同的词", { plain: false, page: 1 }));
  if (found.suggestion) note("试试：", link(found.suggestion, { q: found.suggestion, page: 1, filters: {} }));
}

function again(text) {
  const made = make("button", { type: "button" }, text);
  made.addEventListener("click", () => { engine = null; run(); });
  return made;
}

/** Nothing could be asked: the words say why, and what to do. */
function failed(error) {
  by("columns").hidden = true;
  by("nothing").replaceChildren();
  by("notes").replaceChildren();
  by("status").textContent = "";
  if (error && error.code === "format") {
    const made = make("button", { type: "button" }, "重新打开");
    made.addEventListener("click", () => location.reload());
    note("网站刚刚更新过，请重新打开本页再搜索。 ", made);
  } else if (navigator.onLine === false) note("现在没有网络，无法搜索。联网后再试。 ", again("重试"));
  else note("搜索数据没有取到，可能是网络不稳。 ", again("重试"));
}

/** Ways on where nothing is found. */
async function nothing(now, names, turn) {
  const words = freed(now.q);
  const ways = make("ul", {});
  const way = (...parts) => ways.append(make("li", {}, ...parts));
  if (Object.keys(now.filters).length) way(link("去掉筛选条件再搜", { filters: {}, page: 1 }));
  if (demands(now.q)) way(link("不要求词语连在一起，也不排除任何词", { q: words, page: 1 }));
  if (!now.relax) way(link("放宽条件，只要包含部分字词", { q: words, relax: true, page: 1 }));
  const units = await likely(now, words, names), phones = units.length ? await (await opened()).phones() : {};
  for (const id of units) {
    const phone = phones[id];
    way("可以咨询", make("a", { href: root + "units/" + id + "/index.html" }, names.unit.get(id)), phone ? "，电话 " + phone : "");
  }
  way("从", make("a", { href: root + "catalog/index.html" }, "信息公开目录"), "逐类查找");
  way("没有公开的信息，可以", make("a", { href: root + "apply.html" }, "依申请公开"));
  if (turn === running) by("nothing").replaceChildren(make("h2", {}, "可以这样继续"), ways);
}

const FEW = 5, NEAR = 3; // so few hits have others shown below them, and how many of those

/** Below a few hits: what comes near without holding all of the words. */
async function near(now, found, names, turn) {
  const whole = found.hits.length === found.total && !found.partial; // of what is missing nobody can tell whether it is near
  if (!whole || !found.total || found.total >= FEW || found.relaxed || demands(now.q)) return;
  const hits = new Set(found.hits.map((hit) => hit.code));
  try {
    const loose = await (await opened()).search(now.q, { filters: now.filters, relax: 2, facets: [], expand: !now.plain });
    const others = loose.hits.filter((hit) => !hits.has(hit.code)).slice(0, NEAR);
    if (turn !== running || !others.length) return;
    const list = make("ol", { class: "search-hits" }, ...others.map((hit) => item(hit, loose.marks, names)));
    const words = make("p", { class: "search-help" }, "以下信息不含全部字词。");
    by("pages").after(make("div", { class: "search-near", id: "search-near" }, make("h2", {}, "相近的信息"), words, list));
  } catch (error) { /* what was found stands */ }
}

/** Units that are named, else the one that publishes most of what comes near. */
async function likely(now, words, names) {
  const named = [];
  for (const [id, name] of names.unit) if (now.q.includes(name) || (name.length > 4 && words.length > 2 && name.includes(words))) named.push(id);
  if (named.length || !words) return named.slice(0, 3);
  try {
    const near = await (await opened()).search(words, { relax: 2, facets: ["unit"], pageSize: 1, expand: !now.plain });
    const counts = near.facets.unit, above = new Set(Object.keys(counts).map((id) => names.parents.get(id)));
    const best = Object.keys(counts).filter((id) => !above.has(id) && names.unit.has(id)).sort((a, b) => counts[b] - counts[a] || (a < b ? -1 : 1));
    return best.slice(0, 1);
  } catch (error) {
    return []; // one way less
  }
}
