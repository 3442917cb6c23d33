/* What was typed: clauses, their terms, and other words for the same. */

// Words that only ask, or are only polite.
const ASKING = new RegExp("(.)不\\1|有没有|如何|[是能可]否|多[少久长大远]|时候|请[问教]|问?一下|想(问|要|知道|了解|咨询)|" +
  "可以|没有|需要|应该|知道|谢谢|麻烦|[的了吗呢吧啊呀嘛么什啥咋哪些怎谁何几我你您]", "g");
// Words that seldom are the point of a question.
const JOINING = /关于|由于|根据|按照|通过|因为|其中|以及|[和与及或在对为是有将把其之而且以于不被给让要]/g;
const ASKING_WEIGHT = 0.2, JOINING_WEIGHT = 0.35;

/** The units, one character each, with "?" for those that such words are made of. */
function masked(all, words) {
  return all.map((each) => each.length > 1 ? " " : each).join("").replace(words, (word) => "?".repeat(word.length));
}

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

/** The terms that all stand where the units stand one after another: { key, weak, share }, `weak` if it touches a word
 *  that only asks, `share` how much of its weight counts where a query is loosened. */
function termsOf(all) {
  if (all.length === 1) return [{ key: otherKey(aloneTerm(all[0])), weak: false, share: 1 }];
  const found = [], asking = masked(all, ASKING), joining = masked(all, JOINING);
  for (let i = 0; i + 1 < all.length; i++) {
    const touches = (text) => text.slice(i, i + 2).includes("?"), weak = touches(asking);
    found.push({ key: pairKey(all[i], all[i + 1]), weak, share: weak ? ASKING_WEIGHT : touches(joining) ? JOINING_WEIGHT : 1 });
  }
  return found;
}

/** The term of a whole number, where the query may be one. */
function wholeOf(wanted) {
  const all = [].concat(...wanted.map((each) => each.units));
  return all.length > 1 && all.length < 24 && all.some((each) => /^[0-9]/.test(each)) && wanted.length < 4 ? otherKey(wholeTerm(all)) : null;
}

const MOST_WORDS = 3; // of a clause that are replaced

/** Where everyday words stand in a clause, the longest first, no two on the same units: [{ start, size, group, word }]. */
function everydayIn(all, ready) {
  const found = [], text = " " + all.join(" ") + " ";
  ready.forEach((words, group) => words.forEach((units, word) => {
    const at = text.indexOf(" " + units.join(" ") + " ");
    if (at >= 0) found.push({ start: at ? text.slice(1, at + 1).split(" ").length - 1 : 0, size: units.length, group, word });
  }));
  found.sort((a, b) => b.size - a.size || a.start - b.start);
  const kept = [];
  for (const one of found) {
    if (kept.length < MOST_WORDS && kept.every((each) => one.start >= each.start + each.size || each.start >= one.start + one.size)) kept.push(one);
  }
  return kept;
}

/** A clause with other words in place of some: the parts that stand by themselves. Where a search is loosened, a longer word
 *  does not weigh as much more as it has more pairs: all of them say one thing. */
function reworded(all, changes) {
  const parts = [];
  let from = 0;
  const rest = (end) => { if (end - from > 1) parts.push({ units: all.slice(from, end), terms: termsOf(all.slice(from, end)) }); };
  for (const { start, size, units } of changes.slice().sort((a, b) => a.start - b.start)) {
    rest(start);
    const terms = termsOf(units), longer = Math.max(1, terms.length / Math.max(1, size - 1));
    for (const each of terms) each.share /= Math.sqrt(longer);
    parts.push({ units, terms });
    from = start + size;
  }
  rest(all.length);
  return { parts };
}

const HAN = /^[\u4e00-\u9fff]+$/;

/** A group of everyday words: { words, written }, the first `written` of them words that documents hold. */
function groupOf(line) {
  const [written, spoken] = line.split("|").map((words) => words.split(","));
  return { words: written.concat(spoken || []), written: written.length };
}

/** The groups of everyday words that may have one in what was typed: a quick look, since there are hundreds. */
function near(wanted, groups, simplified) {
  const typed = wanted.map((clause) => clause.units.join("")).join(" ");
  return groups.filter(({ words }) => words.some((word) => simplified || !HAN.test(word) || typed.includes(word)));
}

/** Give each clause its other wordings, a word replaced in each, and all of them in the last; returns what was added,
 *  [{ from, to }], for the page to say. */
function expand(wanted, everyday, simplified) {
  const groups = near(wanted, everyday, simplified);
  const ready = groups.map(({ words }) => words.map((word) => units(word, simplified)));
  const told = [];
  for (const clause of wanted) {
    clause.others = [];
    if (clause.quoted || clause.units.length > 60) continue;
    const firsts = [];
    for (const { start, size, group, word } of everydayIn(clause.units, ready)) {
      const changes = [], added = [];
      ready[group].forEach((units, other) => {
        if (other === word || other >= groups[group].written) return;
        if (units.length < 2 || ("" + units).includes("" + ready[group][word])) return; // what holds the word is found by it
        changes.push({ start, size, units });
        added.push(groups[group].words[other]);
      });
      if (!added.length) continue;
      for (const change of changes) clause.others.push(reworded(clause.units, [change]));
      firsts.push(changes[0]);
      told.push({ from: groups[group].words[word], to: added });
    }
    if (firsts.length > 1) clause.others.push(reworded(clause.units, firsts));
  }
  return told;
}
