/* The engine as others see it. */

class Engine {
  constructor(base) { this.files = new Files(base); }

  async start() {
    const content = await this.files.get("index", "");
    this.tiers = content.tiers.map((row) => new Tier(this.files, row));
    this.items = this.tiers.reduce((sum, tier) => sum + tier.items, 0);
    const groups = content.names.everyday.split(";").filter(Boolean);
    this.names = Object.assign({}, content.names, { everyday: groups.map(groupOf) });
    return this;
  }

  /** Telephone numbers of units by id. */
  phones() { return this.files.get("phones", "").catch(() => ({})); }

  async simplified(text) {
    if (!mayBeTraditional(text)) return null;
    const pairs = await this.files.get("fold", "").catch(() => "");
    const table = new Map(), all = Array.from(pairs);
    for (let i = 0; i + 1 < all.length; i += 2) table.set(all[i], all[i + 1]);
    return table;
  }

  /** Search; see docs/search.md for options and result. */
  async search(query, options) {
    options = options || {};
    query = String(query).slice(0, 400);
    try {
      return await this.attempt(query, options);
    } catch (error) {
      if (error.code !== "stamp") throw error;
      this.files.forget(); // the index was published anew while we had the old one
      await this.start();
      return this.attempt(query, options);
    }
  }

  async attempt(query, options) {
    const simplified = await this.simplified(query);
    const clauses = parseQuery(query, simplified);
    const size = Math.max(1, Math.min(1000, options.pageSize || 10)), page = Math.max(1, options.page || 1);
    const facets = options.facets || ["unit", "category", "year"];
    const search = new Search(this, clauses, options);
    const wanted = clauses.filter((each) => !each.excluded), excluded = clauses.filter((each) => each.excluded);
    for (const clause of clauses) clause.terms = termsOf(clause.units);
    const whole = wholeOf(wanted);
    const joints = [];
    for (let i = 0; i + 1 < wanted.length && i < 3; i++) {
      joints.push(pairKey(wanted[i].units[wanted[i].units.length - 1], wanted[i + 1].units[0]));
    }
    const keys = new Set(joints);
    for (const clause of clauses) for (const each of clause.terms) keys.add(each.key);
    if (whole !== null) keys.add(whole);
    if (wanted.length) search.fetch(keys); // on their way while the everyday words are looked up
    const expanded = expand(wanted, options.expand !== false ? this.names.everyday : [], simplified);
    if (options.expand) for (const clause of wanted) for (const other of clause.others) for (const part of other.parts) for (const each of part.terms) keys.add(each.key);
    if (wanted.length) await search.load(Array.from(keys));
    let relaxed = 0, found = [];
    const strict = options.expand ? wanted : wanted.map((clause) => Object.assign({}, clause, { others: [] }));
    if (wanted.length && !(options.relax > 0)) {
      found = await Promise.all(search.tiers.map((tier) => search.strict(tier, strict, excluded)));
    }
    const count = () => found.reduce((sum, each) => sum + each.ids.length, 0);
    if (wanted.length && !count() && options.relax !== false && !(wanted.length === 1 && wanted[0].units.length < 3 && !expanded.length)) {
      const wordings = await this.looseWordings(search, wanted);
      let before = 0;
      for (const [step, share, enough] of STEPS) { // from the first, which sees what the best text holds
        found = await Promise.all(search.tiers.map((tier) => search.without(tier, search.loosest(tier, wordings, share), excluded)));
        if (step < options.relax) continue;
        if (count() > before) relaxed = step;
        before = count();
        if (before >= enough) break;
      }
    }
    const usedExpansion = options.expand || relaxed ? expanded : [];
    return this.answer(search, found, { relaxed, joints, whole, options, size, page, facets, expanded: usedExpansion, wanted });
  }

  /** The query as lists of terms of which not all need stand: as typed, and in each other wording. */
  async looseWordings(search, wanted) {
    const typed = [].concat(...wanted.map((clause) => clause.terms));
    const wordings = [{ terms: typed, factor: 1, whole: wanted.some((clause) => (clause.others || []).length) }];
    for (const clause of wanted) for (const other of clause.others || []) {
      const rest = wanted.filter((each) => each !== clause).map((each) => each.terms);
      wordings.push({ terms: [].concat(...other.parts.map((part) => part.terms), ...rest), factor: 0.8, whole: true });
    }
    for (const wording of wordings) wording.terms = Array.from(new Map(wording.terms.map((each) => [each.key, each])).values());
    await search.load(Array.from(new Set([].concat(...wordings.map((each) => each.terms.map((one) => one.key))))));
    return wordings;
  }

  async answer(search, found, how) {
    const selection = new Selection(search, how.options.filters || {}, how.facets, this.names);
    const newest = Math.max(0, ...search.tiers.map((tier) => Math.max(...tier.cell.years)));
    const rows = [], scores = []; // by tier and number
    for (let t = 0; t < search.tiers.length; t++) {
      const tier = search.tiers[t], these = found[t];
      if (!these || !these.ids.length) continue;
      let kept;
      try {
        kept = await selection.pass(tier, these);
      } catch (error) {
        search.lose(error);
        continue;
      }
      const bonus = new Map();
      for (const key of how.joints) {
        const list = search.list(tier, key);
        if (list) for (const id of list.ids) bonus.set(id, (bonus.get(id) || 0) + 0.5 * search.idf.get(key));
      }
      const whole = how.whole !== null && search.list(tier, how.whole);
      const exact = new Set(whole ? whole.ids : []);
      const { years, categories, units: unitsOf, of, lapsed } = tier.cell;
      const perYear = categories.length * unitsOf.length;
      for (const n of kept) {
        const id = these.ids[n];
        const age = newest - years[Math.floor(of[id] / perYear)];
        let score = (these.scores[n] + (bonus.get(id) || 0)) * (1 + 0.1 / (1 + age / 2));
        if (lapsed.has(id)) score *= 0.6;
        if (exact.has(id)) score += 1e6;
        rows.push({ tier, id });
        scores.push(score);
      }
    }
    const values = how.options.sort === "date" ? await this.days(rows) : scores;
    const chosen = greatest(values, how.page * how.size).slice((how.page - 1) * how.size);
    const asked = Promise.all(chosen.map((place) => this.hit(rows[place]).catch((error) => {
      search.lose(error);
      return null;
    })));
    const facets = selection.counts(), marks = this.marks(search, how); // while hits are on their way
    const hits = (await asked).filter(Boolean);
    const result = { total: rows.length, relaxed: how.relaxed, partial: search.partial, expanded: how.expanded, facets, hits, marks };
    const suggestion = how.relaxed > 1 ? this.suggestion(search, how.wanted) : "";
    if (suggestion) result.suggestion = suggestion;
    return result;
  }

  /** When each was published, as numbers that ascend with the days. */
  async days(rows) {
    const all = new Map(), tiers = Array.from(new Set(rows.map((row) => row.tier)));
    await Promise.all(tiers.map(async (tier) => all.set(tier, await tier.dayOf())));
    return rows.map(({ tier, id }) => {
      const { years, categories, units: unitsOf, of } = tier.cell;
      return years[Math.floor(of[id] / (categories.length * unitsOf.length))] * 400 + all.get(tier)(id);
    });
  }

  async hit({ tier, id }) {
    const block = await tier.get("d" + Math.floor(id / tier.block));
    const [code, title, day, kind, status, summary] = block[id % tier.block];
    const { years, categories, units: unitsOf, of } = tier.cell, cell = of[id];
    const year = years[Math.floor(cell / (categories.length * unitsOf.length))];
    return {
      code, title, url: "items/" + code.split("/").map(encodeURIComponent).join("/") + ".html",
      date: isoDay(year, digit(day, 0) * 64 + digit(day, 1)), unit: unitsOf[cell % unitsOf.length],
      category: categories[Math.floor(cell / unitsOf.length) % categories.length], kind, status, summary,
    };
  }

  /** Whether a pair of a query's units stands in some text, and does more than ask. */
  stands(search, { key, weak }) { return !weak && search.tiers.some((tier) => search.list(tier, key)); }

  /** What to mark in texts that are shown, in lower case: the query's words, where it was loosened their parts. */
  marks(search, how) {
    const found = new Set();
    for (const clause of how.wanted) {
      const all = clause.units;
      found.add(clause.words.toLowerCase()).add(all.join(""));
      for (let i = 0; how.relaxed && i + 1 < all.length; i++) if (this.stands(search, clause.terms[i])) found.add(all[i] + all[i + 1]);
    }
    for (const { to } of how.expanded) for (const word of to) found.add(word.toLowerCase());
    return Array.from(found);
  }

  /** The longest part of the query that stands in some text. */
  suggestion(search, wanted) {
    let best = "";
    for (const { units: all, terms } of wanted) {
      let run = "";
      for (let i = 0; i + 1 < all.length; i++) {
        run = this.stands(search, terms[i]) ? (run || all[i]) + all[i + 1] : "";
        if (run.length > best.length) best = run;
      }
    }
    return best.length > 2 && best.length < wanted.reduce((sum, each) => sum + each.units.join("").length, 0) ? best : "";
  }

  /** Frequent words, names of units and categories, and titles, for what is being typed. */
  async suggest(text, limit) {
    limit = limit || 8;
    const simplified = await this.simplified(text), cut = (each) => units(each, simplified).join("");
    const typed = cut(text);
    if (!typed) return [];
    const words = await this.files.get("words", "").catch(() => []);
    const found = [];
    for (const word of words) if (cut(word).startsWith(typed) && cut(word) !== typed) found.push({ kind: "word", text: word });
    found.splice(Math.ceil(limit / 2));
    const room = found.length + Math.ceil(limit / 4);
    for (const [kind, rows] of [["unit", this.names.units], ["category", this.names.categories]]) {
      for (const [id, name] of rows) if (found.length < room && cut(name).includes(typed)) found.push({ kind, id, text: name });
    }
    if (typed.length > 1) {
      const result = await this.search(text, { pageSize: limit, relax: false, facets: [], expand: false });
      for (const hit of result.hits) if (cut(hit.title).includes(typed)) found.push({ kind: "item", text: hit.title, url: hit.url });
    }
    const seen = new Set();
    return found.filter((each) => !seen.has(each.text) && seen.add(each.text)).slice(0, limit);
  }
}

function open(base) {
  base = String(base === undefined ? "" : base);
  if (base && !base.endsWith("/")) base += "/";
  return new Engine(base).start();
}
