/* Filters and their counts. */

const QUICK = ["year", "category", "unit"];
const SELDOM = ["status", "kind", "topic", "stage"];
const DAY = 86400000;

function dayInYear(iso) {
  const year = Number(iso.slice(0, 4));
  return [year, Math.round((Date.parse(iso + "T00:00:00Z") - Date.UTC(year, 0, 1)) / DAY)];
}

function isoDay(year, day) { return new Date(Date.UTC(year, 0, 1) + day * DAY).toISOString().slice(0, 10); }

/** All values at or below the wanted ones. */
function subtree(wanted, name, names) {
  if (name === "category") return (value) => wanted.some((each) => value === each || value.startsWith(each + "/") ||
    ("/" + value + "/").includes("/" + each + "/"));
  const set = new Set(wanted.map(String));
  if (name === "unit") {
    let grown = true;
    while (grown) {
      grown = false;
      for (const [id, , parent] of names.units) if (parent && set.has(parent) && !set.has(id)) { set.add(id); grown = true; }
    }
  }
  return (value) => set.has(String(value));
}

/** A value and all above it, so that a count says what choosing it would give. */
function lineage(name, value, parents) {
  const found = [value];
  if (name === "category") for (let at = value.lastIndexOf("/"); at > 0; at = value.lastIndexOf("/", at - 1)) found.push(value.slice(0, at));
  if (name === "unit") for (let at = parents.get(value); at && found.indexOf(at) < 0; at = parents.get(at)) found.push(at);
  return found;
}

class Selection {
  constructor(search, filters, facets, names) {
    this.search = search;
    this.facets = facets;
    this.names = names;
    this.parents = new Map(names.units.map(([id, , parent]) => [id, parent]));
    this.tests = {};
    for (const name of QUICK.concat(SELDOM)) {
      const wanted = [].concat(filters[name] === undefined ? [] : filters[name]);
      if (wanted.length) this.tests[name] = subtree(wanted, name, names);
    }
    this.dates = filters.date && (filters.date.from || filters.date.to) ? filters.date : null;
    this.needsMore = SELDOM.some((name) => this.tests[name] || facets.includes(name));
    this.passed = []; // for each tier what its counts are made of
  }

  /** The numbers (places in `found`) that pass. */
  async pass(tier, found) {
    const { years, categories, units: unitsOf, of } = tier.cell;
    const values = {
      year: (cell) => years[Math.floor(cell / (categories.length * unitsOf.length))],
      category: (cell) => categories[Math.floor(cell / unitsOf.length) % categories.length],
      unit: (cell) => unitsOf[cell % unitsOf.length],
    };
    const more = this.needsMore ? await tier.more() : {};
    const day = this.dates ? await tier.dayOf() : null;
    const from = this.dates && this.dates.from ? dayInYear(this.dates.from) : null;
    const to = this.dates && this.dates.to ? dayInYear(this.dates.to) : null;
    const cells = new Map(); // test and cell → whether it passes
    const tests = Object.keys(this.tests);
    const kept = [], near = []; // near: [number, the one test that it fails]
    for (let n = 0; n < found.ids.length; n++) {
      const id = found.ids[n], cell = of[id];
      if (day) {
        const year = values.year(cell), on = day(id);
        if (from && (year < from[0] || (year === from[0] && on < from[1]))) continue;
        if (to && (year > to[0] || (year === to[0] && on > to[1]))) continue;
      }
      let failed = null, failures = 0;
      for (const name of tests) {
        let ok;
        if (values[name]) {
          const key = name + cell;
          if (!cells.has(key)) cells.set(key, this.tests[name](values[name](cell)));
          ok = cells.get(key);
        } else ok = this.tests[name](more[name].values[more[name].of[id]]);
        if (!ok) { failed = name; if (++failures > 1) break; }
      }
      if (!failures) kept.push(n);
      else if (failures === 1) near.push([n, failed]);
    }
    this.passed.push({ ids: found.ids, kept, near, values, more, of });
    return kept;
  }

  /** How many texts choosing each value would give: a filter's own choice does not narrow its counts. */
  counts() {
    const counts = {};
    for (const name of this.facets) {
      const found = (counts[name] = {});
      for (const { ids, kept, near, values, more, of } of this.passed) {
        const tally = new Map(), marks = values[name] ? of : more[name].of;
        const add = (n) => { const mark = marks[ids[n]]; tally.set(mark, (tally.get(mark) || 0) + 1); };
        kept.forEach(add);
        for (const [n, failed] of near) if (failed === name) add(n);
        for (const [mark, count] of tally) {
          const value = values[name] ? values[name](mark) : more[name].values[mark];
          if (value === "") continue;
          for (const each of lineage(name, value, this.parents)) found[each] = (found[each] || 0) + count;
        }
      }
    }
    return counts;
  }
}
