import { test } from "@playwright/test";
import { readFileSync } from "node:fs";
import { join } from "node:path";

interface Accounts {
  officers: {
    login: string;
    password: string;
    role: string;
    name: string;
    unit_id: string;
  }[];
  residents: {
    card_number: string;
    pin: string;
    household_id: string;
    officer_login: string;
    head_name: string;
  }[];
  cards_to_activate?: { card_number: string; first_code: string }[];
}

/** The county that a story is told in when it names none: phones have one of their own. */
const told = () =>
  test.info().project.name === "phones" ? ".phones" : ".live";

/** Who can sign in to a demo county. Read when needed: the county is made as the tests start. */
export const accounts = (folder = told()): Accounts =>
  JSON.parse(
    readFileSync(
      join(import.meta.dirname, "../..", folder, "accounts.json"),
      "utf8",
    ),
  ) as Accounts;
