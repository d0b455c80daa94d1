// Maps of places, drawn beside a list that says the same in words. A place is a button that opens a link; on forms
// a click, or Enter with the keyboard, puts the pin. Without this script the words and the coordinates remain.
const touched = matchMedia("(pointer: coarse)").matches;
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

const read = async (address) => {
  const answer = await fetch(address, { headers: { Accept: "application/geo+json" } });
  return answer.ok ? answer.json() : { type: "FeatureCollection", features: [] };
};

const words = (tag, text, language = "") => {
  const made = document.createElement(tag);
  made.textContent = text;
  if (language && language !== document.documentElement.lang) made.lang = language;
  return made;
};

const pin = (text, look) => L.divIcon({ className: `map__pin ${look}`, html: words("span", text), iconSize: [28, 28] });

const card = ({ number, title, language, word, place, cost, href }) => {
  const box = document.createElement("div");
  const name = words("p", "");
  const link = words("a", title, language);
  link.href = href;
  name.append(link);
  box.append(name, words("p", [`${number}`, word, cost, place].filter(Boolean).join(" · ")));
  return box;
};

const addPoints = (map, features, canvas, opens) => {
  const group = L.featureGroup();
  for (const { geometry, properties } of features) {
    const [longitude, latitude] = geometry.coordinates;
    const marker = L.marker([latitude, longitude], { icon: pin(properties.number, `is-${properties.stage}`), keyboard: opens, interactive: opens });
    marker.on("add", () => {
      const button = marker.getElement();
      if (opens) button.setAttribute("aria-label", `${properties.number}. ${properties.title}`);
      else button.setAttribute("aria-hidden", "true");
    });
    if (opens) {
      marker.bindPopup(() => card(properties), { minWidth: 200, maxWidth: 260 });
      marker.on("popupopen", ({ popup }) => {
        popup.getElement().querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", canvas.dataset.close);
        popup.getElement().querySelector("a[href]:not(.leaflet-popup-close-button)")?.focus({ preventScroll: true });
      });
      marker.on("popupclose", () => {
        if (canvas.contains(document.activeElement)) marker.getElement()?.focus({ preventScroll: true });
      });
    }
    group.addLayer(marker);
  }
  return group.addTo(map);
};

const addBoundaries = (map, data) =>
  L.geoJSON(data, {
    interactive: false,
    style: { className: "map__boundary" },
    pointToLayer: (feature, at) => L.circleMarker(at, { radius: 3, className: "map__boundary" }),
    onEachFeature: ({ properties }, layer) => {
      if (properties?.name) layer.bindTooltip(words("span", `${properties.name}`), { permanent: true, direction: "center", className: "map__name" });
    },
  }).addTo(map);

// The pin of a form: two inputs say where it is, whoever moves it.
const pick = (map, canvas) => {
  const fields = [canvas.dataset.latitude, canvas.dataset.longitude].map((id) => document.getElementById(id));
  let marker = null;
  const put = (at) => {
    marker ??= L.marker(at, { icon: pin("", "is-mine"), draggable: true, autoPan: true, keyboard: false }).on("dragend", () => write(marker.getLatLng()));
    marker.setLatLng(at).addTo(map);
  };
  const write = (at) => {
    const { lat, lng } = at.wrap();
    [lat, lng].forEach((degrees, place) => {
      fields[place].value = degrees.toFixed(6);
      fields[place].dispatchEvent(new Event("change", { bubbles: true }));
      fields[place].dispatchEvent(new Event("input", { bubbles: true }));
    });
  };
  const follow = () => {
    const [lat, lng] = fields.map(({ value }) => Number.parseFloat(value.replace(",", ".").replace("−", "-")));
    if (Math.abs(lat) <= 90 && Math.abs(lng) <= 180) put([lat, lng]);
    else marker?.remove();
  };
  for (const field of fields) field.addEventListener("input", follow);
  map.on("click", ({ latlng }) => write(latlng));
  canvas.addEventListener("keydown", (event) => {
    if (event.target !== canvas || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    write(map.getCenter());
  });
  follow();
  return () => marker?.getLatLng();
};

const draw = async (canvas) => {
  const { points, boundaries, box, tiles, attribution, at, latitude } = canvas.dataset;
  canvas.replaceChildren();
  canvas.hidden = false;
  const map = L.map(canvas, {
    zoomControl: false, attributionControl: false, scrollWheelZoom: false, maxZoom: 18, minZoom: 2,
    zoomAnimation: !calm, fadeAnimation: !calm, markerZoomAnimation: !calm, inertia: !calm,
  });
  L.control.zoom({ zoomInTitle: canvas.dataset.zoomIn, zoomOutTitle: canvas.dataset.zoomOut }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  if (tiles) L.tileLayer(tiles, { maxZoom: 18 }).addTo(map);
  if (attribution) L.control.attribution({ prefix: false }).addAttribution(attribution).addTo(map);
  // Whoever scrolls the page, with a wheel or a finger, is not caught by the map: it moves once it was chosen.
  const handlers = [map.scrollWheelZoom, ...(touched && !latitude ? [map.dragging] : [])];
  for (const handler of handlers) handler.disable();
  canvas.addEventListener("focusin", () => handlers.forEach((handler) => handler.enable()));
  canvas.addEventListener("focusout", () => handlers.forEach((handler) => handler.disable()));
  canvas.addEventListener("keydown", ({ key }) => key === "Escape" && map.closePopup());

  const sides = box ? box.split(",").map(Number) : [];
  const frame = sides.length === 4 ? L.latLngBounds([sides[1], sides[0]], [sides[3], sides[2]]) : L.latLngBounds([]);
  const found = L.latLngBounds([]);
  map.setView([20, 10], 2, { animate: false });
  const [drawn, features] = await Promise.all([boundaries ? read(boundaries) : null, points ? read(points) : null]);
  if (drawn) found.extend(addBoundaries(map, drawn).getBounds());
  if (features) found.extend(addPoints(map, features.features, canvas, !latitude).getBounds());
  const seen = frame.isValid() ? frame : found;
  if (seen.isValid()) map.fitBounds(seen, { padding: [24, 24], maxZoom: 16, animate: false });
  if (at) {
    const place = at.split(",").map(Number);
    L.marker(place, { icon: pin("", "is-mine"), keyboard: false, interactive: false }).addTo(map).getElement().setAttribute("aria-hidden", "true");
    if (!seen.isValid() || tiles) map.setView(place, 15, { animate: false });
  }
  if (latitude) {
    const where = pick(map, canvas)();
    if (where && !(seen.isValid() && seen.contains(where))) map.setView(where, 15, { animate: false });
  }
  canvas.dataset.ready = "true";
};

for (const canvas of document.querySelectorAll("[data-map]")) draw(canvas);
