// --- zones

const zones = new Map(facts.zones.map((zone) => [zone.id, zone]));
const ruler = document.createElement("canvas").getContext("2d");
for (const zone of facts.zones) {
  zone.shape = new Path2D(one(zone.id).getAttribute("d"));
  zone.group = document.querySelector(`g[data-layer="${zone.layer}"]`);
}
const zonesAt = (at) => facts.zones.filter((zone) => !zone.group.hasAttribute("display") && ruler.isPointInPath(zone.shape, at.right, at.down, "evenodd"));

const light = (zone) => {
  const lit = one("lit");
  show(lit, zone);
  if (!zone) { one("tip").hidden = true; return; }
  lit.setAttribute("href", `#${zone.id}`);
  const corner = spot((zone.bounds[0] + zone.bounds[2]) / 2, zone.bounds[1]);
  label(zone.name, corner.x, corner.y);
};
const label = (words, x, y) => {
  const tip = one("tip");
  tip.textContent = words;
  tip.hidden = !words;
  tip.style.left = `${between(x + 12, 4, Math.max(4, size.width - tip.offsetWidth - 4))}px`;
  tip.style.top = `${between(y - 30, 24, Math.max(24, size.height - 60))}px`;
};
for (const button of all("button[data-zone]")) {
  const zone = zones.get(button.dataset.zone);
  const on = () => light(zone), off = () => light(null);
  button.addEventListener("pointerenter", on);
  button.addEventListener("focus", on);
  button.addEventListener("pointerleave", off);
  button.addEventListener("blur", off);
  button.addEventListener("click", () => { fit(zone.bounds); requestAnimationFrame(() => light(zone)); });
}

// --- what lies beneath

const point = (at, named) => {
  pointed = at && { x: at.x, y: at.y };
  if (at) one("cross").hidden = true;
  const names = at && named && !held.size ? zonesAt(place(at.x, at.y)).filter((zone) => !zone.whole).map((zone) => zone.name) : [];
  label(names.join(" · "), at ? at.x : 0, at ? at.y : 0);
  redraw();
};

// A raster's codes, found again by colour; empty where the browser does not let a page read pixels.
const codes = new Map();
const codesOf = (layer, number) => {
  const key = `${layer}/${number}`;
  if (codes.has(key)) return codes.get(key);
  codes.set(key, null);
  const element = groups[number].querySelector(`[data-layer="${layer}"]`);
  if (!element) return null;
  const picture = new Image();
  picture.onload = () => { codes.set(key, decoded(picture, facts.values[layer].colours)); redraw(); };
  picture.src = element.getAttribute("href");
  return null;
};
const decoded = (picture, colours) => {
  const canvas = document.createElement("canvas");
  canvas.width = picture.naturalWidth; canvas.height = picture.naturalHeight;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(picture, 0, 0);
  const found = context.getImageData(0, 0, canvas.width, canvas.height).data;
  const known = new Map(colours.map(([red, green, blue], code) => [(red << 16) | (green << 8) | blue, code]));
  const values = new Int16Array(canvas.width * canvas.height).fill(-1);
  for (let at = 0; at < values.length; at += 1) {
    const four = 4 * at, code = known.get((found[four] << 16) | (found[four + 1] << 8) | found[four + 2]);
    if (found[four + 3] === 255 && code !== undefined) values[at] = code;
  }
  return { values, width: canvas.width, height: canvas.height };
};
const valuesAt = (at, number) => Object.keys(facts.values).map((layer) => {
  const raster = codesOf(layer, number);
  if (!raster) return "";
  const column = Math.floor(at.right / facts.width * raster.width), row = Math.floor(at.down / facts.height * raster.height);
  if (column < 0 || row < 0 || column >= raster.width || row >= raster.height) return "";
  const words = facts.values[layer].words[raster.values[row * raster.width + column]];
  if (words) return `${facts.values[layer].title} ${words}`;
  return layer === "landcover" && at.inside ? "Land cover not seen" : "";
}).filter(Boolean).join(" · ") || "–";

const degrees = (at) => {
  const table = facts.places;
  const across = between(at.right / facts.width, 0, 1) * (table.cols - 1), along = between(at.down / facts.height, 0, 1) * (table.rows - 1);
  const column = Math.min(Math.floor(across), table.cols - 2), row = Math.min(Math.floor(along), table.rows - 2);
  const x = across - column, y = along - row, first = row * table.cols + column;
  const mix = (list) => (list[first] * (1 - x) + list[first + 1] * x) * (1 - y) + (list[first + table.cols] * (1 - x) + list[first + table.cols + 1] * x) * y;
  return [mix(table.longitudes), mix(table.latitudes)];
};
const angle = (value, positive, negative) => `${Math.abs(value).toFixed(5)}° ${value < 0 ? negative : positive}`;
const written = (at) => {
  const [longitude, latitude] = degrees(at);
  return `${angle(latitude, "N", "S")}, ${angle(((longitude + 540) % 360) - 180, "E", "W")}`;
};

const target = () => {
  if (!pointed && one("cross").hidden) return null;
  const at = pointed ? place(pointed.x, pointed.y) : place(size.width / 2, size.height / 2);
  const off = at.right < 0 || at.down < 0 || at.right > facts.width || at.down > facts.height;
  if (off) return null;
  at.inside = facts.zones.some((zone) => zone.whole && ruler.isPointInPath(zone.shape, at.right, at.down, "evenodd"));
  return at;
};
const read = () => {
  const at = target();
  one("where").textContent = at ? written(at) : "–";
  one("in").textContent = at ? zonesAt(at).map((zone) => zone.told).join(" · ") || "no zone" : "–";
  row("was-before", chosen.before, at, many && chosen.before !== chosen.after);
  row("was-after", chosen.after, at, true);
};
const row = (id, number, at, yes) => {
  const element = one(id);
  element.hidden = !yes;
  element.firstElementChild.textContent = facts.epochs[number];
  element.lastElementChild.textContent = at ? valuesAt(at, number) : "–";
};
const sentence = () => {
  if (!target()) return "Outside the map.";
  return all("#reading > div").filter((each) => !each.hidden).map((each) => `${each.firstElementChild.textContent}: ${each.lastElementChild.textContent}`).join(". ");
};

// --- start

let paper = null;
const measure = () => { size.width = Math.max(1, map.clientWidth); size.height = Math.max(1, map.clientHeight); };
measure();
fit(facts.start);
epochs();
new ResizeObserver(() => { if (!paper) { measure(); redraw(); } }).observe(map);

// --- paper: a frame of fixed size, so that picture and scale bar are drawn for it and not for the screen

window.addEventListener("beforeprint", () => {
  paper = { metres: view.metres };
  const wide = size.width, tall = size.height;
  document.body.classList.add("printing");
  measure();
  view.metres *= Math.max(wide / size.width, tall / size.height);
  draw();
});
window.addEventListener("afterprint", () => {
  document.body.classList.remove("printing");
  view.metres = paper.metres;
  paper = null;
  measure();
  redraw();
});
