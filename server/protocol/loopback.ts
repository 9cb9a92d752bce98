/** Addresses by which a machine reaches itself alone. */

/** @param host a name or an address, one of IPv6 in brackets or not. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}
