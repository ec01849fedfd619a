/** How each kind of user authorises, in Markdown: the beginning of the page `/docs`. What works for every user comes first. */
export const HOW_TO_AUTHORISE = `## How to authorise

1. **Everybody: an API token.** Create one under [Security](/account/security/tokens/new) and paste it at *Authorize*, \`bearer\`.
   It works with any second step, for what its scopes allow. Routes that ask for a recent confirmation refuse it.
2. **You have an authenticator app:** at *Authorize*, \`password\`, type your username, and your password with the six digits appended.
3. **You have a passkey and no app:** use an API token, or [sign in](/sign-in) in this browser first; this page then sends your session
   with each request. \`POST /token\` cannot take a passkey and answers \`sign_in.second_factor_elsewhere\`. Programs send a passkey to
   \`POST /attempts/passkey\`.
4. **You have no second step yet:** [sign in](/sign-in) and set one up. Until then, where one is required, \`POST /token\` answers
   \`sign_in.enrolment_needed\`.
`
