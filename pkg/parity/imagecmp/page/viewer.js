(function () {
  "use strict";
  var root = document.getElementById("viewer"), source = document.getElementById("pixels");
  if (!root || !source) { return; }
  var info = JSON.parse(source.textContent);
  source.remove();
  var W = info.fast, H = info.slow, N = W * H, NAN = 32768;

  // decode unpacks a plane into its codes; see encodePlane.
  function decode(p) {
    var text = atob(p.data), bytes = new Uint8Array(text.length);
    for (var i = 0; i < bytes.length; i++) { bytes[i] = text.charCodeAt(i); }
    var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return new Response(stream).arrayBuffer().then(function (buffer) {
      var b = new Uint8Array(buffer), codes = new Uint16Array(N);
      for (var i = 0; i < N; i++) { codes[i] = b[i] | b[N + i] << 8; }
      p.data = "";
      return { low: p.low, step: p.step, levels: [{ w: W, h: H, codes: codes }] };
    });
  }
  // coarser adds levels of half the size, of the largest pixels: a peak stays seen.
  function coarser(p) {
    for (var l = p.levels[0]; Math.max(l.w, l.h) > 512; l = p.levels[p.levels.length - 1]) {
      var w = Math.ceil(l.w / 2), h = Math.ceil(l.h / 2), codes = new Uint16Array(w * h);
      for (var y = 0; y < l.h; y++) {
        for (var x = 0; x < l.w; x++) {
          var c = l.codes[y * l.w + x], at = (y >> 1) * w + (x >> 1);
          if (c === NAN || codes[at] !== NAN && (c & 32767) > (codes[at] & 32767)) { codes[at] = c; }
        }
      }
      p.levels.push({ w: w, h: h, codes: codes });
    }
    return p;
  }
  function value(p, code) {
    if (code === NAN) { return NaN; }
    if (code === 0) { return 0; }
    var size = Math.exp(p.low + ((code & 32767) - 1) * p.step);
    return code & NAN ? -size : size;
  }
  function tell(v) { return isNaN(v) ? "not finite" : v === 0 ? "0" : String(Number(v.toPrecision(4))); }

  function element(tag, parent, text) {
    var e = document.createElement(tag);
    if (text !== undefined) { e.textContent = text; }
    parent.appendChild(e);
    return e;
  }
  var panes = element("div", root);
  panes.className = "panes";
  var views = [info.names[0], info.names[1], "difference"].map(function (name, i) {
    var pane = element("div", panes), head = element("h3", pane, name), canvas = element("canvas", pane), bar = element("div", pane);
    pane.className = "pane";
    bar.className = "bar";
    var low = element("span", bar), strip = element("i", bar), high = element("span", bar);
    strip.style.background = i === 2 ? "linear-gradient(90deg,#081d58,#808080,#fff7bc)" : "linear-gradient(90deg,#fff,#000)";
    return { head: head, name: name, canvas: canvas, low: low, high: high };
  });
  var dials = element("div", root);
  dials.className = "dials";
  function button(text, press) {
    var b = element("button", dials, text);
    b.type = "button";
    b.addEventListener("click", function () { press(b); });
    return b;
  }
  var scale = 1, blink = 0, showRings = info.rings.length > 0, showMarks = true;
  button("whole image", fit);
  var blinker = button("blink", function (b) {
    clearInterval(blink);
    blink = blink ? 0 : setInterval(function () { views[0].shown = views[0].shown ? 0 : 1; draw(); }, 500);
    if (!blink) { views[0].shown = 0; }
    b.setAttribute("aria-pressed", !!blink);
    draw();
  });
  blinker.title = "show the two images in turn in the first frame";
  if (info.rings.length) { button("resolution rings", function (b) { showRings = !showRings; b.setAttribute("aria-pressed", showRings); draw(); }).setAttribute("aria-pressed", true); }
  if (info.marks.length) {
    button("traced pixels", function (b) { showMarks = !showMarks; b.setAttribute("aria-pressed", showMarks); draw(); }).setAttribute("aria-pressed", true);
    info.marks.forEach(function (m) { button(m.slow + " " + m.fast, function () { zoom = 16; cx = m.fast + 0.5; cy = m.slow + 0.5; draw(); point(m.fast, m.slow); }).title = m.text; });
  }
  var label = element("label", dials, "contrast "), slider = element("input", label);
  slider.type = "range"; slider.min = -4; slider.max = 4; slider.step = 0.1; slider.value = 0;
  slider.addEventListener("input", function () { scale = Math.pow(10, -slider.value); draw(); });
  var readout = element("div", root, "unpacking the pixels …");
  readout.id = "readout";

  var planes, cx = W / 2, cy = H / 2, zoom = 1; // screen pixels an image pixel
  function side() { return views[0].canvas.width; }
  function least() { return side() / Math.max(W, H); }
  function fit() { cx = W / 2; cy = H / 2; zoom = least(); draw(); }
  function keep() {
    zoom = Math.min(Math.max(zoom, least()), 64);
    cx = Math.min(Math.max(cx, 0), W); cy = Math.min(Math.max(cy, 0), H);
  }

  // Tables from codes to colours, made anew where the scale changes.
  function shades(p, full, signed) {
    var table = new Uint32Array(65536);
    for (var c = 0; c < 65536; c++) {
      var v = value(p, c), r, g, b;
      if (isNaN(v)) { r = 214; g = 39; b = 40; } else if (signed) {
        var t = full > 0 ? Math.min(Math.abs(v) / full, 1) : 0, to = v < 0 ? [8, 29, 88] : [255, 247, 188];
        if (v !== 0) { t = Math.max(t, 0.02); }
        r = 128 + t * (to[0] - 128); g = 128 + t * (to[1] - 128); b = 128 + t * (to[2] - 128);
      } else { r = g = b = 255 - 255 * (full > 0 ? Math.min(Math.max(v, 0) / full, 1) : 0); }
      table[c] = 255 << 24 | Math.round(b) << 16 | Math.round(g) << 8 | Math.round(r);
    }
    return table;
  }
  var tables = {}, tablesOf = 0;
  function tableOf(i) {
    if (tablesOf !== scale) { tables = {}; tablesOf = scale; }
    if (!tables[i]) { tables[i] = shades(planes[i], (i === 2 ? info.diff : info.black) * scale, i === 2); }
    return tables[i];
  }
  var waiting = false;
  function draw() {
    if (waiting || !planes) { return; }
    waiting = true;
    requestAnimationFrame(function () { waiting = false; keep(); views.forEach(paint); });
  }
  function paint(view, i) {
    var n = side(), shown = i === 0 && view.shown ? 1 : i, p = planes[shown], level = 0;
    while (level + 1 < p.levels.length && zoom * (1 << level + 1) <= 1) { level++; }
    var l = p.levels[level], part = 1 / (zoom * (1 << level)), x0 = cx / (1 << level) - n / 2 * part, y0 = cy / (1 << level) - n / 2 * part;
    var table = tableOf(shown), picture = new ImageData(n, n), out = new Uint32Array(picture.data.buffer), columns = new Int32Array(n);
    for (var x = 0; x < n; x++) { columns[x] = Math.floor(x0 + (x + 0.5) * part); }
    for (var y = 0; y < n; y++) {
      var row = Math.floor(y0 + (y + 0.5) * part);
      if (row < 0 || row >= l.h) { continue; }
      for (x = 0; x < n; x++) {
        var col = columns[x];
        if (col >= 0 && col < l.w) { out[y * n + x] = table[l.codes[row * l.w + col]]; }
      }
    }
    var g = view.canvas.getContext("2d");
    g.putImageData(picture, 0, 0);
    view.head.textContent = i === 0 && view.shown ? views[1].name : view.name;
    var full = (i === 2 ? info.diff : info.black) * scale;
    view.low.textContent = i === 2 ? "−" + tell(full) : "0";
    view.high.textContent = tell(full);
    function sx(x) { return (x - cx) * zoom + n / 2; }
    function sy(y) { return (y - cy) * zoom + n / 2; }
    if (showRings) {
      g.strokeStyle = g.fillStyle = i === 2 ? "#ffffffb0" : "#1d6fd0b0";
      g.font = Math.round(n / 40) + "px sans-serif";
      info.rings.forEach(function (r) {
        g.beginPath();
        r.segments.forEach(function (s) { g.moveTo(sx(s[0]), sy(s[1])); g.lineTo(sx(s[2]), sy(s[3])); });
        g.stroke();
        var mid = r.segments[Math.floor(r.segments.length / 2)];
        if (mid) { g.fillText(r.label, sx(mid[0]) + 4, sy(mid[1]) - 4); }
      });
    }
    if (showMarks) {
      g.strokeStyle = "#e03131"; g.lineWidth = Math.max(n / 300, 1.5);
      info.marks.forEach(function (m) { g.strokeRect(sx(m.fast) - 6, sy(m.slow) - 6, zoom + 12, zoom + 12); });
      g.lineWidth = 1;
    }
  }
  function markAt(x, y) { return info.marks.filter(function (m) { return Math.abs(m.fast - x) <= 8 / zoom + 1 && Math.abs(m.slow - y) <= 8 / zoom + 1; })[0]; }
  function point(x, y) {
    if (!planes || x < 0 || y < 0 || x >= W || y >= H) { return; }
    var v = planes.map(function (p) { return tell(value(p, p.levels[0].codes[y * W + x])); });
    readout.textContent = "slow " + y + " fast " + x + ":  " + info.names[0] + " " + v[0] + "   " + info.names[1] + " " + v[1] + "   difference " + v[2];
    var m = markAt(x, y);
    if (m) {
      readout.appendChild(document.createTextNode("   "));
      var a = element(m.link ? "a" : "span", readout, m.text);
      if (m.link) { a.href = m.link; }
    }
  }
  views.forEach(function (view) {
    var canvas = view.canvas, fingers = {}, apart = 0;
    function at(e) { var r = canvas.getBoundingClientRect(), k = canvas.width / r.width; return [(e.clientX - r.left) * k, (e.clientY - r.top) * k]; }
    function imageAt(s) { var n = side(); return [(s[0] - n / 2) / zoom + cx, (s[1] - n / 2) / zoom + cy]; }
    function zoomBy(factor, s) {
      var before = imageAt(s);
      zoom *= factor; keep();
      var after = imageAt(s);
      cx += before[0] - after[0]; cy += before[1] - after[1];
      draw();
    }
    canvas.addEventListener("wheel", function (e) { e.preventDefault(); zoomBy(Math.exp(-e.deltaY / 400), at(e)); }, { passive: false });
    canvas.addEventListener("dblclick", fit);
    canvas.addEventListener("pointerdown", function (e) { canvas.setPointerCapture(e.pointerId); fingers[e.pointerId] = at(e); apart = 0; });
    ["pointerup", "pointercancel"].forEach(function (name) { canvas.addEventListener(name, function (e) { delete fingers[e.pointerId]; apart = 0; }); });
    canvas.addEventListener("pointermove", function (e) {
      var s = at(e), p = imageAt(s), ids = Object.keys(fingers);
      if (fingers[e.pointerId] === undefined) { point(Math.floor(p[0]), Math.floor(p[1])); return; }
      if (ids.length === 1) {
        var last = fingers[e.pointerId];
        cx -= (s[0] - last[0]) / zoom; cy -= (s[1] - last[1]) / zoom;
        draw();
      }
      fingers[e.pointerId] = s;
      if (ids.length === 2) {
        var a = fingers[ids[0]], b = fingers[ids[1]], d = Math.hypot(a[0] - b[0], a[1] - b[1]);
        if (apart > 0) { zoomBy(d / apart, [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]); }
        apart = d;
      }
    });
    canvas.addEventListener("click", function (e) { var p = imageAt(at(e)); point(Math.floor(p[0]), Math.floor(p[1])); });
  });
  function size() {
    var n = Math.max(64, Math.round(views[0].canvas.clientWidth * Math.min(window.devicePixelRatio || 1, 2)));
    views.forEach(function (v) { v.canvas.width = v.canvas.height = n; });
  }
  window.addEventListener("resize", function () {
    var whole = zoom < least() * 1.01; // what shows the whole image goes on to, on a phone that is turned
    size();
    if (whole) { fit(); } else { draw(); }
  });
  if (typeof DecompressionStream === "undefined") { readout.textContent = "This browser cannot unpack the pixels; one of 2023 or later can."; return; }
  Promise.all(info.planes.map(decode)).then(function (list) {
    planes = list.map(coarser);
    size();
    readout.textContent = "Point at a pixel.";
    fit();
    document.body.dataset.viewer = "ready";
  });
})();
