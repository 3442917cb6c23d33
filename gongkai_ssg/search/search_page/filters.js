/* Filters, each with what choosing it would give. */

const SHOWN = 12;
let all = false; // whether the seldom ones are open
const wide = {};

/** Whether the seldom filters are shown; what is chosen among them is. */
const seldom = (now) => all || SELDOM.some((name) => now.filters[name]);

function showFilters(now, facets, names) {
  const active = document.activeElement && document.activeElement.getAttribute("data-key");
  const groups = [];
  for (const name of QUICK.concat(seldom(now) ? SELDOM : [])) {
    const group = values(name, facets[name] || {}, now, names);
    if (group) groups.push(group);
  }
  if (seldom(now) || now.filters.date) groups.push(dates(now));
  if (!seldom(now)) groups.push(button("更多筛选", "more", () => { all = true; }));
  const chosen = Object.keys(now.filters).reduce((sum, name) => sum + (name === "date" ? 1 : now.filters[name].length), 0);
  if (chosen) groups.push(make("p", {}, link("清除筛选", { filters: {}, page: 1 })));
  by("filters").replaceChildren(...groups);
  by("open").textContent = chosen ? "筛选（已选 " + chosen + " 项）" : "筛选";
  if (!active) return;
  const again = Array.from(by("filters").querySelectorAll("[data-key]")).find((each) => each.getAttribute("data-key") === active);
  const instead = active === "more" ? "fieldset:nth-of-type(4) input" : active.startsWith("all:") ? '[data-key^="' + active.slice(4) + ':"]' : "input";
  (again || by("filters").querySelector(instead) || by("q")).focus();
}

function button(text, key, change) {
  const made = make("button", { type: "button", "data-key": key }, text);
  made.addEventListener("click", () => { change(); run(); });
  return made;
}

function values(name, counts, now, names) {
  const chosen = new Set(now.filters[name] || []);
  const every = Object.keys(counts).concat(Array.from(chosen).filter((value) => !(value in counts)));
  if (!every.length) return null;
  const label = (value) => (names[name] && names[name].get(value)) || value;
  every.sort((a, b) => (name === "year" ? b - a : (chosen.has(b) - chosen.has(a)) || (counts[b] || 0) - (counts[a] || 0) || (a < b ? -1 : 1)));
  const shown = wide[name] ? every : every.slice(0, Math.max(SHOWN, chosen.size));
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
  if (shown.length < every.length) group.append(button("全部 " + every.length + " 项", "all:" + name, () => { wide[name] = true; }));
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
