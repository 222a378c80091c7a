// Hands a file to the browser, which puts it where downloads go.

export function saveFile(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser has taken it by the time the page is idle again; until then the address must stay.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
