/**
 * The version of the app this phone has. A newer one is fetched whole beside it and waits; it takes over
 * when the officer says so, and never while a form is open in any tab: a form and its parts are of one
 * version. What is unsent is in the database, which every version reads.
 */
const formLock = "huiyin-field-form";

let waiting = $state.raw<ServiceWorker | undefined>();
let formsOpen = 0;

/** Whether a newer version is there to be taken. */
export const isNewer = () => waiting !== undefined;

export function watchVersions() {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  const { serviceWorker } = navigator;
  // The very first worker takes a page that had none: nothing to load anew.
  let hadOne = serviceWorker.controller !== null;
  serviceWorker.addEventListener("controllerchange", () => {
    if (hadOne && formsOpen === 0) location.reload();
    hadOne = true;
  });
  void serviceWorker
    .register("/field/sw.js", { scope: "/field/", updateViaCache: "none" })
    .then((registration) => {
      const look = () => (waiting = registration.waiting ?? undefined);
      look();
      registration.addEventListener("updatefound", () =>
        registration.installing?.addEventListener("statechange", look),
      );
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "visible" && navigator.onLine)
          void registration.update().catch(() => {});
      });
    })
    // Without a worker the app works while there is a network.
    .catch(() => {});
}

/** False while a form is open somewhere: it is to be finished or left first. */
export async function takeNewer(): Promise<boolean> {
  if (formsOpen > 0) return false;
  const locks = navigator.locks as LockManager | undefined;
  const take = () => {
    waiting?.postMessage("take");
    return true;
  };
  if (!locks) return take();
  return locks.request(formLock, { ifAvailable: true }, (lock) =>
    lock ? take() : false,
  );
}

/** Says that a form is open, to every tab. Returns how to say that it is not any more. */
export function openForm(): () => void {
  formsOpen += 1;
  let end: () => void = () => {};
  const open = new Promise<void>((wake) => (end = wake));
  const locks = navigator.locks as LockManager | undefined;
  void locks?.request(formLock, { mode: "shared" }, () => open);
  return () => {
    formsOpen -= 1;
    end();
  };
}
