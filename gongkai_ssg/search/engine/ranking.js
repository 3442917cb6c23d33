/* Which texts hold what is wanted, and how well. */

const LEVELS = [0.36, 0.54, 0.72];
/** What standing in title, numbers or keywords is worth: the rarer the term, the more. */
const headLevel = (rarity) => 0.45 + 0.65 * rarity;
// A title that holds more than a part of what the best text holds of the query, as typed or reworded, is worth this much more.
const TITLED = { typed: 0.6, reworded: 0.2, worth: 1.2 };
const TOGETHER = 0.3; // of the lesser weight of two terms that overlap in the query, where a text has both
// Of loosening: how much of a wording's weight the best text holds at least, and how many texts are enough to stop.
const STEPS = [[1, 0.999, 10], [2, 0.3, 1], [3, 0, 1]];
const NEAR = 0.4; // of what the best text holds, where not all need stand

/** Texts of one tier with a score each: ids ascend. */
class Found {
  constructor(ids, scores) { this.ids = ids; this.scores = scores; }
}

function both(a, b) {
  const size = Math.min(a.ids.length, b.ids.length);
  const ids = new Int32Array(size), scores = new Float64Array(size);
  let n = 0;
  for (let i = 0, j = 0; i < a.ids.length && j < b.ids.length;) {
    if (a.ids[i] < b.ids[j]) i++;
    else if (a.ids[i] > b.ids[j]) j++;
    else {
      ids[n] = a.ids[i];
      scores[n++] = a.scores[i++] + b.scores[j++];
    }
  }
  return new Found(ids.subarray(0, n), scores.subarray(0, n));
}

function either(a, b) {
  const size = a.ids.length + b.ids.length;
  const ids = new Int32Array(size), scores = new Float64Array(size);
  let n = 0;
  for (let i = 0, j = 0; i < a.ids.length || j < b.ids.length;) {
    const left = i < a.ids.length ? a.ids[i] : Infinity, right = j < b.ids.length ? b.ids[j] : Infinity;
    ids[n] = Math.min(left, right);
    if (left <= right) scores[n] = a.scores[i++];
    if (right <= left) scores[n] = Math.max(scores[n], b.scores[j++]);
    n++;
  }
  return new Found(ids.subarray(0, n), scores.subarray(0, n));
}

function keep(found, test) {
  const kept = [];
  for (let n = 0; n < found.ids.length; n++) if (test(found.ids[n])) kept.push(n);
  const pick = (from) => from.constructor.from(kept, (n) => from[n]);
  return new Found(pick(found.ids), pick(found.scores));
}

/** Where the greatest of many numbers stand, the greatest first, of equal ones the last. */
function greatest(values, count) {
  const least = values.length > count ? Float64Array.from(values).sort()[values.length - count] : -Infinity;
  const places = [];
  values.forEach((value, place) => { if (value >= least) places.push(place); });
  return places.sort((a, b) => values[b] - values[a] || b - a).slice(0, count);
}

const NONE = new Found(new Int32Array(0), new Float64Array(0));

/** One search: loads what it needs, tier by tier, and puts the parts together. */
class Search {
  constructor(engine, clauses, options) {
    this.engine = engine;
    this.clauses = clauses;
    this.options = options;
    this.partial = false;
    this.most = 0; // of a loosened query's weight that any text holds
    this.lists = new Map(); // key → list of each tier
    this.idf = new Map();
    this.known = new Set(); // keys that some text has
    this.tiers = engine.tiers.slice();
  }

  /** Begin to load what holds the lists of terms; whether that goes well is for `load` to see. */
  fetch(keys) {
    for (const tier of this.tiers) for (const key of keys) tier.shard(tier.keyOf(key)).catch(() => null);
    for (const tier of this.tiers) tier.cell; // worked out while files are on their way
  }

  /** Load the lists of terms; a tier of which something is missing is left out and said to be. */
  async load(keys) {
    keys = keys.filter((key) => !this.lists.has(key));
    const lost = new Set(), without = (tier) => (error) => { this.lose(error); lost.add(tier); };
    const jobs = [];
    for (const tier of this.tiers) {
      for (const key of keys) {
        const own = tier.keyOf(key);
        jobs.push(tier.shard(own).then((shard) => {
          if (!this.lists.has(key)) this.lists.set(key, new Map());
          this.lists.get(key).set(tier, shard.list(own));
        }, without(tier)));
      }
    }
    await Promise.all(jobs);
    if (lost.size) this.tiers = this.tiers.filter((tier) => !lost.has(tier));
    const all = this.engine.items;
    for (const key of keys) {
      let count = 0;
      for (const tier of this.tiers) {
        const list = this.lists.get(key) && this.lists.get(key).get(tier);
        count += list ? list.ids.length : 0;
      }
      if (count) this.known.add(key);
      this.idf.set(key, Math.log(1 + (all - count + 0.5) / (count + 0.5)));
    }
  }

  /** Something is missing; what belongs to another index is not to be done without. */
  lose(error) {
    if (error.code === "stamp" || error.code === "format") throw error;
    this.partial = true;
  }

  list(tier, key) { const of = this.lists.get(key); return (of && of.get(tier)) || null; }

  headLevel(key) { return headLevel(this.idf.get(key) / Math.log(2 + this.engine.items)); }

  scored(tier, key, factor) {
    const list = this.list(tier, key);
    if (!list) return NONE;
    const weight = this.idf.get(key) * factor, head = this.headLevel(key), size = list.ids.length;
    const scores = new Float64Array(size);
    for (let i = 0; i < size; i++) scores[i] = weight * (list.levels[i] === 3 ? head : LEVELS[list.levels[i]]);
    return new Found(list.ids, scores);
  }

  /** The texts in which all terms stand. */
  all(tier, terms, factor) {
    const keys = Array.from(new Set(terms.map((each) => each.key)));
    const sized = keys.map((key) => this.list(tier, key)).map((list, i) => [list ? list.ids.length : 0, keys[i]]);
    sized.sort((a, b) => a[0] - b[0]);
    let found = null;
    for (const [size, key] of sized) {
      if (!size) return NONE;
      const next = this.scored(tier, key, factor);
      found = found ? both(found, next) : next;
    }
    return found || NONE;
  }

  /** Whether the units can follow one another in some text of the tier, as far as its lists tell. */
  possible(tier, { units: all, terms }) {
    for (let i = 0; i + 2 < all.length; i++) {
      const list = this.list(tier, terms[i].key);
      if (!list) return false;
      const bit = follower(all[i + 2]);
      if (list.mask && !((bit > 31 ? list.mask[0] >>> (bit - 32) : list.mask[1] >>> bit) & 1)) return false;
    }
    return true;
  }

  /** Of the texts in which all bigrams of a phrase stand, those in which each is followed by the next. */
  async phrase(tier, { units: all, terms }, found) {
    if (all.length < 3 || !found.ids.length) return found;
    const lookups = [];
    for (let i = 0; i + 2 < all.length; i++) {
      const key = terms[i].key, list = this.list(tier, key), next = follower(all[i + 2]);
      lookups.push(tier.followers(tier.keyOf(key), list).then((followers) => ({ ids: list.ids, followers, next, at: 0 })));
    }
    const walks = await Promise.all(lookups);
    return keep(found, (id) => walks.every((walk) => {
      while (walk.ids[walk.at] < id) walk.at++;
      return walk.followers[walk.at].indexOf(walk.next) >= 0;
    }));
  }

  /** The texts of a tier that hold every wanted clause and no excluded one. */
  async strict(tier, wanted, excluded) {
    let found = null;
    for (const clause of wanted) {
      let these = this.possible(tier, clause) ? this.all(tier, clause.terms, 1) : NONE;
      if (clause.quoted) these = await this.phrase(tier, clause, these);
      for (const other of clause.others || []) {
        let those = null;
        for (const part of other.parts) {
          const next = this.possible(tier, part) ? this.all(tier, part.terms, 0.8) : NONE;
          those = those ? both(those, next) : next;
        }
        if (those) these = either(these, those);
      }
      found = found ? both(found, these) : these;
      if (!found.ids.length) break;
    }
    return this.without(tier, found || NONE, excluded);
  }

  async without(tier, found, excluded) {
    for (const clause of excluded) {
      if (!found.ids.length) break;
      let those = this.all(tier, clause.terms, 1);
      those = await this.phrase(tier, clause, those);
      const gone = new Set(those.ids);
      found = keep(found, (id) => !gone.has(id));
    }
    return found;
  }

  loosest(tier, wordings, share) {
    return wordings.map((wording) => this.loose(tier, wording, share)).reduce(either);
  }

  /** The texts of a tier that hold at least `share` of what a wording weighs; where not all need stand and some text was seen
   *  to hold that much, those that come near the best as well. */
  loose(tier, wording, share) {
    const make = () => new Float64Array(tier.items), last = new Uint16Array(tier.items);
    const scores = make(), cover = make(), titles = make();
    let total = 0, asked = 0, place = 0, before = 0;
    for (const { key, weak, share: counted } of wording.terms) {
      const weight = this.idf.get(key) * counted * wording.factor;
      place++;
      asked += weight;
      if (!weak && (share > 0.9 || wording.whole || this.known.has(key))) total += weight;
      const list = this.list(tier, key), head = this.headLevel(key), together = TOGETHER * Math.min(weight, before);
      before = weight;
      if (!list) continue;
      for (let i = 0; i < list.ids.length; i++) {
        const id = list.ids[i], titled = list.levels[i] === 3;
        scores[id] += weight * (titled ? head : LEVELS[list.levels[i]]);
        if (!weak) cover[id] += weight;
        if (titled) titles[id] += weight;
        if (place > 1 && last[id] === place - 1) scores[id] += together;
        last[id] = place;
      }
    }
    const ids = [];
    for (const each of cover) if (each > this.most) this.most = each;
    let least = total * share;
    if (share < 0.9) least = this.most < least ? Infinity : Math.min(least, this.most * NEAR);
    for (let id = 0; id < tier.items; id++) if (scores[id] > 0 && cover[id] >= least - 1e-9) ids.push(id);
    const part = wording.factor < 1 ? TITLED.reworded : TITLED.typed;
    if (share < 0.9) asked = Math.min(asked, this.most);
    const entitled = (held) => held > asked * part ? held * TITLED.worth * (held / asked - part) : 0;
    return new Found(Int32Array.from(ids), Float64Array.from(ids, (id) => scores[id] + entitled(titles[id])));
  }
}
