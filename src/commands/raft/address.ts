import type { HostPort } from '../local.ts';

const MAX_HOST_BYTES = 255;
const MAX_PORT = 65535;

/**
 * `host:port`, parted at the last colon, so that an IPv6 address needs no brackets. The host is cut
 * to 255 bytes and may be empty. Undefined if there is no port from 1 to 65535.
 */
export function parseAddress(text: string): HostPort | undefined {
  const colon = text.lastIndexOf(':');
  if (colon === -1) return undefined;
  const digits = text.slice(colon + 1);
  if (!/^[0-9]{1,5}$/.test(digits)) return undefined;
  const port = Number(digits);
  if (port < 1 || port > MAX_PORT) return undefined;
  return { host: text.slice(0, Math.min(colon, MAX_HOST_BYTES)), port };
}
