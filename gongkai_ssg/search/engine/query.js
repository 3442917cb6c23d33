/* What was typed: clauses, their terms, and other words for the same. */

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
