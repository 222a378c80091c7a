// Why a TLS connection was not made, in words: what is wrong with the certificate of the other side, and what helps.
import { systemCode } from './system-error.ts';

export interface CertificateFault {
  readonly message: string;
  readonly next: string;
}

const unsigned = {
  said: 'is signed by nobody that CoPaw trusts',
  next: 'Have it signed by a public authority, or start CoPaw with NODE_EXTRA_CA_CERTS naming the file of your own authority.',
};
const date = { said: 'is not valid today', next: 'Renew it, or set the clock right.' };
const faults: Readonly<Record<string, { readonly said: string; readonly next: string }>> = {
  ERR_TLS_CERT_ALTNAME_INVALID: { said: 'is for another name', next: 'Give the name that it was made for.' },
  ...{ DEPTH_ZERO_SELF_SIGNED_CERT: unsigned, SELF_SIGNED_CERT_IN_CHAIN: unsigned, UNABLE_TO_VERIFY_LEAF_SIGNATURE: unsigned },
  ...{ UNABLE_TO_GET_ISSUER_CERT: unsigned, UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unsigned, CERT_UNTRUSTED: unsigned },
  ...{ CERT_HAS_EXPIRED: date, CERT_NOT_YET_VALID: date },
};

/** Of the error, or of what caused it; undefined where no certificate was the reason. */
export function certificateFault(error: unknown, host: string): CertificateFault | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const fault = faults[systemCode(cause) ?? ''];
    if (fault) return { message: `The certificate of ${host} ${fault.said}. Nothing was sent.`, next: fault.next };
  }
  return undefined;
}
