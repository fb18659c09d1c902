import { SaidError } from './errors';
import { sentence } from './sentence';

/**
 * The address of a Spark UI as it may be opened: a page, not whatever else an endpoint might have this machine open. One
 * on this machine, which need not be encrypted, is taken from an endpoint on this machine alone.
 * @param endpoint what told the address; undefined: AWS
 * @throws Error when it is none
 */
export function dashboardPage(url: string, endpoint: string | undefined): string {
  const isPage =
    URL.canParse(url) &&
    (new URL(url).protocol === 'https:' || (isOnLoopback(url) && isOnLoopback(endpoint)));
  if (!isPage)
    throw new SaidError(
      sentence('The address that came for the Spark UI is no https page, so it was not opened.'),
    );
  return url;
}

/** Whether it is a page that this machine serves to itself. */
export function isOnLoopback(url: string | undefined): boolean {
  if (url === undefined || !URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])$/.test(hostname);
}
