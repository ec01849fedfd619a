// Node-RED whose editor lets in one user, by Doorward. The library that it uses sends no PKCE.
const { Strategy } = require('passport-openidconnect')

const { ISSUER, CLIENT_ID, CLIENT_SECRET, EDITOR, PORT } = process.env
const url = `http://127.0.0.1:${PORT}`

module.exports = {
  uiHost: '127.0.0.1',
  uiPort: Number(PORT),
  flowFile: 'flows.json',
  telemetry: { enabled: false, updateNotification: false },
  editorTheme: { tours: false },
  adminAuth: {
    type: 'strategy',
    strategy: {
      name: 'openidconnect',
      label: 'Sign in with Doorward',
      strategy: Strategy,
      options: {
        issuer: ISSUER,
        authorizationURL: `${ISSUER}/auth`,
        tokenURL: `${ISSUER}/token`,
        userInfoURL: `${ISSUER}/me`,
        clientID: CLIENT_ID,
        clientSecret: CLIENT_SECRET,
        callbackURL: `${url}/auth/strategy/callback`,
        scope: 'profile',
        // Otherwise the library takes the username from the ID token, which has none.
        skipUserProfile: false,
        // Without PKCE, the nonce is what ties an answer to the browser that asked.
        nonce: true,
        verify: (issuer, profile, done) => done(null, profile),
      },
    },
    users: [{ username: EDITOR, permissions: '*' }],
  },
}
