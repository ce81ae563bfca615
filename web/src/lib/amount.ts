/** Money from fen; the fen are shown only when there are some. */
export function showMoney(fen: number, language: string): string {
  return new Intl.NumberFormat(language, {
    style: "currency",
    currency: "CNY",
    minimumFractionDigits: fen % 100 === 0 ? 0 : 2,
  }).format(fen / 100);
}

const squareMetresPerMu = 10_000 / 15;

/** Land in mu, as people speak of it; kept in square metres. */
export function showMu(squareMetres: number, language: string): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(
    squareMetres / squareMetresPerMu,
  );
}

export const toSquareMetres = (mu: number) =>
  Math.round(mu * squareMetresPerMu);

export const showCount = (count: number, language: string) =>
  new Intl.NumberFormat(language).format(count);

/** A share as it can be checked: one decimal, rounded as by hand. */
export const showShare = (share: number, language: string) =>
  new Intl.NumberFormat(language, {
    style: "percent",
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(share);
