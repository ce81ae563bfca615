import type { Connect, Plugin } from "vite";

/** The policy the real server sends; the preview sends it too, so that tests meet it. */
const policy =
  "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** As the real server does: an unknown path opens the entry it belongs to. */
const toEntry: Connect.NextHandleFunction = (request, _response, next) => {
  const path = (request.url ?? "/").split("?")[0] ?? "/";
  const isPage =
    !path.startsWith("/api/") && !/\.\w+$|^\/(@|src|node_modules)/.test(path);
  if (isPage) {
    const [, entry] = /^\/(desk|field)(\/|$)/.exec(path) ?? [];
    request.url = entry ? `/${entry}/index.html` : "/index.html";
  }
  next();
};

export function fallback(): Plugin {
  return {
    name: "huiyin-fallback",
    configureServer(server) {
      server.middlewares.use(toEntry);
    },
    configurePreviewServer(server) {
      server.middlewares.use((_request, response, next) => {
        response.setHeader("Content-Security-Policy", policy);
        next();
      });
      server.middlewares.use(toEntry);
    },
  };
}
