// What an inspector writes down without a network waits on the device, encrypted, and goes up later.
// Every form works without this file. The key cannot be read out, and is thrown away with the rest.
(function () {
  "use strict";
  var box = document.getElementById("tl-queue");
  var forms = [].slice.call(document.querySelectorAll("form[data-queue]"));
  if (!box || !window.indexedDB || !window.crypto || !crypto.subtle) return;

  var NAME = "tipline-field", WAIT = 5000, busy = false, again = false, touched = false;
  var who = box.dataset.who, words = box.dataset;

  function opened() {
    return new Promise(function (done, fail) {
      var asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = function () {
        asked.result.createObjectStore("keys");
        asked.result.createObjectStore("waiting", { keyPath: "id" });
      };
      asked.onsuccess = function () { done(asked.result); };
      asked.onerror = function () { fail(asked.error); };
    });
  }

  function within(store, mode, work) {
    return opened().then(function (db) {
      return new Promise(function (done, fail) {
        var turn = db.transaction(store, mode), asked = work(turn.objectStore(store));
        turn.oncomplete = function () { db.close(); done(asked && asked.result); };
        turn.onerror = turn.onabort = function () { db.close(); fail(turn.error); };
      });
    });
  }

  function key() {
    return within("keys", "readonly", function (keys) { return keys.get(who); }).then(function (known) {
      if (known) return known;
      return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"])
        .then(function (fresh) {
          return within("keys", "readwrite", function (keys) { return keys.put(fresh, who); })
            .then(function () { return fresh; });
        });
    });
  }

  function keep(url, fields, file) {
    var told = new TextEncoder().encode(JSON.stringify({ fields: fields, name: file ? file.name : "" }));
    var head = new Uint8Array(new Uint32Array([told.length]).buffer);
    return (file ? file.arrayBuffer() : Promise.resolve(new ArrayBuffer(0))).then(function (bytes) {
      return new Blob([head, told, bytes]).arrayBuffer();
    }).then(function (plain) {
      var iv = crypto.getRandomValues(new Uint8Array(12));
      return key().then(function (held) {
        return crypto.subtle.encrypt({ name: "AES-GCM", iv: iv }, held, plain);
      }).then(function (sealed) {
        var entry = { id: fields.client_id, who: who, url: url, iv: iv, sealed: sealed, at: Date.now() };
        return within("waiting", "readwrite", function (rows) { return rows.put(entry); });
      });
    });
  }

  function unsealed(entry) {
    return key().then(function (held) {
      return crypto.subtle.decrypt({ name: "AES-GCM", iv: entry.iv }, held, entry.sealed);
    }).then(function (plain) {
      var length = new Uint32Array(plain.slice(0, 4))[0];
      var told = JSON.parse(new TextDecoder().decode(plain.slice(4, 4 + length)));
      var body = new FormData();
      Object.keys(told.fields).forEach(function (name) {
        [].concat(told.fields[name]).forEach(function (value) { body.append(name, value); });
      });
      if (told.name) body.append("photo", new Blob([plain.slice(4 + length)]), told.name);
      body.append("csrf_token", words.token);
      return body;
    });
  }

  function drop(id) {
    return within("waiting", "readwrite", function (rows) { return rows.delete(id); });
  }

  function mine() {
    return within("waiting", "readonly", function (rows) { return rows.getAll(); }).then(function (rows) {
      return rows.filter(function (row) { return row.who === who; })
        .sort(function (a, b) { return a.at - b.at; });
    });
  }

  // Nothing is left behind: the key goes with the last entry.
  function wipe() {
    return within("waiting", "readonly", function (rows) { return rows.count(); }).then(function (left) {
      if (left) return undefined;
      return new Promise(function (done) {
        var asked = indexedDB.deleteDatabase(NAME);
        asked.onsuccess = asked.onerror = asked.onblocked = function () { done(); };
      });
    });
  }

  function mark(entry, why, final) {
    entry.why = why;
    entry.final = Boolean(final);
    return within("waiting", "readwrite", function (rows) { return rows.put(entry); });
  }

  // "sent", "kept" when there is no network, "refused" when somebody has to look at it.
  function send(entry) {
    return unsealed(entry).then(function (body) {
      return fetch(entry.url, { method: "POST", body: body, credentials: "same-origin" });
    }).then(function (answer) {
      if (answer.redirected || answer.status === 401) return mark(entry, words.login).then(refused);
      if (answer.status === 201) return drop(entry.id).then(function () { return "sent"; });
      if (answer.status >= 500) return "kept";
      return answer.json().catch(function () { return {}; }).then(function (told) {
        return mark(entry, told.why || words.refused, true).then(refused);
      });
    }, function () { return "kept"; });
  }

  function refused() { return "refused"; }

  function flush() {
    if (busy) { again = true; return Promise.resolve([]); }
    busy = true;
    var outcomes = [];
    return mine().then(function (rows) {
      return rows.filter(function (row) { return !row.final; }).reduce(function (before, row) {
        return before.then(function () {
          if (outcomes[outcomes.length - 1] === "kept") return undefined;
          return send(row).then(function (outcome) { outcomes.push(outcome); });
        });
      }, Promise.resolve());
    }).then(wipe).then(show).then(function () {
      busy = false;
      if (again) { again = false; return flush(); }
      return outcomes;
    }, function () { busy = false; return outcomes; });
  }

  function line(text) {
    var p = document.createElement("p");
    p.textContent = text;
    box.appendChild(p);
    return p;
  }

  function show() {
    return mine().then(function (rows) {
      var had = box.dataset.count !== undefined && box.dataset.count !== "0";
      box.dataset.count = String(rows.length);
      box.textContent = "";
      box.hidden = !rows.length && !had;
      if (!rows.length) { if (had) line(words.done); return wipe(); }
      var waiting = rows.filter(function (row) { return !row.why; }).length;
      if (waiting) line(words.waiting.replace("{n}", waiting));
      rows.forEach(function (row) {
        if (!row.why) return;
        var p = line(row.why + " "), button = document.createElement("button");
        button.type = "button";
        button.className = "tl-button tl-button--quiet tl-button--small";
        button.textContent = words.drop;
        button.addEventListener("click", function () { drop(row.id).then(wipe).then(show); });
        p.appendChild(button);
      });
      return undefined;
    });
  }

  function localNow() {
    var now = new Date();
    return new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
  }

  function entriesOf(form) {
    var files = [], fields = {};
    new FormData(form).forEach(function (value, name) {
      if (name === "csrf_token") return;
      if (value instanceof File) { if (value.size) files.push(value); return; }
      fields[name] = name in fields ? [].concat(fields[name], value) : value;
    });
    if ("at" in fields && !fields.at) fields.at = localNow();
    var takesFiles = form.enctype === "multipart/form-data";
    return (takesFiles ? files : [null]).map(function (file) {
      return { fields: Object.assign({}, fields, { client_id: crypto.randomUUID() }), file: file };
    });
  }

  forms.forEach(function (form) {
    form.addEventListener("submit", function (event) {
      var entries = entriesOf(form);
      if (!entries.length) return;
      event.preventDefault();
      touched = false;
      if (!enough(form)) { box.hidden = false; box.textContent = ""; line(words.few); box.scrollIntoView(); return; }
      entries.reduce(function (before, entry) {
        return before.then(function () { return keep(form.dataset.queue, entry.fields, entry.file); });
      }, Promise.resolve()).then(show).then(flush).then(function (outcomes) {
        var all = outcomes.length && outcomes.every(function (each) { return each === "sent"; });
        if (all && !touched) { location.reload(); return; }
        form.reset();
        box.scrollIntoView();
      }, function () { form.submit(); });
    });
  });

  // The server would refuse a visit by one alone, and without a network nobody could ask again.
  function enough(form) {
    return !form.querySelector(".tl-checklist") || form.querySelector("[name=other]:checked");
  }

  // What is being typed meanwhile is never lost to a reload.
  document.addEventListener("input", function () { touched = true; });
  window.addEventListener("online", flush);
  setInterval(function () { if (box.dataset.count && box.dataset.count !== "0") flush(); }, WAIT);
  show().then(flush);
})();
