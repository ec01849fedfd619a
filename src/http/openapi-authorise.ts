/** How each kind of user gets in: the first thing the page `/docs` says, in Markdown. What works for everybody stands first. */
export const HOW_TO_AUTHORISE = `## How to authorise

1. **Everybody: an API token.** Create one under [Security](/account/security/tokens/new) and paste it at *Authorize*, \`bearer\`.
   It works whatever your second step is, for what its scopes allow. Routes that ask for a recent confirmation refuse it.
2. **You have an authenticator app:** at *Authorize*, \`password\`, type your username, and your password with the six digits appended.
3. **You have a passkey and no app:** use an API token, or [sign in](/sign-in) in this browser first; this page then sends your session
   along. \`POST /token\` cannot take a passkey and answers \`sign_in.second_factor_elsewhere\`. Programs show a passkey at
   \`POST /attempts/passkey\`.
4. **You have no second step yet:** [sign in](/sign-in) and set one up. Until then, where one is required, \`POST /token\` answers
   \`sign_in.enrolment_needed\`.
`
