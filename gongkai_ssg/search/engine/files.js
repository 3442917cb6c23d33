/* The files of the index: scripts that hand over their content, fetched where they can be. */

const FORMAT = 7;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUES = new Uint8Array(128);
for (let i = 0; i < 64; i++) VALUES[ALPHABET.charCodeAt(i)] = i;
const digit = (text, at) => VALUES[text.charCodeAt(at)];

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

/** In a page or worker: the browser has less to do for it than for a script, or for a promise of a stream. */
function byRequest(url) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.onload = () => {
      if (request.status === 200) resolve(request.responseText);
      else reject(new Error(request.status + " " + url));
    };
    request.onerror = () => reject(fail("network", "could not load " + url));
    request.open("GET", url);
    request.send();
  }).then(parse);
}

/** In a page: what a policy forbids to request may yet be a script of it. */
function byEither(url) {
  return byRequest(url).catch((error) => {
    if (error.code === "network") return byScript(url);
    throw error;
  });
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
    const online = (address) => /^https?:/i.test(address);
    this.remote = online(base) || (!inNode && online(root.location ? root.location.href : ""));
    if (inNode) this.how = this.remote ? byFetch : byDisk;
    else if (typeof document === "undefined") this.how = byRequest;
    else this.how = this.remote ? byEither : byScript;
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
