// Everything works without this file; it keeps nothing.
(function () {
  "use strict";
  var doc = document, all = function (css) { return [].slice.call(doc.querySelectorAll(css)); };

  // Leave at once: show nothing from the first moment, and leave no way back to this page.
  var ways = all("[data-leave]");
  function leave(event) {
    if (event) event.preventDefault();
    var to = ways[0].href;
    doc.title = "…";
    doc.body.textContent = "";
    location.replace(to);
  }
  if (ways.length) {
    var times = [];
    ways.forEach(function (way) { way.addEventListener("click", leave); });
    doc.addEventListener("keydown", function (event) {
      if (event.key !== "Escape" || event.isComposing) { times = []; return; }
      times = times.concat(Date.now()).slice(-3);
      if (times.length === 3 && times[2] - times[0] < 2000) leave();
    });
  }

  // A new step begins at its errors, else at its question.
  var first = doc.querySelector(".govuk-error-summary") || doc.querySelector("[data-focus]");
  if (first && !location.hash) {
    first.setAttribute("tabindex", "-1");
    first.focus({ preventScroll: !first.classList.contains("govuk-error-summary") });
  }

  // The link of an error puts the cursor into the field.
  all(".govuk-error-summary a[href^='#']").forEach(function (link) {
    link.addEventListener("click", function (event) {
      var field = doc.getElementById(link.hash.slice(1));
      if (!field) return;
      event.preventDefault();
      (field.closest(".govuk-form-group") || field).scrollIntoView();
      field.focus({ preventScroll: true });
    });
  });

  // A text box grows with what is written.
  if (!(window.CSS && CSS.supports && CSS.supports("field-sizing", "content"))) {
    all("textarea").forEach(function (box) {
      var grow = function () {
        if (box.scrollHeight > box.clientHeight) box.style.height = box.scrollHeight + 6 + "px";
      };
      box.addEventListener("input", grow);
      grow();
    });
  }

  // The desk by keyboard: j and k walk through the rows of a list, a letter opens what bears it.
  function typing(event) {
    var at = event.target;
    return event.ctrlKey || event.metaKey || event.altKey || event.isComposing
      || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName) || at.isContentEditable;
  }
  function walk(step) {
    var rows = all("[data-row]"), at = rows.indexOf(doc.activeElement);
    var next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))];
    if (next) next.focus();
    return !!next;
  }
  function reach(key) {
    var found = all("[data-key]").filter(function (each) { return each.dataset.key === key; })[0];
    if (!found) return false;
    var box = found.tagName === "SUMMARY" && found.parentNode;
    if (box) box.open = true;
    var field = box && box.querySelector("textarea, select, input:not([type=hidden]), button");
    (field || found).focus();
    return true;
  }
  if (doc.querySelector("[data-keys]")) {
    doc.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && doc.activeElement) doc.activeElement.blur();
      if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && event.target.form) {
        event.preventDefault();
        event.target.form.requestSubmit();
      }
      if (typing(event)) return;
      var went = event.key === "j" ? walk(1) : event.key === "k" ? walk(-1) : reach(event.key);
      if (went) event.preventDefault();
    });
  }

  // Print buttons do nothing without this file, so they appear with it.
  all("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  // The second press of the same button sends nothing; a lost connection may try again.
  function free() { all("form[data-sent]").forEach(function (form) { form.removeAttribute("data-sent"); }); }
  doc.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.hasAttribute("data-sent")) { event.preventDefault(); return; }
    form.setAttribute("data-sent", "");
    setTimeout(free, 8000);
  });
  window.addEventListener("pageshow", function (event) { if (event.persisted) free(); });
})();
