/* What stands in the files: terms and the texts that hold them, what follows them there, the tiers they belong to. */

function bytesOf(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const text = atob(base64), bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

class Bits {
  constructor(bytes, at) { this.bytes = bytes; this.at = at; }

  read(width) {
    let value = 0;
    while (width > 0) {
      const left = 8 - (this.at & 7), some = Math.min(left, width);
      value = value * (1 << some) + ((this.bytes[this.at >> 3] >> (left - some)) & ((1 << some) - 1));
      this.at += some;
      width -= some;
    }
    return value;
  }

  /** A number in Elias's gamma code. */
  gamma() {
    let zeros = 0, byte = this.bytes[this.at >> 3] & (255 >> (this.at & 7));
    while (!byte) { zeros += 8; byte = this.bytes[(this.at + zeros) >> 3]; }
    const one = ((this.at + zeros) & ~7) + Math.clz32(byte) - 24;
    zeros = one - this.at;
    this.at = one;
    return this.read(zeros + 1);
  }
}

const lowBits = (count, universe) => Math.max(0, 31 - Math.clz32(universe / count));

/** How far behind where the bits are read the next ones stand. */
function ones({ bytes, at: start }, count) {
  const found = new Int32Array(count);
  let at = start >> 3, rest = bytes[at] & (255 >> (start & 7));
  for (let rank = 0; rank < count; rank++) {
    while (!rest) rest = bytes[++at];
    const place = Math.clz32(rest) - 24;
    found[rank] = at * 8 + place - start;
    rest &= 127 >> place;
  }
  return found;
}

const DENSE = 8; // a list that holds at least one text in so many is a bitmap
const MASKED = 16; // from so many texts on a list tells what follows its term in any of them

/** A shard of terms: where each list begins is known at once, keys and lists are read when they are asked for. */
class Shard {
  constructor(content, tier, [first, end]) {
    const bytes = (this.bytes = bytesOf(content));
    this.tier = tier;
    this.first = first * 65536;
    let at = 0, count = 0, factor = 1;
    do { count += (bytes[at] & 127) * factor; factor *= 128; } while (bytes[at++] > 127);
    this.highs = [];
    if (!count) return;
    const bits = new Bits(bytes, at * 8), universe = ((end - first) * 65536) / tier.unit;
    this.low = lowBits(count, universe);
    this.highs = ones(bits, count);
    this.lows = at * 8 + Math.floor((universe - 1) / Math.pow(2, this.low)) + count;
    bits.at = this.lows + count * this.low;
    this.before = new Float64Array(count + 1);
    this.lists = new Float64Array(count);
    for (let i = 0; i < count; i++) this.before[i + 1] = this.before[i] + bits.gamma();
    for (let i = 0, list = bits.at; i < count; i++) {
      this.lists[i] = list;
      list += tier.sizeOf(this.before[i + 1] - this.before[i]);
    }
  }

  /** Which of the shard's terms has a key, -1 for none. */
  find(key) {
    const wanted = Math.floor((key - this.first) / this.tier.unit), high = Math.floor(wanted / Math.pow(2, this.low));
    let from = 0, end = this.highs.length;
    while (from < end) {
      const middle = (from + end) >> 1;
      if (this.highs[middle] - middle < high) from = middle + 1;
      else end = middle;
    }
    for (; from < this.highs.length && this.highs[from] - from === high; from++) {
      if (high * Math.pow(2, this.low) + new Bits(this.bytes, this.lows + from * this.low).read(this.low) === wanted) return from;
    }
    return -1;
  }

  /** { ids, levels, mask, before } of a term; null if no text has it. */
  list(key) {
    const place = this.find(key);
    if (place < 0) return null;
    const before = this.before[place], count = this.before[place + 1] - before, levels = new Uint8Array(count);
    const bits = new Bits(this.bytes, this.lists[place]), texts = this.tier.items;
    const mask = count < MASKED ? null : [bits.read(32), bits.read(32)];
    const ids = ones(bits, count);
    if (count * DENSE >= texts) {
      bits.at += texts;
      for (let i = 0; i < count; i++) levels[i] = bits.read(2);
    } else {
      const low = lowBits(count, texts);
      bits.at += ((texts - 1) >> low) + count;
      for (let i = 0; i < count; i++) {
        ids[i] = (ids[i] - i) * (1 << low) + bits.read(low);
        levels[i] = bits.read(2);
      }
    }
    return { ids, levels, mask, before };
  }
}

const follower = (unit) => mixed(unitNumber(unit)) % 63;

/** What follows a term in each of a run of postings: arrays of followers. */
function followersOf(text, before, count) {
  const [main, more] = text;
  let at = 0;
  for (let i = 0; i < before; i++) if (main[i] === "_") at += digit(more, at) + 1;
  const found = [];
  for (let i = before; i < before + count; i++) {
    if (main[i] === "_") {
      const size = digit(more, at);
      found.push(Array.from({ length: size }, (_, n) => digit(more, at + 1 + n)));
      at += size + 1;
    } else found.push([digit(main, i)]);
  }
  return found;
}

/** Of each item the cell: its year, category and unit in one number. */
function cellsOf({ years, categories, units, counts, lapsed }, items) {
  const perYear = categories.length * units.length, of = new Uint32Array(items), held = new Uint32Array(perYear * years.length);
  let at = 0;
  for (let one = 0; one < perYear; one++) {
    for (let cell = one; cell < held.length; cell += perYear) { // the years of a category and unit stand together
      let count = digit(counts, at);
      if (count === 63) {
        const end = counts.indexOf(".", at);
        count = Number(counts.slice(at + 1, end));
        at = end;
      }
      held[cell] = count;
      at++;
    }
  }
  let item = 0;
  for (let cell = 0; cell < held.length; cell++) for (const end = item + held[cell]; item < end; item++) of[item] = cell;
  const ended = new Set();
  lapsed.reduce((sum, gap) => { ended.add(sum + gap); return sum + gap; }, 0);
  return { years, categories, units, of, lapsed: ended };
}

/** The upper halves of keys that have a shard of their own, ascending: gaps, a character each; `_` adds 63 and goes on. */
function commonOf(gaps) {
  const found = new Uint16Array(gaps.length);
  let count = 0, half = 0;
  for (let at = 0; at < gaps.length; at++) {
    const gap = digit(gaps, at);
    half += gap;
    if (gap < 63) found[count++] = half;
  }
  return found.subarray(0, count);
}

class Tier {
  constructor(files, row) {
    [this.name, this.stamp, this.items, this.shards, this.block, this.group, this.dropped, this.homes, , this.cells] = row;
    this.common = commonOf(row[8]);
    this.files = files;
    this.read = new Map();
    this.unit = Math.pow(2, this.dropped);
    this.sizes = []; // of lists, by count
  }

  /** How many bits the list of a term takes that stands in so many texts. */
  sizeOf(count) {
    if (this.sizes[count] === undefined) {
      const mask = count < MASKED ? 0 : 64, low = lowBits(count, this.items), dense = count * DENSE >= this.items;
      this.sizes[count] = mask + 2 * count + (dense ? this.items : ((this.items - 1) >> low) + count + count * low);
    }
    return this.sizes[count];
  }

  get(name) { return this.files.get(this.name + "/" + name, this.stamp); }

  numberOf(half) { return Math.floor((half * this.shards) / 65536); }

  edge(number) { return Math.ceil((number * 65536) / this.shards); }

  /** A term's key in this tier: in one that has homes it lies in the range of the term's home. */
  keyOf(key) {
    const low = key >>> 0, half = low >>> 16;
    if (!this.homes) return low;
    const number = this.numberOf(Math.floor(key / ABOVE)), first = this.edge(number);
    return (first + Math.floor((half * (this.edge(number + 1) - first)) / 65536)) * 65536 + (low & 65535);
  }

  async shard(key) {
    const half = key >>> 16, number = this.numberOf(half), own = this.common.includes(half), name = own ? "c" + half : String(number);
    if (!this.read.has(name)) {
      const range = own ? [half, half + 1] : [this.edge(number), this.edge(number + 1)];
      const reading = this.get(name).then((content) => new Shard(content, this, range));
      this.read.set(name, reading);
      reading.catch(() => this.read.delete(name));
    }
    return this.read.get(name);
  }

  async followers(key, list) {
    const half = key >>> 16, number = this.numberOf(half), first = number - (number % this.group);
    let place = number - first;
    if (this.common.includes(half)) { // behind the others of the group
      place = Math.min(this.group, this.shards - first);
      for (const each of this.common) if (each < half && this.numberOf(each) >= first) place++;
    }
    const group = await this.get("f" + first / this.group);
    return followersOf(group[place], list.before, list.ids.length);
  }

  /** Year, category and unit of each item: { years, categories, units, of }, `of` the cell of each item. */
  get cell() {
    if (!this.read.has("cells")) this.read.set("cells", cellsOf(this.cells, this.items));
    return this.read.get("cells");
  }

  async dayOf() {
    const text = await this.get("days");
    return (id) => digit(text, 2 * id) * 64 + digit(text, 2 * id + 1);
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
