/**
 * The field app's own worker. It keeps exactly the files of the field entry, as they were built
 * together, and answers only for these and for the app's pages; everything else, and every question to
 * the server, goes its way untouched. A new version waits until the page says that it may take over.
 */
const worker = self as unknown as ServiceWorkerGlobalScope;
/** Put in at build (tools/worker.ts): every file of the entry, and a name for exactly this set. */
declare const files: string[];
declare const version: string;

const page = "/field/index.html";
const prefix = "field-";
const mine = prefix + version;

worker.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(mine)
      // Not from the browser's own cache: a page and its parts must be of one build.
      .then((cache) =>
        cache.addAll(
          files.map((file) => new Request(file, { cache: "reload" })),
        ),
      ),
  );
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(
          names
            .filter((name) => name.startsWith(prefix) && name !== mine)
            .map((name) => caches.delete(name)),
        ),
      )
      .then(() => worker.clients.claim()),
  );
});

worker.addEventListener("message", (event) => {
  if (event.data === "take") void worker.skipWaiting();
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const isPage =
    request.mode === "navigate" && /^\/field(\/|$)/.test(url.pathname);
  const file = isPage ? page : url.pathname;
  if (!isPage && !files.includes(file)) return;
  event.respondWith(
    caches
      .open(mine)
      .then((cache) => cache.match(file))
      // Only where the browser threw the cache away.
      .then((kept) => kept ?? fetch(request)),
  );
});
