const facts = JSON.parse(document.getElementById("facts").textContent);
const one = (id) => document.getElementById(id);
const all = (selector) => Array.from(document.querySelectorAll(selector));
const map = one("map"), drawing = one("drawing"), swipe = one("swipe");
const groups = all("g.epoch"), many = groups.length > 1;
const show = (element, yes) => (yes ? element.removeAttribute("display") : element.setAttribute("display", "none"));
const between = (value, low, high) => Math.min(high, Math.max(low, value));

// The view: its centre in metres from the upper left corner, and the metres a pixel of the screen shows.
const view = { right: 0, down: 0, metres: 1 };
const size = { width: 1, height: 1 };
const chosen = { before: 0, after: groups.length - 1, share: 0.5 };
let pointed = null;

const place = (x, y) => ({ right: view.right + (x - size.width / 2) * view.metres, down: view.down + (y - size.height / 2) * view.metres });
const spot = (right, down) => ({ x: (right - view.right) / view.metres + size.width / 2, y: (down - view.down) / view.metres + size.height / 2 });

// --- drawing

let waiting = false;
const redraw = () => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; draw(); });
};

const draw = () => {
  const wide = size.width * view.metres, tall = size.height * view.metres;
  const left = view.right - wide / 2, top = view.down - tall / 2;
  drawing.setAttribute("viewBox", `${left} ${top} ${wide} ${tall}`);
  one("hatch").setAttribute("patternTransform", `scale(${view.metres})`);
  const cut = many ? chosen.share * wide : 0;
  part("part-before", left, top, cut, tall);
  part("part-after", left + cut, top, wide - cut, tall);
  if (many) swipe.style.left = `${chosen.share * 100}%`;
  scale();
  read();
};

const part = (id, x, y, width, height) => {
  const rect = one(id);
  rect.setAttribute("x", x); rect.setAttribute("y", y);
  rect.setAttribute("width", width); rect.setAttribute("height", height);
};

const scale = () => {
  const longest = Math.min(150, size.width * 0.35) * view.metres;
  const power = 10 ** Math.floor(Math.log10(longest));
  const length = [5, 2, 1].map((each) => each * power).find((each) => each <= longest);
  one("bar").style.width = `${length / view.metres}px`;
  one("length").textContent = length >= 1000 ? `${length / 1000} km` : `${length} m`;
};

const epochs = () => {
  const same = chosen.before === chosen.after;
  groups.forEach((group, number) => {
    const before = many && number === chosen.before, after = number === chosen.after;
    show(group, before || after);
    if (same || !many) group.removeAttribute("clip-path");
    else group.setAttribute("clip-path", before ? "url(#clip-before)" : "url(#clip-after)");
  });
  one("year-before").textContent = many ? facts.epochs[chosen.before] : "";
  one("year-after").textContent = facts.epochs[chosen.after];
  told();
  redraw();
};

const told = () => {
  const percent = Math.round(chosen.share * 100);
  swipe.setAttribute("aria-valuenow", percent);
  swipe.setAttribute("aria-valuetext", `${facts.epochs[chosen.before]} on the left ${percent} per cent, ${facts.epochs[chosen.after]} on the rest`);
};

// --- moving

const move = (right, down) => {
  view.right = between(right, 0, facts.width);
  view.down = between(down, 0, facts.height);
  redraw();
};

const zoom = (factor, x = size.width / 2, y = size.height / 2) => {
  const fixed = place(x, y);
  view.metres = between(view.metres * factor, facts.pixel / 60, 3 * Math.max(facts.width / size.width, facts.height / size.height));
  move(fixed.right - (x - size.width / 2) * view.metres, fixed.down - (y - size.height / 2) * view.metres);
};

const fit = ([left, top, right, bottom]) => {
  view.metres = 1.1 * Math.max((right - left) / size.width, (bottom - top) / size.height, facts.pixel / 30);
  move((left + right) / 2, (top + bottom) / 2);
};
const whole = () => fit([0, 0, facts.width, facts.height]);

one("closer").addEventListener("click", () => zoom(1 / 1.6));
one("farther").addEventListener("click", () => zoom(1.6));
one("whole").addEventListener("click", whole);

const held = new Map();
const local = (event) => {
  const box = map.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
};

map.addEventListener("pointerdown", (event) => {
  map.setPointerCapture(event.pointerId);
  held.set(event.pointerId, local(event));
  map.classList.add("held");
  point(local(event), false);
});
map.addEventListener("pointermove", (event) => {
  const now = local(event), before = held.get(event.pointerId);
  if (before && held.size === 1) move(view.right - (now.x - before.x) * view.metres, view.down - (now.y - before.y) * view.metres);
  if (before && held.size === 2) {
    const other = Array.from(held).find(([id]) => id !== event.pointerId)[1];
    const apart = (at) => Math.max(1, Math.hypot(at.x - other.x, at.y - other.y));
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    zoom(apart(before) / apart(now), middle.x, middle.y);
    move(view.right - (now.x - before.x) / 2 * view.metres, view.down - (now.y - before.y) / 2 * view.metres);
  }
  if (before) held.set(event.pointerId, now);
  point(now, event.pointerType === "mouse");
});
const release = (event) => {
  held.delete(event.pointerId);
  if (!held.size) map.classList.remove("held");
};
map.addEventListener("pointerup", release);
map.addEventListener("pointercancel", release);
// A finger leaves where it lifts; what it pointed at stays told.
map.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse" && !held.size) point(null, false); });
map.addEventListener("wheel", (event) => {
  if (map.dataset.wheel === "focused" && !event.ctrlKey && document.activeElement !== map) return;
  event.preventDefault();
  const at = local(event);
  zoom(2 ** (between(event.deltaY * (event.deltaMode ? 20 : 1), -200, 200) / 300), at.x, at.y);
}, { passive: false });

const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
map.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const step = steps[event.key], reach = (event.shiftKey ? 0.4 : 0.1) * view.metres;
  if (step) move(view.right + step[0] * size.width * reach, view.down + step[1] * size.height * reach);
  else if (event.key === "+" || event.key === "=") zoom(1 / 1.6);
  else if (event.key === "-" || event.key === "_") zoom(1.6);
  else if (event.key === "0" || event.key === "Home") whole();
  else return;
  event.preventDefault();
  cross();
});
const cross = () => {
  one("cross").hidden = false;
  pointed = null;
  one("tip").hidden = true;
  redraw();
  clearTimeout(cross.timer);
  cross.timer = setTimeout(() => { one("said").textContent = sentence(); }, 500);
};
map.addEventListener("focus", () => { if (map.matches(":focus-visible")) cross(); });
map.addEventListener("blur", () => { one("cross").hidden = true; redraw(); });

// --- the divider

const divide = (share) => { chosen.share = between(share, 0, 1); told(); redraw(); };
swipe.addEventListener("pointerdown", (event) => { swipe.setPointerCapture(event.pointerId); swipe.focus(); event.preventDefault(); });
swipe.addEventListener("pointermove", (event) => {
  const at = local(event);
  if (swipe.hasPointerCapture(event.pointerId)) divide(at.x / size.width);
  else point(at, event.pointerType === "mouse");
});
swipe.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -0.02, ArrowDown: -0.02, ArrowRight: 0.02, ArrowUp: 0.02, PageDown: -0.1, PageUp: 0.1 }[event.key];
  if (step) divide(chosen.share + step);
  else if (event.key === "Home") divide(0);
  else if (event.key === "End") divide(1);
  else return;
  event.preventDefault();
});
for (const side of ["before", "after"]) {
  one(side).addEventListener("change", (event) => { chosen[side] = Number(event.target.value); epochs(); });
}

// --- layers

for (const box of all("[data-show]")) {
  const change = () => {
    all(`[data-layer="${box.dataset.show}"]`).forEach((each) => show(each, box.checked));
    box.closest("[data-row]").classList.toggle("off", !box.checked);
    redraw();
  };
  box.addEventListener("change", change);
  change();
}
for (const slider of all("[data-fade]")) {
  const change = () => {
    all(`[data-layer="${slider.dataset.fade}"]`).forEach((each) => { each.style.opacity = slider.value / 100; });
    slider.setAttribute("aria-valuetext", `${slider.value} per cent`);
  };
  slider.addEventListener("input", change);
  change();
}
