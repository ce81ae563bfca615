/** Whether it is a time of day such as 9:30. */
export const isTime = (text: string) =>
  /^([01]?\d|2[0-3])[:：][0-5]\d$/.test(text.trim());

/** The instant of a local day and time; the whole country keeps one time. */
export const instantOf = (date: string, time: string) =>
  new Date(
    `${date}T${time.trim().replace("：", ":").padStart(5, "0")}:00+08:00`,
  ).toISOString();
