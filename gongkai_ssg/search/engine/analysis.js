/* What counts as the same text: characters folded, then cut into units; analysis.py says the same in Python. */

const TRANSPARENT = [0xad, 0xad, 0x300, 0x36f, 0x64b, 0x65f, 0x670, 0x670, 0x200b, 0x200f, 0x2060, 0x2064,
  0x3099, 0x309a, 0xfe00, 0xfe0f, 0xfeff, 0xfeff];
const DECOMPOSED = [0xa0, 0x33ff, 0xf900, 0xffef, 0x1d400, 0x1d7ff, 0x1f100, 0x1f16f, 0x2f800, 0x2fa1f];
const LETTERS = [0x61, 0x7a, 0xdf, 0xf6, 0xf8, 0x24f, 0x370, 0x37d, 0x37f, 0x386, 0x388, 0x3ff, 0x400, 0x481,
  0x48a, 0x52f, 0x620, 0x64a, 0x671, 0x6d3, 0xf40, 0xfbc, 0x1820, 0x18aa, 0x1e00, 0x1eff];
const SINGLES = [0x3005, 0x3007, 0x3041, 0x3096, 0x309d, 0x309f, 0x30a1, 0x30fa, 0x30fc, 0x30ff, 0x3105, 0x312f,
  0x3400, 0x4dbf, 0x4e00, 0x9fff, 0xa000, 0xa48c, 0xac00, 0xd7a3, 0xf900, 0xfaff, 0x20000, 0x323af];
const ALONE = 1, WHOLE = 3;
const ABOVE = 4294967296; // what stands above 32 bits
const COMMONEST = "的和条人有行定法国以当对不者在应或关用一理其并规门业制第中工等经由为本十发地作责及处事出管时保公";
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

function commonness(unit) {
  const place = COMMONEST.indexOf(unit);
  return place < 0 ? mixed(unitNumber(unit)) : ABOVE + COMMONEST.length - place;
}

/** What a pair is filed under where terms are kept by unit: 16 bits of the one that seems rarer. */
const home = (first, second) => mixed(unitNumber(commonness(first) <= commonness(second) ? first : second)) >>> 16;

// Keys of lists: terms with, above their 32 bits, their home; that of a term that is no pair is its own upper half.
const pairKey = (first, second) => home(first, second) * ABOVE + pairTerm(first, second);
const otherKey = (key) => (key >>> 16) * ABOVE + key;

/** The characters of GB 2312, none of which but the few above is a traditional one; made while files are on their way. */
const COMMON = (() => {
  const bytes = new Uint8Array(0x48 * 94 * 2);
  let at = 0;
  for (let high = 0xb0; high < 0xf8; high++) for (let low = 0xa1; low < 0xff; low++) { bytes[at++] = high; bytes[at++] = low; }
  try {
    return new TextDecoder("gbk").decode(bytes);
  } catch (error) {
    return ""; // an old runtime: the table is always loaded
  }
})();

function mayBeTraditional(text) {
  for (const each of text) {
    const code = each.codePointAt(0);
    if (code < 0x2e80 || within(code, [0x3000, 0x33ff, 0xff00, 0xffef])) continue;
    if (!COMMON.includes(each) || NOT_SIMPLIFIED.includes(each)) return true;
  }
  return false;
}
