/* From the address to what is shown. */

async function run(before) {
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
    const facets = seldom(now) ? QUICK.concat(SELDOM) : QUICK;
    const search = await opened();
    const found = await search.search(now.q, {
      filters: now.filters, sort: now.sort, page: now.page, pageSize: PAGE, expand: !now.plain, relax: now.relax ? 2 : 0, facets,
    });
    if (turn !== running) return;
    if (found.partial && !found.total) failed(null);
    else show(now, found, labels(search.names), turn);
    if (before && before.y) window.scrollTo(0, before.y);
  } catch (error) {
    if (turn === running) failed(error);
  }
}

function labels(names) {
  const of = { unit: new Map(), category: new Map(), parents: new Map() };
  for (const [id, name, parent] of names.units) {
    of.unit.set(id, name);
    of.parents.set(id, parent);
  }
  for (const [path, name] of names.categories) of.category.set(path, name);
  return of;
}

function show(now, found, names, turn) {
  by("nothing").replaceChildren();
  if (by("near")) by("near").remove();
  notes(now, found);
  showHits(now, found, names, found.marks);
  by("columns").hidden = !found.total && !Object.keys(now.filters).length;
  if (!found.total) nothing(now, names, turn);
  requestAnimationFrame(() => setTimeout(afterwards, 0, now, found, names, turn)); // once all this is painted
}

function afterwards(now, found, names, turn) {
  if (turn !== running) return; // something else was asked meanwhile
  showFilters(now, found.facets, names);
  if (online) passages(found.hits, found.marks, turn);
  near(now, found, names, turn);
}

/** What is being typed is completed; nothing is fetched before something is typed. */
let waiting = 0;
function suggest() {
  clearTimeout(waiting);
  const typed = by("q").value;
  if (!typed.trim()) return;
  waiting = setTimeout(async () => {
    try {
      const found = await (await opened()).suggest(typed);
      if (by("q").value === typed) by("suggestions").replaceChildren(...found.map((each) => make("option", { value: each.text })));
    } catch (error) { /* suggestions are a help, no more */ }
  }, 250);
}

function begin() {
  by("form").addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    go({ q: by("q").value, page: 1, filters: {}, plain: false, relax: false });
  });
  by("q").addEventListener("input", suggest);
  by("sort").addEventListener("change", () => go({ sort: by("sort").value, page: 1 }));
  by("open").addEventListener("click", () => {
    const open = by("filters").classList.toggle("search-shown");
    by("open").setAttribute("aria-expanded", String(open));
  });
  window.addEventListener("popstate", (event) => run(event.state));
  window.addEventListener("pagehide", () => history.replaceState({ y: window.scrollY }, ""));
  window.addEventListener("online", () => { if (by("notes").querySelector("button")) run(); });
  if (!state().q) by("q").focus();
  run(history.state);
}

document.addEventListener("DOMContentLoaded", begin); // when the scripts behind this one have brought their files
