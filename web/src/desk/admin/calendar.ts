interface Day {
  date: string;
  name: string;
}

/** One day a line: its date and its name. */
export const linesOf = (days: Day[] | undefined) =>
  (days ?? []).map(({ date, name }) => `${date} ${name}`).join("\n");

/** The same back; a line that names no holiday is sent as it stands and refused by the server. */
export const daysOf = (text: unknown): Day[] =>
  String(text ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => {
      const [date = "", ...name] = line.split(/[\s,]+/);
      return { date, name: name.join(" ") };
    });
