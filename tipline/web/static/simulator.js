// Shows new messages as they come; without it there is the button.
(function () {
  "use strict";
  function look() {
    fetch(location.href, { headers: { Accept: "text/html" } })
      .then(function (answer) { return answer.text(); })
      .then(function (text) {
        var page = new DOMParser().parseFromString(text, "text/html");
        document.querySelectorAll("[data-screen]").forEach(function (screen) {
          var css = '[data-screen="' + screen.dataset.screen + '"]';
          var fresh = page.querySelector(css);
          if (fresh && fresh.textContent !== screen.textContent) screen.innerHTML = fresh.innerHTML;
        });
      })
      .catch(function () {});
  }
  setInterval(look, 1500);
})();
