// What is asked before an app is changed, and what is shown once.

export const appQuestions = {
  newSecret: {
    title: 'Create new secret',
    question: (name: string) => `Create a new secret for ${name}?`,
    consequences: [
      'You see the new secret once. Enter it in the app.',
      'The old secret stays valid until you revoke it, so the app keeps working.',
    ],
    submit: 'Create secret',
  },
  shown: {
    registered: (name: string) => `${name} is registered`,
    renewed: (name: string) => `New secret for ${name}`,
    once: 'Copy the secret now. You won’t see it again.',
    public: 'The app needs no secret. Enter these settings in it.',
    waiting: (name: string) => `${name} is waiting for a second admin`,
    waitsApp: 'The app can sign people in once another admin has approved the request.',
    waitsSecret: 'The secret works once another admin has approved the request.',
    next: 'Then revoke the old secret on the app’s page.',
    openRequest: 'Open the request',
    open: 'Open the app’s page',
  },
  secretEnd: {
    title: 'Revoke secret',
    question: (name: string) => `Revoke this secret of ${name}?`,
    made: (date: string) => `It was created on ${date}.`,
    first: 'Create a new secret',
    consequences: {
      stops: 'If the app still uses it, people can’t sign in to the app anymore.',
      only: 'It’s the only secret that’s valid. Create a new one first, or no one can sign in to the app.',
      final: 'You can’t undo this.',
    },
    submit: 'Revoke secret',
  },
  disable: {
    title: 'Disable app',
    question: (name: string) => `Disable ${name}?`,
    consequences: {
      out: 'No one can sign in to the app from here anymore.',
      ends: (count: number, shown: string) =>
        count === 1 ? 'Ends the app’s 1 open sign-in.' : `Ends the app’s ${shown} open sign-ins.`,
      own: 'The app may keep people signed in until they sign out there.',
      resources: (uris: string) => `It checks the tokens for ${uris}, so no app gets any there anymore.`,
      kept: 'Everything else is kept. You can enable the app again any time.',
    },
    submit: 'Disable app',
  },
  deletion: {
    title: 'Delete app',
    question: (name: string) => `Delete ${name}?`,
    final: 'The client ID and the secrets stop working. You can’t undo this.',
    instead: 'Only want to keep people out for now?',
    disable: 'Disable the app instead',
    submit: 'Delete app',
  },
  endSignIns: {
    title: 'End all sign-ins',
    question: (name: string) => `End all sign-ins to ${name}?`,
    consequences: {
      ends: (count: number, shown: string) =>
        count === 1 ? '1 sign-in ends immediately.' : `${shown} sign-ins end immediately.`,
      own: 'The app may keep people signed in until it next asks this server.',
      again: 'People can sign in to the app again.',
    },
    submit: 'End all sign-ins',
  },
  /** Under the two-person rule. */
  rule: {
    most: (until: string) =>
      `Takes effect when another admin approves, at the latest on ${until}. A new name and removed redirect URIs take effect immediately.`,
    secret: (until: string) => `The secret works when another admin approves, at the latest on ${until}.`,
  },
}
