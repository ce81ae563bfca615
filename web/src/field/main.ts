import { mount } from "svelte";
import { loadPrint } from "../lib/print.svelte";
import { startRouter } from "../lib/router.svelte";
import { whenSignedOut } from "../lib/api";
import { aboutDevice, aboutHousehold, loadWords } from "../lib/words.svelte";
import App from "./App.svelte";
import { start } from "./session.svelte";
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
const words = loadWords(
  {
    "zh-CN": () => import("../words/desk.zh-CN.json"),
    en: () => import("../words/desk.en.json"),
  },
  {
    "zh-CN": () => import("../words/field.zh-CN.json"),
    en: () => import("../words/field.en.json"),
  },
  aboutDevice,
  aboutHousehold,
);
void Promise.all([words, start()]).then(() => mount(App, { target: app }));
watchVersions();
