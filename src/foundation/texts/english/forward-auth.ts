// Sentences for requests of protected hosts, which a reverse proxy lets this server authorize. The first are answered as plain text.
export const forwardAuth = {
  refused: {
    host_not_proxied: 'This request didn’t come through a proxy that this server trusts.',
    host_headers: 'This server can’t read what the proxy says about the request.',
    host_unknown: 'This host isn’t registered. Tell your admin which address you wanted to open.',
    host_http: 'Open this host with https.',
    host_malformed: 'This path can’t be opened.',
    host_ambiguous:
      'This path can be read in different ways, for which different rules apply. Write it in its plain form.',
    host_rule: 'You may not open this. Ask your admin if you need it.',
    host_token: 'This can’t be opened with an API token. Open it in a browser.',
    host_circle: 'You signed in, but this still asks for more. Ask your admin.',
  },
  signIn: 'Sign in first.',
  wrongToken: 'This token doesn’t open this host.',
  crossOrigin: 'This request came from another site. Nothing was changed.',
  /** A page without a style, under the name of the host. */
  formLost: {
    title: 'You were signed out',
    text: 'Your sign-in ended before this form was sent, so nothing was saved. Go back in the browser to copy what you typed, or sign in and fill the form in again.',
    link: 'Sign in',
  },
  cookiesBlocked: {
    title: 'This browser keeps no cookies here',
    text: 'Signing in worked, but this browser didn’t keep the cookie of this host. Allow cookies for this host, then try again.',
    link: 'Try again',
  },
  /** A page of this server. */
  unknown: { title: 'We don’t know this host' },
  /** Neither roles nor groups are named. */
  notAllowed: {
    title: (host: string) => `You can’t open ${host}`,
    text: 'Your account can’t open anything there. If you need it, ask an admin.',
  },
  unmet: { addThen: 'Add it first, then open the page again.' },
}
