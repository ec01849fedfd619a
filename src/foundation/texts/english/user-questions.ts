// What is asked before something is removed from a user, and what comes of it.

export const counted = (count: number, one: string, many: string): string =>
  `${new Intl.NumberFormat('en').format(count)} ${count === 1 ? one : many}`

/** What a reset of the second step removes. */
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
  return kinds.length === 0
    ? 'There’s no second step to remove.'
    : `Removes ${new Intl.ListFormat('en-GB').format(kinds)}.`
}

export const userQuestions = {
  reset: {
    title: 'Reset second step',
    question: (name: string) => `Reset the second step of ${name}?`,
    questionOfTwo: (name: string) => `Ask a second admin to reset the second step of ${name}?`,
    removes: (name: string, { sessions, ...held }: ResetLoss) => {
      const out =
        sessions === 0
          ? `${name} isn’t signed in anywhere.`
          : `Ends ${counted(sessions, 'session', 'sessions')} immediately.`
      return `${heldInWords(held)} ${out}`
    },
    tokens: (count: number) => `Revokes ${counted(count, 'API token', 'API tokens')}.`,
    check: (name: string) => `First make sure it’s really ${name}. Call them. Don’t rely on email.`,
    after:
      'You’ll get a link to send them. It asks for their password, then they set up a new second step. They also get an email if their address is verified.',
    reason: 'Reason',
    reasonHint: 'Recorded in the audit log. They don’t see it.',
    apiReason: 'New phone, asked in person.',
    password: 'Also reset the password',
    passwordHint: 'You’ll get a link to send them so they can choose a new one.',
    noPassword: 'They have no password, so they need this to sign in again.',
    submit: 'Reset second step',
    cancel: 'Cancel',
    done: 'Second step reset',
    linkLead: (name: string) => `Send ${name} this link. It asks for their password.`,
    mailed: (name: string) => `It was also emailed to ${name}.`,
    doneLead: (name: string) => `The password of ${name} was reset, too. Send them this link.`,
  },
  disable: {
    title: 'Disable user',
    question: (name: string) => `Disable ${name}?`,
    questionOfTwo: (name: string) => `Ask a second admin to disable ${name}?`,
    /** As far as there is such a thing. */
    consequences: {
      out: 'They’re signed out immediately and can’t sign in.',
      tokens: 'Their API tokens are revoked.',
      invitation: 'The open invitation stops working.',
      kept: 'Everything else is kept. You can enable the account again any time.',
    },
    submit: 'Disable user',
    cancel: 'Cancel',
  },
  signOut: {
    title: 'Sign out everywhere',
    question: (name: string) => `Sign out ${name} everywhere?`,
    consequences: {
      sessions: (count: number) =>
        count === 0 ? 'They aren’t signed in anywhere.' : `Ends ${counted(count, 'session', 'sessions')} immediately.`,
      tokens: (count: number) => `Revokes ${counted(count, 'API token', 'API tokens')}. You can’t undo this.`,
      again: 'They can sign in again.',
    },
    submit: 'Sign out everywhere',
    cancel: 'Cancel',
  },
  deletion: {
    title: 'Delete user',
    question: (name: string) => `Delete ${name}?`,
    questionOfTwo: (name: string) => `Ask a second admin to delete ${name}?`,
    consequences: [
      'The account is deleted with its sessions, passkeys, authenticator apps, recovery codes, API tokens and invitations.',
      'The username becomes available to others.',
      'The audit log keeps its entries about the account.',
    ],
    forGood: 'You can’t undo this.',
    instead: 'Only want to block access?',
    disable: 'Disable the account instead',
    typed: (username: string) => `To confirm, type the username: ${username}`,
    mismatch: 'That doesn’t match. Type or paste the username shown above.',
    submit: 'Delete user',
    cancel: 'Cancel',
  },
}
