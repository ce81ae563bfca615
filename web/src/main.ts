import { mount } from "svelte";
import { loadPrint } from "./lib/print.svelte";
import { startRouter } from "./lib/router.svelte";
import { loadWords } from "./lib/words.svelte";
import App from "./resident/App.svelte";
import "./styles/all.css";
import "./styles/resident.css";

const app = document.getElementById("app");
if (!app) throw new Error("The page has no place for the application.");

loadPrint();
startRouter((path) => !/^\/(desk|api)(\/|$)/.test(path));
void loadWords().then(() => mount(App, { target: app }));
