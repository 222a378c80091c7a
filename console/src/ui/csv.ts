// A table as CSV (RFC 4180). What a spreadsheet would run as a formula is marked as text.

export function toCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map(field).join(',')).join('\r\n');
}

/** Also the wide signs of East Asian keyboards, which some spreadsheets take for the narrow ones. */
const formula = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/u;
const number = /^[+-]?\d[\d.,]*(?:e[+-]?\d+)?%?$/iu;

function field(text: string): string {
  const plain = formula.test(text) && !number.test(text) ? `'${text}` : text;
  // Semicolons and tabs too: where a spreadsheet cuts at those, what follows one would begin a cell.
  return /[",;\t\r\n]/u.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
