/** The whole country keeps one time; a due date is a date there, wherever the reader is. */
const zone = "Asia/Shanghai";
const day = 86_400_000;

// A cheap phone's clock may be days off; what is late is told by the server's.
let serverAhead = 0;

export function noteServerTime(header: string | null) {
  const at = header ? Date.parse(header) : Number.NaN;
  const off = at - Date.now();
  if (Math.abs(off) > 60_000) serverAhead = off;
}

export const now = () => new Date(Date.now() + serverAhead);

/** Made when first needed, then kept: making one costs a slow phone more than a hundred uses of it. */
let localDate: Intl.DateTimeFormat | undefined;

/** The local date of an instant, as YYYY-MM-DD. */
export function dateOf(instant: string | Date): string {
  localDate ??= new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  return localDate.format(new Date(instant));
}

export const today = () => dateOf(now());

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * day).toISOString().slice(0, 10);
}

/** Calendar days from one local date to another; negative when it lies before. */
export function daysBetween(from: string, until: string): number {
  return Math.round((Date.parse(until) - Date.parse(from)) / day);
}

/** Calendar days until the local date of an instant: 0 is today, negative is late. */
export function daysLeft(due: string, at: Date = now()): number {
  return daysBetween(dateOf(at), dateOf(due));
}

const isDate = (value: string) => value.length === 10;

/** 2026年11月21日 or 21 November 2026. Takes a date or an instant. */
export function showDate(value: string, language: string): string {
  return new Intl.DateTimeFormat(language, {
    timeZone: isDate(value) ? "UTC" : zone,
    dateStyle: "long",
  }).format(new Date(value));
}

/** The same with the day of the week, for dates to keep in mind. */
export function showDay(value: string, language: string): string {
  return new Intl.DateTimeFormat(language, {
    timeZone: isDate(value) ? "UTC" : zone,
    dateStyle: "full",
  }).format(new Date(value));
}

/** 11月23日 周一: short, for lists of days. */
export function showWeekday(value: string, language: string): string {
  return new Intl.DateTimeFormat(language, {
    timeZone: isDate(value) ? "UTC" : zone,
    month: "short",
    day: "numeric",
    weekday: "short",
  }).format(new Date(value));
}

export function showInstant(value: string, language: string): string {
  return new Intl.DateTimeFormat(language, {
    timeZone: zone,
    dateStyle: "long",
    timeStyle: "short",
    hourCycle: "h23",
  }).format(new Date(value));
}

export interface DateParts {
  year: string;
  month: string;
  day: string;
}

/** The date three fields name, or undefined when there is no such day. */
export function joinDate(parts: DateParts): string | undefined {
  const [year, month, date] = [parts.year, parts.month, parts.day].map((part) =>
    part.trim(),
  );
  if (!/^\d{4}$/.test(year ?? "") || !/^\d{1,2}$/.test(month ?? ""))
    return undefined;
  if (!/^\d{1,2}$/.test(date ?? "")) return undefined;
  const joined = `${year}-${month?.padStart(2, "0")}-${date?.padStart(2, "0")}`;
  const real = new Date(`${joined}T00:00:00Z`);
  return !Number.isNaN(real.getTime()) && real.toISOString().startsWith(joined)
    ? joined
    : undefined;
}

export function splitDate(date: string): DateParts {
  const [year = "", month = "", day = ""] = date.split("-");
  return { year, month: month.replace(/^0/, ""), day: day.replace(/^0/, "") };
}
