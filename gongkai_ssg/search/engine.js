/* GongkaiSearch: full-text search over the static index below `search/`.
 *
 * One plain script, ES2018. A script tag or importScripts() sets `GongkaiSearch`; require() returns it. The analysis,
 * the formats and the ranking are specified in docs/search.md; analysis.py is the same analysis in Python.
 */
(function (root, make) {
  "use strict";
  var made = make(root);
  if (typeof module === "object" && module.exports) module.exports = made;
  else root.GongkaiSearch = made;
})(typeof self !== "undefined" ? self : this, function (root) {
  "use strict";

  const FORMAT = 2;
  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const DIGIT = {};
  for (let i = 0; i < 64; i++) DIGIT[ALPHABET[i]] = i;

  // ---- analysis ---------------------------------------------------------------------------------------------------

  const TRANSPARENT = [0xad, 0xad, 0x300, 0x36f, 0x64b, 0x65f, 0x670, 0x670, 0x200b, 0x200f, 0x2060, 0x2064,
    0x3099, 0x309a, 0xfe00, 0xfe0f, 0xfeff, 0xfeff];
  const DECOMPOSED = [0xa0, 0x33ff, 0xf900, 0xffef, 0x1d400, 0x1d7ff, 0x1f100, 0x1f16f, 0x2f800, 0x2fa1f];
  const LETTERS = [0x61, 0x7a, 0xdf, 0xf6, 0xf8, 0x24f, 0x370, 0x37d, 0x37f, 0x386, 0x388, 0x3ff, 0x400, 0x481,
    0x48a, 0x52f, 0x620, 0x64a, 0x671, 0x6d3, 0xf40, 0xfbc, 0x1820, 0x18aa, 0x1e00, 0x1eff];
  const SINGLES = [0x3005, 0x3007, 0x3041, 0x3096, 0x309d, 0x309f, 0x30a1, 0x30fa, 0x30fc, 0x30ff, 0x3105, 0x312f,
    0x3400, 0x4dbf, 0x4e00, 0x9fff, 0xa000, 0xa48c, 0xac00, 0xd7a3, 0xf900, 0xfaff, 0x20000, 0x323af];
  const ALONE = 1, WHOLE = 3;
  // Traditional characters that stand in GB 2312 all the same; see mayBeTraditional.
  const NOT_SIMPLIFIED = "乾吒夥後徵拚捱摺於榘菸薹袷醣麴麽";

  function within(code, ranges) {
    for (let i = 0; i < ranges.length; i += 2) if (code >= ranges[i] && code <= ranges[i + 1]) return true;
    return false;
  }

  function fold(text, simplified) {
    let out = "";
    for (const character of text) {
      const whole = within(character.codePointAt(0), DECOMPOSED) ? character.normalize("NFKD") : character;
      for (const each of whole) {
        const low = each.codePointAt(0) < 0x3400 ? each.toLowerCase() : each;
        for (const one of low) {
          if (!within(one.codePointAt(0), TRANSPARENT)) out += (simplified && simplified.get(one)) || one;
        }
      }
    }
    return out;
  }

  function units(text, simplified) {
    const found = [];
    let run = "", kind = 0;
    for (const character of fold(text, simplified)) {
      const code = character.codePointAt(0);
      const is = code >= 48 && code < 58 ? 1 : within(code, LETTERS) ? 2 : within(code, SINGLES) ? 3 : 0;
      if (run && is !== kind) { found.push(run); run = ""; }
      if (is === 3) found.push(character);
      else if (is) run += character;
      kind = is;
    }
    if (run) found.push(run);
    return found;
  }

  function mixed(value) {
    value ^= value >>> 16;
    value = Math.imul(value, 0x85ebca6b);
    value ^= value >>> 13;
    value = Math.imul(value, 0xc2b2ae35);
    return (value ^ (value >>> 16)) >>> 0;
  }

  const FACTORS = [1];
  while (FACTORS.length < 64) FACTORS.push(Math.imul(FACTORS[FACTORS.length - 1], 0x01000193));

  function weighed(values) {
    let sum = 0;
    values.forEach((value, place) => { sum = (sum + Math.imul(value, FACTORS[place % 64])) | 0; });
    return sum;
  }

  function unitNumber(unit) {
    const code = unit.codePointAt(0);
    if (code >= 0x3005) return code;
    return (mixed(weighed(Array.from(unit, (each) => each.codePointAt(0) + 1))) | 0x80000000) >>> 0;
  }

  const term = (first, second) => mixed((Math.imul(first, 0x9e3779b1) + Math.imul(second, 0x85ebca77)) | 0);
  const pairTerm = (first, second) => term(unitNumber(first), unitNumber(second));
  const aloneTerm = (unit) => term(unitNumber(unit), ALONE);
  const wholeTerm = (all) => term(mixed(weighed(all.map(unitNumber))), WHOLE);

  let common; // the characters of GB 2312, none of which but the few above is a traditional one
  function mayBeTraditional(text) {
    if (common === undefined) {
      common = null;
      try {
        const bytes = [];
        for (let high = 0xb0; high < 0xf8; high++) for (let low = 0xa1; low < 0xff; low++) bytes.push(high, low);
        common = new Set(new TextDecoder("gbk").decode(new Uint8Array(bytes)));
        for (const each of NOT_SIMPLIFIED) common.delete(each);
      } catch (error) { /* an old runtime: the table is always loaded */ }
    }
    for (const each of text) {
      const code = each.codePointAt(0);
      if (code >= 0x2e80 && !within(code, [0x3000, 0x33ff, 0xff00, 0xffef]) && !(common && common.has(each))) return true;
    }
    return false;
  }

  // ---- files of the index -----------------------------------------------------------------------------------------

  const inNode = typeof process === "object" && process.versions && process.versions.node && typeof document === "undefined";
  const arrived = new Map(); // address of a script → what it handed over

  /** Called by the files of the index. */
  function put(name, format, stamp, content) {
    const script = typeof document !== "undefined" && document.currentScript;
    arrived.set(script ? script.src : name, { format, stamp, content });
  }

  function parse(text) {
    const [, format, stamp, content] = JSON.parse("[" + text.slice(text.indexOf("(") + 1, text.lastIndexOf(");")) + "]");
    return { format, stamp, content };
  }

  function byScript(url) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.async = true;
      script.src = url;
      const done = (error) => {
        const file = arrived.get(script.src);
        arrived.delete(script.src);
        script.remove();
        if (file) resolve(file);
        else reject(error || new Error("nothing in " + url));
      };
      script.onload = () => done();
      script.onerror = () => done(new Error("could not load " + url));
      document.head.appendChild(script);
    });
  }

  async function byFetch(url) {
    const response = await fetch(url);
    if (!response.ok) throw new Error(response.status + " " + url);
    return parse(await response.text());
  }

  async function byDisk(url) {
    const path = url.replace(/\?.*$/, "");
    return parse(await require("fs").promises.readFile(path, "utf8"));
  }

  function fail(code, message) {
    const error = new Error(message);
    error.code = code;
    return error;
  }

  class Files {
    constructor(base) {
      this.base = base;
      this.kept = new Map();
      const remote = /^https?:/i.test(base);
      this.how = inNode ? (remote ? byFetch : byDisk) : typeof document !== "undefined" ? byScript : byFetch;
      this.remote = remote || (!inNode && /^https?:/i.test(root.location ? root.location.href : ""));
    }

    /** The content of a file; `stamp` is the numbering it must belong to. */
    get(name, stamp) {
      const key = name + "?" + stamp;
      if (!this.kept.has(key)) {
        const loading = this.load(name, stamp);
        this.kept.set(key, loading);
        loading.catch(() => this.kept.delete(key));
      }
      return this.kept.get(key);
    }

    async load(name, stamp) {
      const url = this.base + "search/" + name + ".js";
      const mark = stamp || (this.remote ? Math.floor(Date.now() / 300000).toString(36) : "");
      let file = arrived.get(url); // a script tag of the page brought it already
      arrived.delete(url);
      if (file && file.stamp === stamp && file.format === FORMAT) return file.content;
      try {
        file = await this.how(mark ? url + "?" + mark : url);
        if (file.stamp !== stamp && this.remote) file = await this.how(url + "?" + mark + "-" + Date.now().toString(36));
      } catch (error) {
        if (!this.remote) throw error;
        file = await this.how(url + "?" + mark + "-" + Date.now().toString(36));
      }
      if (file.format !== FORMAT) throw fail("format", name + " is of format " + file.format);
      if (file.stamp !== stamp) throw fail("stamp", name + " belongs to another index");
      return file.content;
    }

    forget() { this.kept.clear(); }
  }

  // ---- shards -----------------------------------------------------------------------------------------------------

  function bytesOf(base64) {
    if (inNode) return Buffer.from(base64, "base64");
    const text = atob(base64), bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes;
  }

  class Bits {
    constructor(bytes, at) { this.bytes = bytes; this.at = at; }
    one() { const at = this.at++; return (this.bytes[at >> 3] >> (7 - (at & 7))) & 1; }
    read(width) { let value = 0; while (width--) value = value * 2 + this.one(); return value; }
  }

  function lowBits(count, universe) {
    let bits = 0;
    while (count * Math.pow(2, bits + 1) <= universe) bits++;
    return bits;
  }

  /** The highs of ascending numbers: ones among zeros. */
  function highs(bits, count) {
    const found = new Float64Array(count);
    for (let rank = 0, high = 0; rank < count;) {
      if (bits.one()) found[rank++] = high;
      else high++;
    }
    return found;
  }

  /** A shard of terms: a directory at once, lists when they are asked for. */
  class Shard {
    constructor(content, tier, number, half) {
      const bytes = (this.bytes = bytesOf(content));
      this.texts = tier.items;
      this.unit = Math.pow(2, tier.dropped);
      let at = 0;
      const varint = () => {
        let value = 0, factor = 1;
        while (bytes[at] > 127) { value += (bytes[at++] & 127) * factor; factor *= 128; }
        return value + bytes[at++] * factor;
      };
      const count = varint();
      const own = number >= tier.shards;
      const first = own ? half : Math.ceil((number * 65536) / tier.shards);
      const end = own ? half + 1 : Math.ceil(((number + 1) * 65536) / tier.shards);
      const unit = this.unit, universe = ((end - first) * 65536) / unit;
      const bits = new Bits(bytes, at * 8);
      const low = count ? lowBits(count, universe) : 0;
      const start = bits.at, keys = highs(bits, count);
      bits.at = count ? start + Math.floor((universe - 1) / Math.pow(2, low)) + count : start;
      for (let i = 0; i < count; i++) keys[i] = first * 65536 + (keys[i] * Math.pow(2, low) + bits.read(low)) * unit;
      const counts = [];
      for (let i = 0; i < count; i++) {
        let zeros = 0;
        while (!bits.one()) zeros++;
        counts.push(Math.pow(2, zeros) + bits.read(zeros));
      }
      this.places = new Map();
      let list = bits.at, before = 0;
      for (let i = 0; i < count; i++) {
        this.places.set(keys[i], { list, count: counts[i], before });
        list += this.size(counts[i]);
        before += counts[i];
      }
    }

    size(count) {
      const mask = count < 8 ? 0 : 64;
      if (count * 4 >= this.texts) return mask + this.texts + 2 * count;
      const low = lowBits(count, this.texts);
      return mask + ((this.texts - 1) >> low) + count + count * (low + 2);
    }

    /** { ids, levels, mask, before } of a term; null if no text has it. */
    list(key) {
      const place = this.places.get(key - (key % this.unit));
      if (!place) return null;
      const count = place.count, ids = new Int32Array(count), levels = new Uint8Array(count);
      const bits = new Bits(this.bytes, place.list);
      const mask = count < 8 ? null : [bits.read(32), bits.read(32)];
      const start = bits.at;
      if (count * 4 >= this.texts) {
        for (let id = 0, rank = 0; rank < count; id++) if (bits.one()) ids[rank++] = id;
        bits.at = start + this.texts;
        for (let i = 0; i < count; i++) levels[i] = bits.read(2);
      } else {
        const low = lowBits(count, this.texts), found = highs(bits, count);
        bits.at = start + ((this.texts - 1) >> low) + count;
        for (let i = 0; i < count; i++) {
          ids[i] = found[i] * (1 << low) + bits.read(low);
          levels[i] = bits.read(2);
        }
      }
      return { ids, levels, mask, before: place.before };
    }
  }

  const follower = (unit) => mixed(unitNumber(unit)) % 63;

  /** What follows a term in each of a run of postings: arrays of followers. */
  function followersOf(text, before, count) {
    const [main, more] = text;
    let at = 0;
    for (let i = 0; i < before; i++) if (main[i] === "_") at += DIGIT[more[at]] + 1;
    const found = [];
    for (let i = before; i < before + count; i++) {
      if (main[i] === "_") {
        const size = DIGIT[more[at]];
        found.push(Array.from(more.slice(at + 1, at + 1 + size), (each) => DIGIT[each]));
        at += size + 1;
      } else found.push([DIGIT[main[i]]]);
    }
    return found;
  }

  // ---- queries ----------------------------------------------------------------------------------------------------

  const WEAK = new Set(("什么 哪些 哪个 哪里 哪家 哪几 如何 怎么 怎样 么样 多少 是否 有何 是由 由谁 是谁 何时 为何 有哪 些什 是什 了什 有什 " +
    "为什 么时 时候 几个 请问 么办 可以 需要 应该 能否 的是 了哪 是多 少钱 一下").split(" "));

  /** [{ units, quoted, excluded }] of what was typed. */
  function parseQuery(text, simplified) {
    const clauses = [];
    const pattern = /(^|[\s　])([-－﹣−])?["“”「『]([^"“”」』]*)["“”」』]|([^\s　"“”「」『』]+)/g;
    const quotes = /["“”「『][^"“”」』]*["“”」』]/.test(text);
    if (!quotes) text = text.replace(/["“”「」『』]/g, " ");
    text = text.replace(/([^\s　])(["“「『][^"“”」』]*["”」』])/g, (all, before, quoted) => /[-－﹣−]/.test(before) ? all : before + " " + quoted);
    for (const match of text.matchAll ? text.matchAll(pattern) : allMatches(pattern, text)) {
      const quoted = match[3] !== undefined;
      let words = quoted ? match[3] : match[4], excluded = quoted && !!match[2];
      if (!quoted && /^[-－﹣−]./.test(words)) { excluded = true; words = words.slice(1); }
      const found = units(words, simplified);
      if (found.length) clauses.push({ words, units: found, quoted, excluded });
    }
    return clauses;
  }

  function allMatches(pattern, text) {
    const found = [];
    text.replace(pattern, (...match) => { found.push(match); return ""; });
    return found;
  }

  /** The terms that all stand where the units stand one after another. */
  function termsOf(all) {
    if (all.length === 1) return [{ key: aloneTerm(all[0]), weak: false }];
    const found = [];
    for (let i = 0; i + 1 < all.length; i++) {
      found.push({ key: pairTerm(all[i], all[i + 1]), weak: WEAK.has(all[i] + all[i + 1]) });
    }
    return found;
  }

  // ---- a search ---------------------------------------------------------------------------------------------------

  const LEVELS = [0.36, 0.54, 0.72];
  /** What standing in title, numbers or keywords is worth: the rarer the term, the more. */
  const headLevel = (rarity) => 0.5 + 0.65 * rarity;
  const WEAK_FACTOR = 0.2;
  const HEAD_BONUS = 0;
  const STEPS = [[0, 1], [1, 0.999], [2, 0.3], [3, 0]];

  /** Texts of one tier with a score each: ids ascend. */
  class Found {
    constructor(ids, scores, heads) { this.ids = ids; this.scores = scores; this.heads = heads; }
  }

  function both(a, b) {
    const size = Math.min(a.ids.length, b.ids.length);
    const ids = new Int32Array(size), scores = new Float64Array(size), heads = new Float64Array(size);
    let n = 0;
    for (let i = 0, j = 0; i < a.ids.length && j < b.ids.length;) {
      if (a.ids[i] < b.ids[j]) i++;
      else if (a.ids[i] > b.ids[j]) j++;
      else {
        ids[n] = a.ids[i];
        scores[n] = a.scores[i] + b.scores[j];
        heads[n++] = a.heads[i++] + b.heads[j++];
      }
    }
    return new Found(ids.subarray(0, n), scores.subarray(0, n), heads.subarray(0, n));
  }

  function either(a, b) {
    const size = a.ids.length + b.ids.length;
    const ids = new Int32Array(size), scores = new Float64Array(size), heads = new Float64Array(size);
    let n = 0;
    for (let i = 0, j = 0; i < a.ids.length || j < b.ids.length;) {
      const left = i < a.ids.length ? a.ids[i] : Infinity, right = j < b.ids.length ? b.ids[j] : Infinity;
      ids[n] = Math.min(left, right);
      if (left <= right) { scores[n] = a.scores[i]; heads[n] = a.heads[i++]; }
      if (right <= left) { scores[n] = Math.max(scores[n], b.scores[j]); heads[n] = Math.max(heads[n], b.heads[j++]); }
      n++;
    }
    return new Found(ids.subarray(0, n), scores.subarray(0, n), heads.subarray(0, n));
  }

  function keep(found, test) {
    const kept = [];
    for (let n = 0; n < found.ids.length; n++) if (test(found.ids[n])) kept.push(n);
    const pick = (from) => from.constructor.from(kept, (n) => from[n]);
    return new Found(pick(found.ids), pick(found.scores), pick(found.heads));
  }

  const NONE = new Found(new Int32Array(0), new Float64Array(0), new Float64Array(0));

  class Tier {
    constructor(files, row) {
      [this.name, this.stamp, this.items, this.shards, this.block, this.group, this.dropped] = row;
      this.common = new Map(); // upper halves of keys that have a shard of their own → its number
      let half = 0;
      for (const letter of row[7]) {
        half += DIGIT[letter];
        if (letter !== "_") this.common.set(half, this.shards + this.common.size);
      }
      this.files = files;
      this.read = new Map();
    }

    get(name) { return this.files.get(this.name + "/" + name, this.stamp); }

    shardOf(key) {
      const own = this.common.get(key >>> 16);
      return own === undefined ? Math.floor(((key >>> 16) * this.shards) / 65536) : own;
    }

    async shard(key) {
      const number = this.shardOf(key);
      if (!this.read.has(number)) {
        const reading = this.get(String(number)).then((content) => new Shard(content, this, number, key >>> 16));
        this.read.set(number, reading);
        reading.catch(() => this.read.delete(number));
      }
      return this.read.get(number);
    }

    async followers(key, list) {
      const number = this.shardOf(key);
      const group = await this.get("f" + Math.floor(number / this.group));
      return followersOf(group[number % this.group], list.before, list.ids.length);
    }

    /** Year, category and unit of each item: { years, categories, units, of }, `of` the cell of each item. */
    async cells() {
      if (!this.cellsRead) {
        this.cellsRead = this.get("cells").then((content) => {
          const of = new Uint32Array(this.items);
          let cell = 0, item = 0, text = content.counts;
          for (let at = 0; at < text.length; at++, cell++) {
            let count = DIGIT[text[at]];
            if (count === 63) {
              const end = text.indexOf(".", at);
              count = Number(text.slice(at + 1, end));
              at = end;
            }
            while (count--) of[item++] = cell;
          }
          const lapsed = new Set();
          content.lapsed.reduce((sum, gap) => { lapsed.add(sum + gap); return sum + gap; }, 0);
          return { years: content.years, categories: content.categories, units: content.units, of, lapsed };
        });
        this.cellsRead.catch(() => { this.cellsRead = null; });
      }
      return this.cellsRead;
    }

    async dayOf() {
      const text = await this.get("days");
      return (id) => DIGIT[text[2 * id]] * 64 + DIGIT[text[2 * id + 1]];
    }

    async more() {
      const content = await this.get("more");
      const found = {};
      for (const name of Object.keys(content)) {
        const of = new Uint16Array(this.items), runs = content[name].runs;
        for (let i = 0, item = 0; i < runs.length; i += 2) {
          of.fill(runs[i], item, item + runs[i + 1]);
          item += runs[i + 1];
        }
        found[name] = { values: content[name].values, of };
      }
      return found;
    }
  }

  /** One search: loads what it needs, tier by tier, and puts the parts together. */
  class Search {
    constructor(engine, clauses, options) {
      this.engine = engine;
      this.clauses = clauses;
      this.options = options;
      this.partial = false;
      this.lists = new Map(); // key → list of each tier
      this.idf = new Map();
      this.known = new Set(); // keys that some text has
      this.tiers = engine.tiers.slice();
    }

    /** Load the lists of terms; a tier of which something is missing is left out and said to be. */
    async load(keys) {
      keys = keys.filter((key) => !this.lists.has(key));
      const lost = new Set();
      const jobs = [];
      for (const tier of this.tiers) {
        for (const key of keys) {
          jobs.push(tier.shard(key).then((shard) => {
            if (!this.lists.has(key)) this.lists.set(key, new Map());
            this.lists.get(key).set(tier, shard.list(key));
          }, (error) => this.lose(error, tier, lost)));
        }
        jobs.push(tier.cells().then((cells) => { tier.cell = cells; }, (error) => this.lose(error, tier, lost)));
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

    lose(error, tier, lost) {
      if (error.code === "stamp" || error.code === "format") throw error;
      this.partial = true;
      lost.add(tier);
    }

    list(tier, key) { const of = this.lists.get(key); return (of && of.get(tier)) || null; }

    headLevel(key) { return headLevel(this.idf.get(key) / Math.log(2 + this.engine.items)); }

    scored(tier, key, factor) {
      const list = this.list(tier, key);
      if (!list) return NONE;
      const weight = this.idf.get(key) * factor, head = this.headLevel(key), size = list.ids.length;
      const scores = new Float64Array(size), heads = new Float64Array(size);
      for (let i = 0; i < size; i++) {
        scores[i] = weight * (list.levels[i] === 3 ? head : LEVELS[list.levels[i]]);
        if (list.levels[i] === 3) heads[i] = weight;
      }
      return new Found(list.ids, scores, heads);
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
    possible(tier, all) {
      for (let i = 0; i + 2 < all.length; i++) {
        const list = this.list(tier, pairTerm(all[i], all[i + 1]));
        if (!list) return false;
        const bit = follower(all[i + 2]);
        if (list.mask && !((bit > 31 ? list.mask[0] >>> (bit - 32) : list.mask[1] >>> bit) & 1)) return false;
      }
      return true;
    }

    /** Of the texts in which all bigrams of a phrase stand, those in which each is followed by the next. */
    async phrase(tier, all, found) {
      if (all.length < 3 || !found.ids.length) return found;
      const lookups = [];
      for (let i = 0; i + 2 < all.length; i++) {
        const key = pairTerm(all[i], all[i + 1]), list = this.list(tier, key), next = follower(all[i + 2]);
        lookups.push(tier.followers(key, list).then((followers) => ({ ids: list.ids, followers, next, at: 0 })));
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
        let these = this.possible(tier, clause.units) ? this.all(tier, clause.terms, 1) : NONE;
        if (clause.quoted) these = await this.phrase(tier, clause.units, these);
        for (const other of clause.others || []) {
          let those = null;
          for (const part of other.parts) {
            const next = this.possible(tier, part.units) ? this.all(tier, part.terms, 0.8) : NONE;
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
        those = await this.phrase(tier, clause.units, those);
        const gone = new Set(those.ids);
        found = keep(found, (id) => !gone.has(id));
      }
      return found;
    }

    loosest(tier, wordings, share) {
      return wordings.map((wording) => this.loose(tier, wording, share)).reduce(either);
    }

    /** The texts of a tier that hold at least `share` of what a wording weighs. */
    loose(tier, wording, share) {
      const scores = new Float64Array(tier.items), heads = new Float64Array(tier.items), cover = new Float64Array(tier.items);
      let total = 0;
      for (const { key, weak } of wording.terms) {
        const weight = this.idf.get(key) * (weak ? WEAK_FACTOR : 1) * wording.factor;
        if (!weak && (share > 0.9 || wording.whole || this.known.has(key))) total += weight;
        const list = this.list(tier, key), head = this.headLevel(key);
        if (!list) continue;
        for (let i = 0; i < list.ids.length; i++) {
          const id = list.ids[i];
          scores[id] += weight * (list.levels[i] === 3 ? head : LEVELS[list.levels[i]]);
          if (!weak) cover[id] += weight;
          if (list.levels[i] === 3) heads[id] += weight;
        }
      }
      const ids = [];
      const least = total * share - 1e-9;
      for (let id = 0; id < tier.items; id++) if (scores[id] > 0 && cover[id] >= least) ids.push(id);
      return new Found(Int32Array.from(ids), Float64Array.from(ids, (id) => scores[id]), Float64Array.from(ids, (id) => heads[id]));
    }
  }

  // ---- filters, order, hits ---------------------------------------------------------------------------------------

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
    if (name === "unit" && names) {
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
      this.parents = new Map((names ? names.units : []).map(([id, , parent]) => [id, parent]));
      this.tests = {};
      for (const name of QUICK.concat(SELDOM)) {
        const wanted = [].concat(filters[name] === undefined ? [] : filters[name]);
        if (wanted.length) this.tests[name] = subtree(wanted, name, names);
      }
      this.dates = filters.date && (filters.date.from || filters.date.to) ? filters.date : null;
      this.needsMore = SELDOM.some((name) => this.tests[name] || facets.includes(name));
      this.counts = {};
      for (const name of facets) this.counts[name] = {};
    }

    /** The numbers (places in `found`) that pass; counts go to `counts`: each filter's own choice does not narrow its counts. */
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
      const cells = new Map(); // cell → which quick tests it fails
      const tests = Object.keys(this.tests);
      const kept = [], tallies = {};
      for (const name of this.facets) tallies[name] = new Map();
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
        if (failures > 1) continue;
        for (const name of this.facets) {
          if (failures && failed !== name) continue;
          const mark = values[name] ? cell : more[name].of[id];
          tallies[name].set(mark, (tallies[name].get(mark) || 0) + 1);
        }
      }
      for (const name of this.facets) {
        for (const [mark, count] of tallies[name]) {
          const value = values[name] ? values[name](mark) : more[name].values[mark];
          if (value === "") continue;
          for (const each of lineage(name, value, this.parents)) this.counts[name][each] = (this.counts[name][each] || 0) + count;
        }
      }
      return kept;
    }
  }

  // ---- the engine -------------------------------------------------------------------------------------------------

  class Engine {
    constructor(base) { this.files = new Files(base); }

    async start() {
      const content = await this.files.get("index", "");
      this.tiers = content.tiers.map((row) => new Tier(this.files, row));
      this.items = this.tiers.reduce((sum, tier) => sum + tier.items, 0);
      return this;
    }

    names() { return this.files.get("names", "").catch(() => null); }

    synonyms() { return this.files.get("synonyms", "").catch(() => []); }

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
      const [simplified, names, everyday] = await Promise.all([
        this.simplified(query), this.names(), options.expand === false ? [] : this.synonyms(),
      ]);
      const clauses = parseQuery(query, simplified);
      const size = Math.max(1, Math.min(1000, options.pageSize || 10)), page = Math.max(1, options.page || 1);
      const facets = options.facets || ["unit", "category", "year"];
      const search = new Search(this, clauses, options);
      const wanted = clauses.filter((each) => !each.excluded), excluded = clauses.filter((each) => each.excluded);
      for (const clause of clauses) clause.terms = termsOf(clause.units);
      const expanded = expand(wanted, everyday, simplified);
      const whole = wholeOf(wanted);
      const joints = [];
      for (let i = 0; i + 1 < wanted.length && i < 3; i++) {
        joints.push(pairTerm(wanted[i].units[wanted[i].units.length - 1], wanted[i + 1].units[0]));
      }
      const keys = new Set(joints);
      for (const clause of clauses) for (const each of clause.terms) keys.add(each.key);
      if (options.expand) for (const clause of wanted) for (const other of clause.others) for (const part of other.parts) for (const each of part.terms) keys.add(each.key);
      if (whole !== null) keys.add(whole);
      if (wanted.length) await search.load(Array.from(keys));
      let relaxed = 0, found = [];
      const strict = options.expand ? wanted : wanted.map((clause) => Object.assign({}, clause, { others: [] }));
      if (wanted.length && !(options.relax > 0)) {
        found = await Promise.all(search.tiers.map((tier) => search.strict(tier, strict, excluded)));
      }
      const none = () => !found.some((each) => each.ids.length);
      if (wanted.length && none() && options.relax !== false && !(wanted.length === 1 && wanted[0].units.length < 3 && !expanded.length)) {
        const wordings = await this.looseWordings(search, wanted);
        for (const [step, share] of STEPS.slice(Math.max(1, options.relax || 0))) {
          relaxed = step;
          found = await Promise.all(search.tiers.map((tier) => search.without(tier, search.loosest(tier, wordings, share), excluded)));
          if (!none()) break;
        }
        if (none()) relaxed = 0;
      }
      const usedExpansion = options.expand || relaxed ? expanded : [];
      return this.answer(search, found, { relaxed, joints, whole, options, size, page, facets, names, expanded: usedExpansion, wanted });
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
      const selection = new Selection(search, how.options.filters || {}, how.facets, how.names);
      const newest = Math.max(0, ...search.tiers.map((tier) => tier.cell ? Math.max(...tier.cell.years) : 0));
      const rows = [];
      const lost = new Set();
      for (let t = 0; t < search.tiers.length; t++) {
        const tier = search.tiers[t], these = found[t];
        if (!these || !these.ids.length) continue;
        let kept;
        try {
          kept = await selection.pass(tier, these);
        } catch (error) {
          search.lose(error, tier, lost);
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
          const base = these.scores[n] + (bonus.get(id) || 0);
          const head = base > 0 ? these.heads[n] / base : 0;
          let score = base * (1 + HEAD_BONUS * Math.min(1, head)) * (1 + 0.1 / (1 + age / 2));
          if (lapsed.has(id)) score *= 0.6;
          if (exact.has(id)) score += 1e6;
          rows.push({ t, id, score });
        }
      }
      const order = how.options.sort === "date" ? await this.byDate(search, rows) : null;
      rows.sort(order || ((a, b) => b.score - a.score || b.t - a.t || b.id - a.id));
      const chosen = rows.slice((how.page - 1) * how.size, how.page * how.size);
      const hits = await Promise.all(chosen.map((row) => this.hit(search, search.tiers[row.t], row).catch((error) => {
        search.lose(error, null, new Set());
        return null;
      })));
      const result = {
        total: rows.length, relaxed: how.relaxed, partial: search.partial, expanded: how.expanded,
        facets: selection.counts, hits: hits.filter(Boolean),
      };
      const suggestion = how.relaxed > 1 ? this.suggestion(search, how.wanted) : "";
      if (suggestion) result.suggestion = suggestion;
      return result;
    }

    async byDate(search, rows) {
      const days = await Promise.all(search.tiers.map((tier, t) => rows.some((row) => row.t === t) ? tier.dayOf() : null));
      for (const row of rows) {
        const { years, categories, units: unitsOf, of } = search.tiers[row.t].cell;
        row.day = years[Math.floor(of[row.id] / (categories.length * unitsOf.length))] * 400 + days[row.t](row.id);
      }
      return (a, b) => b.day - a.day || b.t - a.t || b.id - a.id;
    }

    async hit(search, tier, row) {
      const block = await tier.get("d" + Math.floor(row.id / tier.block));
      const [code, title, day, kind, status, summary] = block[row.id % tier.block];
      const { years, categories, units: unitsOf, of } = tier.cell, cell = of[row.id];
      const year = years[Math.floor(cell / (categories.length * unitsOf.length))];
      return {
        code, title, url: "items/" + code.split("/").map(encodeURIComponent).join("/") + ".html",
        date: isoDay(year, DIGIT[day[0]] * 64 + DIGIT[day[1]]), unit: unitsOf[cell % unitsOf.length],
        category: categories[Math.floor(cell / unitsOf.length) % categories.length], kind, status, summary,
      };
    }

    /** The longest part of the query that stands in some text. */
    suggestion(search, wanted) {
      let best = "";
      for (const clause of wanted) {
        let run = "";
        for (let i = 0; i + 1 < clause.units.length; i++) {
          const key = pairTerm(clause.units[i], clause.units[i + 1]);
          const there = search.tiers.some((tier) => search.list(tier, key)) && !WEAK.has(clause.units[i] + clause.units[i + 1]);
          run = there ? (run || clause.units[i]) + clause.units[i + 1] : "";
          if (run.length > best.length) best = run;
        }
      }
      return best.length > 2 && best.length < wanted.reduce((sum, each) => sum + each.units.join("").length, 0) ? best : "";
    }

    /** Names of units and categories, and titles, for what is being typed. */
    async suggest(text, limit) {
      limit = limit || 8;
      const names = await this.names();
      const typed = units(text, await this.simplified(text)).join("");
      if (typed.length < 1) return [];
      const found = [];
      if (names) {
        for (const [id, name] of names.units) if (units(name).join("").includes(typed)) found.push({ kind: "unit", id, text: name });
        for (const [id, name] of names.categories) if (units(name).join("").includes(typed)) found.push({ kind: "category", id, text: name });
        for (const word of names.words || []) if (units(word).join("").startsWith(typed)) found.push({ kind: "word", text: word });
      }
      found.splice(Math.ceil(limit / 2));
      if (typed.length > 1) {
        const result = await this.search(text, { pageSize: limit - found.length, relax: false, facets: [], expand: false });
        for (const hit of result.hits) found.push({ kind: "item", text: hit.title, url: hit.url });
      }
      return found.slice(0, limit);
    }
  }

  /** The term of a whole number, where the query may be one. */
  function wholeOf(wanted) {
    const all = [].concat(...wanted.map((each) => each.units));
    return all.length > 1 && all.length < 24 && all.some((each) => /^[0-9]/.test(each)) && wanted.length < 4 ? wholeTerm(all) : null;
  }

  /** Give each clause its other wordings: [{ from, to, parts }]; returns what was added, for the page to say. */
  function expand(wanted, groups, simplified) {
    const told = [];
    const ready = groups.map((group) => group.map((word) => units(word, simplified)));
    for (const clause of wanted) {
      clause.others = [];
      if (clause.quoted || clause.units.length > 40) continue;
      const text = clause.units.join(" ") + " ";
      let longest = null;
      ready.forEach((group, g) => group.forEach((word, w) => {
        const at = (" " + text).indexOf(" " + word.join(" ") + " ");
        if (at >= 0 && (!longest || word.length > longest.word.length)) longest = { g, w, word };
      }));
      if (!longest) continue;
      const before = [], size = longest.word.length;
      let start = 0;
      while (longest.word.some((each, i) => clause.units[start + i] !== each)) start++;
      if (start > 0) before.push(clause.units.slice(0, start));
      if (start + size < clause.units.length) before.push(clause.units.slice(start + size));
      const added = [];
      ready[longest.g].forEach((word, w) => {
        if (w === longest.w || word.length < 2) return;
        const parts = before.filter((each) => each.length > 1).map((each) => ({ units: each, terms: termsOf(each) }));
        parts.push({ units: word, terms: termsOf(word), added: true });
        clause.others.push({ parts });
        added.push(groups[longest.g][w]);
      });
      if (added.length) told.push({ from: groups[longest.g][longest.w], to: added });
    }
    return told;
  }

  function open(base) {
    base = String(base === undefined ? "" : base);
    if (base && !base.endsWith("/")) base += "/";
    return new Engine(base).start();
  }
  return { FORMAT, open, put, analysis: { units, fold, pairTerm, aloneTerm, wholeTerm, mayBeTraditional } };
});
