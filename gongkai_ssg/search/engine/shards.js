/* What stands in the files: terms and the texts that hold them, what follows them there, the tiers they belong to. */

function bytesOf(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const text = atob(base64), bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

class Bits {
  constructor(bytes, at) { this.bytes = bytes; this.at = at; }
  one() { const at = this.at++; return (this.bytes[at >> 3] >> (7 - (at & 7))) & 1; }
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
}

function lowBits(count, universe) {
  let bits = 0;
  while (count * Math.pow(2, bits + 1) <= universe) bits++;
  return bits;
}

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

/** A shard of terms: a directory at once, lists when they are asked for. */
class Shard {
  constructor(content, tier, [first, end]) {
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
    const unit = this.unit, universe = ((end - first) * 65536) / unit;
    const bits = new Bits(bytes, at * 8);
    const low = count ? lowBits(count, universe) : 0;
    const start = bits.at, keys = Float64Array.from(ones(bits, count));
    bits.at = count ? start + Math.floor((universe - 1) / Math.pow(2, low)) + count : start;
    for (let i = 0; i < count; i++) keys[i] = first * 65536 + ((keys[i] - i) * Math.pow(2, low) + bits.read(low)) * unit;
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
    const mask = count < MASKED ? 0 : 64;
    if (count * DENSE >= this.texts) return mask + this.texts + 2 * count;
    const low = lowBits(count, this.texts);
    return mask + ((this.texts - 1) >> low) + count + count * (low + 2);
  }

  /** { ids, levels, mask, before } of a term; null if no text has it. */
  list(key) {
    const place = this.places.get(key - (key % this.unit));
    if (!place) return null;
    const count = place.count, levels = new Uint8Array(count);
    const bits = new Bits(this.bytes, place.list);
    const mask = count < MASKED ? null : [bits.read(32), bits.read(32)];
    const ids = ones(bits, count);
    if (count * DENSE >= this.texts) {
      bits.at += this.texts;
      for (let i = 0; i < count; i++) levels[i] = bits.read(2);
    } else {
      const low = lowBits(count, this.texts);
      bits.at += ((this.texts - 1) >> low) + count;
      for (let i = 0; i < count; i++) {
        ids[i] = (ids[i] - i) * (1 << low) + bits.read(low);
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

/** Of each item the cell: its year, category and unit in one number. */
function cellsOf({ years, categories, units, counts, lapsed }, items) {
  const perYear = categories.length * units.length, of = new Uint32Array(items), held = new Uint32Array(perYear * years.length);
  let at = 0;
  for (let one = 0; one < perYear; one++) {
    for (let cell = one; cell < held.length; cell += perYear) { // the years of a category and unit stand together
      let count = DIGIT[counts[at]];
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
  held.forEach((count, cell) => { while (count--) of[item++] = cell; });
  const ended = new Set();
  lapsed.reduce((sum, gap) => { ended.add(sum + gap); return sum + gap; }, 0);
  return { years, categories, units, of, lapsed: ended };
}

class Tier {
  constructor(files, row) {
    [this.name, this.stamp, this.items, this.shards, this.block, this.group, this.dropped, , this.few] = row;
    this.common = []; // upper halves of keys that have a shard of their own, ascending
    let half = 0;
    for (const letter of row[7]) {
      half += DIGIT[letter];
      if (letter !== "_") this.common.push(half);
    }
    this.own = new Set(this.common);
    this.files = files;
    this.read = new Map();
  }

  get(name) { return this.files.get(this.name + "/" + name, this.stamp); }

  numberOf(half) { return Math.floor((half * this.shards) / 65536); }

  async shard(key) {
    const half = key >>> 16, number = this.numberOf(half), own = this.own.has(half), name = own ? "c" + half : String(number);
    if (!this.read.has(name)) {
      const edge = (shard) => Math.ceil((shard * 65536) / this.shards);
      const range = own ? [half, half + 1] : [edge(number), edge(number + 1)];
      const reading = this.get(name).then((content) => new Shard(content, this, range));
      this.read.set(name, reading);
      reading.catch(() => this.read.delete(name));
    }
    return this.read.get(name);
  }

  async followers(key, list) {
    const half = key >>> 16, number = this.numberOf(half), first = number - (number % this.group);
    let place = number - first;
    if (this.own.has(half)) { // behind the others of the group
      place = Math.min(this.group, this.shards - first);
      for (const each of this.common) if (each < half && this.numberOf(each) >= first) place++;
    }
    const group = await this.get("f" + first / this.group);
    return followersOf(group[place], list.before, list.ids.length);
  }

  /** Year, category and unit of each item: { years, categories, units, of }, `of` the cell of each item. */
  async cells() {
    if (!this.cellsRead) {
      this.cellsRead = (this.few ? Promise.resolve(this.few) : this.get("cells")).then((content) => cellsOf(content, this.items));
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
