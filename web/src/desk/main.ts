import { mount } from "svelte";
import { loadPrint } from "../lib/print.svelte";
import { startRouter } from "../lib/router.svelte";
import { loadWords } from "../lib/words.svelte";
import App from "./App.svelte";
import "../styles/all.css";
import "../styles/dialog.css";
import "../styles/desk.css";

const app = document.getElementById("app");
if (!app) throw new Error("The page has no place for the application.");

document.documentElement.dataset.app = "desk";
loadPrint();
startRouter((path) => /^\/desk(\/|$)/.test(path));
void loadWords({
  "zh-CN": () => import("../words/desk.zh-CN.json"),
  en: () => import("../words/desk.en.json"),
}).then(() => mount(App, { target: app }));
