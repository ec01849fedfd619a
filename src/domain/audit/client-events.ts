// Tested in chain.test.ts, with the other events.
/** Events of apps that sign users in here, and of the APIs for which they get tokens. */
export const CLIENT_EVENTS = {
  'app.created': { sentence: 'App registered', refused: 'App not registered' },
  'app.changed': { sentence: 'App changed', refused: 'Change of the app refused' },
  'app.secret_added': { sentence: 'Secret of an app made', refused: 'Secret of an app not made' },
  'app.secret_ended': { sentence: 'Secret of an app ended', refused: 'Secret of an app not ended' },
  'app.disabled': { sentence: 'App disabled', refused: 'App not disabled' },
  'app.enabled': { sentence: 'App enabled', refused: 'App not enabled' },
  'app.deleted': { sentence: 'App deleted', refused: 'App not deleted' },
  'app.signed_in': { sentence: 'Signed in to an app' },
  'app.refused': { sentence: 'Sign-in to an app refused', refused: 'Sign-in to an app refused' },
  'app.consent_given': { sentence: 'Agreed to what an app learns' },
  'app.consent_withdrawn': { sentence: 'Signed out of an app, and consent withdrawn' },
  'app.token_reused': { sentence: 'Refresh token or code used twice: sign-in to the app ended' },
  'app.secret_refused': { sentence: 'Wrong secrets of an app: attempts blocked' },
  'app.grants_ended': { sentence: 'Sign-ins to an app ended' },
  'device_code.approved': { sentence: 'Sign-in to an app on another device allowed' },
  'device_code.denied': { sentence: 'Sign-in to an app on another device denied' },
  'resource.created': { sentence: 'Resource registered', refused: 'Resource not registered' },
  'resource.changed': { sentence: 'Resource changed', refused: 'Change of the resource refused' },
  'resource.deleted': { sentence: 'Resource deleted', refused: 'Resource not deleted' },
  'key.rotated': { sentence: 'Signing keys of ID tokens rotated' },
} as const
