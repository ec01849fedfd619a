// What is asked before something is taken away from a user, and what comes of it.

/** A number and its noun. */
export const counted = (count: number, one: string, many: string): string =>
  `${new Intl.NumberFormat('en').format(count)} ${count === 1 ? one : many}`

/** What a reset of the second step takes away. */
export interface ResetLoss {
  readonly apps: number
  readonly passkeys: number
  readonly recoveryCodes: number
  readonly sessions: number
}

function heldInWords({ apps, passkeys, recoveryCodes }: Omit<ResetLoss, 'sessions'>): string {
  const kinds = [
    apps > 0 && counted(apps, 'authenticator app', 'authenticator apps'),
    passkeys > 0 && counted(passkeys, 'passkey', 'passkeys'),
    recoveryCodes > 0 && counted(recoveryCodes, 'recovery code', 'recovery codes'),
  ].filter((kind) => kind !== false)
  return kinds.length === 0 ? 'nothing, as there is no second step' : new Intl.ListFormat('en-GB').format(kinds)
}

export const userQuestions = {
  reset: {
    title: 'Reset second step',
    question: (name: string) => `Reset the second step of ${name}?`,
    removes: (name: string, { sessions, ...held }: ResetLoss) => {
      const out =
        sessions === 0
          ? `. ${name} is not signed in anywhere.`
          : `, and ends ${counted(sessions, 'session', 'sessions')} of ${name}.`
      return `This removes ${heldInWords(held)}${out}`
    },
    tokens: (count: number) => `It also revokes ${counted(count, 'API token', 'API tokens')}.`,
    invitation: 'The open invitation stops working.',
    check: (name: string) => `Check that it is really ${name} asking: call, don’t mail.`,
    after: 'Afterwards, at the next sign-in with the password, they set up a new second step.',
    reason: 'Reason',
    reasonHint: 'Why you do this. It goes to the log.',
    apiReason: 'New phone; asked in person.',
    password: 'Also reset the password',
    passwordHint: 'Then you get an invitation to hand over, through which they choose a new one.',
    noPassword: 'There is no password, so without this they cannot come in again.',
    submit: 'Reset second step',
    cancel: 'Leave it as it is',
    back: 'To their page',
    done: 'The second step is reset',
    doneLead: (name: string) =>
      `The password of ${name} is forgotten too. Hand over this invitation; it is shown only now.`,
  },
  disable: {
    title: 'Disable',
    question: (name: string) => `Disable the account of ${name}?`,
    /** As far as there is such a thing. */
    consequences: {
      out: 'They are signed out everywhere from their next request on, and can’t sign in.',
      tokens: 'Their API tokens are revoked.',
      invitation: 'The open invitation stops working.',
      kept: 'Nothing else of theirs is lost, and you can enable the account again.',
    },
    submit: 'Disable',
    cancel: 'Leave it enabled',
  },
  signOut: {
    title: 'Sign out everywhere',
    question: (name: string) => `Sign ${name} out everywhere?`,
    consequences: {
      sessions: (count: number) =>
        count === 0
          ? 'They are not signed in anywhere.'
          : `${counted(count, 'session ends', 'sessions end')}, from the next request on.`,
      tokens: (count: number) =>
        `${counted(count, 'API token is', 'API tokens are')} revoked and cannot be brought back.`,
      again: 'They can sign in again.',
    },
    submit: 'Sign out everywhere',
    cancel: 'Leave them signed in',
  },
  deletion: {
    title: 'Delete',
    question: (name: string) => `Delete the account of ${name}?`,
    consequences: [
      'The account is gone with its sessions, passkeys, authenticator apps, recovery codes, API tokens and invitations, and nobody can get it back.',
      'Somebody else may take the username.',
      'What was logged about it stays in the log.',
    ],
    instead: 'To keep them out for a while,',
    disable: 'disable the account instead',
    typed: (username: string) => `To confirm, type the username: ${username}`,
    mismatch: 'This is not the username. Type it as it stands above; you can also paste it.',
    submit: 'Delete this account',
    cancel: 'Keep it',
  },
}
