import { mount } from "svelte";
import { loadPrint } from "../lib/print.svelte";
import { startRouter } from "../lib/router.svelte";
import { whenSignedOut } from "../lib/api";
import { loadWords } from "../lib/words.svelte";
import App from "./App.svelte";
import { inside, wordsOfField } from "./inside";
import { standingNow, start } from "./session.svelte";
import { watchVersions } from "./version.svelte";
import "../styles/all.css";
import "../styles/dialog.css";
import "../styles/desk.css";
import "../styles/desk-print.css";
import "../styles/field-app.css";

const app = document.getElementById("app");
if (!app) throw new Error("The page has no place for the application.");

document.documentElement.dataset.app = "field";
loadPrint();
startRouter((path) => /^\/field(\/|$)/.test(path));
// A round says so in the bar; nobody is thrown out of what they are writing.
whenSignedOut(() => {});
// The PIN is asked for at once; what is behind it comes while it is typed.
void Promise.all([loadWords(wordsOfField), start()]).then(async () => {
  if (standingNow() !== "pin") await inside();
  mount(App, { target: app });
  requestAnimationFrame(() => setTimeout(() => void inside()));
});
watchVersions();
