import type { Answer } from './answers';

/** Where the page is, and where its form goes. */
export const signInPath = '/device';

/**
 * The page on which a person approves a device code. What it does needs two secrets that no other web page knows, the code
 * that the AWS CLI printed and a password from a file of the user, and a POST: an address alone approves nothing.
 * @param notice what came of the form, or what is wrong with it
 */
export function signInPage(userCode: string, notice = '', isDone = false): Answer {
  const form = `<form method="post" action="${signInPath}">
<p><label>Code, as the AWS CLI shows it <input name="user_code" value="${codeOnly(userCode)}" required autocomplete="off"></label></p>
<p><label>Password <input name="password" type="password" required autocomplete="off"></label></p>
<p>It stands beside the sso-session in the configuration file that Local Glue wrote.</p>
<p><button>Allow access</button></p>
</form>`;
  return {
    status: notice === '' || isDone ? 200 : 403,
    contentType: 'text/html; charset=utf-8',
    headers: {
      'cache-control': 'no-store',
      // A page that gave no referrer would send its form with the Origin "null", like a stranger's.
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'content-security-policy':
        "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    },
    body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Local Glue: sign in</title>
<h1>Local Glue: sign in</h1>
<p role="status">${notice}</p>
${isDone ? '' : form}
</html>`,
  };
}

/** The code is the one thing of the address that comes onto the page. */
function codeOnly(text: string): string {
  return /^[A-Z]{4}-[A-Z]{4}$/.test(text) ? text : '';
}
