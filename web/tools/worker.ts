import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import type { Plugin, Rollup } from "vite";

const root = join(import.meta.dirname, "..");
const page = "field/index.html";
const source = join(root, "worker/sw.ts");

type Chunk = Rollup.OutputChunk & {
  viteMetadata?: { importedCss: Set<string>; importedAssets: Set<string> };
};

/** Every file that the entry needs, now or later, and nothing of the other entries. */
function filesOf(bundle: Rollup.OutputBundle): Set<string> {
  const files = new Set<string>();
  const visit = (name: string) => {
    const chunk = bundle[name] as Chunk | undefined;
    if (!chunk || files.has(name)) return;
    files.add(name);
    if (chunk.type !== "chunk") return;
    for (const next of [...chunk.imports, ...chunk.dynamicImports]) visit(next);
    const { importedCss = [], importedAssets = [] } = chunk.viteMetadata ?? {};
    for (const next of [...importedCss, ...importedAssets]) files.add(next);
  };
  for (const chunk of Object.values(bundle))
    if (chunk.type === "chunk" && chunk.isEntry && chunk.name === "field")
      visit(chunk.fileName);
  return files;
}

/** Makes /field/sw.js: the worker's own text with the list of files it keeps put before it. */
export function worker(): Plugin {
  return {
    name: "huiyin-worker",
    apply: "build",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const built = filesOf(bundle);
        if (built.size === 0) this.error("there is no field entry");
        const own = readdirSync(join(root, "public/field")).map(
          (name) => `field/${name}`,
        );
        const digest = createHash("sha256");
        const add = (name: string, bytes: string | Uint8Array) =>
          digest.update(`${name}\n`).update(bytes);
        const all = [page, "favicon.svg", ...own, ...built].sort();
        for (const name of all) {
          const made = bundle[name];
          if (made?.type === "chunk") add(name, made.code);
          else if (made) add(name, made.source);
          else add(name, readFileSync(join(root, "public", name)));
        }
        const text = ts.transpileModule(readFileSync(source, "utf8"), {
          compilerOptions: {
            target: ts.ScriptTarget.ES2020,
            removeComments: true,
          },
        }).outputText;
        digest.update(text);
        const facts =
          `const files = ${JSON.stringify(all.map((name) => `/${name}`))};\n` +
          `const version = ${JSON.stringify(digest.digest("hex").slice(0, 16))};\n`;
        this.emitFile({
          type: "asset",
          fileName: "field/sw.js",
          source: facts + text,
        });
      },
    },
  };
}
