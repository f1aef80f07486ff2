/** Digits, and a point among them: what JavaScript also reads as a number (`0x10`, an empty text) says nothing. */
const DECIMAL = /^\d+(\.\d+)?$/;

/**
 * What a header says as a number, which is finite and not negative; undefined if it says nothing that can be used.
 * @param headers names in lower case
 */
export function headerNumber(headers: Readonly<Record<string, string>>, name: string): number | undefined {
  const value = headers[name]?.trim() ?? '';
  const number = DECIMAL.test(value) ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}
