(function () {
  "use strict";
  document.documentElement.classList.add("js");
  var each = function (list, f) { Array.prototype.forEach.call(list, f); };

  // Controls that show some rows of a table.
  each(document.querySelectorAll(".tools"), function (tools) {
    var table = document.getElementById(tools.dataset.for);
    var rows = Array.prototype.slice.call(table.tBodies[0].rows);
    var text = tools.querySelector(".find"), only = tools.querySelector(".only"), shown = tools.querySelector(".shown");
    function filter() {
      var want = text.value.toLowerCase(), kinds = only.selectedOptions[0].dataset.kinds, n = 0;
      rows.forEach(function (r) {
        var hit = (kinds === "" || (" " + kinds + " ").indexOf(" " + r.dataset.kind + " ") >= 0) && r.textContent.toLowerCase().indexOf(want) >= 0;
        r.hidden = !hit;
        if (hit) { n++; }
      });
      shown.textContent = n + " of " + rows.length + " rows";
    }
    text.addEventListener("input", filter);
    only.addEventListener("change", filter);
    filter();
    // A link to a row that is filtered out shows all rows.
    function reveal() {
      var row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (row && row.hidden && table.contains(row)) { text.value = ""; only.value = "all"; filter(); row.scrollIntoView(); }
    }
    window.addEventListener("hashchange", reveal);
    reveal();
  });

  // A link into a fold opens it.
  function unfold() {
    var at = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (var e = at; e; e = e.parentElement) { if (e.tagName === "DETAILS") { e.open = true; } }
    if (at) { at.scrollIntoView({ block: "center" }); }
  }
  window.addEventListener("hashchange", unfold);
  if (location.hash) { unfold(); }

  function value(r, i) {
    var c = r.cells[i];
    return c.dataset.v === undefined ? c.textContent : parseFloat(c.dataset.v);
  }
  each(document.querySelectorAll("table.sort"), function (table) {
    var heads = table.tHead.rows[0].cells, rows = Array.prototype.slice.call(table.tBodies[0].rows);
    each(heads, function (head, i) {
      var b = document.createElement("button");
      b.type = "button";
      while (head.firstChild) { b.appendChild(head.firstChild); }
      head.appendChild(b);
      head.dataset.sort = "";
      b.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "ascending";
        each(heads, function (h) { h.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        rows.map(function (r, at) { return { r: r, at: at, v: value(r, i) }; }).sort(function (a, b) {
          var d = typeof a.v === "number" && typeof b.v === "number" ? a.v - b.v : String(a.v).localeCompare(String(b.v), undefined, { numeric: true });
          return (down ? -d : d) || a.at - b.at;
        }).forEach(function (x) { table.tBodies[0].appendChild(x.r); });
      });
    });
  });

  each(document.querySelectorAll("pre.cmd"), function (pre) {
    var b = document.createElement("button");
    b.type = "button";
    b.className = "copy";
    b.textContent = "copy";
    b.addEventListener("click", function () {
      var text = pre.querySelector("code").textContent;
      function done() { b.textContent = "copied"; setTimeout(function () { b.textContent = "copy"; }, 1500); }
      if (navigator.clipboard && window.isSecureContext) { navigator.clipboard.writeText(text).then(done); return; }
      var area = document.createElement("textarea"); // pages from a disk have no clipboard
      area.value = text;
      document.body.appendChild(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      done();
    });
    pre.appendChild(b);
  });
})();
