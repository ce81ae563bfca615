import { mount } from "svelte";
import { loadPrint } from "../lib/print.svelte";
import { startRouter } from "../lib/router.svelte";
import { aboutDevice, aboutHousehold, loadWords } from "../lib/words.svelte";
import App from "./App.svelte";
import { loadSession, watchSession } from "./session.svelte";
import "../styles/all.css";
import "../styles/dialog.css";
import "../styles/desk.css";
import "../styles/desk-print.css";

const app = document.getElementById("app");
if (!app) throw new Error("The page has no place for the application.");

document.documentElement.dataset.app = "desk";
loadPrint();
watchSession();
startRouter((path) => /^\/desk(\/|$)/.test(path));
const words = loadWords(
  {
    "zh-CN": () => import("../words/desk.zh-CN.json"),
    en: () => import("../words/desk.en.json"),
  },
  aboutDevice,
  aboutHousehold,
);
void Promise.all([words, loadSession()]).then(() =>
  mount(App, { target: app }),
);
