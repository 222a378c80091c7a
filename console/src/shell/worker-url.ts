// The one Trusted Types policy of the console: it returns the constant URL of the service worker and nothing else.

const url = '/service-worker.js';

interface Policy {
  createScriptURL(asked: string): string;
}
interface Policies {
  createPolicy(name: string, rules: Policy): Policy;
}

class WorkerUrl {
  /** Made once: the server allows no second policy of this name. */
  #policy: Policy | undefined;

  /** What `register` takes: a trusted URL where the browser knows such, else the text. */
  trusted(): string {
    const policies = (globalThis as { readonly trustedTypes?: Policies }).trustedTypes;
    if (!policies) return url;
    this.#policy ??= policies.createPolicy('copaw', {
      createScriptURL(asked) {
        if (asked === url) return asked;
        throw new TypeError(`${asked} is no worker of the console.`);
      },
    });
    return this.#policy.createScriptURL(url);
  }
}

export const workerUrl = new WorkerUrl();
