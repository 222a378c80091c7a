// This browser's key: the half of its credential that, unlike the cookie, no other port of this machine is ever sent. Storage is of one origin, port included.

export class OwnKey {
  readonly #name = 'copaw.key';
  /** Where storage is refused: until the page is closed. */
  #held = '';

  /** For every request. Storage goes first: another tab may have logged in again. */
  headers(): Record<string, string> {
    const key = this.#stored() || this.#held;
    return key === '' ? {} : { 'x-copaw-key': key };
  }

  /** Tells one login from another: enough of the key for that, and too little to be of use. */
  login(): string {
    return (this.headers()['x-copaw-key'] ?? '').slice(0, 8);
  }

  keep(key: string): void {
    this.#held = key;
    try {
      localStorage.setItem(this.#name, key);
    } catch {
      this.#forget();
    }
  }

  /** Whether this browser lets the page keep a key at all. */
  kept(): boolean {
    const probe = `${this.#name}.probe`;
    try {
      localStorage.setItem(probe, '1');
      localStorage.removeItem(probe);
      return true;
    } catch {
      return false;
    }
  }

  #stored(): string {
    try {
      return localStorage.getItem(this.#name) ?? '';
    } catch {
      return '';
    }
  }

  /** A full disk refuses a new key and still shows the old one, which is worth nothing now. */
  #forget(): void {
    try {
      localStorage.removeItem(this.#name);
    } catch {
      // nothing is stored then
    }
  }
}

export const ownKey = new OwnKey();
