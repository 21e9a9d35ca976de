/** Whether a host name, as in `location.hostname`, leads to the machine itself and nowhere else. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(hostname);
}
