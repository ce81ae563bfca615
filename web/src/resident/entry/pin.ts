const isRun = (pin: string) =>
  "01234567890123456789".includes(pin) || "98765432109876543210".includes(pin);

/** What is wrong with a PIN somebody chose; undefined when nothing is. */
export function pinFault(pin: string): string | undefined {
  if (pin === "") return "required";
  if (!/^[0-9]{6,12}$/.test(pin)) return "not_a_pin";
  if (/^(\d)\1+$/.test(pin) || isRun(pin)) return "too_easy";
  return undefined;
}
