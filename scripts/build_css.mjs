// Builds static/dist: one style sheet, one script, the font files they name. Run by `npm run build`.
// Sources are read in the order in which they cascade; comments and leading blanks are dropped.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "static/dist");
const library = join(root, "node_modules/@digdir/designsystemet-css/dist/src");
const fonts = join(root, "node_modules/@fontsource-variable");

// The parts of the component library that the pages use.
const base = ["base", "heading", "label", "paragraph", "validation-message"];
const components = ["link", "button", "input", "field", "fieldset", "details", "table", "tag", "alert", "error-summary"];
// Ours: the ground first, then every other file of static/css by name, paper last.
const ground = ["tokens", "layout", "components"];
const apart = [...ground, "fonts", "theme", "print"];
const pieces = readdirSync(join(root, "static/css"))
  .map((name) => name.replace(/\.css$/, ""))
  .filter((name) => !apart.includes(name))
  .sort();
const own = [...ground, ...pieces, "print"];

const text = (path) => readFileSync(path, "utf8");
const layer = (name, parts) => `@layer ${name}{${parts.join("\n")}}`;
const library_part = (name) => text(join(library, `${name}.css`));
const own_part = (name) => text(join(root, "static/css", `${name}.css`));
const slim = (css) => css.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s+/gm, "").replace(/\n{2,}/g, "\n");

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, "fonts"), { recursive: true });

const css = [
  "@layer ds.theme, ds.base, ds.components;",
  slim(own_part("fonts")),
  slim(own_part("theme")),
  layer("ds.base", base.map(library_part)),
  layer("ds.components", components.map(library_part)),
  ...own.map((name) => slim(own_part(name))),
].join("\n");
writeFileSync(join(dist, "kenes.css"), css);

for (const [, file] of css.matchAll(/url\("fonts\/([\w.-]+)"\)/g)) {
  const family = file.match(/^(noto-(?:sans|serif))-/)[1];
  copyFileSync(join(fonts, family, "files", file), join(dist, "fonts", file));
}

// The proof of work runs beside the page, so that the page stays usable meanwhile.
copyFileSync(join(root, "node_modules/altcha/dist/workers/pbkdf2.js"), join(dist, "proof-worker.js"));

const scripts = readdirSync(join(root, "static/js")).filter((name) => name.endsWith(".js")).sort();
const js = scripts.map((name) => `(() => {\n${text(join(root, "static/js", name))}})();`).join("\n");
writeFileSync(join(dist, "kenes.js"), `"use strict";\n${js}\n`);

// Maps stand apart: only the pages that draw one load them. The library's own pictures are not used.
const maps = join(root, "node_modules/leaflet/dist");
const leaflet = text(join(maps, "leaflet.js")).replace(/\/\/# sourceMappingURL=.*/, "");
const drawing = text(join(root, "static/js/map/map.js"));
writeFileSync(join(dist, "map.js"), `${leaflet}\n(() => {\n"use strict";\n${drawing}})();\n`);
const plain = slim(text(join(maps, "leaflet.css"))).replace(/[^{}]*\{[^{}]*url\(images\/[^{}]*\}/g, "");
writeFileSync(join(dist, "map.css"), plain);
