(function () {
  "use strict";
  document.documentElement.classList.add("js");
  var table = document.getElementById("rows");
  if (!table) { return; }
  var body = table.tBodies[0], rows = Array.prototype.slice.call(body.rows);
  var text = document.getElementById("find"), only = document.getElementById("only"), shown = document.getElementById("shown");
  function fits(kind, want) {
    switch (want) {
    case "": return true;
    case "compared": return kind !== "unpaired";
    case "missing": return kind === "unpaired" || kind === "placeholder" || kind === "lost";
    case "bad": return kind === "bad" || kind === "lost";
    }
    return kind === want;
  }
  function filter() {
    var want = text.value.toLowerCase(), kind = only.value, n = 0;
    rows.forEach(function (r) {
      var hit = fits(r.dataset.kind, kind) && r.textContent.toLowerCase().indexOf(want) >= 0;
      r.hidden = !hit;
      if (hit) { n++; }
    });
    shown.textContent = n + " of " + rows.length + " rows";
  }
  text.addEventListener("input", filter);
  only.addEventListener("change", filter);
  function value(r, i) {
    var c = r.cells[i];
    return c.dataset.v === undefined ? c.textContent : parseFloat(c.dataset.v);
  }
  Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, i) {
    var b = document.createElement("button");
    b.type = "button";
    b.textContent = head.textContent;
    head.textContent = "";
    head.appendChild(b);
    head.dataset.sort = "";
    b.addEventListener("click", function () {
      var down = head.getAttribute("aria-sort") === "ascending";
      Array.prototype.forEach.call(table.tHead.rows[0].cells, function (h) { h.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      rows.slice().map(function (r, at) { return { r: r, at: at, v: value(r, i) }; }).sort(function (a, b) {
        var d = typeof a.v === "number" && typeof b.v === "number" ? a.v - b.v : String(a.v) < String(b.v) ? -1 : String(a.v) > String(b.v) ? 1 : 0;
        return (down ? -d : d) || a.at - b.at;
      }).forEach(function (x) { body.appendChild(x.r); });
    });
  });
  filter();
})();
